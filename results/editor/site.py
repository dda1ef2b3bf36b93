"""The admin site, with throttled passwords and a second factor."""

from typing import TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from results.desk.devices import remember_device
from results.desk.passwords import ThrottledLoginForm, ThrottledPasswordChangeForm
from results.desk.second_factor import lacks_second_factor, needs_second_factor
from results.desk.throttle import TooManyTries
from results.editor.annotations import Context
from results.editor.night.links import last_night, newest_nights
from results.models import OPENED_BY

Response = TypeVar("Response", bound=HttpResponseBase)


class DeskLoginForm(ThrottledLoginForm, AdminAuthenticationForm):
    too_many = _("Too many tries. Wait until %(until)s, or ask another editor to unlock you.")
    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "That name and password do not open the desk. Check both (capitals matter), or ask "
            "an administrator for a new link."
        ),
    }


class DeskSite(AdminSite):
    login_form = DeskLoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Refuse sessions opened by a pass, even if the user has become an editor since."""
        by_pass = OPENED_BY in request.session
        return super().has_permission(request) and not by_pass and not lacks_second_factor(request)

    def each_context(self, request: HttpRequest) -> Context:
        return {**super().each_context(request), **last_night(request)}

    def index(self, request: HttpRequest, extra_context: Context | None = None) -> TemplateResponse:
        return super().index(request, {**newest_nights(request), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        if OPENED_BY in request.session:
            logout(request)
        if lacks_second_factor(request):
            query = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
            return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{query}")
        response: HttpResponse = super().login(request, extra_context)
        user = request.user
        if request.method == "POST" and response.status_code == 302 and user.is_authenticated:
            # The device of a user with a second factor is known only after that is given.
            if not needs_second_factor(user):
                remember_device(request, response, user.get_username())
            return response
        return too_many_requests(response)

    def password_change(  # type: ignore[override]  # may redirect
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponseBase:
        view = PasswordChangeView.as_view(
            form_class=ThrottledPasswordChangeForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return too_many_requests(view(request))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        # Imported here because it needs the models, which are not loaded with this module.
        from results.editor.autocomplete import AutocompleteView

        return cast(HttpResponse, AutocompleteView.as_view(admin_site=self)(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Imported late: it needs the models, and this module is imported before them.
        from results.editor import invitations, second_factor
        from results.editor.moved import moved_addresses

        change = self.admin_view(second_factor.change_second_factor)
        return [
            path("login/<str:token>/", invitations.invitation_view, name="invitation"),
            path("second-factor/", second_factor.second_factor, name="second_factor"),
            path("second-factor/change/", change, name="change_second_factor"),
            *moved_addresses(),
            *super().get_urls(),
        ]


def too_many_requests(response: Response) -> Response:
    """Give a response the status 429 if its form has reached a limit."""
    context = response.context_data if isinstance(response, TemplateResponse) else None
    closed = getattr((context or {}).get("form"), "closed", None)
    if isinstance(closed, TooManyTries):
        response.status_code = 429
        response.headers["Retry-After"] = str(closed.seconds)
    return response

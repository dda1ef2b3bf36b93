"""The admin site, with throttled passwords and a second factor."""

from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from results.desk.devices import remember_device
from results.desk.passwords import ThrottledLoginForm, ThrottledPasswordChangeForm
from results.desk.second_factor import lacks_second_factor, needs_second_factor
from results.desk.throttle import TooManyTries
from results.editor import interrupted
from results.editor.annotations import Context
from results.editor.night.links import last_night, newest_nights
from results.editor.sections import in_sections
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

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's; a form that sign-in or the second factor interrupts is kept."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not self.has_permission(request):
                return self._interrupt(request) or checked(request, *args, **kwargs)
            if request.method == "POST" and interrupted.KEY in request.POST:
                interrupted.note_as_sent(request)
            return checked(request, *args, **kwargs)

        return keeping

    def _interrupt(self, request: HttpRequest) -> HttpResponse | None:
        """Keep the form that was sent, and ask for what is missing; None if nothing was typed."""
        form = interrupted.interrupted_form(request)
        if form is None or form.is_only_a_press or not interrupted.is_page_load(request):
            return None
        if lacks_second_factor(request) and OPENED_BY not in request.session:
            text = _("Your second factor is missing. What you typed is kept: give it and go on.")
            messages.warning(request, text)
            return interrupted.store_form(request, form)
        return interrupted.interrupted_sign_in(self, request, form)

    def each_context(self, request: HttpRequest) -> Context:
        return {**super().each_context(request), **last_night(request)}

    def get_app_list(  # type: ignore[override]  # acts as the list
        self, request: HttpRequest, app_label: str | None = None
    ) -> "SimpleLazyObject[list[Any]]":
        """Ask for the permissions of every model only where a page shows the list."""
        listed = partial(super().get_app_list, request, app_label)
        # The page of one application lists that.
        return SimpleLazyObject(listed if app_label else lambda: in_sections(listed()))

    def index(self, request: HttpRequest, extra_context: Context | None = None) -> TemplateResponse:
        return super().index(request, {**newest_nights(request), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        by_pass = OPENED_BY in request.session
        if lacks_second_factor(request) and not by_pass:
            query = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
            return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{query}")
        form = interrupted.carried_form(request)
        if form is not None:
            carried = {interrupted.CARRIED: request.POST[interrupted.CARRIED]}
            extra_context = {**(extra_context or {}), **carried, "not_kept": form.files}
        response: HttpResponse = super().login(request, extra_context)
        user = request.user
        if request.method == "POST" and response.status_code == 302 and user.is_authenticated:
            # The session of a pass becomes that of the password where both are one person's.
            if request.session.pop(OPENED_BY, None) is not None:
                request.session.set_expiry(None)
            # The device of a user with a second factor is known only after that is given.
            if not needs_second_factor(user):
                remember_device(request, response, user.get_username())
            resumed = form and interrupted.resume_after_sign_in(request, form)
            if resumed:
                response.headers["Location"] = resumed.headers["Location"]
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
        resumed = self.admin_view(interrupted.interrupted_form_page)
        return [
            path("login/<str:token>/", invitations.invitation_view, name="invitation"),
            path("second-factor/", second_factor.second_factor, name="second_factor"),
            path("second-factor/change/", change, name="change_second_factor"),
            path("go-on/", resumed, name="interrupted_form"),
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

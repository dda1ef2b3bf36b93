"""The way into the desk: a password, tried a few times, and a second factor where one is asked."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from results.desk.second_factor import lacks_second_factor
from results.desk.throttle import note_failure, too_many
from results.models import OPENED_BY


class DeskLoginForm(AdminAuthenticationForm):
    """Django's, which also minds how often a network or a name has tried wrongly of late."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        assert self.request is not None
        if too_many(self.request, name):
            raise ValidationError(_("Too many wrong passwords. Wait ten minutes."))
        try:
            return super().clean()
        except ValidationError:
            note_failure(self.request, name)
            raise


class DeskSite(AdminSite):
    login_form = DeskLoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        """A pass opens counts alone, even of somebody who was called to the desk meanwhile."""
        by_pass = OPENED_BY in request.session
        return super().has_permission(request) and not by_pass and not lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if OPENED_BY in request.session:
            logout(request)
        if lacks_second_factor(request):
            asked = request.GET.get("next", reverse("admin:index"))
            where = reverse("admin:second_factor")
            return HttpResponseRedirect(f"{where}?{urlencode({'next': asked})}")
        response: HttpResponse = super().login(request, extra_context)
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Imported late: it needs the models, and this module is read before they are.
        from results.editor.second_factor import second_factor

        return [path("second-factor/", second_factor, name="second_factor"), *super().get_urls()]

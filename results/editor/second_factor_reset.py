"""View in which a superuser resets another user's second factor."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from results.desk.second_factor import remove_second_factor
from results.editor.admin_page import admin_page
from results.editor.base import editor_of


def reset_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then remove every device and code.

    Superusers who name themselves are redirected to the page that asks for a code first.
    """
    if not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    if pk == request.user.pk:
        return HttpResponseRedirect(reverse("admin:change_second_factor"))
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        context = {
            "title": _("Reset the second factor of %(name)s") % {"name": user.get_username()},
            "user_page": reverse("admin:auth_user_change", args=[pk]),
        }
        return admin_page(request, "editor/second_factor_reset.html", context)
    if remove_second_factor(user, by=editor_of(request)):
        text = _("%(name)s sets up a new second factor at the next sign-in. Give them a new link.")
        messages.success(request, text % {"name": user.get_username()})
    return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

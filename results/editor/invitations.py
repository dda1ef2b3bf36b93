"""The link by which an editor chooses a password, and the sheet that it is printed on."""

from typing import Unpack

from django import forms
from django.contrib.auth import login, logout
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from results.desk import record_action
from results.desk.changes import change_of
from results.desk.devices import device_of, remember_device
from results.desk.passwords import end_pushed_messages
from results.desk.second_factor import needs_second_factor
from results.desk.throttle import TooManyTries, pass_attempt
from results.editor.admin_page import admin_page, secret_page
from results.editor.annotations import Context, FormData, FormOptions
from results.editor.passes import qr_picture
from results.editor.phone_address import only_here, phone_address, phone_link
from results.editor.roles import role_name
from results.editor.site import too_many_requests
from results.models import Invitation, NewInvitation, SignInThrottle
from results.words.user_names import user_name

BACKEND = "django.contrib.auth.backends.ModelBackend"


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password, twice. `closed` is the limit of tries that was reached, if any."""

    closed: TooManyTries | None = None

    def __init__(
        self, user: User, data: FormData | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(user, data, **options)
        self.fields["new_password1"].label = gettext_lazy("Password")
        self.fields["new_password2"].label = gettext_lazy("The same again")


@sensitive_variables("token")
@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def invitation_view(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of the link choose a password, then continue to the second factor.

    Opening the link does nothing, since mail programs open links. A link that has ended, was used
    or never existed gets the same response.
    """
    try:
        attempt = pass_attempt(request, SignInThrottle.Kind.LINK, device_of(request).latest_account)
    except TooManyTries as closed:
        return _show(request, {"form": _closed(closed)})
    invitation = Invitation.of_link(token)
    if invitation is None:
        attempt.failed()
        return _show(request, {"form": None}, status=403)
    attempt.succeeded()
    form = PasswordForm(invitation.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and _take(invitation, form):
        return _enter(request, invitation.user)
    return _show(
        request,
        {"form": form, "invited": invitation.user, "role": role_name(invitation.user)},
    )


def _closed(closed: TooManyTries) -> forms.Form:
    form = forms.Form()
    form.closed = closed  # type: ignore[attr-defined]  # as `too_many_requests` reads it
    return form


def _take(invitation: Invitation, form: PasswordForm) -> bool:
    """Use the invitation up and store the password; False if another browser was quicker."""
    with transaction.atomic():
        if not invitation.use():
            form.add_error(None, _("This link was used a moment ago."))
            return False
        form.save()
        user = invitation.user
        end_pushed_messages(user)
        record_action(user, _("password set by a link"), change=change_of(user))
    return True


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    # Clear the session of whoever was signed in here before.
    logout(request)
    login(request, user, BACKEND)
    if needs_second_factor(user):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    response = HttpResponseRedirect(reverse("admin:index"))
    remember_device(request, response, user.get_username())
    return response


def _show(request: HttpRequest, context: Context, status: int = 200) -> HttpResponse:
    shared = {"title": _("Choose a password"), "is_nav_sidebar_enabled": False}
    response = admin_page(request, "editor/invitation.html", shared | context, status=status)
    # The address holds the token: requests from this page may send its origin only.
    response.headers["Referrer-Policy"] = "strict-origin"
    return too_many_requests(response)


def invitation_sheet(request: HttpRequest, new: NewInvitation) -> HttpResponse:
    """The sheet of a new invitation, which is shown once."""
    link = phone_link(request, "admin:invitation", new.token)
    name = user_name(new.issued.user)
    context: Context = {
        "title": _("A link for %(name)s") % {"name": name},
        "name": name,
        "invited": new.issued.user,
        "role": role_name(new.issued.user),
        "link": link,
        "picture": qr_picture(link),
        "expires_at": new.issued.expires_at,
        "needs_second_factor": needs_second_factor(new.issued.user),
        "only_here": only_here(phone_address(request)),
    }
    return secret_page(request, "editor/invitation_sheet.html", context)

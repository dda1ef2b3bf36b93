"""Views of the second factor: giving a code, setting up an app, changing it, recovery codes.

An app and recovery codes work without a network and without text messages, which a counting hall
may not have.
"""

from base64 import b32encode

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as otp_login, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.desk import second_factor as factor
from results.desk.devices import remember_device
from results.desk.throttle import TooManyTries, second_factor_attempt
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.passes import qr_picture
from results.editor.site import too_many_requests
from results.forms import WholeTextField
from results.models import OPENED_BY


class CodeForm(forms.Form):
    """Form of one code, from the app or a recovery code; blanks and case are ignored.

    `closed` is the limit of tries that was reached, if any.
    """

    closed: TooManyTries | None = None
    code = WholeTextField(
        label=gettext_lazy("Code"),
        max_length=24,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        return "".join(char for char in self.cleaned_data["code"].lower() if char.isalnum())

    def refuse(self, closed: TooManyTries) -> None:
        """Add the error of a limit that was reached."""
        self.closed = closed
        text = _("Too many wrong codes. Wait until %(until)s, or ask another editor to unlock you.")
        self.add_error("code", text % {"until": closed.clock})


@sensitive_post_parameters("code")
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a user without a second factor sets one up first."""
    user = request.user
    # A pass may have been overheard, so a session opened by one sets up no second factor.
    if not isinstance(user, User) or not user.is_staff or OPENED_BY in request.session:
        return HttpResponseRedirect(reverse("admin:login"))
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:index")
    if user_has_device(user):
        return _ask(request, user, target)
    return _set_up(request, user, target)


@sensitive_post_parameters("code")
@never_cache
def change_second_factor(request: HttpRequest) -> HttpResponse:
    """Set up another app or show new recovery codes. Asks for a code first."""
    user = request.user
    assert isinstance(user, User)
    if not user_has_device(user):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if request.POST.get("step") == "new app":
        return _replace_app(request, user)
    form = CodeForm(request.POST or None)
    device = _checked(request, user, form) if request.method == "POST" else None
    if device is None:
        context = {"form": form, "left": factor.recovery_codes_left(user)}
        return _show(request, "editor/change_second_factor.html", context)
    if "app" in request.POST:
        return _app_page(request, CodeForm(), factor.start_enrolment(request, replaces=True))
    new_device, codes = factor.renew_recovery_codes(user)
    response = _show_codes(request, codes, reverse("admin:index"))
    # One of the codes that ended may have opened this session.
    _enter(request, response, user, new_device if isinstance(device, StaticDevice) else device)
    return response


# --- Giving a code --------------------------------------------------------------------------


def _ask(request: HttpRequest, user: User, target: str) -> HttpResponse:
    form = CodeForm(request.POST or None)
    device = _checked(request, user, form) if request.method == "POST" else None
    if device is None:
        return _show(request, "editor/second_factor.html", {"form": form, "next": target})
    response = HttpResponseRedirect(target)
    _enter(request, response, user, device)
    if isinstance(device, StaticDevice):
        left = factor.recovery_codes_left(user)
        text = ngettext(
            "You have %(left)s recovery code left. Print new ones, or set up another app, under "
            "“Second factor”.",
            "You have %(left)s recovery codes left. Print new ones, or set up another app, under "
            "“Second factor”.",
            left,
        )
        messages.warning(request, text % {"left": left})
    return response


def _checked(request: HttpRequest, user: User, form: CodeForm) -> TOTPDevice | StaticDevice | None:
    """Return the device that accepts the code; None with an error in the form."""
    if not form.is_valid():
        return None
    try:
        attempt = second_factor_attempt(request, user)
    except TooManyTries as closed:
        form.refuse(closed)
        return None
    device = factor.match_code(user, form.cleaned_data["code"])
    if device is None:
        attempt.failed()
        factor.record_failure(user)
        form.add_error(
            "code",
            _(
                "That code is not right, or it was used before. Wait until the app shows another "
                "and type that, or use a recovery code."
            ),
        )
        return None
    attempt.succeeded()
    factor.record_use(user, device)
    return device


def _enter(
    request: HttpRequest, response: HttpResponse, user: User, device: TOTPDevice | StaticDevice
) -> None:
    """Mark the session as verified, give it a new key, and remember its browser's device."""
    request.session.cycle_key()
    otp_login(request, device)
    remember_device(request, response, user.get_username())


# --- Setting up and changing ----------------------------------------------------------------


def _set_up(request: HttpRequest, user: User, target: str) -> HttpResponse:
    page = "editor/second_factor_set_up.html"
    enrolment = factor.enrolment_of(request) if request.method == "POST" else None
    if enrolment is None:
        expired = request.method == "POST"
        device = factor.start_enrolment(request)
        return _app_page(request, CodeForm(), device, page, target, expired)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            attempt = second_factor_attempt(request, user)
            device, codes = factor.enrol(request, user, form.cleaned_data["code"])
        except TooManyTries as closed:
            form.refuse(closed)
        except factor.AlreadyEnrolled:
            return HttpResponseRedirect(reverse("admin:second_factor"))
        except factor.NotConfirmed:
            attempt.failed()
            factor.record_failure(user)
            _add_not_confirmed(form)
        else:
            attempt.succeeded()
            response = _show_codes(request, codes, target)
            _enter(request, response, user, device)
            return response
    return _app_page(request, form, enrolment, page, target)


def _replace_app(request: HttpRequest, user: User) -> HttpResponse:
    enrolment = factor.enrolment_of(request, replaces=True)
    if enrolment is None:
        return HttpResponseRedirect(reverse("admin:change_second_factor"))
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            device = factor.replace_app(request, user, form.cleaned_data["code"])
        except factor.NotConfirmed:
            _add_not_confirmed(form)
        else:
            response = HttpResponseRedirect(reverse("admin:index"))
            _enter(request, response, user, device)
            messages.success(request, _("Codes of the new app count from now on, and no others."))
            return response
    return _app_page(request, form, enrolment)


def _add_not_confirmed(form: CodeForm) -> None:
    form.add_error(
        "code",
        _(
            "That code is not right. Use the entry that your app made of this QR code: one scanned "
            "earlier does not count. Check the phone's clock, then type the code it shows now."
        ),
    )


def _app_page(
    request: HttpRequest,
    form: CodeForm,
    device: TOTPDevice,
    template: str = "editor/second_factor_new_app.html",
    target: str = "",
    expired: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "next": target,
        "late": expired,
        "picture": qr_picture(device.config_url),
        "secret": _in_fours(b32encode(device.bin_key).decode().rstrip("=")),
    }
    return _show(request, template, context)


def _show_codes(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    context = {"codes": [_in_fours(code) for code in codes], "next": target}
    return _show(request, "editor/recovery_codes.html", context)


def _in_fours(plain: str) -> str:
    """Split into groups of four, for reading aloud and typing."""
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _show(request: HttpRequest, template: str, context: Context) -> HttpResponse:
    shared = {"title": _("Second factor"), "is_nav_sidebar_enabled": False}
    return too_many_requests(admin_page(request, template, shared | context))

"""Sign-in with a pass: by a link that shows a button, or by a code read over the phone."""

import logging
import secrets

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from results.desk.devices import account_hash, device_of, remember_device
from results.desk.socket_sessions import has_live_pass
from results.desk.throttle import TooManyTries, pass_attempt
from results.forms import WholeTextField
from results.models import OPENED_BY, ReporterPass, SignInThrottle

log = logging.getLogger(__name__)

#: Cookie with a phone's random id, set at its first sign-in with a pass.
PHONE_COOKIE = "phone"
PHONE_COOKIE_SECONDS = 365 * 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


class CodeForm(forms.Form):
    """Form with the code of a pass. `closed` is the limit of tries that was reached, if any."""

    closed: TooManyTries | None = None
    code = WholeTextField(label=gettext_lazy("Code from the desk"), max_length=40)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that signs in. GET does nothing, since mail scanners open links.

    Why a link is refused is logged and not shown: a guesser learns nothing from the page.
    """
    if request.method == "POST":
        response = _by_link(request, token)
    else:
        response = render(request, "reporter/sign_in_by_link.html")
    # The address holds the token: requests from this page may send its origin only.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@sensitive_variables("token")
def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        attempt = pass_attempt(request, SignInThrottle.Kind.LINK, _last_account(request))
    except TooManyTries as closed:
        context = {"closed": closed}
        return too_many_requests(render(request, "reporter/sign_in_by_link.html", context), closed)
    response = _enter(request, ReporterPass.of_link(token), reverse("my_counts"))
    if response is None:
        attempt.failed()
        return render(request, "reporter/sign_in_by_link.html", {"refused": True}, status=403)
    attempt.succeeded()
    return response


@sensitive_post_parameters("code")
def sign_in_by_code(request: HttpRequest, target: str) -> HttpResponse | CodeForm:
    """Sign in with the posted code, or return the form with the reason why not."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return form
    try:
        attempt = pass_attempt(request, SignInThrottle.Kind.CODE, _last_account(request))
    except TooManyTries as closed:
        form.closed = closed
        text = _("Too many wrong codes. Wait until %(until)s, or use your link, or ring the desk.")
        form.add_error("code", text % {"until": closed.clock})
        return form
    response = _enter(request, ReporterPass.of_code(form.cleaned_data["code"]), target)
    if response is None:
        attempt.failed()
        form.add_error(
            "code", _("That code opens nothing. Check it, or ring the desk for another.")
        )
        return form
    attempt.succeeded()
    return response


def too_many_requests(response: HttpResponse, closed: TooManyTries) -> HttpResponse:
    """Give a response the status 429 and the time to wait."""
    response.status_code = 429
    response.headers["Retry-After"] = str(closed.seconds)
    return response


def _last_account(request: HttpRequest) -> str:
    """Return the hash of the account that this phone used last; "" for a new phone."""
    account = device_of(request).latest_account
    if account or not (phone := request.COOKIES.get(PHONE_COOKIE)):
        return account
    # From a pass that it used before there were known devices.
    reporter_pass = ReporterPass.of_phone(phone)
    return account_hash(reporter_pass.reporter.get_username()) if reporter_pass else ""


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in. A session whose pass was revoked or has expired ends here."""
    if not request.user.is_authenticated:
        return False
    if has_live_pass(request.session):
        return True
    log.warning("a session ended: pass %s is no longer good", request.session[OPENED_BY])
    logout(request)
    return False


def _enter(
    request: HttpRequest, reporter_pass: ReporterPass | None, target: str
) -> HttpResponse | None:
    """Sign in with the pass and redirect to `target`; None if the pass is not valid here."""
    if reporter_pass is None or not reporter_pass.is_live:
        refused = "unknown" if reporter_pass is None else f"pass {reporter_pass.pk}"
        log.warning("refused at sign-in: %s", refused)
        return None
    phone = request.COOKIES.get(PHONE_COOKIE) or secrets.token_urlsafe(24)
    if not reporter_pass.take(phone):
        log.warning("refused at sign-in: pass %s was used on another phone", reporter_pass.pk)
        return None
    login(request, reporter_pass.reporter, backend=BACKEND)
    request.session[OPENED_BY] = reporter_pass.pk
    request.session.set_expiry(reporter_pass.expires_at)
    response = HttpResponseRedirect(target)
    response.set_cookie(
        PHONE_COOKIE,
        phone,
        max_age=PHONE_COOKIE_SECONDS,
        path=reverse("my_counts"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    remember_device(request, response, reporter_pass.reporter.get_username())
    return response

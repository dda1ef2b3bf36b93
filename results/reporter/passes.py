"""Getting in with a pass: a link that shows a button, or a code read over the phone."""

import logging
import secrets

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from results.desk.devices import account_mark, device_of, remember_device
from results.desk.throttle import TooManyTries, pass_attempt
from results.models import OPENED_BY, ReporterPass, SignInThrottle

log = logging.getLogger(__name__)

#: What a phone calls itself: made at its first sign-in, kept for a year.
PHONE_COOKIE = "phone"
A_YEAR = 365 * 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


class CodeForm(forms.Form):
    closed: TooManyTries | None = None
    code = forms.CharField(label=gettext_lazy("Code from the desk"), max_length=40)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the link does nothing, since mail is looked through by machines; the button does.

    What is wrong with a link is logged and never told: a guesser learns nothing from the page.
    """
    if request.method == "POST":
        answer = _by_link(request, token)
    else:
        answer = render(request, "reporter/sign_in_by_link.html")
    # The address is the key: what this page loads and sends names the desk, and not the address.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


@sensitive_variables("token")
def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        attempt = pass_attempt(request, SignInThrottle.Kind.LINK, _known_as(request))
    except TooManyTries as closed:
        context = {"closed": closed}
        return too_many_requests(render(request, "reporter/sign_in_by_link.html", context), closed)
    answer = _enter(request, ReporterPass.of_link(token), reverse("my_counts"))
    if answer is None:
        attempt.failed()
        return render(request, "reporter/sign_in_by_link.html", {"refused": True}, status=403)
    attempt.succeeded()
    return answer


@sensitive_post_parameters("code")
@sensitive_variables("found")
def sign_in_by_code(request: HttpRequest, target: str) -> HttpResponse | CodeForm:
    """Sign in with the code, or return the form that says why not."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return form
    try:
        attempt = pass_attempt(request, SignInThrottle.Kind.CODE, _known_as(request))
    except TooManyTries as closed:
        form.closed = closed
        words = _("Too many wrong codes. Wait until %(until)s, or use your link, or ring the desk.")
        form.add_error("code", words % {"until": closed.clock})
        return form
    entered = _enter(request, ReporterPass.of_code(form.cleaned_data["code"]), target)
    if entered is None:
        attempt.failed()
        form.add_error(
            "code", _("That code opens nothing. Check it, or ring the desk for another.")
        )
        return form
    attempt.succeeded()
    return entered


def too_many_requests(response: HttpResponse, closed: TooManyTries) -> HttpResponse:
    response.status_code = 429
    response.headers["Retry-After"] = str(closed.seconds)
    return response


def _known_as(request: HttpRequest) -> str:
    """Return the mark of the account that used this phone last, or "" for a new phone."""
    known = device_of(request).latest_account
    if known or not (phone := request.COOKIES.get(PHONE_COOKIE)):
        return known
    # From a pass that it used before there were known devices.
    used = ReporterPass.of_phone(phone)
    return account_mark(used.reporter.get_username()) if used else ""


def pass_has_ended(request: HttpRequest) -> bool:
    """Whether this session was opened by a pass that is no longer good: it ends here and now."""
    number = request.session.get(OPENED_BY)
    if number is None:
        return False
    found = ReporterPass.objects.select_related("reporter").filter(pk=number).first()
    if found is not None and found.is_live:
        return False
    log.warning("a session ended: pass %s is no longer good", number)
    logout(request)
    return True


def _enter(request: HttpRequest, found: ReporterPass | None, target: str) -> HttpResponse | None:
    if found is None or not found.is_live:
        log.warning("refused at sign-in: %s", "unknown" if found is None else f"pass {found.pk}")
        return None
    phone = request.COOKIES.get(PHONE_COOKIE) or secrets.token_urlsafe(24)
    if not found.take(phone):
        log.warning("refused at sign-in: pass %s was used on another phone", found.pk)
        return None
    login(request, found.reporter, backend=BACKEND)
    request.session[OPENED_BY] = found.pk
    request.session.set_expiry(found.expires_at)
    response = HttpResponseRedirect(target)
    response.set_cookie(
        PHONE_COOKIE,
        phone,
        max_age=A_YEAR,
        path=reverse("my_counts"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    remember_device(request, response, found.reporter.get_username())
    return response

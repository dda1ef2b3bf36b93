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

from results.desk.throttle import note_failure, too_many
from results.models import OPENED_BY, ReporterPass

log = logging.getLogger(__name__)

#: What a phone calls itself: made at its first sign-in, kept for a year.
PHONE_COOKIE = "phone"
A_YEAR = 365 * 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


class CodeForm(forms.Form):
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
        found = ReporterPass.of_link(token)
        answer = _enter(request, found, reverse("my_counts")) or _refused(request)
    else:
        answer = render(request, "reporter/sign_in_by_link.html")
    # The address is the key: what this page loads and sends names the desk, and not the address.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


@sensitive_post_parameters("code")
@sensitive_variables("found")
def sign_in_by_code(request: HttpRequest, target: str) -> HttpResponse | CodeForm:
    """In with the code, or the form that says why not."""
    form = CodeForm(request.POST)
    if too_many(request):
        form.add_error("code", _("Too many wrong codes from this network. Wait ten minutes."))
        return form
    if not form.is_valid():
        return form
    entered = _enter(request, ReporterPass.of_code(form.cleaned_data["code"]), target)
    if entered is None:
        note_failure(request)
        form.add_error("code", _("That code opens nothing. Ring the desk for another."))
        return form
    return entered


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
    return response


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "reporter/sign_in_by_link.html", {"refused": True}, status=403)

"""Signing in, and coming back to what was typed when a session ended in between."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from results.desk.devices import remember_device
from results.desk.passwords import ThrottledLoginForm
from results.desk.second_factor import lacks_second_factor, needs_second_factor
from results.models import Phone
from results.reporter.passes import (
    CodeForm,
    pass_has_ended,
    sign_in_by_code,
    too_many_requests,
)
from results.reporter.responses import from_outbox

View = Callable[..., HttpResponse]
#: What was typed is carried through the sign-in under this prefix, up to this many fields.
CARRIED = "kept-"
MOST_CARRIED = 200
#: Whatever step was interrupted, one comes back to the check: signing in publishes nothing.
INTERRUPTED = {"publish": "check", "flash": "flash-check"}


class PasswordForm(ThrottledLoginForm):
    too_many = _(
        "Too many tries. Wait until %(until)s, or use your link or your code, or ring the desk."
    )
    error_messages = {
        **ThrottledLoginForm.error_messages,
        "invalid_login": _(
            "That name and password do not go together. Check both (capitals matter), or use your "
            "link or your code, or ring the desk."
        ),
    }


def reporters_only(view: View) -> View:
    """The view for whoever is signed in; anyone else signs in first and loses nothing typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and not pass_has_ended(request):
            if lacks_second_factor(request):
                return _redirect_and_back("admin:second_factor", request)
            if from_outbox(request) and not _sent_by(request):
                return JsonResponse({"state": "another"}, status=HTTPStatus.CONFLICT)
            response = view(request, *args, **kwargs)
            # Also for sessions that began before there were known devices.
            remember_device(request, response, request.user.get_username())
            return response
        if from_outbox(request):
            return JsonResponse({"state": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)
        if request.method == "POST":
            return _ask(request, kept=_typed(request))
        return _redirect_and_back("sign_in", request)

    return never_cache(guarded)


def _redirect_and_back(name: str, request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse(name)}?{query}")


def _sent_by(request: HttpRequest) -> bool:
    """Whether who typed what a phone sends is who is signed in on it now."""
    return request.POST.get("reporter", "") in ("", str(request.user.pk))


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = [
        (f"{CARRIED}{name}", value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return pairs[:MOST_CARRIED]


def _ask(
    request: HttpRequest,
    *,
    form: PasswordForm | None = None,
    code: CodeForm | None = None,
    kept: list[tuple[str, str]] | None = None,
    back_to: str = "",
) -> HttpResponse:
    context = {
        "form": form or PasswordForm(request),
        "code": code or CodeForm(),
        "kept": kept or [],
        "next": back_to or request.get_full_path(),
    }
    # 401 tells a script that what it sent was not taken; a browser shows the page all the same.
    status = HTTPStatus.UNAUTHORIZED if kept and form is None and code is None else HTTPStatus.OK
    response = render(request, "reporter/sign_in.html", context, status=status)
    closed = getattr(form or code, "closed", None)
    return too_many_requests(response, closed) if closed else response


@sensitive_post_parameters("password", "code")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; after a right password, on to the page that was asked for."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("my_counts")
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return _ask(request, back_to=target)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name.startswith(CARRIED)
        for value in values
    ]
    entered = _by_code(request, kept, target) if "code" in request.POST else None
    entered = entered or _by_password(request, kept, target)
    if kept and entered.status_code == HTTPStatus.FOUND:
        context = {"next": target, "typed": _resumed(kept)}
        page = render(request, "reporter/continue.html", context)
        page.cookies.update(entered.cookies)
        return page
    return entered


def _by_code(request: HttpRequest, kept: list[tuple[str, str]], target: str) -> HttpResponse:
    entered = sign_in_by_code(request, target)
    if isinstance(entered, CodeForm):
        return _ask(request, code=entered, kept=kept, back_to=target)
    return entered


def _by_password(request: HttpRequest, kept: list[tuple[str, str]], target: str) -> HttpResponse:
    form = PasswordForm(request, data=request.POST)
    if not form.is_valid():
        return _ask(request, form=form, kept=kept, back_to=target)
    user = form.get_user()
    login(request, user)
    response = HttpResponseRedirect(target)
    # With a second factor to come, the device is not known before that is given.
    if not needs_second_factor(user):
        remember_device(request, response, user.get_username())
    return response


def _resumed(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    typed = [(name.removeprefix(CARRIED), value) for name, value in kept]
    return [
        (name, INTERRUPTED.get(value, value) if name == "step" else value) for name, value in typed
    ]


@never_cache
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """A token for the outbox's next form: the page that it was typed on may be hours old.

    None for who is not signed in: a phone without cookies would be given a second one while the
    sign-in page is on its way with the first, and that page's form would then be refused.
    """
    if not request.user.is_authenticated or pass_has_ended(request):
        return JsonResponse({"token": "", "reporter": None})
    return JsonResponse({"token": get_token(request), "reporter": request.user.pk})


@require_POST
def sign_of_life(request: HttpRequest) -> HttpResponse:
    """How much the phone has not been able to send, for the desk's screen."""
    if not request.user.is_authenticated or pass_has_ended(request):
        return JsonResponse({"state": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)
    Phone.objects.update_or_create(
        reporter=request.user,
        defaults={
            "seen_at": timezone.now(),
            "unsent": _small(request.POST.get("unsent")),
            "asked": _small(request.POST.get("asked")),
        },
    )
    return JsonResponse({})


def _small(text: str | None) -> int:
    return (
        min(int(text), 999) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))

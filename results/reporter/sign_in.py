"""Signing in, and coming back to what was typed when a session ended in between."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponse]
#: What was typed is carried through the sign-in under this prefix, up to this many fields.
CARRIED = "kept-"
MOST_CARRIED = 200
#: Whatever step was interrupted, one comes back to the check: signing in publishes nothing.
INTERRUPTED = {"publish": "check", "flash": "flash-check"}


def reporters_only(view: View) -> View:
    """The view for whoever is signed in; anyone else signs in first and loses nothing typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return _ask(request, kept=_typed(request))
        return HttpResponseRedirect(f"{reverse('sign_in')}?next={request.get_full_path()}")

    return never_cache(guarded)


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
    form: AuthenticationForm | None = None,
    kept: list[tuple[str, str]] | None = None,
    back_to: str = "",
) -> HttpResponse:
    context = {
        "form": form or AuthenticationForm(request),
        "kept": kept or [],
        "next": back_to or request.get_full_path(),
    }
    # 401 tells a script that what it sent was not taken; a browser shows the page all the same.
    status = 401 if kept and form is None else 200
    return render(request, "reporter/sign_in.html", context, status=status)


@sensitive_post_parameters("password")
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
    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        return _ask(request, form=form, kept=kept, back_to=target)
    login(request, form.get_user())
    if kept:
        return render(request, "reporter/continue.html", {"next": target, "typed": _resumed(kept)})
    return HttpResponseRedirect(target)


def _resumed(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    typed = [(name.removeprefix(CARRIED), value) for name, value in kept]
    return [
        (name, INTERRUPTED.get(value, value) if name == "step" else value) for name, value in typed
    ]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))

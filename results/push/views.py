"""Views of Web Push: subscribing, unsubscribing, and the service worker that shows messages."""

import threading
import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path

from cachetools import TTLCache
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from electiondesk.client_network import client_network
from results.desk.second_factor import lacks_second_factor
from results.desk.socket_sessions import has_live_pass
from results.models import OPENED_BY, Election, ReporterPass
from results.push.keys import is_on, public_key
from results.push.subscriptions import (
    PUSH_COOKIE,
    PUSH_COOKIE_SECONDS,
    SUBSCRIBED,
    Browser,
    SubscriptionRefused,
    subscribe,
    subscribe_reporter,
    unsubscribe,
)

View = Callable[[HttpRequest], HttpResponse]

#: Requests that one address may make in a minute. An office or a mobile network is one address, and
#: so is an IPv6 /64.
MOST_REQUESTS = 120
WITHIN_SECONDS = 60
#: By address; the oldest entries are dropped when it is full.
_requests: TTLCache[str, list[float]] = TTLCache(maxsize=20_000, ttl=WITHIN_SECONDS)
_requests_lock = threading.Lock()


def _subscription_view(view: View) -> View:
    """Decorate a view that subscribes: 404 while Web Push is off, 429 and 422 if refused."""

    @require_POST
    @wraps(view)
    def limited(request: HttpRequest) -> HttpResponse:
        if not is_on():
            raise Http404
        if _exceeds_limit(request):
            return _refused(_("Too many requests. Try again in a minute."), 429)
        try:
            return view(request)
        except SubscriptionRefused as exc:
            return _refused(str(exc), HTTPStatus.UNPROCESSABLE_ENTITY)

    return limited


@never_cache
@require_safe
def push_settings(request: HttpRequest) -> HttpResponse:
    """The key to subscribe with, and a CSRF token: no content where Web Push is off.

    Requested only to subscribe, since readers' pages set no cookie. Off is no error: a 404 would
    appear in the console of every phone.
    """
    if not is_on():
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse({"key": public_key(), "token": get_token(request)})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from /push/, a folder without pages: it controls and caches none."""
    path = finders.find("push/worker.js")
    assert isinstance(path, str)
    return HttpResponse(
        Path(path).read_text(encoding="utf-8"),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@_subscription_view
def subscription(request: HttpRequest) -> HttpResponse:
    """Store what a reader's browser follows of `election`; without a `topic`, forget it."""
    election = Election.public.filter(slug=_text(request, "election")).first()
    if election is None or election.rehearsal:
        return _refused(_("Nothing is sent of this election."), HTTPStatus.NOT_FOUND)
    topics = [topic for topic in request.POST.getlist("topic") if "\0" not in topic]
    if not topics:
        unsubscribe(_text(request, "endpoint"), election)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    subscribe(_browser(request), election, set(topics))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@_subscription_view
def phone(request: HttpRequest) -> HttpResponse:
    """Subscribe the phone of the reporter who is signed in; with `stop`, end its subscription."""
    if request.POST.get("stop"):
        unsubscribe(_text(request, "endpoint"))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    user = request.user
    is_good = isinstance(user, User) and user.is_active and has_live_pass(request.session)
    if not isinstance(user, User) or not is_good or lacks_second_factor(request):
        return _refused(_("Sign in again."), HTTPStatus.UNAUTHORIZED)
    opened_by = request.session.get(OPENED_BY)
    passed = ReporterPass.objects.filter(pk=opened_by).first() if opened_by else None
    digest = subscribe_reporter(_browser(request), user, passed)
    if request.session.get(SUBSCRIBED) != digest:
        request.session[SUBSCRIBED] = digest
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    response.set_cookie(
        PUSH_COOKIE,
        digest,
        max_age=PUSH_COOKIE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:2000].replace("\0", "")


def _browser(request: HttpRequest) -> Browser:
    return Browser(
        endpoint=_text(request, "endpoint"),
        p256dh=_text(request, "p256dh"),
        auth=_text(request, "auth"),
        language=_text(request, "language"),
    )


def _exceeds_limit(request: HttpRequest) -> bool:
    address = client_network(request.META.get("REMOTE_ADDR") or "")
    now = time.monotonic()
    with _requests_lock:
        recent = [at for at in _requests.get(address, []) if now - at < WITHIN_SECONDS]
        _requests[address] = [*recent, now][-MOST_REQUESTS:]
    return len(recent) >= MOST_REQUESTS


def _refused(words: str, status: int) -> JsonResponse:
    return JsonResponse({"words": words}, status=status)

"""Whether a socket's session is signed in, by the rules of the pages."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, parse_cookie
from django_otp.middleware import OTPMiddleware

from results.desk.second_factor import lacks_second_factor
from results.live.frames import Message
from results.models import OPENED_BY, ReporterPass


def session_key_of(scope: Message) -> str:
    """Return the session key in a connection's cookies; "" without one."""
    sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    return parse_cookie("; ".join(sent)).get(settings.SESSION_COOKIE_NAME, "")


def signed_in_request(session_key: str, path: str) -> HttpRequest | None:
    """Return a request as middleware prepares it; None if a page would ask to sign in.

    The user is active, has the password that the session was opened with, a pass that has not
    ended where it was opened by one, and has given the second factor where one is needed.
    """
    if not session_key:
        return None
    engine = import_module(settings.SESSION_ENGINE)
    request: Any = HttpRequest()
    request.method, request.path = "GET", path
    request.session = engine.SessionStore(session_key)
    request.user = get_user(request)
    OTPMiddleware(lambda _request: HttpResponse())(request)
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    if lacks_second_factor(request) or not has_live_pass(request.session):
        return None
    return request  # type: ignore[no-any-return]  # typed by OTPMiddleware


def has_live_pass(session: SessionBase) -> bool:
    """Whether the pass that opened the session has not ended; True where no pass did."""
    pk = session.get(OPENED_BY)
    if pk is None:
        return True
    reporter_pass = ReporterPass.objects.select_related("reporter").filter(pk=pk).first()
    return reporter_pass is not None and reporter_pass.is_live

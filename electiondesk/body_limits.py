"""How large a request's body may be, by who sends it and where, and what a larger one is told.

The application holds the limits on every server. Daphne receives a whole body before it calls the
application, so `daphne_limits` asks here as well, before the first byte of it is received.
"""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.http import parse_cookie
from django.utils.translation import gettext as _

from electiondesk.proxies import Application, Scope
from results.desk.pictures import HEAVIEST

logger = logging.getLogger(__name__)

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
#: Bytes of anybody: a sign-in, with the longest quote that was typed before it.
ANYBODY = 64 * KILOBYTE
#: Of somebody who is signed in: a form, and a form with a file.
FORM = MEGABYTE
UPLOAD = HEAVIEST + 128 * KILOBYTE
#: Addresses that take more than `ANYBODY` from somebody who is signed in.
SIGNED_IN = ("/count/", "/admin/")

#: Seconds that what is still sent after a refusal is read and thrown away: a client that is cut
#: off while it sends never sees the answer.
LINGER_SECONDS = 5.0


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the application's."""

    status: HTTPStatus
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class BodyTooLargeError(Exception):
    """More has come than was allowed: raised where the application receives."""


@dataclass(frozen=True)
class Incoming:
    """What is known of a request when its head has arrived; header names in lower case."""

    method: str
    path: str
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def length(self) -> int | None:
        """Content-Length; None where the body's end is not announced. No body is 0."""
        if self._header(b"transfer-encoding"):
            return None
        text = self._header(b"content-length")
        return int(text) if text.isdigit() else 0

    @property
    def limit(self) -> int:
        """Bytes that are taken of it from somebody who is signed in."""
        if self.length is None or not self.path.startswith(SIGNED_IN):
            return ANYBODY
        has_file = self._header(b"content-type").startswith("multipart/form-data")
        return UPLOAD if has_file else FORM

    @property
    def needs_sign_in(self) -> bool:
        """Whether it is taken only from somebody who is signed in."""
        return self.length is not None and ANYBODY < self.length <= self.limit

    @property
    def session_key(self) -> str:
        cookies = parse_cookie(self._header(b"cookie"))
        return cookies.get(settings.SESSION_COOKIE_NAME, "")

    @property
    def is_script(self) -> bool:
        return self._header(b"accept") == "application/json"

    def _header(self, name: bytes) -> str:
        found = [value for key, value in self.headers if key == name]
        return found[0].decode("latin-1").strip() if found else ""

    def too_large(self) -> Refusal:
        """413: sent again as it is, it is never taken."""
        return self._refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "refused", _too_large_words(self.limit)
        )

    def signed_out(self) -> Refusal:
        """401: it may be taken from somebody who is signed in."""
        words = _("You are signed out. Sign in, then send it again.")
        return self._refusal(HTTPStatus.UNAUTHORIZED, "signed-out", words)

    def unavailable(self) -> Refusal:
        """503: nobody can say now whether its sender is signed in."""
        words = _("The desk cannot take this now. Send it again in a minute.")
        return self._refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", words)

    def _refusal(self, status: HTTPStatus, state: str, words: str) -> Refusal:
        logger.info("body refused: %s %s, %s bytes", status.value, self.method, self.length)
        if self.is_script:
            kind, body = b"application/json", json.dumps({"state": state, "words": words}).encode()
        else:
            kind, body = b"text/plain; charset=utf-8", f"{words}\n".encode()
        headers = (
            (b"Content-Type", kind),
            (b"Content-Length", str(len(body)).encode()),
            (b"Cache-Control", b"no-store"),
            (b"X-Content-Type-Options", b"nosniff"),
            # What is still on its way is not read.
            (b"Connection", b"close"),
        )
        return Refusal(status, headers, body)


def _too_large_words(limit: int) -> str:
    if limit == UPLOAD:
        return _("This is too large: a picture may have at most 20 MB. Make it smaller.")
    most = {"size": f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else f"{limit // KILOBYTE} kB"}
    return _("This is too large: at most %(size)s may be sent here.") % most


async def refusal_of(incoming: Incoming) -> Refusal | None:
    """What a request is answered before its body is received; None for one that may be sent."""
    if incoming.length is not None and incoming.length > incoming.limit:
        return incoming.too_large()
    if not incoming.needs_sign_in:
        return None
    loop = asyncio.get_running_loop()
    try:
        known = await loop.run_in_executor(None, _is_signed_in, incoming.session_key)
    except Exception:  # whatever the database says when it is away
        logger.exception("cannot tell who sends a large body")
        return incoming.unavailable()
    return None if known else incoming.signed_out()


def _is_signed_in(session_key: str) -> bool:
    """Whether there is a session of this key that somebody signed in to."""
    if not session_key:
        return False
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        return SESSION_KEY in store(session_key)
    finally:
        connections.close_all()


def limited_bodies(application: Application) -> Application:
    """``application``, which receives no more of a body than is allowed."""

    async def limited(scope: Scope, receive: Any, send: Any) -> None:
        incoming = Incoming(scope["method"], scope["path"], tuple(scope["headers"]))
        body = _Body(receive, incoming.limit)
        refusal = await refusal_of(incoming)
        if refusal is None:
            try:
                await application(scope, body.receive, send)
                return
            except BodyTooLargeError:
                refusal = incoming.too_large()
        await _refuse(refusal, body, send)

    return limited


class _Body:
    """What has been received of a request's body."""

    def __init__(self, receive: Any, limit: int) -> None:
        self._receive, self._limit = receive, limit
        self._bytes = 0
        self._ended = False

    async def receive(self) -> Any:
        """The application's `receive`. Raises BodyTooLargeError."""
        message = await self._next()
        if self._bytes > self._limit:
            raise BodyTooLargeError
        return message

    async def _next(self) -> Any:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        return message

    async def throw_away(self) -> None:
        """Read what is still sent, until its sender has read the answer and goes."""
        while not self._ended:
            await self._next()


async def _refuse(refusal: Refusal, body: _Body, send: Any) -> None:
    headers = [(name.lower(), value) for name, value in refusal.headers]
    status = refusal.status.value
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            await body.throw_away()
    await send({"type": "http.response.body"})

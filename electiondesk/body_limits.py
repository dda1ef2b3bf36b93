"""Limit the size of request bodies, by path and by whether the sender is signed in.

The middleware enforces the limits on every server. Daphne receives a whole body before it calls the
application, so `daphne_limits` applies them as well, before the first byte is received.
"""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.http import parse_cookie
from django.utils.translation import gettext as _

from electiondesk.lifecycle.timeouts import LINGER_SECONDS
from electiondesk.proxies import Application, Message, Receive, Scope, Send
from electiondesk.unavailable import NO_ROOM
from results.desk.pictures import MAX_UPLOAD_BYTES

logger = logging.getLogger(__name__)

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
#: Bytes from anybody: a sign-in form that carries the longest quote typed before it.
ANYBODY = 64 * KILOBYTE
#: Bytes from somebody who is signed in: a form, and a form with a file.
FORM = MEGABYTE
UPLOAD = MAX_UPLOAD_BYTES + 128 * KILOBYTE
#: Paths that take more than `ANYBODY` bytes from somebody who is signed in.
SIGNED_IN = ("/count/", "/admin/")


@dataclass(frozen=True)
class Refusal:
    """A response in place of the application's."""

    status: HTTPStatus
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class BodyTooLargeError(Exception):
    """Raised by the application's `receive` when the body exceeds its limit."""


@dataclass(frozen=True)
class Incoming:
    """The head of a request; header names are in lower case."""

    method: str
    path: str
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def length(self) -> int | None:
        """Content-Length in bytes; 0 without a body, None for a chunked one."""
        if self._header(b"transfer-encoding"):
            return None
        text = self._header(b"content-length")
        return int(text) if text.isdigit() else 0

    @property
    def limit(self) -> int:
        """Most bytes that are accepted from somebody who is signed in."""
        if self.length is None or not self.path.startswith(SIGNED_IN):
            return ANYBODY
        return UPLOAD if self._header(b"content-type").startswith("multipart/form-data") else FORM

    @property
    def needs_sign_in(self) -> bool:
        """Whether the body is accepted only from somebody who is signed in."""
        return self.length is not None and ANYBODY < self.length <= self.limit

    @property
    def session_key(self) -> str:
        return parse_cookie(self._header(b"cookie")).get(settings.SESSION_COOKIE_NAME, "")

    @property
    def is_script(self) -> bool:
        return self._header(b"accept") == "application/json"

    def _header(self, name: bytes) -> str:
        values = [value for key, value in self.headers if key == name]
        return values[0].decode("latin-1").strip() if values else ""

    def too_large(self) -> Refusal:
        """413: the client must not send it again as it is."""
        return self._refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "refused", self._too_large_text())

    def _too_large_text(self) -> str:
        if self.limit == UPLOAD and not self.path.startswith("/admin/"):
            return _("This is too large: a picture may have at most 20 MB. Make it smaller.")
        megabytes = self.limit // MEGABYTE
        size = f"{megabytes} MB" if megabytes else f"{self.limit // KILOBYTE} kB"
        return _("This is too large: at most %(size)s may be sent here.") % {"size": size}

    def signed_out(self) -> Refusal:
        """401: it may be accepted once the client is signed in."""
        text = _("You are signed out. Sign in, then send it again.")
        return self._refusal(HTTPStatus.UNAUTHORIZED, "signed-out", text)

    def unavailable(self) -> Refusal:
        """503: the database cannot tell whether the sender is signed in, or there is no room."""
        text = _("The desk cannot take this now. Send it again in a minute.")
        return self._refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", text)

    def no_room(self, exc: OSError) -> Refusal:
        """503: the disk of temporary files is full, which the operator has to be told."""
        logger.error("no room for what was sent, in the folder of temporary files: %s", exc)
        return self.unavailable()

    def _refusal(self, status: HTTPStatus, state: str, text: str) -> Refusal:
        logger.info("body refused: %s %s, %s bytes", status.value, self.method, self.length)
        if self.is_script:
            content_type, body = "application/json", json.dumps({"state": state, "words": text})
        else:
            content_type, body = "text/plain; charset=utf-8", f"{text}\n"
        content = body.encode()
        headers = (
            (b"Content-Type", content_type.encode()),
            (b"Content-Length", str(len(content)).encode()),
            (b"Cache-Control", b"no-store"),
            (b"X-Content-Type-Options", b"nosniff"),
            # The rest of the body is not read.
            (b"Connection", b"close"),
        )
        return Refusal(status, headers, content)


async def refusal_of(incoming: Incoming) -> Refusal | None:
    """Return the refusal of a request before its body is received; None if it may be sent."""
    if incoming.length is not None and incoming.length > incoming.limit:
        return incoming.too_large()
    if not incoming.needs_sign_in:
        return None
    loop = asyncio.get_running_loop()
    try:
        signed_in = await loop.run_in_executor(None, _is_signed_in, incoming.session_key)
    except Exception:  # of whichever kind the database driver raises
        logger.exception("cannot tell who sends a large body")
        return incoming.unavailable()
    return None if signed_in else incoming.signed_out()


def _is_signed_in(session_key: str) -> bool:
    """Whether somebody is signed in to the session of this key."""
    if not session_key:
        return False
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        return SESSION_KEY in store(session_key)
    finally:
        connections.close_all()


class BodyLimits:
    """ASGI middleware that lets the application receive no more of a body than its limit."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming(scope["method"], scope["path"], tuple(scope["headers"]))
        body = _Body(receive, incoming.limit)
        is_answered = False

        async def answer(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        refusal = await refusal_of(incoming)
        if refusal is None:
            try:
                await self._application(scope, body.receive, answer)
                return
            except BodyTooLargeError:
                refusal = incoming.too_large()
            except OSError as exc:  # a long body is written to a file
                if exc.errno not in NO_ROOM or is_answered:
                    raise
                refusal = incoming.no_room(exc)
        await _refuse(refusal, body, send)


class _Body:
    """A request's body as it is received, with the number of its bytes so far."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit = receive, limit
        self._bytes = 0
        self._ended = False

    async def receive(self) -> Message:
        """Receive the next message for the application. Raises BodyTooLargeError."""
        message = await self._next()
        if self._bytes > self._limit:
            raise BodyTooLargeError
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        return message

    async def discard(self) -> None:
        """Discard the rest: a client that is cut off while it sends never sees the response."""
        while not self._ended:
            await self._next()


async def _refuse(refusal: Refusal, body: _Body, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in refusal.headers]
    await send({"type": "http.response.start", "status": refusal.status.value, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            await body.discard()
    await send({"type": "http.response.body"})

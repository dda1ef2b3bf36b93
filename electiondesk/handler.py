"""How a request gets from the event loop to a view and back: over one thread, in one hop.

Every view here is synchronous. Django's own chain goes to a thread for the first synchronous
middleware, back to the loop for the handler and to the thread again for the view; a thread that
waits for a loop which has been told to stop waits for ever, and the process with it.

Reporters and editors never queue behind readers, nor behind strangers who try passwords: of each
only so many requests are worked on at once, the others wait on the loop.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase

#: Asked by a load balancer, which takes no answer for a failure.
CHECKS = ("/healthz", "/readyz", "/metrics")
#: For reporters and editors; of these, for whoever is not signed in yet. A password costs a third
#: of a second of a processor.
STAFF = ("/count/", "/admin/")
SIGN_IN = ("/count/sign-in/", "/admin/login/")


class FullError(Exception):
    """More wait already than could be answered before they give up."""


class Lane:
    """Requests of one kind: `at_once` at work together, and at most `waiting` more."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._places = at_once + waiting

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn. Raises FullError."""
        if not self._places:
            raise FullError
        self._places -= 1
        try:
            async with self._free:
                yield
        finally:
            self._places += 1


class OneThreadHandler(ASGIHandler):
    """Middleware and view run synchronously in the request's own thread, start to end."""

    #: A page is handed over as the one object that is kept for everybody: a piece of it would be a
    #: copy for each reader.
    chunk_size = 2**24

    def __init__(self) -> None:
        super().__init__()
        # Fewer readers than a process has connections to its database.
        self._readers = Lane(at_once=6, waiting=1000)
        self._strangers = Lane(at_once=4, waiting=200)
        self._staff = Lane(at_once=16, waiting=500)
        self._checks = Lane(at_once=4, waiting=100)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        try:
            async with self._lane_of(request).turn():
                return await self._answer(request)
        except FullError:
            return _come_again()

    def _lane_of(self, request: HttpRequest) -> Lane:
        if request.path.startswith(CHECKS):
            return self._checks
        if not request.path.startswith(STAFF):
            return self._readers
        # Whether the session is anybody's is for the view to find out, which is cheap.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(SIGN_IN):
            return self._staff
        return self._strangers

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        answer: Any = sync_to_async(self.get_response, thread_sensitive=True)
        response: HttpResponseBase = await answer(request)
        return response


def _come_again() -> HttpResponse:
    """What a proxy answers with the page that it has; an open page asks again by itself."""
    response = HttpResponse("Too many at once: try again.\n", status=503, content_type="text/plain")
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response

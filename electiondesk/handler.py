"""How a request gets from the event loop to a view and back: over one thread, in one hop.

Every view here is synchronous. Django's own chain goes to a thread for the first synchronous
middleware, back to the loop for the handler and to the thread again for the view; a thread that
waits for a loop which has been told to stop waits for ever, and the process with it.

Reporters and editors never queue behind readers: only so many readers' requests are worked on at
once, the others wait on the loop, where waiting costs nothing.
"""

import asyncio
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase

#: Whose requests are worked on at once, whoever else asks.
AHEAD = ("/count/", "/admin/", "/healthz", "/readyz", "/metrics")
#: Readers' requests at work together; fewer than a process has connections to its database.
ABREAST = 6
#: Readers' requests that may wait. More could only be answered when nobody waits any longer.
WAITING = 1000


class OneThreadHandler(ASGIHandler):
    """Middleware and view run synchronously in the request's own thread, start to end."""

    #: A page is handed over as the one object that is kept for everybody: a piece of it would be a
    #: copy for each reader.
    chunk_size = 2**24

    def __init__(self) -> None:
        super().__init__()
        self._readers = asyncio.Semaphore(ABREAST)
        self._waiting = 0

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(AHEAD):
            return await self._answer(request)
        if self._waiting >= WAITING:
            return _come_again()
        self._waiting += 1
        try:
            async with self._readers:
                return await self._answer(request)
        finally:
            self._waiting -= 1

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

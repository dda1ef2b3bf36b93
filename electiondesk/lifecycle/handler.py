"""Run each request's middleware and view in one worker thread, within the limits of its queue.

Every view here is synchronous. Django's own handler goes to a thread for the first synchronous
middleware, back to the event loop, and to the thread again for the view. A thread that waits for a
loop that has stopped waits for ever, and keeps the process from ending.

Each kind of request has a queue with a limit of its own, so that reporters and editors never wait
for readers, nor for people who try passwords. Requests wait on the event loop, not in threads.

A thread cannot be stopped. Where a client leaves while its request runs, the request keeps its turn
until the thread has ended, and the thread gives its connection to the database back by itself: what
Django does for that is cancelled where the server ends the request's task first.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from electiondesk.lifecycle.timeouts import RETRY_AFTER_SECONDS
from electiondesk.proxies import PASSED_ON
from results.desk.devices import device_of

#: Health checks of a load balancer, which treats a missing response as a failure.
CHECKS = ("/healthz", "/readyz", "/metrics")
#: Other systems that publish with a token.
API_WRITES = "/api/v1/desk/"
#: For reporters and editors, and systems that publish as they do.
STAFF = ("/count/", "/admin/", API_WRITES)
#: For people who are not signed in yet. Checking a password takes a third of a second of CPU.
SIGN_IN = ("/count/sign-in/", "/admin/login/")


class QueueFullError(Exception):
    """The queue is longer than could be served before clients give up."""


class RequestQueue:
    """Limits requests of one kind: `concurrency` in progress, and at most `waiting` more."""

    def __init__(self, concurrency: int, waiting: int) -> None:
        self._running = asyncio.Semaphore(concurrency)
        self._free = concurrency + waiting
        self._tasks = set[asyncio.Task[Any]]()

    async def run(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Wait until the request may run, and run it. Raises QueueFullError.

        Cancelled while it waits it does not run; later it has its turn until it has ended.
        """
        if not self._free:
            raise QueueFullError
        self._free -= 1
        try:
            await self._running.acquire()
        except BaseException:
            self._free += 1
            raise
        task = asyncio.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._end_turn)
        return await asyncio.shield(task)

    def _end_turn(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        self._running.release()
        self._free += 1
        if not task.cancelled():
            # Looked at, also where nobody waits for it any more.
            task.exception()


class OneThreadHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain and a queue per kind of request."""

    #: Larger than any page, so that the cached bytes of a page are sent without copying a slice.
    chunk_size = 2**24

    def __init__(self) -> None:
        super().__init__()
        # Fewer readers than a process has connections to its database.
        self._readers = RequestQueue(concurrency=6, waiting=1000)
        self._anonymous = RequestQueue(concurrency=4, waiting=200)
        self._staff = RequestQueue(concurrency=16, waiting=500)
        # Anybody can invent a token, and only the database knows: nobody else waits for these.
        self._programs = RequestQueue(concurrency=4, waiting=200)
        self._checks = RequestQueue(concurrency=4, waiting=100)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        try:
            respond: Any = sync_to_async(self._respond, thread_sensitive=True)
            response: HttpResponseBase = await self._queue_of(request).run(lambda: respond(request))
            return response
        except QueueFullError:
            return _service_unavailable()

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with no connection left open in this thread."""
        try:
            return self.get_response(request)
        finally:
            close_old_connections()

    def _queue_of(self, request: HttpRequest) -> RequestQueue:
        if request.path in CHECKS:
            # Anybody may ask through a proxy, and a crowd there must not delay a load balancer,
            # which asks the process itself.
            passed_on = getattr(request, "scope", {}).get(PASSED_ON)
            return self._readers if passed_on else self._checks
        if not request.path.startswith(STAFF):
            return self._readers
        # Only the cookies or the header are looked at. Whether the session or the token exists the
        # view finds out, cheaply.
        if request.path.startswith(API_WRITES):
            return self._programs if "Authorization" in request.headers else self._anonymous
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(SIGN_IN):
            # Anybody can invent a session, and nobody the cookie of a device that has signed in.
            return self._staff if device_of(request).accounts else self._anonymous
        return self._anonymous


def _service_unavailable() -> HttpResponse:
    """Answer 503: a proxy then serves the page it has, and an open page asks again by itself."""
    return HttpResponse(
        "Too many at once: try again.\n",
        status=503,
        content_type="text/plain",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"},
    )

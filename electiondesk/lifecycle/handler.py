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
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from electiondesk.lifecycle.timeouts import RETRY_AFTER_SECONDS
from electiondesk.proxies import PASSED_ON
from electiondesk.socket_limits import counted_as
from results.desk.devices import device_of

#: Health checks of a load balancer, which treats a missing response as a failure.
CHECKS = ("/healthz", "/readyz", "/metrics")
#: Other systems that publish with a token.
API_WRITES = "/api/v1/desk/"
#: For reporters and editors, and systems that publish as they do.
STAFF = ("/count/", "/admin/", API_WRITES)
#: For people who are not signed in yet. Checking a password takes a third of a second of CPU.
SIGN_IN = ("/count/sign-in/", "/admin/login/")

#: `receive` of ASGI, as Django declares it.
Listen = Callable[[], Awaitable[Mapping[str, Any]]]


class QueueFullError(Exception):
    """The queue is longer than could be served before clients give up."""


class RequestQueue:
    """Limits requests of one kind: `concurrency` in progress, and at most `waiting` more.

    If it is `shared`, one address has half of these places at most, and all turns but one: others
    do not wait for its crowd.
    """

    def __init__(self, concurrency: int, waiting: int, *, shared: bool = False) -> None:
        self._running = asyncio.Semaphore(concurrency)
        self._free = concurrency + waiting
        self._shared = shared
        self._share, self._turns = self._free // 2, concurrency - 1
        self._places = Counter[str]()
        #: What the requests of one address wait for first.
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._tasks = set[asyncio.Task[Any]]()

    async def run(
        self, work: Callable[[], Coroutine[Any, Any, Any]], address: str | None = None
    ) -> Any:
        """Wait until the request may run, and run it. Raises QueueFullError.

        Cancelled while it waits it does not run; later it has its turn until it has ended.
        `address` is that of the client; None counts under none.
        """
        address = address if self._shared else None
        if not self._free or (address is not None and self._places[address] >= self._share):
            raise QueueFullError
        lane = self._take_place(address)
        try:
            async with _released_on_error(lane):
                await self._running.acquire()
        except BaseException:
            self._give_up_place(address)
            raise
        task = asyncio.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(partial(self._end_turn, address, lane))
        return await asyncio.shield(task)

    def _take_place(self, address: str | None) -> asyncio.Semaphore:
        self._free -= 1
        if address is None:
            return asyncio.Semaphore()
        self._places[address] += 1
        return self._lanes.setdefault(address, asyncio.Semaphore(self._turns))

    def _give_up_place(self, address: str | None) -> None:
        self._free += 1
        if address is not None:
            self._places[address] -= 1
            if not self._places[address]:
                del self._places[address], self._lanes[address]

    def _end_turn(
        self, address: str | None, lane: asyncio.Semaphore, task: "asyncio.Task[Any]"
    ) -> None:
        self._tasks.discard(task)
        self._running.release()
        lane.release()
        self._give_up_place(address)
        if not task.cancelled():
            # Looked at, also where nobody waits for it any more.
            task.exception()


@asynccontextmanager
async def _released_on_error(lane: asyncio.Semaphore) -> AsyncIterator[None]:
    """Acquire a semaphore, which is released again only if the block fails."""
    await lane.acquire()
    try:
        yield
    except BaseException:
        lane.release()
        raise


class OneThreadHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain and a queue per kind of request."""

    #: Larger than any page, so that the cached bytes of a page are sent without copying a slice.
    chunk_size = 2**24

    def __init__(self) -> None:
        super().__init__()
        # Fewer readers than a process has connections to its database.
        self._readers = RequestQueue(concurrency=6, waiting=1000)
        # Where one address must not keep everybody else from signing in.
        self._anonymous = RequestQueue(concurrency=4, waiting=200, shared=True)
        self._staff = RequestQueue(concurrency=16, waiting=500)
        # Anybody can invent a token, and only the database knows: nobody else waits for these.
        self._programs = RequestQueue(concurrency=4, waiting=200, shared=True)
        self._checks = RequestQueue(concurrency=4, waiting=100)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def listen_for_disconnect(self, receive: Listen) -> None:
        """Raise RequestAborted when the client leaves.

        That is looked at, also where the request's task was ended and nobody waits for it: asyncio
        would log it as an error.
        """
        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        await super().listen_for_disconnect(receive)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        try:
            respond: Any = sync_to_async(self._respond, thread_sensitive=True)
            scope = getattr(request, "scope", None)
            response: HttpResponseBase = await self._queue_of(request).run(
                lambda: respond(request), counted_as(scope) if scope else None
            )
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

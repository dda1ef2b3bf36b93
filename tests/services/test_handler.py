"""Request queues: a crowd of one kind delays nobody of another kind."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.core.signing import get_cookie_signer
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import AsyncRequestFactory

from electiondesk.lifecycle.handler import OneThreadHandler, RequestQueue
from electiondesk.proxies import TrustedProxies
from results.desk import devices
from tests.processes import START_SECONDS

COOKIE = (b"cookie", b"sessionid=of-somebody")
SIGNER = get_cookie_signer(salt=f"{devices.COOKIE}{devices.COOKIE_SALT}")
#: The cookies of a browser that has signed in.
KNOWN = (COOKIE[0], f"sessionid=of-somebody; device={SIGNER.sign('a-phone.an-account')}".encode())
FORGED = (COOKIE[0], b"sessionid=of-somebody; device=a-phone.an-account:1vZkUa:forged")
TOKEN = (b"authorization", b"Bearer edesk_of-somebody")
#: As nginx passes it on: anybody may ask there, and a load balancer asks each process.
PASSED_ON = (b"x-forwarded-for", b"192.0.2.7")
#: Requests by the kind of people who make them, as (path, headers).
KINDS: dict[str, list[tuple[str, tuple[tuple[bytes, bytes], ...]]]] = {
    "readers": [
        *(("/ge/", ()), ("/", ()), ("/ge/", (COOKIE,)), ("/static/x.css", ())),
        *(("/readyz", (PASSED_ON,)), ("/healthz", (PASSED_ON,)), ("/readyz-or-not/", ())),
    ],
    "anonymous": [
        ("/count/sign-in/", ()),
        ("/count/sign-in/", (COOKIE,)),
        ("/count/sign-in/a-token/", ()),
        ("/admin/login/", (COOKIE,)),
        ("/admin/", ()),
        ("/count/ge/seat/", ()),
        ("/count/ge/seat/", (COOKIE,)),
        ("/admin/", (FORGED,)),
        ("/count/sign-in/", (KNOWN,)),
        ("/api/v1/desk/answers/1", (KNOWN,)),
    ],
    "staff": [("/count/ge/seat/", (KNOWN,)), ("/admin/", (KNOWN,)), ("/count/token/", (KNOWN,))],
    "programs": [("/api/v1/desk/answers/1", (TOKEN,))],
    "checks": [("/healthz", ()), ("/readyz", ()), ("/metrics", (COOKIE,))],
}
AT_ONCE = 2


class BlockingHandler(OneThreadHandler):
    """A handler with short queues, whose views wait for `let_go` while it is `holding`."""

    def __init__(self) -> None:
        super().__init__()
        for name in KINDS:
            assert hasattr(self, f"_{name}")
            setattr(self, f"_{name}", RequestQueue(concurrency=AT_ONCE, waiting=10))
        self.let_go = threading.Event()
        self.holding = True
        self.arrived = 0
        self.at_work = 0
        self.left = 0

    async def get_response_async(self, request: Any) -> Any:
        self.arrived += 1  # and it is in its queue before the event loop does anything else
        try:
            return await super().get_response_async(request)
        except asyncio.CancelledError:
            self.left += 1
            raise

    def get_response(self, request: Any) -> HttpResponse:
        if self.holding:
            self.at_work += 1
            self.let_go.wait(timeout=2 * START_SECONDS)
        return HttpResponse(request.path)


async def ask(
    application: OneThreadHandler,
    path: str,
    headers: tuple[tuple[bytes, bytes], ...] = (),
    left: asyncio.Event | None = None,
) -> int:
    """Request a path through ASGI; return the status. The client is gone once `left` is set."""
    named = [(b"host", b"localhost"), *headers]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": named}
    scope["client"] = ["127.0.0.1", 4711]  # nginx, or this machine itself
    sent: list[Mapping[str, Any]] = []
    incoming, left = iter([{"type": "http.request"}]), left or asyncio.Event()

    async def receive() -> dict[str, Any]:
        for message in incoming:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await TrustedProxies(application)(scope | {"query_string": b""}, receive, send)
    status: int = sent[0]["status"]
    return status


@asynccontextmanager
async def start_requests(kind: str, size: int) -> AsyncIterator[Any]:
    """Start `size` requests of a kind; those that are admitted do not end."""
    application = BlockingHandler()
    asked = [
        asyncio.create_task(ask(application, *KINDS[kind][number % len(KINDS[kind])]))
        for number in range(size)
    ]
    async with asyncio.timeout(START_SECONDS):
        while application.arrived < size or application.at_work < AT_ONCE:  # noqa: ASYNC110 - counted by threads
            await asyncio.sleep(0.01)
    application.holding = False
    yield application, asked
    application.let_go.set()


@pytest.mark.asyncio
@pytest.mark.parametrize("crowd", KINDS)
async def test_full_queue_delays_no_other_kind_of_request(crowd: str) -> None:
    async with start_requests(crowd, AT_ONCE + 10) as (application, asked):
        assert application.at_work == AT_ONCE
        for kind, requests in KINDS.items():
            for request in requests if kind != crowd else ():
                async with asyncio.timeout(START_SECONDS):
                    assert await ask(application, *request) == 200
        application.let_go.set()
        assert await asyncio.gather(*asked) == [200] * (AT_ONCE + 10)


@pytest.mark.asyncio
@pytest.mark.parametrize("crowd", KINDS)
async def test_request_beyond_the_queues_limit_gets_503_at_once(crowd: str) -> None:
    async with start_requests(crowd, AT_ONCE + 10) as (application, asked):
        assert await ask(application, *KINDS[crowd][0]) == 503
        application.let_go.set()
        assert await asyncio.gather(*asked) == [200] * (AT_ONCE + 10)
        assert await ask(application, *KINDS[crowd][0]) == 200


@pytest.mark.parametrize(
    "device",
    [
        *("", ":", ":::", "a:b:c", "a.b:1vZkUa:" + "x" * 43, "a" * 9000, "\0", "\\000:\\001:x"),
        *("\xff\xfe", "é:é:é", '"a:b:c"', "😀", "\udcff"),
    ],
)
def test_unreadable_device_is_that_of_nobody(device: str) -> None:
    application, request = OneThreadHandler(), AsyncRequestFactory().get("/admin/")
    request.COOKIES = {"sessionid": "of-somebody", "device": device}
    assert application._queue_of(request) is application._anonymous


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["anonymous", "programs"])
async def test_one_address_leaves_half_of_the_places_to_others(kind: str) -> None:
    """Anybody can fill these queues: nobody else could sign in, or send a result."""
    path, headers = KINDS[kind][0]
    own, others = (
        (*headers, (b"x-forwarded-for", address)) for address in (b"192.0.2.7", b"192.0.2.8")
    )
    application = BlockingHandler()
    shared = getattr(OneThreadHandler(), f"_{kind}")._share
    queue = RequestQueue(concurrency=AT_ONCE, waiting=10, shared=True)
    setattr(application, f"_{kind}", queue)
    asked = [asyncio.create_task(ask(application, path, own)) for _request in range(6)]
    async with asyncio.timeout(START_SECONDS):
        while application.arrived < 6 or application.at_work < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await ask(application, path, own) == 503
        another = asyncio.create_task(ask(application, path, others))
        while application.at_work < AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        application.let_go.set()
        assert await asyncio.gather(*asked, another) == [200] * 7
        assert await ask(application, path, own) == 200
    assert not queue._places
    assert shared == 102


# --- Clients that leave --------------------------------------------------------------------------


class ConnectedHandler(BlockingHandler):
    """Its views take a connection to the database, as they all do."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[BaseDatabaseWrapper] = []

    def get_response(self, request: Any) -> HttpResponse:
        connection.ensure_connection()
        self.taken.append(connection._connections[connection._alias])  # type: ignore[attr-defined]  # a proxy
        return super().get_response(request)


async def end(asked: "list[asyncio.Task[int]]") -> None:
    """End requests as Daphne does ten seconds after their clients have left: again and again."""
    while not all(task.done() for task in asked):
        for task in asked:
            task.cancel()
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.db
async def test_request_whose_client_has_left_gives_its_connection_back() -> None:
    """A pool has no other way to learn that it is free: after twelve there would be none left."""
    application, left = ConnectedHandler(), asyncio.Event()
    asked = asyncio.create_task(ask(application, *KINDS["staff"][0], left))
    async with asyncio.timeout(START_SECONDS):
        while not application.taken:  # noqa: ASYNC110 - counted by threads
            await asyncio.sleep(0.01)
        left.set()
        while not application.left:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await end([asked])
        application.let_go.set()
        (taken,) = application.taken
        while taken.connection is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_request_whose_client_has_left_keeps_its_turn_until_it_ends() -> None:
    application, left = BlockingHandler(), asyncio.Event()
    asked = [
        asyncio.create_task(ask(application, *KINDS["staff"][0], left))
        for _request in range(AT_ONCE)
    ]
    async with asyncio.timeout(START_SECONDS):
        while application.at_work < AT_ONCE:  # noqa: ASYNC110 - counted by threads
            await asyncio.sleep(0.01)
        left.set()
        while application.left < AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await end(asked)
        later = asyncio.create_task(ask(application, *KINDS["staff"][0]))
        while application.arrived <= AT_ONCE:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert application._staff._running.locked()
        assert application.at_work == AT_ONCE
        application.let_go.set()
        assert await later == 200


@pytest.mark.asyncio
async def test_request_whose_client_leaves_before_its_turn_is_not_run() -> None:
    async with start_requests("staff", AT_ONCE + 3) as (application, asked):
        waiting = [task for task in asked if not task.done()][AT_ONCE:]
        await end(waiting)
        application.let_go.set()
        assert await asyncio.gather(*asked[:AT_ONCE]) == [200] * AT_ONCE
        assert application.at_work == AT_ONCE


@pytest.mark.asyncio
async def test_request_that_is_ended_as_its_client_leaves_logs_no_error() -> None:
    """As when a process stops: nobody waits any more for what Django listens to the client with."""
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: errors.append(context))
    application, left = BlockingHandler(), asyncio.Event()
    asked = asyncio.create_task(ask(application, *KINDS["staff"][0], left))
    async with asyncio.timeout(START_SECONDS):
        while not application.at_work:  # noqa: ASYNC110 - counted by threads
            await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.sleep(0.01)
        left.set()
        await asyncio.sleep(0.01)
        application.let_go.set()
        await asyncio.wait([asked])
    del asked  # its traceback holds what it waited for
    gc.collect()
    assert errors == []

"""Reporters and editors go ahead of any crowd of readers, which waits where it costs nothing."""

import asyncio
import threading
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.http import HttpResponse

from electiondesk import handler
from electiondesk.handler import ABREAST, OneThreadHandler


class Held(OneThreadHandler):
    """Readers' views hold on until they are let go; everyone else's answer at once."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.at_work = 0

    def get_response(self, request: Any) -> HttpResponse:
        if not request.path.startswith(handler.AHEAD):
            self.at_work += 1
            self.let_go.wait(timeout=30)
        return HttpResponse(request.path)


async def ask(application: OneThreadHandler, path: str) -> int:
    """The status that a path is answered with, through ASGI as a server asks."""
    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    sent: list[dict[str, Any]] = []
    told, never = iter([{"type": "http.request"}]), asyncio.Event()

    async def receive() -> dict[str, Any]:
        for message in told:
            return message
        await never.wait()
        return {}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope | {"query_string": b""}, receive, send)
    status: int = sent[0]["status"]
    return status


@asynccontextmanager
async def a_crowd(readers: int) -> Any:
    application = Held()
    asked = [asyncio.create_task(ask(application, f"/ge/{one}/")) for one in range(readers)]
    async with asyncio.timeout(20):
        while application.at_work < min(readers, ABREAST):  # noqa: ASYNC110 - counted by threads
            await asyncio.sleep(0.01)
    yield application, asked
    application.let_go.set()


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/count/ge/seat/", "/admin/", "/healthz", "/readyz", "/metrics"])
async def test_no_crowd_of_readers_is_in_front_of_a_reporter(path: str) -> None:
    async with a_crowd(60) as (application, asked):
        assert application.at_work == ABREAST
        async with asyncio.timeout(10):
            assert await ask(application, path) == 200
        application.let_go.set()
        assert await asyncio.gather(*asked) == [200] * 60


@pytest.mark.asyncio
async def test_who_could_only_be_answered_far_too_late_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handler, "WAITING", 10)
    async with a_crowd(10) as (application, asked):
        assert await ask(application, "/ge/") == 503
        assert await ask(application, "/count/") == 200
        application.let_go.set()
        assert await asyncio.gather(*asked) == [200] * 10
        assert await ask(application, "/ge/") == 200

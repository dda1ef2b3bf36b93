"""Foreign hosts and origins, and sockets that flood or come and go."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.test import Client

from electiondesk.asgi import application
from results.live.hub import Hub, get_hub
from tests import nights
from tests.communicators import Communicator


@pytest.mark.django_db
def test_foreign_host_is_on_no_page(people: dict[str, Client]) -> None:
    for header in ("Host", "X-Forwarded-Host", "X-Original-Host", "Forwarded"):
        for path in ("/ge/", "/robots.txt", "/sitemap.xml", "/ge/feed.atom"):
            answer = people["reader"].get(path, headers={header: "evil.example"})
            assert b"evil.example" not in answer.content, (header, path)


# --- Sockets ----------------------------------------------------------------------------------

QUERIES = [
    b"", b"since=0", b"since=", b"since=-1", b"since=%00", b"since=" + b"9" * 5000,
    b"since=0&since=1&since=x", b"since=%D9%A3", b"since=%ED%A0%80", b"\xff\xfe\xed\xa0\x80",
    b"since=0&epoch=", b"since=0&epoch=%00", b"since=0&epoch={" + b"1" * 32 + b"}",
    b"since=0&epoch=urn:uuid:" + b"1" * 32, b"epoch=" + b"\xc2\xb2" * 32, b"&" * 5000, b"=" * 5000,
    b"since=1e3", b"since=+1", b"since= 1", b"since=0;epoch=x", b"%", b"since=0#x",
]  # fmt: skip
SLUGS = ["ge", "nowhere", "a" * 500, "..", "ge/..", "%00", "gé", ""]
ORIGINS = [
    b"http://localhost",
    b"null",
    b"",
    b"\xff",
    b"http://[",
    b"http://localhost@evil.example",
]
FRAMES: list[dict[str, Any]] = [
    {"text": "x" * 100_000}, {"bytes": b"\0" * 100_000}, {"text": ""}, {"bytes": b""},
    {"text": "\0\u202e\ud800"}, {"text": '{"since": -1}'}, {"text": None, "bytes": b"x"},
    {},
]  # fmt: skip


@pytest_asyncio.fixture
async def hub() -> AsyncIterator[Hub]:
    yield get_hub()
    await get_hub().close()


def socket(query: bytes, slug: str = "ge", origin: bytes = ORIGINS[0]) -> Communicator:
    headers = [(b"origin", origin), (b"host", b"localhost")]
    client = Communicator(application, f"/live/{slug}/", headers=headers)
    client.scope["query_string"] = query
    return client


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.live
class TestSockets:
    @pytest_asyncio.fixture(autouse=True)
    async def _night(self, hub: Hub, transactional_db: None) -> None:
        await sync_to_async(nights.election)()

    async def _ends_politely(self, client: Communicator) -> None:
        """Assert that the socket is accepted, or refused with a code, without an exception."""
        accepted, code = await client.connect()
        if accepted:
            await client.receive_from()
            await client.disconnect()
        else:
            assert code in (4400, 4403, 4404)

    async def test_no_position_is_an_exception(self) -> None:
        for query in QUERIES:
            await self._ends_politely(socket(query))

    async def test_no_slug_or_origin_is_an_exception(self) -> None:
        for slug in SLUGS:
            await self._ends_politely(socket(b"since=0", slug))
        for origin in ORIGINS:
            await self._ends_politely(socket(b"since=0", origin=origin))

    async def test_flood_closes_only_its_own_socket(self, hub: Hub) -> None:
        for frame in FRAMES:
            loud, quiet = socket(b"since=0"), socket(b"since=0")
            for client in (loud, quiet):
                await client.connect()
                await client.receive_from()
            for _time in range(100):
                await loud.send_input({"type": "websocket.receive", **frame})
            closed = await loud.receive_output()
            assert (closed["type"], closed["code"] in (4008, 4009)) == ("websocket.close", True)
            await hub._poll(hub.streams["ge"], heartbeat=True)
            text = str(await quiet.receive_from())
            assert '"sequence":0' in text.replace(" ", "")
            await loud.wait()
            await quiet.disconnect()
            assert hub.streams["ge"].readers == 0

    async def test_many_short_sockets_leave_nothing_behind(self, hub: Hub) -> None:
        async def come_and_go(number: int) -> None:
            client = socket(QUERIES[number % 3])
            await client.connect()
            await client.disconnect()

        await asyncio.gather(*(come_and_go(number) for number in range(150)))
        assert hub.streams["ge"].readers == 0

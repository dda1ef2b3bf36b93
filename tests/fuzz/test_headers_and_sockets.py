"""Headers that no browser sends, and sockets that say what no page would."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from electiondesk.asgi import application
from results.live.hub import Hub, hub_here
from tests import nights
from tests.fuzz.hostile import TEXTS, answered, rows, send, taken_back, thrown

HEADERS = [
    "Host", "Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since",
    "If-Match", "If-Unmodified-Since", "Cookie", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "Forwarded", "X-Request-ID", "Range", "Referer", "Origin", "User-Agent",
    "Content-Type", "Content-Length", "HX-Request", "HX-Target", "HX-Trigger", "HX-Prompt",
    "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded", "X-HTTP-Method-Override", "X-CSRFToken",
    "Authorization", "Sec-Fetch-Site",
]  # fmt: skip
SAID = [
    "*", '"', 'W/"', '"a", "b', "gzip;q=x, br;q=-1, *;q=9e999", "bytes=0-,-1,9-0", "sessionid=\0",
    "sessionid=" + "a" * 9000, "phone=\r\nSet-Cookie: a=b", "http://[", "http://[::1", "//", "\xff",
    "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300, "text/html; charset=\0",
    "application/x-www-form-urlencoded; charset=utf-7", "evil.example", "localhost:99999999",
    "localhost\0.evil", "[::1]]", "Thu, 99 Foo 99999 99:99:99 GMT", "1" * 5000, "-1",
    "for=unknown;proto=", "messages=[[\"__json_message\"]]", "csrftoken=" + "x" * 64,
]  # fmt: skip
PATHS = [
    "/", "/ge/", "/ge/islington-north/", "/ge/results.json", "/ge/results.csv", "/ge/feed.atom",
    "/ge/card.png", "/ge/updates/0/", "/ge/find/?q=vale", "/embed/ge/", "/robots.txt",
    "/sitemap.xml", "/metrics", "/healthz", "/readyz", "/count/", "/count/ge/vale/",
    "/count/sign-in/", "/count/token/", "/count/phone/", "/admin/", "/admin/login/", "/static/x",
]  # fmt: skip

headers = st.dictionaries(
    st.sampled_from(HEADERS),
    st.sampled_from(SAID)
    | st.sampled_from([text for text in TEXTS if text.isascii()])
    | st.text(st.characters(max_codepoint=255), max_size=30),
    max_size=3,
)


@pytest.mark.django_db
@pytest.mark.db
def test_no_header_is_a_fault(people: dict[str, Client]) -> None:
    @thrown(250)
    @given(
        path=st.sampled_from(PATHS),
        who=st.sampled_from(["reader", "reader", "reporter", "editor"]),
        method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST"]),
        said=headers,
    )
    def ask(path: str, who: str, method: str, said: dict[str, str]) -> None:
        client = people[who]
        meta = {
            (name if name in ("Content-Type", "Content-Length") else f"HTTP_{name}")
            .upper()
            .replace("-", "_"): value
            for name, value in said.items()
        }
        with taken_back():
            before, cookies = rows(), client.cookies.output()
            answer = send(client, path, [("step", "status")] if method == "POST" else [], method,
                          **meta)  # fmt: skip
            if path == "/readyz":  # says 503 by its nature, where no hub runs
                return
            answered(answer, before)
            if who == "reader" and not path.startswith(("/count", "/admin")):
                assert client.cookies.output() == cookies
            for name, value in answer.headers.items():
                assert "\r" not in f"{name}{value}"
                assert "\n" not in f"{name}{value}"
            if "evil" in meta.get("HTTP_HOST", ""):
                assert answer.status_code in (400, 404) or path in ("/healthz", "/metrics")

    ask()


@pytest.mark.django_db
def test_a_host_of_somebody_elses_stands_on_no_page(people: dict[str, Client]) -> None:
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
    yield hub_here()
    await hub_here().close()


def socket(query: bytes, slug: str = "ge", origin: bytes = ORIGINS[0]) -> WebsocketCommunicator:
    given = [(b"origin", origin), (b"host", b"localhost")]
    made = WebsocketCommunicator(application, f"/live/{slug}/", headers=given)
    made.scope["query_string"] = query
    return made


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.live
class TestSockets:
    @pytest_asyncio.fixture(autouse=True)
    async def _night(self, hub: Hub, transactional_db: None) -> None:
        await sync_to_async(nights.election)()

    async def _ends_politely(self, made: WebsocketCommunicator) -> None:
        """Accepted, or refused with a code: never by an exception."""
        accepted, code = await made.connect(timeout=10)
        if accepted:
            await made.receive_from(timeout=10)
            await made.disconnect(timeout=10)
        else:
            assert code == 4404 or code == 4400 or 1000 <= code < 1016 or code == 403

    async def test_no_position_is_a_fault(self) -> None:
        for query in QUERIES:
            await self._ends_politely(socket(query))

    async def test_no_name_or_origin_is_a_fault(self) -> None:
        for slug in SLUGS:
            await self._ends_politely(socket(b"since=0", slug))
        for origin in ORIGINS:
            await self._ends_politely(socket(b"since=0", origin=origin))

    async def test_whatever_a_reader_says_changes_nothing(self, hub: Hub) -> None:
        made, quiet = socket(b"since=0"), socket(b"since=0")
        for one in (made, quiet):
            await one.connect(timeout=10)
            await one.receive_from(timeout=10)
        for _time in range(200):
            for frame in FRAMES:
                await made.send_input({"type": "websocket.receive", **frame})
        assert await made.receive_nothing(timeout=0.05)
        assert hub.streams["ge"].readers == 2
        await hub._look_at(hub.streams["ge"], beat=True)
        for one in (made, quiet):
            assert '"sequence":0' in (await one.receive_from(timeout=10)).replace(" ", "")
            await one.disconnect(timeout=10)
        assert hub.streams["ge"].readers == 0

    async def test_many_who_come_and_go_leave_nothing_behind(self, hub: Hub) -> None:
        async def one(number: int) -> None:
            made = socket(QUERIES[number % 3])
            await made.connect(timeout=20)
            await made.disconnect(timeout=20)

        await asyncio.gather(*(one(number) for number in range(150)))
        assert hub.streams["ge"].readers == 0

"""Hostile headers and socket messages: a response or a refusal, never an exception."""

import asyncio
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, strategies as st

from electiondesk.asgi import application
from results.live.hub import get_hub
from results.models import Election
from tests.communicators import Communicator
from tests.fuzz.hostile import hostile_examples, texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

NAMES = [
    *("HTTP_HOST", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"),
    *("HTTP_COOKIE", "HTTP_RANGE", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"),
    *("HTTP_X_REQUEST_ID", "HTTP_FORWARDED", "HTTP_ACCEPT", "HTTP_ORIGIN", "HTTP_REFERER"),
    *("HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL", "HTTP_HX_TARGET", "HTTP_HX_TRIGGER"),
    *("HTTP_ACCEPT_LANGUAGE", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_USER_AGENT"),
]
PATHS = [
    *("/ge/", "/ge/now/", "/ge/updates/0/", "/ge/results.csv", "/ge/feed.atom", "/ge/card.png"),
    *("/count/", "/count/sign-in/", "/admin/login/", "/metrics", "/readyz", "/healthz", "/"),
]
VALUES = [
    *("*", "*;q=0", "br;q=1.5", "gzip;q=,,;", "q=", '"', 'W/"x"', '"a", "b", *', "bytes=0-,-1"),
    *("sessionid=\x00", "csrftoken=" + "x" * 9000, "a=b; a=c; ;;==", "localhost:99999", "[::1"),
    *(
        "for=_hidden;proto=x",
        "1.2.3.4, , x",
        "999",
        "-1",
        "multipart/form-data; boundary=",
        "\ufffd",
    ),
]
#: A header travels as latin-1; what else a text holds comes as the bytes of its UTF-8.
headers = st.dictionaries(
    st.sampled_from(NAMES),
    (st.sampled_from(VALUES) | texts).map(
        lambda text: text.encode("utf-8", "surrogatepass").decode("latin-1")
    ),
    max_size=4,
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_no_header_is_a_500(night: Election, method: str) -> None:
    @hostile_examples(60)
    @given(path=st.sampled_from(PATHS), more=headers)
    def ask(path: str, more: dict[str, str]) -> None:
        environ: dict[str, Any] = dict(more)
        answer = Client().generic(method, path, **environ)
        assert answer.status_code < 500 or path == "/readyz"
        assert b"Traceback (most recent call last)" not in answer.content

    ask()


QUERIES = [
    *("since=", "since=-1", "since=1e3", "since=²", "since=" + "9" * 400, "since=0&since=1"),
    *("epoch=", "epoch=0", "epoch=" + "0" * 32, "since=0&epoch=%00", "%ff%fe", "=&=&&", "a" * 5000),
]
messages = st.lists(st.text(max_size=50) | st.binary(max_size=50), max_size=6)


async def _talk(path: str, query: str, words: list[str | bytes]) -> None:
    """Open a socket, send `words`, and receive until nothing more comes."""
    origin = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
    socket = Communicator(application, path, headers=origin)
    socket.scope["query_string"] = query.encode("utf-8", "surrogatepass")
    accepted, code = await socket.connect()
    try:
        if not accepted:
            assert code in range(4400, 4500)
            return
        assert "epoch" in json.loads(await socket.receive_from())
        for word in words:
            part = {"text": word} if isinstance(word, str) else {"bytes": word}
            await socket.send_input({"type": "websocket.receive", **part})
    finally:
        await socket.disconnect()  # raises whatever the application did
        await get_hub().close()


def test_no_socket_message_is_an_exception(night: Election) -> None:
    slugs = st.sampled_from(["ge", "nowhere", "ge-", "0", "x" * 300])

    @hostile_examples(40)
    @given(slug=slugs, query=st.sampled_from(QUERIES) | st.text(max_size=40), words=messages)
    def talk(slug: str, query: str, words: list[Any]) -> None:
        asyncio.run(_talk(f"/live/{slug}/", query, words))

    talk()

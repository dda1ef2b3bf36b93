"""Security headers of a real server's responses, and refused sockets."""

import asyncio

import pytest
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server


@pytest.mark.django_db
def test_every_response_has_security_headers_and_no_cookie() -> None:
    answer = Client().get("/no/such/page/of/ours/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert not answer.cookies


async def refusal(url: str, origin: str) -> int:
    """The HTTP status a socket is refused with."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, open_timeout=START_SECONDS, origin=Origin(origin)):
            pass
    return refused.value.response.status_code


def test_unknown_socket_is_refused_without_a_traceback(each_server: Server) -> None:
    url = each_server.socket_url("/live/")
    assert asyncio.run(refusal(url, each_server.origin)) == 403
    assert "Traceback" not in each_server.output()


async def is_served(url: str, origin: str) -> bool:
    async with connect(url, open_timeout=START_SECONDS, origin=Origin(origin)) as socket:
        return bool(await socket.recv())


def test_reader_socket_needs_the_sites_own_origin(each_server: Server) -> None:
    each_server.seed(counts.night_without_seats, "a-night")
    url = each_server.socket_url("/live/a-night/")
    assert asyncio.run(is_served(url, each_server.origin))
    another_port, another_scheme = "http://127.0.0.1:1", f"https://127.0.0.1:{each_server.port}"
    for origin in ("https://elsewhere.example", another_port, another_scheme, "null"):
        assert asyncio.run(refusal(url, origin)) == 403, origin

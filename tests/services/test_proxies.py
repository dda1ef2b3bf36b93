"""TrustedProxies: forwarded headers of trusted proxies are used, all others stripped."""

import asyncio
import ipaddress
from typing import Any

import pytest

from electiondesk.client_network import parse_address
from electiondesk.proxies import PASSED_ON, TrustedProxies

NGINX = ("127.0.0.1", 5000)


@pytest.fixture(autouse=True)
def declared(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [
        ipaddress.ip_network(network) for network in ("127.0.0.0/8", "10.0.0.0/24")
    ]


def seen(client: Any, kind: str = "http", **forwarded: str) -> dict[str, Any]:
    """The scope that our application is given."""
    received: dict[str, Any] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        received.update(scope)

    headers = [(name.replace("_", "-").encode(), text.encode()) for name, text in forwarded.items()]
    scope = {"type": kind, "client": client, "headers": [(b"host", b"desk.example"), *headers]}

    unused: Any = None

    async def ask() -> None:
        await TrustedProxies(application)(scope, unused, unused)

    asyncio.run(ask())
    return received


FORGED = {
    "x_forwarded_for": "198.51.100.9",
    "x_forwarded_proto": "https",
    "x_request_id": "forged-number",
    "x_forwarded_host": "elsewhere.example",
    "forwarded": "for=198.51.100.9",
}


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("client", [("203.0.113.5", 1), ("10.0.1.5", 1), None])
def test_strips_forwarded_headers_of_untrusted_clients(kind: str, client: Any) -> None:
    scope = seen(client, kind, **FORGED)
    assert scope["headers"] == [(b"host", b"desk.example")]
    assert scope["client"] == client
    assert "scheme" not in scope
    assert scope[PASSED_ON] is True


@pytest.mark.parametrize(("kind", "scheme"), [("http", "https"), ("websocket", "wss")])
def test_takes_client_scheme_and_request_id_from_a_trusted_proxy(kind: str, scheme: str) -> None:
    scope = seen(NGINX, kind, **FORGED)
    assert scope["client"] == ["198.51.100.9", 0]
    assert scope["scheme"] == scheme
    names = [name for name, _value in scope["headers"]]
    assert names == [b"host", b"x-forwarded-for", b"x-forwarded-proto", b"x-request-id"]


@pytest.mark.parametrize(
    ("chain", "asker"),
    [
        ("198.51.100.9, 203.0.113.5", "203.0.113.5"),  # the first is what the client made up
        ("198.51.100.9, 203.0.113.5, 10.0.0.7", "203.0.113.5"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, nonsense, 10.0.0.7", "10.0.0.7"),
        ("nonsense", "127.0.0.1"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
    ],
)
def test_client_is_the_last_address_that_is_no_trusted_proxy(chain: str, asker: str) -> None:
    assert seen(NGINX, x_forwarded_for=chain)["client"] == [asker, 0]


def test_keeps_the_connections_values_without_headers() -> None:
    scope = seen(NGINX)
    assert scope["client"] == NGINX
    assert scope[PASSED_ON] is False
    assert "scheme" not in seen(NGINX, x_forwarded_proto="gopher")
    assert seen(NGINX, x_forwarded_proto="https, http")["scheme"] == "http"


def test_parses_only_addresses() -> None:
    assert parse_address("desk.example") is None
    assert parse_address("") is None
    assert str(parse_address(" 2001:db8::1 ")) == "2001:db8::1"

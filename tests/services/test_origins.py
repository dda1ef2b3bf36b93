"""SameOriginSockets: only this site's pages open sockets, by scheme, host and port."""

from typing import Any

import pytest

from electiondesk.origins import is_same_origin


@pytest.fixture(autouse=True)
def names(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example", "127.0.0.1", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://www.desk.example", "https://*.paper.example:8443"]


def asked(*origins: str, host: str = "desk.example", scheme: str = "wss") -> bool:
    headers = [(b"host", host.encode()), *((b"origin", origin.encode()) for origin in origins)]
    return is_same_origin({"type": "websocket", "scheme": scheme, "headers": headers})


def test_accepts_the_sites_own_origin() -> None:
    assert asked("https://desk.example")
    assert asked("https://DESK.example:443")
    assert asked("http://127.0.0.1:8000", host="127.0.0.1:8000", scheme="ws")
    assert asked("http://[::1]:8000", host="[::1]:8000", scheme="ws")


@pytest.mark.parametrize(
    "origin",
    [
        "http://desk.example",  # somebody between us and the reader wrote that page
        "https://desk.example:8443",  # another's server on the same machine
        "https://elsewhere.example",
        "https://desk.example.elsewhere.example",
        "https://sub.desk.example",
        "https://desk.example/path",
        "https://user@desk.example",
        "https://desk.example:port",
        "wss://desk.example",
        "file://",
        "null",
        "",
        "*",
    ],
)
def test_refuses_other_origins(origin: str) -> None:
    assert not asked(origin)


def test_refuses_no_origin_and_two_origins() -> None:
    assert not asked()
    assert not asked("https://desk.example", "https://elsewhere.example")


def test_refuses_a_host_that_is_not_allowed() -> None:
    assert not asked("https://rebound.example", host="rebound.example")


def test_accepts_csrf_trusted_origins() -> None:
    assert asked("https://www.desk.example")
    assert asked("https://live.paper.example:8443")
    assert not asked("https://live.paper.example")
    assert not asked("http://www.desk.example")
    assert not asked("https://www.desk.example", host="elsewhere.example")


def test_scheme_defaults_to_http() -> None:
    """Daphne sets no scheme for a socket; a proxy that ends TLS does."""
    headers = [(b"host", b"desk.example"), (b"origin", b"http://desk.example")]
    assert is_same_origin({"type": "websocket", "headers": headers})
    headers[1] = (b"origin", b"https://desk.example")
    assert not is_same_origin({"type": "websocket", "headers": headers})

"""Accept sockets only from this site's own pages, by scheme, host and port.

Browsers let any page open a socket to any address, and only send along whose page it is. Channels'
own check compares the host name only: a page on another port, or one loaded over plain http, would
pass.
"""

from collections.abc import Awaitable
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from electiondesk.proxies import Application, Receive, Scope, Send

DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOriginSockets:
    """ASGI middleware that refuses (403) a socket that another site's page opens.

    Stands behind TrustedProxies, which sets the scheme that the page was loaded over.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if is_same_origin(scope):
            return self._application(scope, receive, send)
        return _refuse(receive, send)


async def _refuse(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 4403})


def is_same_origin(scope: Scope) -> bool:
    """Whether the page that opens this socket is of this site or of CSRF_TRUSTED_ORIGINS."""
    origins, hosts = _all(scope, b"origin"), _all(scope, b"host")
    if len(origins) != 1 or len(hosts) != 1:
        return False  # missing or ambiguous
    host = hosts[0].lower()
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False  # DNS rebinding: another's name that points to this server
    origin = _split(origins[0].lower())
    if origin is None:
        return False
    scheme = "https" if scope.get("scheme") in ("wss", "https") else "http"
    own = _split(f"{scheme}://{host}")
    if own is not None and _parts(origin) == _parts(own):
        return True
    return any(_matches(origin, trusted.lower()) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope.get("headers", ()) if key == name]


def _split(text: str) -> SplitResult | None:
    """Split an origin; None for "null" and for whatever else is no origin of a page."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or more or port == 0:
        return None
    return parts


def _parts(origin: SplitResult) -> tuple[str, str, int]:
    return origin.scheme, origin.hostname or "", origin.port or DEFAULT_PORTS[origin.scheme]


def _matches(origin: SplitResult, trusted: str) -> bool:
    """Match as Django does for forms: `https://*.example.org` is every name below it."""
    pattern = _split(trusted.replace("://*.", "://.", 1))
    if pattern is None or pattern.hostname is None:
        return False
    scheme, host, port = _parts(origin)
    same = scheme == pattern.scheme and port == _parts(pattern)[2]
    return same and is_same_domain(host, pattern.hostname)

"""Which pages may open a socket: our own, by scheme, host and port, and no other.

Browsers let any page open a socket to anywhere, and say only whose page it is. Channels' own check
compares the host's name alone: a page of another port, or one that came by plain http, would pass.
"""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from electiondesk.proxies import Application, Scope

PORTS = {"http": 80, "https": 443}


def same_origin_only(application: Application) -> Application:
    """``application`` for sockets that a page of ours opens; a plain 403 for all others.

    Stands behind declared_proxies_alone, which says by which scheme the page was served.
    """

    async def checked(scope: Scope, receive: Any, send: Any) -> None:
        if is_ours(scope):
            await application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})

    return checked


def is_ours(scope: Scope) -> bool:
    """Whether the page that opens this socket was served by us, under a name of ours."""
    origins, hosts = _all(scope, b"origin"), _all(scope, b"host")
    if len(origins) != 1 or len(hosts) != 1:
        return False  # none, or two to choose from
    host = hosts[0].lower()
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False  # another's name that was pointed at us
    origin = _split(origins[0].lower())
    if origin is None:
        return False
    scheme = "https" if scope.get("scheme") in ("wss", "https") else "http"
    served = _split(f"{scheme}://{host}")
    if served is not None and _parts(origin) == _parts(served):
        return True
    return any(_is_trusted(origin, trusted.lower()) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope.get("headers", ()) if key == name]


def _split(text: str) -> SplitResult | None:
    """An origin's parts; None for "null" and for whatever else is no origin of a page."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in PORTS or not parts.hostname or more or port == 0:
        return None
    return parts


def _parts(origin: SplitResult) -> tuple[str, str, int]:
    return origin.scheme, origin.hostname or "", origin.port or PORTS[origin.scheme]


def _is_trusted(origin: SplitResult, trusted: str) -> bool:
    """By Django's own rule for forms: ``https://*.example.org`` is every name below it."""
    pattern = _split(trusted.replace("://*.", "://.", 1))
    if pattern is None or pattern.hostname is None:
        return False
    scheme, host, port = _parts(origin)
    same = scheme == pattern.scheme and port == _parts(pattern)[2]
    return same and is_same_domain(host, pattern.hostname)

"""Trust X-Forwarded-* only from TRUSTED_PROXIES; strip it otherwise.

Any client may send X-Forwarded-For. The middleware covers HTTP and WebSockets alike, on every
server, so that no server option is needed.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from electiondesk.client_network import Address, parse_address

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
#: An ASGI application. Django, Channels and Daphne each type their messages in a way of their own.
Application = Callable[[Any, Any, Any], Awaitable[None]]

#: Key in the scope: whether the request carried a proxy's headers, trusted or not.
PASSED_ON = "desk.passed_on"
FOR, PROTO, REQUEST_ID = b"x-forwarded-for", b"x-forwarded-proto", b"x-request-id"
#: Headers that nothing reads, stripped so that nothing ever does by accident.
ALWAYS_STRIPPED = {
    b"forwarded",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-server",
    b"x-real-ip",
}
#: Schemes of sockets, by that of the page.
SOCKET_SCHEMES = {"http": "ws", "https": "wss"}


class TrustedProxies:
    """ASGI middleware that takes client, scheme and request id from trusted proxies only."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] in ("http", "websocket"):
            scope = _trusted_scope(scope)
        return self._application(scope, receive, send)


def peer_of(scope: Scope) -> Address | None:
    """Return the address at the other end of the connection; None for a socket without one."""
    client = scope.get("client")
    return parse_address(str(client[0])) if client else None


def is_trusted(ip: Address) -> bool:
    """Whether `ip` is in TRUSTED_PROXIES."""
    return any(ip in network for network in settings.TRUSTED_PROXIES)


def _trusted_scope(scope: Scope) -> Scope:
    headers: list[tuple[bytes, bytes]] = list(scope.get("headers", ()))
    received = {
        name: ",".join(value.decode("latin-1") for key, value in headers if key == name)
        for name in (FOR, PROTO, REQUEST_ID)
    }
    passed_on = any(name in {FOR, PROTO, *ALWAYS_STRIPPED} for name, _value in headers)
    headers = [pair for pair in headers if pair[0] not in ALWAYS_STRIPPED | received.keys()]
    trusted = {**scope, "headers": headers, PASSED_ON: passed_on}
    peer = peer_of(scope)
    if peer is None or not is_trusted(peer):
        return trusted
    if received[FOR]:
        client = str(_client(peer, received[FOR]))
        trusted["client"] = [client, 0]
        headers.append((FOR, client.encode()))
    scheme = received[PROTO].split(",")[-1].strip().lower()
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    if scheme in SOCKET_SCHEMES:
        trusted["scheme"] = SOCKET_SCHEMES[scheme] if scope["type"] == "websocket" else scheme
        headers.append((PROTO, scheme.encode()))
    if received[REQUEST_ID]:
        headers.append((REQUEST_ID, received[REQUEST_ID].encode("latin-1")))
    return trusted


def _client(peer: Address, chain: str) -> Address:
    """Return the last address of X-Forwarded-For that is not a trusted proxy's.

    Addresses before it were sent by a client or proxy that is not trusted.
    """
    for text in reversed(chain.split(",")):
        ip = parse_address(text)
        if ip is None:
            return peer
        peer = ip
        if not is_trusted(ip):
            return ip
    return peer

"""Who asks, by which scheme, under which number: believed of a proxy that was declared alone.

Anybody may write X-Forwarded-For into a request. What is said of a request counts only where the
machine at the other end of the connection is in TRUSTED_PROXIES; else it is taken out before
anything of ours reads it. For pages and sockets alike, so that no server option is needed for it.
"""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Scope = MutableMapping[str, Any]
#: Django's, Channels' and ours: each writes the types of its messages in its own way.
Application = Callable[[Any, Any, Any], Awaitable[None]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: In the scope of whatever says that a proxy passed it on, believed or not.
PASSED_ON = "desk.passed_on"
FOR, PROTO, NUMBER = b"x-forwarded-for", b"x-forwarded-proto", b"x-request-id"
#: Read by nothing here; taken out so that nothing ever reads them by accident.
NEVER = {
    b"forwarded",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-server",
    b"x-real-ip",
}
#: What a socket's scheme is called, by the page's.
SOCKETS = {"http": "ws", "https": "wss"}


def trusted_proxies(application: Application) -> Application:
    """``application``, told who asks and how by the connection and by declared proxies."""

    async def told(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = _as_believed(scope)
        await application(scope, receive, send)

    return told


def address(text: str) -> Address | None:
    """An address as headers write it, with or without a port; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _as_believed(scope: Scope) -> Scope:
    headers: list[tuple[bytes, bytes]] = list(scope.get("headers", ()))
    given = {name: _joined(headers, name) for name in (FOR, PROTO, NUMBER)}
    kept = [pair for pair in headers if pair[0] not in NEVER | given.keys()]
    passed_on = any(name in {FOR, PROTO, *NEVER} for name, _value in headers)
    client = scope.get("client")
    peer = address(str(client[0])) if client else None
    believed = {**scope, "headers": kept, PASSED_ON: passed_on}
    if peer is None or not _is_declared(peer):
        return believed
    if given[FOR]:
        who = _asker(peer, given[FOR])
        believed["client"] = [str(who), 0]
        kept.append((FOR, str(who).encode()))
    scheme = given[PROTO].split(",")[-1].strip().lower()
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    if scheme in SOCKETS:
        believed["scheme"] = SOCKETS[scheme] if scope["type"] == "websocket" else scheme
        kept.append((PROTO, scheme.encode()))
    if given[NUMBER]:
        kept.append((NUMBER, given[NUMBER].encode("latin-1")))
    return believed


def _joined(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)


def _is_declared(one: Address) -> bool:
    return any(one in network for network in settings.TRUSTED_PROXIES)


def _asker(peer: Address, chain: str) -> Address:
    """The last in the chain that is no proxy of ours: what stands before it is hearsay."""
    for text in reversed(chain.split(",")):
        found = address(text)
        if found is None:
            return peer
        peer = found
        if not _is_declared(found):
            return found
    return peer

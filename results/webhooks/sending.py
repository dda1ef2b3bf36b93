"""Send one HTTP request to an address that somebody entered: bounded, and never to our networks.

The name is resolved once, every address is checked, and the connection is made to a checked one:
a name that resolves to something else a moment later changes nothing. Redirects are not followed.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _

#: Timeout of the connection, and of each part of a response.
TIMEOUT_SECONDS = 5.0
#: Timeout of the whole request, however slowly a response arrives.
WHOLE_SECONDS = 10.0
#: Answers whose Retry-After is obeyed, and the longest that it may say.
RETRY_AFTER = (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE)
MOST_RETRY_AFTER = timedelta(days=1)

#: Names that are looked up at the same time. Those of a dead name server take half a minute each.
MOST_LOOK_UPS = 32
_look_ups = threading.BoundedSemaphore(MOST_LOOK_UPS)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Addresses that carry an IPv4 address in their last 32 bits (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: All other addresses of the IPv6 Internet. Outside are those of a network's own use, among them
#: other ways to carry an IPv4 address (RFC 8215, RFC 2765) and the deprecated site-local ones.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class SendingFailed(Exception):
    """The request was not answered with a success. The text is for an editor.

    `for_good` if another attempt would fail as well. `status` is that of the response, 0 without
    one; `retry_after` is the pause that it asks for, zero for none.
    """

    def __init__(
        self,
        words: str,
        *,
        for_good: bool = False,
        status: int = 0,
        retry_after: timedelta = timedelta(),
    ) -> None:
        super().__init__(words)
        self.for_good = for_good
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


def target_of(url: str) -> Target:
    """Resolve and check a URL. Raises SendingFailed."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise SendingFailed(_("This is no address."), for_good=True) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or not port:
        raise SendingFailed(_("An address begins with https://."), for_good=True)
    if parts.username is not None or parts.password is not None:
        raise SendingFailed(_("Leave name and password out of the address."), for_good=True)
    addresses = _resolve(parts.hostname, port)
    for address in addresses:
        _require_allowed(address, parts.scheme)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, str(addresses[0]), iri_to_uri(path))


def _resolve(host: str, port: int) -> list[Address]:
    """Look a name up, for TIMEOUT_SECONDS at most: the system's resolver has no such deadline.

    One that takes longer is left to end by itself. There are MOST_LOOK_UPS at most.
    """
    slots = _look_ups
    if not slots.acquire(timeout=TIMEOUT_SECONDS):
        raise SendingFailed(_look_up_text(host))
    answer: Future[list[Any]] = Future()
    look_up = threading.Thread(
        target=_look_up, args=(host, port, answer, slots), name="look-up", daemon=True
    )
    try:
        look_up.start()
    except RuntimeError:  # the system has no room for another thread
        slots.release()
        raise SendingFailed(_look_up_text(host)) from None
    try:
        found = answer.result(TIMEOUT_SECONDS)
    except TimeoutError:
        raise SendingFailed(_look_up_text(host)) from None
    except (OSError, UnicodeError):
        raise SendingFailed(_("There is no server called %(host)s.") % {"host": host}) from None
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]


def _look_up(host: str, port: int, answer: "Future[list[Any]]", slots: threading.Semaphore) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except BaseException as exc:  # whatever it is, it is of the thread that waits
        answer.set_exception(exc)
    finally:
        slots.release()


def _look_up_text(host: str) -> str:
    return _("No name server said in time where %(host)s is.") % {"host": host}


def _require_allowed(address: Address, scheme: str) -> None:
    if any(address in network for network in settings.WEBHOOK_NETWORKS):
        return
    if not _is_public(address):
        words = _("%(address)s is in a private network: WEBHOOK_NETWORKS would have to allow it.")
        raise SendingFailed(words % {"address": address}, for_good=True)
    if scheme != "https":
        raise SendingFailed(_("Use https: the message crosses the Internet."), for_good=True)


def _is_public(address: Address) -> bool:
    """Whether the address, and each address embedded in it, is on the public Internet."""
    carried = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
        if address not in _GLOBAL_UNICAST and address not in _NAT64:
            return False
        carried += [address.sixtofour] if address.sixtofour else []
        carried += address.teredo or ()
        if address in _NAT64:
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    # `is_global` is true of multicast.
    return all(each.is_global and not each.is_multicast for each in carried)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send `body`; return the status of a success. Raises SendingFailed."""
    target = target_of(url)
    connection = _Connection(target)
    deadline = threading.Timer(WHOLE_SECONDS, connection.cut)
    deadline.start()
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as exc:
        words = _("%(host)s did not answer: %(error)s")
        error = _error(TimeoutError() if connection.is_cut else exc)
        raise SendingFailed(words % {"host": target.host, "error": error}) from None
    finally:
        deadline.cancel()
        connection.close()
    if not 200 <= answer.status < 300:
        raise _refusal(target.host, answer)
    return answer.status


def _refusal(host: str, answer: http.client.HTTPResponse) -> SendingFailed:
    status = answer.status
    asked = answer.getheader("Retry-After", "") if status in RETRY_AFTER else ""
    return SendingFailed(
        _("%(host)s answered %(status)d.") % {"host": host, "status": status},
        for_good=status == http.HTTPStatus.GONE,
        status=status,
        retry_after=read_retry_after(asked),
    )


def read_retry_after(text: str) -> timedelta:
    """The time that a Retry-After header asks for, as seconds or a date; none if it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        date = parse_http_date_safe(text)
        seconds = 0 if date is None else date - time.time()
    return min(timedelta(seconds=max(0, seconds)), MOST_RETRY_AFTER)


def _error(exc: Exception) -> str:
    if isinstance(exc, TimeoutError):
        return _("it took too long")
    words = str(getattr(exc, "strerror", None) or exc)[:120]
    # It may quote the answer: PostgreSQL stores no NUL.
    words = "".join(char if char.isprintable() else " " for char in words).strip()
    return words or type(exc).__name__


class _Connection(http.client.HTTPConnection):
    """A connection to the checked address, under the host's own name.

    `is_cut` once it has taken too long.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT_SECONDS)
        self._target = target
        self.is_cut = False
        if target.scheme == "https":
            self.default_port = 443

    def connect(self) -> None:
        target = self._target
        sock = socket.create_connection((target.address, target.port), TIMEOUT_SECONDS)
        if target.scheme == "https":
            try:
                context = ssl.create_default_context()
                sock = context.wrap_socket(sock, server_hostname=target.host)
            except BaseException:
                sock.close()
                raise
        self.sock = sock
        if self.is_cut:  # meanwhile: there was no socket to end
            raise TimeoutError

    def cut(self) -> None:
        """End a request that takes too long: what waits for the answer gets an error."""
        self.is_cut = True
        sock = self.sock
        if sock is not None:
            with contextlib.suppress(OSError):  # it has just ended
                # An SSLSocket's own method takes the TLS layer from the thread that reads.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

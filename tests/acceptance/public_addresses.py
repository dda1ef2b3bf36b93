"""Fetch everything public of a desk: pages, exports, pictures, updates and sockets."""

import json
import re
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from websockets.sync.client import connect
from websockets.typing import Origin

from tests.processes import START_SECONDS
from tests.servers import Server

LINK = re.compile(r"""(?:href|src|content)=["']([^"'#]+)""")
#: What no page links to.
UNLINKED = (
    "results.json",
    "results.csv",
    "feed.atom",
    "log.json",
    "corrections/",
    "card.png",
    "now/",
)
FILTERS = ("quotes", "gains", "corrections")


@dataclass(frozen=True)
class Response:
    """The response of one address after any redirects."""

    status: int
    text: str
    cache_control: str = ""
    etag: str = ""
    vary: str = ""


def get(address: str, **headers: str) -> Response:
    """Request one address; every status is an answer."""
    request = urllib.request.Request(
        address, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        response = urllib.request.urlopen(request, timeout=START_SECONDS)
    except urllib.error.HTTPError as refused:
        response = refused
    with response as answer:
        return Response(
            status=answer.status,
            text=answer.read().decode("utf-8", "replace"),
            cache_control=answer.headers.get("Cache-Control", ""),
            etag=answer.headers.get("ETag", ""),
            vary=answer.headers.get("Vary", ""),
        )


class PublicAddresses:
    """Every public address of one election, found by following links and by number."""

    def __init__(self, desk: Server, slug: str) -> None:
        self.desk = desk
        self.slug = slug

    def read(self, also: Iterable[str] = ()) -> dict[str, Response]:
        """Request every address; `also` are addresses that were found before."""
        answers: dict[str, Response] = {}
        waiting = deque([*self._pages(), *self._updates(), *sorted(also)])
        while waiting:
            path = waiting.popleft()
            if path in answers or path.startswith("socket "):
                continue
            answers[path] = get(self.desk.url(path))
            waiting.extend(self._links(answers[path].text))
        return answers | dict(self._sockets())

    def state(self) -> tuple[str, int]:
        """The epoch and the number of the newest bulletin."""
        now = json.loads(get(self.desk.url(f"/{self.slug}/now/")).text)
        return now["epoch"], now["sequence"]

    def _pages(self) -> Iterator[str]:
        own = f"/{self.slug}/"
        yield from (own, f"/embed{own}", *(own + name for name in UNLINKED))
        yield from (f"/embed{own}{name}/" for name in ("scoreboard", "feed", "map"))
        yield from (f"{own}feed/?only={name}" for name in FILTERS)
        _epoch, newest = self.state()
        yield from (f"{own}feed/?before={number}" for number in range(2, newest + 2, 4))
        yield from (f"{own}bulletins/{number}/" for number in range(1, newest + 1))

    def _updates(self) -> Iterator[str]:
        epoch, newest = self.state()
        for number in range(newest + 1):
            yield f"/{self.slug}/updates/{number}/"
        for sequence in range(1, newest + 1):
            for since in {0, sequence - 1}:
                yield f"/{self.slug}/updates/{epoch}/{since}-{sequence}/"

    def _links(self, text: str) -> Iterator[str]:
        for link in LINK.findall(text):
            parts = urlsplit(link)
            path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
            if path.startswith((f"/{self.slug}/", f"/embed/{self.slug}/")):
                yield path.replace("&amp;", "&")

    def _sockets(self) -> Iterator[tuple[str, Response]]:
        """The first frame of a socket at every number."""
        epoch, newest = self.state()
        for since in range(newest + 1):
            path = f"/live/{self.slug}/?since={since}&epoch={epoch}"
            origin = Origin(self.desk.origin)
            with connect(self.desk.socket_url(path), origin=origin) as socket:
                yield f"socket {path}", Response(200, str(socket.recv(timeout=START_SECONDS)))

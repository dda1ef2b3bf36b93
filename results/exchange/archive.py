"""A closed night as files: every page that readers can reach, to be kept and served by anything."""

import posixpath
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.test import Client

from results.models import Election

LINK = re.compile(r"""(?:href|src|content)=["'](/[^"'#?]*)""")
IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)")
IN_MODULE = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)""")
#: Pages that nothing links to, and that programs ask for.
UNLINKED = ("results.json", "results.csv", "feed.atom", "corrections/", "card.png")


class NotReachable(Exception):
    """A page of the night did not answer as it should: nothing of it is an archive."""


def archive(election: Election, folder: Path, *, host: str = "") -> int:
    """Write every page of a night under ``folder``, by its address; the number of files.

    Raises NotReachable for a page that is linked and does not answer.
    """
    own = f"/{election.slug}/"
    asked = Client(headers={"host": host or _host()})
    waiting = deque([own, *(own + name for name in UNLINKED)])
    seen = set(waiting)
    written = 0
    while waiting:
        path = waiting.popleft()
        response = asked.get(path, secure=not settings.DEBUG)
        if response.status_code != 200:
            raise NotReachable(f"{path} answered {response.status_code}")
        body = response.getvalue()
        _write(folder, path, body)
        written += 1
        kind = response.headers.get("Content-Type", "")
        for link in _links(path, body, kind):
            if link not in seen and link.startswith((own, settings.STATIC_URL)):
                seen.add(link)
                waiting.append(link)
    return written


def _host() -> str:
    first = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    return "localhost" if first in ("*", "") else first.lstrip(".")


def _links(path: str, body: bytes, kind: str) -> Iterator[str]:
    """What a page, a stylesheet or a module needs or leads to, as addresses from the root."""
    if kind.startswith("text/html"):
        yield from (unquote(link) for link in LINK.findall(body.decode()))
    elif kind.startswith("text/css"):
        for link in IN_CSS.findall(body.decode()):
            if not link.startswith(("data:", "#")):
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
    elif "javascript" in kind:
        for link in IN_MODULE.findall(body.decode()):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))


def _write(folder: Path, path: str, body: bytes) -> None:
    name = urlsplit(path).path.lstrip("/")
    file = folder / (f"{name}index.html" if path.endswith("/") else name)
    if not file.resolve().is_relative_to(folder.resolve()):
        raise NotReachable(f"{path} leads out of the folder")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)

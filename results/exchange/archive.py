"""Save a closed night as static files: every page that readers can reach by links."""

import posixpath
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.test import Client

from results.live.polling_day import address_of
from results.models import Election
from results.models.body import councils_of

LINK = re.compile(r"""(?:href|src|content)=["'](/[^"'#?]*)""")
IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)")
IN_MODULE = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)""")
#: Pages that no page links to, for programs.
UNLINKED = ("results.json", "results.csv", "feed.atom", "log.json", "corrections/", "card.png")


class PageNotReachable(Exception):
    """A page of the night did not answer 200: the archive is not complete."""


def archive(election: Election, folder: Path, *, host: str = "") -> int:
    """Write every page of a night under `folder`, by its path; return the number of files.

    With it the page of its polling day, if that has other elections. Raises PageNotReachable for a
    linked page that does not answer.
    """
    own, night = f"/{election.slug}/", address_of(election.date)
    client = Client(headers={"host": host or _host()})
    queue = deque([own, *(own + name for name in (*UNLINKED, *_of_councils(election)))])
    seen = set(queue)
    files = 0
    while queue:
        path = queue.popleft()
        response = client.get(path, secure=not settings.DEBUG)
        if response.status_code != 200:
            raise PageNotReachable(f"{path} answered {response.status_code}")
        body = response.getvalue()
        _write(folder, path, body)
        files += 1
        content_type = response.headers.get("Content-Type", "")
        for link in _links(path, body, content_type):
            if link not in seen and link.startswith((own, night, settings.STATIC_URL)):
                seen.add(link)
                queue.append(link)
    return files


def _of_councils(election: Election) -> list[str]:
    """The card of each council's page, and their table, which no page links to by its path."""
    councils = councils_of(Election.objects.filter(pk=election.pk))
    cards = [f"bodies/{slug}/card.png" for slug in councils.values_list("slug", flat=True)]
    return ["bodies.csv", *cards] if cards else []


def _host() -> str:
    first = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    return "localhost" if first in ("*", "") else first.lstrip(".")


def _links(path: str, body: bytes, content_type: str) -> Iterator[str]:
    """Yield the paths that a page, a stylesheet or a module links to or loads."""
    if content_type.startswith("text/html"):
        yield from (unquote(link) for link in LINK.findall(body.decode()))
    elif content_type.startswith("text/css"):
        for link in IN_CSS.findall(body.decode()):
            if not link.startswith(("data:", "#")):
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
    elif "javascript" in content_type:
        for link in IN_MODULE.findall(body.decode()):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))


def _write(folder: Path, path: str, body: bytes) -> None:
    name = urlsplit(path).path.lstrip("/")
    file = folder / (f"{name}index.html" if path.endswith("/") else name)
    if not file.resolve().is_relative_to(folder.resolve()):
        raise PageNotReachable(f"{path} leads out of the folder")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)

"""Save a closed night as static files: every page that readers can reach by links, and its embeds.

The pages refer to one another by relative addresses, to files with an ending. So the folder works
under any address of a web server, and from a disk by opening a file.
"""

import html
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse

from results.live.polling_day import SAVED, address_of
from results.models import Body, Contest, Election
from results.models.body import councils_of

#: An attribute with an address of this site, in a page. Scripts read those that begin with `data-`.
LINK = re.compile(
    r"""\b(href|src|content|action|data-(?:address|modes|styles))=(["'])([/?][^"']*)\2"""
)
IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+(?=["']))["']?([^"')]+)""")
IN_MODULE = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)""")
#: Pages that no page links to: for programs, and for the script of the search.
UNLINKED = (
    *("results.json", "results.csv", "feed.atom", "log.json", "corrections/", "card.png"),
    "find/names.json",
)
#: Scripts that only other sites' pages load: the height of embeds.
EMBEDDING = "reader/embedding.js"
#: Parameters of the pages that are saved for each value: a server of files reads none.
KEPT_QUERIES = re.compile(r"(?:only|before)=[-\w]+(?:&(?:only|before)=[-\w]+)*")
#: Characters of an address that are no part of a file's name.
_NOT_IN_NAMES = re.compile(r"[^-\w]+")


class PageNotReachable(Exception):
    """A page of the night did not answer 200, so the archive is incomplete."""


def archive(
    election: Election,
    folder: Path,
    *,
    host: str = "",
    progress: Callable[[int, int], None] = lambda _done, _known: None,
) -> int:
    """Write every page of a night under `folder`; return the number of files.

    With it the page of its polling day, if that has other elections. Links to what is not saved
    lead to the site at `host`. `progress` is told how many files are written, of how many that are
    known by then. Raises PageNotReachable for a linked page that does not answer.
    """
    scheme = "http" if settings.DEBUG else "https"
    host = host or _host()
    saving = _Saving(election, folder, f"{scheme}://{host}")
    client = Client(headers={"host": host})
    client.defaults[SAVED] = "1"
    while saving.queue:
        address = saving.queue.popleft()
        response = client.get(address, secure=not settings.DEBUG)
        if response.status_code != 200:
            raise PageNotReachable(f"{address} answered {response.status_code}")
        saving.save(address, response.getvalue(), response.headers.get("Content-Type", ""))
        progress(saving.files, len(saving.seen))
    _write(folder, "index.html", _first_page(election, saving.file_of(f"/{election.slug}/")))
    return saving.files + 1


@dataclass
class _Saving:
    """Saves the addresses of an archive: those seen and queued, and the file of each."""

    election: Election
    folder: Path
    origin: str
    files: int = 0
    seen: set[str] = field(default_factory=set)
    queue: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        own, night = f"/{self.election.slug}/", address_of(self.election.date)
        self._saved = (own, night, f"/embed{own}", "/masthead/", settings.STATIC_URL)
        for address in (*_unlinked(self.election), *_embeds(self.election)):
            self._add(address)

    def _add(self, address: str) -> None:
        if address not in self.seen:
            self.seen.add(address)
            self.queue.append(address)

    def save(self, address: str, body: bytes, content_type: str) -> None:
        """Write an answer to its file, with relative links; queue what it links to."""
        if content_type.startswith("text/html"):
            body = self._with_relative_links(address, body.decode()).encode()
        else:
            for link in _loaded(urlsplit(address).path, body, content_type):
                if link.startswith(self._saved):
                    self._add(link)
        _write(self.folder, self.file_of(address), body)
        self.files += 1

    def _with_relative_links(self, address: str, page: str) -> str:
        here = posixpath.dirname(self.file_of(address))

        def replaced(match: re.Match[str]) -> str:
            name, mark, link = match[1], match[2], html.unescape(match[3])
            if link.startswith("?"):
                link = urlsplit(address).path + link
            if name == "action":
                # A form is answered by the site alone.
                link = self.origin + link
            elif name == "data-address":
                link = self._relative_folder(link, here)
            else:
                link = self._relative(link, here)
            return f"{name}={mark}{html.escape(link)}{mark}"

        return LINK.sub(replaced, page)

    def _relative(self, link: str, here: str) -> str:
        """The address relative to the folder `here`; absolute for pages that are not saved."""
        if link == "/":
            link = f"/{self.election.slug}/"
        parts = urlsplit(link)
        if link.startswith("//") or not parts.path.startswith(self._saved):
            return self.origin + link if not link.startswith("//") else link
        kept = KEPT_QUERIES.fullmatch(parts.query)
        target = unquote(parts.path) + (f"?{parts.query}" if kept else "")
        self._add(target)
        relative = posixpath.relpath(self.file_of(target), here or ".")
        return quote(relative) + (f"#{parts.fragment}" if parts.fragment else "")

    def _relative_folder(self, link: str, here: str) -> str:
        """The folder, relative to `here`, of addresses that a script builds."""
        if not link.startswith(self._saved):
            return self.origin + link
        return quote(posixpath.relpath(link.strip("/"), here or ".")) + "/"

    def file_of(self, address: str) -> str:
        """Path of the address's file: `feed/only-gains/index.html` for `feed/?only=gains`."""
        path, _mark, query = address.lstrip("/").partition("?")
        if query:
            path += f"{_NOT_IN_NAMES.sub('-', query)}/"
        return f"{path}index.html" if path.endswith("/") else path


def _unlinked(election: Election) -> Iterator[str]:
    """The first page, and what no page links to by its path."""
    own = f"/{election.slug}/"
    yield from (own, *(own + name for name in UNLINKED))
    councils = councils_of(Election.objects.filter(pk=election.pk))
    slugs = list(councils.values_list("slug", flat=True))
    if slugs:
        yield from (f"{own}bodies.csv", *(f"{own}bodies/{slug}/card.png" for slug in slugs))
    yield static(EMBEDDING)


def _embeds(election: Election) -> Iterator[str]:
    """Yield the address of each embed, because other sites' pages go on framing them."""
    names = ["embed_scoreboard", "embed_feed"]
    if not election.rules.counting_areas:
        names.append("embed_map")
    yield from (reverse(name, args=[election.slug]) for name in names)
    contests = Contest.objects.filter(election=election)
    for slug in contests.values_list("slug", flat=True):
        yield reverse("embed_seat", args=[election.slug, slug])
    if election.rules.has_control:
        for slug in Body.objects.filter(election=election).values_list("slug", flat=True):
            yield reverse("embed_body", args=[election.slug, slug])


def _host() -> str:
    first = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    return "localhost" if first in ("*", "") else first.lstrip(".")


def _loaded(path: str, body: bytes, content_type: str) -> Iterator[str]:
    """The paths that a stylesheet or a module loads."""
    found: list[str] = []
    if content_type.startswith("text/css"):
        found = [link for link in IN_CSS.findall(body.decode()) if link[:5] not in ("data:",)]
    elif "javascript" in content_type:
        found = IN_MODULE.findall(body.decode())
    for link in found:
        if not link.startswith("#"):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), link))


def _first_page(election: Election, target: str) -> bytes:
    """Render a page that redirects to the night, for whoever opens the folder."""
    name, address = html.escape(election.name), html.escape(quote(target))
    return (
        f'<!doctype html>\n<html lang="{election.page_language}">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n<title>{name}</title>\n'
        f'<p><a href="{address}">{name}</a></p>\n</html>\n'
    ).encode()


def _write(folder: Path, name: str, body: bytes) -> None:
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        raise PageNotReachable(f"{name} leads out of the folder")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)

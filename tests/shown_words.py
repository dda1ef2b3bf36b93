"""Every word of a night that people see: pages, data, phones and the admin."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

from django.test import Client

from results.models import Bulletin, Election
from results.reader import cards
from tests import nights
from tests.addresses import example, patterns

#: The admin's list of everything that it has.
NAVIGATION = re.compile('<nav [^>]*id="nav-sidebar".*?</nav>', re.DOTALL)
REDIRECTS = (301, 302, 303, 307, 308)
#: Attributes that people see or hear, or that scripts show them.
SHOWN = re.compile(
    "^(title|aria-label|aria-description|alt|placeholder|content|data-(?!topics|context|part|unless).*)$"
)


class Shown(HTMLParser):
    """The texts of a page that people see or hear."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in ("script", "style"):
            data = attributes.get("type") in ("application/ld+json", "application/json")
            self._within.append("json" if data else "code")
        elif tag == "option":
            self._within.append("" if "selected" in attributes else "code")
        if tag == "input" and attributes.get("type") in ("submit", "button"):
            self.texts.append(attributes.get("value") or "")
        self.texts += [value for name, value in attrs if SHOWN.match(name) and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "option") and self._within:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        within = self._within[-1] if self._within else ""
        if within == "json":
            self.texts += values_of(json.loads(data))
        elif not within:
            self.texts.append(data)


def values_of(document: Any) -> Iterator[str]:
    """Every text of a JSON document but the names of its keys. HTML is read as a page is."""
    if isinstance(document, dict):
        yield from (text for value in document.values() for text in values_of(value))
    elif isinstance(document, list):
        yield from (text for value in document for text in values_of(value))
    elif isinstance(document, str):
        yield from Shown(document).texts if "<" in document else (document,)


def texts_of(answer: Any) -> list[str]:
    kind, body = answer.headers.get("Content-Type", ""), b"".join(answer)
    if "json" in kind:
        return list(values_of(json.loads(body)))
    if "csv" in kind:
        _heading, *rows = csv.reader(io.StringIO(body.decode()))
        return [cell for row in rows for cell in row]
    if "html" in kind or "xml" in kind:
        return Shown(NAVIGATION.sub("", body.decode())).texts
    return []


def found_in(texts: Iterable[str], words: tuple[str, ...]) -> list[str]:
    """The words that are in the texts, each with what is around it."""
    some = "|".join(map(re.escape, words))
    # Not the fields that a draft story cites, such as “candidate.name”.
    pattern = re.compile(rf"\b(?:{some})\b(?!\.\w)", re.IGNORECASE)
    joined = re.sub(r"\s+", " ", " · ".join(texts))
    return [
        joined[max(0, match.start() - 40) : match.end() + 40] for match in pattern.finditer(joined)
    ]


def addresses(election: Election, leave_out: str) -> Iterator[str]:
    """Every address of the election, each of a contest for each of them."""
    contests = list(election.contests.select_related("body", "region", "election"))
    for route, _name in patterns():
        # The API's reference describes every kind of election.
        if re.match(leave_out, route) or route in ("api/v1/", "api/v1/openapi.json"):
            continue
        of_contest = "contest" in route
        for contest in contests if of_contest else contests[:1]:
            yield example(route, contest)
    newest = Bulletin.objects.filter(election=election).count()
    yield from (f"/{election.slug}/bulletins/{number}/" for number in range(2, newest + 1))
    yield from (f"/{election.slug}/feed/?only={only}" for only in ("gains", "corrections"))
    yield f"/{election.slug}/feed/?seats={contests[0].slug}"
    yield f"/{election.slug}/find/?q=nowhere"


def client_of(who: str) -> Client:
    client = Client()
    client.force_login(nights.user(who, staff=who == "editor"))
    return client


def is_left_out(path: str, leave_out: str) -> bool:
    return re.match(leave_out, path.removeprefix("/")) is not None


def read_everything(election: Election, leave_out: str) -> dict[str, list[str]]:
    """The texts of every address, card and bulletin, by where they are."""
    read: dict[str, list[str]] = {}
    editor, reporter = client_of("editor"), client_of("reporter")

    def reader_of(path: str) -> Client:
        return reporter if path.startswith("/count") else editor

    paths = dict.fromkeys(addresses(election, leave_out))
    leads_to, left_out = dict[str, str](), set[str]()
    with patch.object(cards, "draw", side_effect=lambda card: repr(card).encode()):
        for path in paths:
            who = reader_of(path)
            answer = who.get(path)
            if answer.status_code in REDIRECTS:
                target = urljoin(path, answer.headers["Location"])
                if target in paths and reader_of(target) is who:
                    leads_to[path] = target
                    continue
                answer = who.get(path, follow=True)
            assert answer.status_code < 500, path
            if is_left_out(answer.request["PATH_INFO"], leave_out):
                left_out.add(path)  # redirected there
                continue
            read[path] = texts_of(answer)
            if re.search(r"/card(-\w+)?\.png$", path):
                read[path] = [answer.content.decode()]
    for path in leads_to:
        end = path
        # No chain is longer, but one that leads back to where it began.
        for _step in leads_to:
            end = leads_to.get(end, end)
        assert end in read or end in left_out, path
    for bulletin in Bulletin.objects.filter(election=election):
        where = f"bulletin {bulletin.sequence}"
        read[where] = [bulletin.summary, *values_of(bulletin.fragments)]
    return read

"""Hostile text stays text in pages, frames, exports, tables and logs."""

import csv
import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from electiondesk.request_ids import JsonFormatter
from results import desk
from results.models import Bulletin, Candidate, Contest, ExternalFigures, Group, Party, Region
from tests import nights

PAYLOADS = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "]]><b>out</b><![CDATA[",
    "<!--<script>--><svg/onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "\u2028\u2029</title><meta http-equiv=refresh content=0>",
    '=HYPERLINK("http://elsewhere.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd",
    "-2+3+cmd",
]
PAGES = [
    *("/ge/", "/ge/hall/", "/ge/feed/", "/ge/corrections/", "/ge/regions/", "/ge/regions/there/"),
    *("/ge/groups/ours/", "/ge/parties/", "/ge/parties/lab/", "/ge/changes/", "/ge/records/"),
    *("/ge/bulletins/1/", "/embed/ge/", "/embed/ge/feed/", "/embed/ge/hall/", "/embed/ge/map/"),
    *("/embed/ge/scoreboard/",),
]
EXPORTS = ["/ge/results.json", "/ge/feed.atom", "/sitemap.xml"]
#: Lists of the admin that show texts of others.
LISTS = ("contest", "declaration", "quote", "auditentry")


def hostile_night(words: str) -> None:
    """A night in which every text that anyone may choose is the payload."""
    night = nights.election(name=words, house_seats=650)
    seat = nights.contest(night, words, [("Ann", "lab"), ("Bob", "con")], last={"con": 9, "lab": 5})
    Contest.objects.filter(pk=seat.pk).update(slug="hall", venue=words, note=words)
    seat.refresh_from_db()
    region = Region.objects.create(election=night, slug="there", name=words)
    Contest.objects.filter(pk=seat.pk).update(region=region)
    Candidate.objects.filter(contest=seat).update(name=words, description=words)
    seat.refresh_from_db()
    group = Group.objects.create(election=night, slug="ours", name=words, about=words)
    group.contests.set([seat])
    Party.objects.update(name=words, collective=words, abbreviation=words[:8])
    by = nights.user(words[:100])
    desk.publish(night, desk.HeadlineContent(text=words), by=by, idempotency_key="1")
    first, second = (nights.ballot_counts(seat, votes, 9000) for votes in (21000, 21001))
    common: dict[str, Any] = {"by": by, "warning_reason": words}
    nights.declare_counts(seat, first, idempotency_key="0", source=words, **common)
    nights.correct(
        seat, second, idempotency_key="2", base_revision=1, reason=words, note=words, **common
    )
    desk.publish(
        night,
        desk.QuoteContent(words=words, contest=seat, speaker=words, role=words),
        by=by,
        idempotency_key="3",
    )
    desk.publish(night, desk.PostContent(text=words, title=words), by=by, idempotency_key="4")
    desk.publish(
        night,
        desk.ExternalFiguresContent(
            seats={"con": 300, "lab": 200, "others": 150},
            kind=ExternalFigures.Kind.EXIT_POLL,
            source=words,
            as_of=night.polls_close,
        ),
        by=by,
        idempotency_key="5",
    )


@dataclass(frozen=True)
class Shown:
    """What was shown of a hostile night: `pages` by path, and the texts of tables."""

    words: str
    pages: dict[str, Any]
    fragments: list[str]
    tables: list[str]


@pytest.fixture(scope="module", params=PAYLOADS)
def shown(
    request: pytest.FixtureRequest, rolled_back_rows: Callable[[], AbstractContextManager[None]]
) -> Shown:
    reader, editor = Client(), Client()
    with rolled_back_rows():
        hostile_night(request.param)
        editor.force_login(nights.user("admin", staff=True))
        admin = [
            reverse("admin:results_contest_change", args=[Contest.objects.get().pk]),
            *(reverse(f"admin:results_{name}_changelist") for name in LISTS),
            "/ge/hall/story/",
        ]
        pages = {path: reader.get(path) for path in (*PAGES, *EXPORTS)}
        pages |= {path: editor.get(path) for path in admin}
        out = io.StringIO()
        call_command("export", "ge", "--format", "democracy-club", stdout=out)
        acts = editor.get(reverse("admin:results_auditentry_export"))
        csv_file = reader.get("/ge/results.csv").content.decode()
        return Shown(
            request.param,
            pages,
            [html for bulletin in Bulletin.objects.all() for html in bulletin.fragments.values()],
            [csv_file, out.getvalue(), acts.content.decode()],
        )


def injected(text: str) -> Iterator[str]:
    """Elements and attributes of a page that none of our templates contains."""
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    elements: Iterable[Any] = tree.iter()
    for element in elements:
        if not isinstance(element.tag, str):
            continue  # a comment
        tag = element.tag.rpartition("}")[2]
        if tag in ("img", "iframe") and element.get("src", "x") == "x":
            yield tag
        if tag == "b" and element.text == "out":
            yield tag
        if tag == "meta" and element.get("http-equiv"):
            yield tag
        if tag == "script" and "alert" in (element.text or "") and element.get("type") is None:
            yield tag
        yield from (name for name in element.attrib if name.startswith("on"))


def test_pages_contain_no_injected_markup(shown: Shown) -> None:
    for path in shown.pages.keys() - set(EXPORTS):
        answer = shown.pages[path]
        assert answer.status_code in (200, 404 if "story" in path else 200), path
        text = answer.content.decode()
        if "{{" in shown.words:
            assert "14{" not in text
        elif "<" in shown.words or "onmouse" in shown.words:
            assert list(injected(text)) == [], path


def test_frames_contain_no_injected_markup(shown: Shown) -> None:
    assert shown.fragments
    for html in shown.fragments:
        assert list(injected(html)) == []


def test_exports_stay_well_formed(shown: Shown) -> None:
    page = shown.pages["/ge/"].content.decode()
    scripts = html5lib.parse(page, namespaceHTMLElements=False).iter("script")
    linked = [
        json.loads(script.text or "")
        for script in scripts
        if script.get("type") == "application/ld+json"
    ]
    words = [update["articleBody"] for update in linked[0]["liveBlogUpdate"]]
    assert shown.words.strip() in words
    read = json.loads(shown.pages["/ge/results.json"].content)
    assert read["election"]["name"] == shown.words
    feed = shown.pages["/ge/feed.atom"].content
    ElementTree.fromstring(feed)
    assert not feedparser.parse(feed).bozo
    ElementTree.fromstring(shown.pages["/sitemap.xml"].content)


def test_tables_contain_no_formulas(shown: Shown) -> None:
    for table in shown.tables:
        for row in csv.reader(io.StringIO(table)):
            for cell in row:
                figure = cell[1:].replace(".", "", 1).isdigit()
                assert cell[:1] not in ("=", "@", "+", "-") or figure, cell


@pytest.mark.parametrize("words", [*PAYLOADS, "a\nERROR forged", "a\r\nb", 'x", "level": "y'])
def test_log_lines_cannot_be_forged(words: str) -> None:
    record = logging.LogRecord("desk", logging.INFO, "", 1, "said %s", (words,), None)
    record.request_id = "-"
    record_text = JsonFormatter().format(record)
    assert len(record_text.splitlines()) == 1 or "\u2028" in words
    assert "\n" not in record_text
    assert json.loads(record_text)["message"] == f"said {words}"

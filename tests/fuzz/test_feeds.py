"""Feeds and exports stay well-formed with hostile text in them."""

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from results import desk
from results.desk.pictures import store
from results.live.cells import plain_cell
from results.models import Contest, Election
from tests import nights
from tests.fuzz.conftest import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.db]

HOSTILE = [
    "\x01\x08\x0b\x0c\x1b\x7f\x85\ufffe\uffff]]> words\U0001f5f3",
    "</script><img src=x onerror=alert(1)> words\u2028\u202e", "=HYPERLINK(1) words",
    "\r\n=1+1 words", "＝1+1 words", "@SUM(1) words",
]  # fmt: skip


@pytest.fixture
def night(kept_night: Election) -> Election:
    return kept_night


def publish_everything(night: Election, words: str) -> None:
    """Publish one entry of every kind, with this text."""
    seat = Contest.objects.get(slug="islington-north")
    by: dict[str, Any] = {"by": nights.user("editor")}
    Election.objects.filter(pk=night.pk).update(name=words)
    ballot_counts = nights.islington_ballot_counts(seat, rejected=228)
    seat.candidates.filter(name="Jeremy Corbyn").update(name=words)
    desk.publish(night, desk.HeadlineContent(text=words), idempotency_key="h2", **by)
    desk.publish(
        night,
        desk.QuoteContent(words=words, contest=seat, speaker=words, role=words),
        idempotency_key="q2",
        **by,
    )
    desk.publish(night, desk.PostContent(text=words, title=words), idempotency_key="p2", **by)
    stored = store(io.BytesIO(jpeg()), 1000)
    desk.publish(
        night,
        desk.PhotoContent(name=stored.name, contest=seat, caption=words, alt=words, credit=words),
        idempotency_key="f2",
        **by,
    )
    reasons: dict[str, Any] = {"reason": words, "warning_reason": words}
    nights.correct(seat, ballot_counts, idempotency_key="c2", base_revision=1, **reasons, **by)


@pytest.mark.parametrize("words", HOSTILE)
def test_feeds_and_tables_are_well_formed(
    night: Election, people: dict[str, Client], words: str
) -> None:
    publish_everything(night, words)
    reader = people["reader"]
    feed = reader.get("/ge/feed.atom")
    assert feed.status_code == 200
    ElementTree.fromstring(feed.content)
    assert not feedparser.parse(feed.content).bozo
    assert "words" in feed.content.decode()
    ElementTree.fromstring(reader.get("/sitemap.xml").content)
    assert reader.get("/ge/results.json").json()["election"]["name"] == words
    for path in ("/ge/", "/ge/feed/", "/ge/islington-north/", "/embed/ge/islington-north/"):
        page = html5lib.parse(reader.get(path).content.decode(), namespaceHTMLElements=False)
        assert not [element for element in page.iter("img") if element.get("src") == "x"]
        assert not [
            element for element in page.iter() if any(n.startswith("on") for n in element.attrib)
        ]
        for script in page.iter("script"):
            if script.get("type") == "application/ld+json":
                json.loads(script.text or "")
    for path in ("/ge/card.png", "/ge/islington-north/card.png"):
        assert reader.get(path).content.startswith(b"\x89PNG")
    tables = [reader.get("/ge/results.csv").content.decode()]
    tables.append(people["editor"].get(reverse("admin:results_auditentry_export")).content.decode())
    for kind in ("csv", "democracy-club"):
        out = io.StringIO()
        call_command("export", "ge", "--format", kind, stdout=out)
        tables.append(out.getvalue())
    for table in tables:
        for row in csv.reader(io.StringIO(table, newline="")):
            for cell in row:
                figure = cell[1:].replace(".", "", 1).isdecimal()
                assert not cell.startswith(("=", "@", "+", "\t", "\r", "\n", "＝")), cell
                assert not cell.startswith("-") or figure, cell


@pytest.mark.parametrize("figure", ["-1.2", "-38", "0", "12.5", "34603"])
def test_numbers_stay_numbers(figure: str) -> None:
    assert plain_cell(figure) == figure


@pytest.mark.parametrize("text", ["=1", "+1", "@1", "-²", "--1", "-1-1", "- 1", "\n=1", "＝1"])
def test_formulas_are_text(text: str) -> None:
    assert plain_cell(text) == f"'{text}"

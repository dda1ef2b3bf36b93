"""Texts that people write in Arabic or Hebrew stand from right to left, whatever surrounds them."""

import re
from collections.abc import Iterator
from typing import Any

import feedparser
import html5lib
import pytest
from django.test import Client

from results import desk
from results.live.seat import read_seats
from results.models import Contest, Election
from results.reporter.quote_form import QuoteForm
from tests import nights

RIGHT_TO_LEFT = re.compile("[\u0590-\u07ff]")
QUOTE, SPEAKER, ROLE = "شكرا لكم (2019)!", "ليلى حسن", "وكيل"
TITLE, POST, HEADLINE, REASON = "כותרת", "ליל בחירות (1).", "הלילה: בחירות.", "טעות שלנו"


def texts(element: Any, *, turned: bool = False) -> Iterator[tuple[str, bool]]:
    """Each text of the page, and whether an element around it takes its direction from it."""
    turned = turned or element.tag == "bdi" or element.attrib.get("dir") == "auto"
    if element.text:
        yield element.text, turned
    for child in element:
        if child.tag not in ("script", "title"):
            yield from texts(child, turned=turned)
        if child.tail:
            yield child.tail, turned


def turned_texts(page: str) -> dict[str, bool]:
    """The texts from right to left, and whether all of each takes its own direction."""
    found: dict[str, bool] = {}
    for text, turned in texts(html5lib.parse(page, namespaceHTMLElements=False)):
        if RIGHT_TO_LEFT.search(text):
            plain = " ".join(text.split()).strip("“”")
            found[plain] = found.get(plain, True) and turned
    return found


@pytest.fixture
def night(db: None) -> Election:
    return nights.election()


@pytest.fixture
def seat(night: Election) -> Contest:
    return nights.contest(night, "Quiet", [(SPEAKER, "lab"), ("Bob Birch", "con")])


def publish_all(seat: Contest) -> None:
    by = nights.user("editor")
    for content in (
        desk.QuoteContent(contest=seat, words=QUOTE, speaker=SPEAKER, role=ROLE),
        desk.PostContent(title=TITLE, text=POST),
        desk.HeadlineContent(text=HEADLINE),
    ):
        desk.publish(seat.election, content, by=by, idempotency_key=nights.key())
    nights.declare(seat, 200, 100)
    counts = nights.ballot_counts(seat, 201, 100)
    nights.correct(seat, counts, base_revision=1, reason=REASON, by=by, idempotency_key="two")


def test_pages_give_each_text_its_own_direction(seat: Contest, client: Client) -> None:
    publish_all(seat)
    night = turned_texts(client.get("/ge/feed/").content.decode())
    assert {text: night[text] for text in (QUOTE, SPEAKER, ROLE, TITLE, POST)} == dict.fromkeys(
        (QUOTE, SPEAKER, ROLE, TITLE, POST), True
    )
    front = turned_texts(client.get("/ge/").content.decode())
    # It may be in two lines, of which each is a clause.
    shown = [turned for text, turned in front.items() if text in HEADLINE]
    assert shown
    assert all(shown)
    page = turned_texts(client.get("/ge/quiet/").content.decode())
    assert page[SPEAKER]
    assert page[f"{REASON}."]


def test_candidates_on_a_ballot_paper_have_their_own_direction(
    seat: Contest, client: Client
) -> None:
    assert turned_texts(client.get("/ge/quiet/").content.decode())[SPEAKER]


def test_what_is_typed_has_its_own_direction(seat: Contest) -> None:
    (found,) = read_seats([seat])
    form = QuoteForm(found)
    for name in ("words", "speaker", "role"):
        assert 'dir="auto"' in str(form[name])
    assert "dir=" not in str(form["key"])


def test_feeds_give_words_their_own_direction(seat: Contest, client: Client) -> None:
    publish_all(seat)
    document = client.get("/ge/feed.atom").content.decode()
    feed = feedparser.parse(document, sanitize_html=False).entries
    titles = {entry.title: entry.summary for entry in feed}
    assert titles[f"Quote: \u2068{SPEAKER}\u2069, \u2068{ROLE}\u2069, Quiet"] == (
        f'<div dir="auto">{QUOTE}</div>'
    )
    assert any(
        f"\u2068{SPEAKER}\u2069 (Lab) 201, Bob Birch (Con) 100" in each for each in titles.values()
    )
    # The figure that was corrected is a candidate's votes.
    assert any(f"\u2068{SPEAKER}\u2069 was 200, is 201" in each for each in titles.values())
    entries = client.get("/api/v1/elections/ge/feed").json()["entries"]
    assert {entry["heading"] for entry in entries} == {entry.title for entry in feed}


def test_feeds_mark_no_other_words(seat: Contest, client: Client) -> None:
    nights.declare(nights.contest(seat.election, "Oak", [("Ann Ash", "lab"), ("Bo", "con")]), 2, 1)
    document = client.get("/ge/feed.atom").content.decode()
    assert "Ann Ash (Lab) 2, Bo (Con) 1" in document
    assert not re.search("dir=|[\u2066-\u2069]", document)

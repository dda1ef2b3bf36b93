"""Times of the feed's entries: when readers could see them first, in their order."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django.fixtures import Settings

from results import desk
from results.desk.pictures import store
from results.live.cached_snapshot import CachedSnapshot
from results.models import (
    Contest,
    Declaration,
    Election,
    Photo,
    Post,
    Quote,
    ReviewItem,
    clock,
)
from results.reader.entries import FeedQuery, entries
from tests import nights
from tests.fuzz.conftest import jpeg

pytestmark = pytest.mark.django_db

DECLARED = datetime(2019, 12, 13, 2, 5, tzinfo=UTC)
OTHER = DECLARED + timedelta(minutes=15)
APPROVED = DECLARED + timedelta(minutes=25)


@pytest.fixture
def night() -> Election:
    """Where a result declared at 02:05 waited until 02:30, and another came at 02:20."""
    night = nights.election()
    held = nights.contest(night, "Aford", [("Ann", "lab"), ("Bob", "con")])
    other = nights.contest(night, "Beeton", [("Cat", "lab"), ("Dan", "con")])
    for name in ("Ceeford", "Deeham"):
        nights.contest(night, name, [("Eve", "lab"), ("Fay", "con")])
    declare(other, at=OTHER, declared_at=OTHER)
    declare(held, at=APPROVED, declared_at=DECLARED)
    return night


def declare(seat: Contest, *, at: datetime, declared_at: datetime | None) -> None:
    counts = nights.ballot_counts(seat, 21000, 15000, rejected=90, electorate=60000)
    with clock.at(at):
        nights.declare_counts(
            seat,
            counts,
            by=nights.user(),
            idempotency_key=nights.key(),
            declared_at=declared_at,
            warning_reason="As read out.",
        )


def get(path: str) -> str:
    """A page, with ordinary spaces where it keeps a number beside what it counts."""
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def times_of_entries(html: str) -> list[tuple[str, str]]:
    """Id and time of each entry, newest first."""
    entries = re.findall(r'<article[^>]*? id="([^"]+)".*?<time datetime="([^"]+)"', html, re.S)
    return [(name, at[11:16]) for name, at in entries]


def test_history_of_a_seat_has_the_time_in_its_head() -> None:
    """A minute lies between the announcement and its publication: the result is of the first."""
    seat = nights.contest(nights.election(), "Aford", [("Ann", "lab"), ("Bob", "con")])
    declare(seat, at=OTHER, declared_at=OTHER - timedelta(minutes=1))
    page = get("/ge/aford/")
    steps = page.partition('class="steps"')[2].partition("</ol>")[0]
    assert '<time datetime="2019-12-13T02:19' in steps
    assert "02:20" not in steps


@pytest.mark.parametrize("path", ["/ge/feed/", "/ge/"])
def test_entry_has_the_time_of_publication(night: Election, path: str) -> None:
    shown = dict(times_of_entries(get(path)))
    assert (shown["result-aford"], shown["result-beeton"]) == ("02:30", "02:20")
    page = get(path)
    assert page.index('id="result-aford"') < page.index('id="result-beeton"')


def test_entry_and_seat_say_when_it_was_declared(night: Election) -> None:
    feed = get("/ge/feed/")
    assert feed.count("Declared at 02:05") == 1
    assert "Declared at 02:20" not in feed
    seat = get("/ge/aford/")
    assert "Declared at 02:05." in seat
    assert '<time datetime="2019-12-13T02:30' in seat


def test_milestone_has_the_time_of_publication(night: Election) -> None:
    shown = times_of_entries(get("/ge/feed/"))
    milestones = [at for name, at in shown if name.startswith("milestone-")]
    assert set(milestones) == {"02:20", "02:30"}
    assert [at for _name, at in shown] == sorted((at for _name, at in shown), reverse=True)


def test_programs_get_the_same_times(night: Election) -> None:
    atom = get("/ge/feed.atom")
    entry = next(one for one in atom.split("<entry>") if "result-aford" in one)
    assert "<published>2019-12-13T02:30:00+00:00</published>" in entry
    assert "<updated>2019-12-13T02:30:00+00:00</updated>" in entry
    assert "Declared at 02:05" in entry
    page = json.loads(get("/api/v1/elections/ge/feed"))
    assert [one["at"][11:16] for one in page["entries"] if one["id"] == "result-aford"] == ["02:30"]
    article = next(
        one
        for text in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', get("/ge/aford/")
        )
        if (one := json.loads(text))["@type"] == "NewsArticle"
    )
    assert article["datePublished"][11:16] == "02:30"


def test_exports_keep_the_time_of_declaration(night: Election) -> None:
    contests = {one["slug"]: one for one in json.loads(get("/ge/results.json"))["contests"]}
    assert contests["aford"]["declared_at"][11:16] == "02:05"
    assert "2019-12-13T02:05" in get("/ge/results.csv")


def test_correction_leaves_the_time_of_its_entry(night: Election) -> None:
    seat = Contest.objects.get(slug="aford")
    counts = nights.ballot_counts(seat, 21001, 15000, rejected=90, electorate=60000)
    with clock.at(APPROVED + timedelta(hours=1)):
        nights.correct(
            seat,
            counts,
            by=nights.user(),
            idempotency_key="c",
            base_revision=1,
            reason="Misheard.",
            warning_reason="So.",
        )
    shown = dict(times_of_entries(get("/ge/feed/")))
    assert shown["result-aford"] == "02:30"
    assert get("/ge/feed/").count("Declared at 02:05") == 1


def test_result_without_a_time_has_none(night: Election) -> None:
    seat = Contest.objects.get(slug="ceeford")
    declare(seat, at=APPROVED + timedelta(hours=1), declared_at=None)
    assert "result-ceeford" not in dict(
        times_of_entries(get("/ge/feed/").split('id="result-aford"')[0])
    )


def test_hold_without_a_time_shows_no_bare_number(night: Election) -> None:
    """Results that are loaded after a night have none; a bulletin's number looks like nothing."""
    people = [("Ann", "lab"), ("Bob", "con")]
    seat = nights.contest(night, "Eeford", people, last={"lab": 9, "con": 1})
    declare(seat, at=APPROVED + timedelta(hours=1), declared_at=None)
    hold = get("/ge/feed/").split('card hold" id="result-eeford"')[1].split("</summary>")[0]
    assert "<time" not in hold
    before, _swatch, _after = hold.partition('<span class="swatch"')
    shown = re.sub(r'<span class="visually-hidden">.*?</span>', "", before, flags=re.DOTALL)
    assert not re.search(r">\s*\d+\s*<", shown)
    assert "bulletin 3" in before


def test_approved_result_stands_when_it_was_approved(night: Election, time_machine: Any) -> None:
    Election.objects.update(second_person="always")
    seat = Contest.objects.get(slug="deeham")
    sent, approved = APPROVED + timedelta(minutes=10), APPROVED + timedelta(minutes=31)
    time_machine.move_to(sent, tick=False)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=nights.user("ann"),
        idempotency_key=nights.key(),
        declared_at=sent,
        warning_reason="As read out.",
    )
    counts = nights.ballot_counts(seat, 21000, 15000, rejected=90, electorate=60000)
    item = desk.submit_result(seat, counts, request)
    assert isinstance(item, ReviewItem)
    time_machine.move_to(approved, tick=False)
    desk.approve(item, by=nights.user("editor", staff=True), idempotency_key=nights.key())
    assert dict(times_of_entries(get("/ge/feed/")))["result-deeham"] == "03:01"
    assert "Declared at 02:40" in get("/ge/feed/")


@pytest.fixture
def undeclared() -> Election:
    """Of which nothing is published."""
    night = nights.election()
    nights.contest(night, "Vale 0", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    return night


def test_quote_shows_when_it_was_published_and_when_it_was_said(
    client: Client, undeclared: Election
) -> None:
    """A quote that waited for an editor stands above what was published while it waited."""
    closed = undeclared.polls_close
    said, published = closed + timedelta(minutes=53), closed + timedelta(minutes=56)
    content = desk.QuoteContent(words="Thank you.", speaker="Ann Hall", said_at=said)
    with clock.at(published):
        desk.publish(undeclared, content, by=nights.user(), idempotency_key="q")
    with clock.at(published + timedelta(minutes=9)):
        again = replace(content, words="Thank you all.", said_at=None)
        first = Quote.objects.get()
        desk.publish(undeclared, again, by=nights.user(), idempotency_key="r", replaces=first)
    entry = entries(CachedSnapshot.read(undeclared), FeedQuery(limit=1))[0]
    assert entry.at == published
    card = strip_tags(client.get("/ge/bulletins/1/").content.decode().split("<article")[1])
    assert "22:56" in card
    assert "said at 22:53" in card


def test_quotes_of_a_count_are_in_the_order_of_their_times(
    client: Client, undeclared: Election
) -> None:
    seat = undeclared.contests.get(slug="vale-0")
    for minutes, waited in ((50, 1), (40, 20)):
        said = undeclared.polls_close + timedelta(minutes=minutes)
        content = desk.QuoteContent(
            words=f"At {minutes}.", speaker="Ann Hall", contest=seat, said_at=said
        )
        with clock.at(said + timedelta(minutes=waited)):
            desk.publish(undeclared, content, by=nights.user(), idempotency_key=nights.key())
    page = client.get("/ge/vale-0/").content.decode()
    assert page.index("At 40.") < page.index("At 50.")


@pytest.mark.parametrize("kind", ["post", "photo"])
def test_edited_post_or_photo_shows_when_it_was_published(
    client: Client, undeclared: Election, settings: Settings, tmp_path: Path, kind: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    content: Any = desk.PostContent(text="Welcome.")
    if kind == "photo":
        name = store(io.BytesIO(jpeg()), 1000).name
        content = desk.PhotoContent(name=name, caption="A hall", alt="A hall", credit="Ann")
    published = undeclared.polls_close + timedelta(minutes=56)
    before = None
    for minutes in (0, 9):
        with clock.at(published + timedelta(minutes=minutes)):
            desk.publish(
                undeclared,
                content,
                by=nights.user(),
                idempotency_key=nights.key(),
                replaces=before,
            )
        before = (Post if kind == "post" else Photo).objects.latest("pk")
    assert entries(CachedSnapshot.read(undeclared), FeedQuery(limit=1))[0].at == published
    assert "22:56" in client.get("/ge/bulletins/1/").content.decode().split("<article")[1]

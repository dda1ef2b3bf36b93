"""The feed: newest first; corrected entries keep their position and are marked."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from results import desk
from results.desk.pictures import store
from results.live.cached_snapshot import CachedSnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import entries as read_entries
from results.models import Bulletin, Contest, Election, Milestone, Photo, Post, Quote
from results.reader.entries import FeedQuery, Only, entries
from tests import nights
from tests.fuzz.conftest import jpeg

pytestmark = pytest.mark.django_db

#: The figures of this night are round, alike and few: the desk asks about each result.
WARNING_REASON = "As read out."


@pytest.fixture
def night() -> Election:
    night = nights.election()
    for number in range(4):
        nights.contest(
            night,
            f"Vale {number}",
            [("Ann Hall", "con"), ("Bob Rice", "lab")],
            last={"lab": 9000, "con": 8000},
            region="East" if number < 2 else "West",
        )
    return night


def declared(night: Election, number: int, con: int = 9000, lab: int = 8000) -> Contest:
    seat = night.contests.get(slug=f"vale-{number}")
    nights.declare(seat, con, lab)
    return seat


def feed(**wanted: Any) -> list[str]:
    snapshot = CachedSnapshot.read(Election.objects.get())
    return [entry.id for entry in entries(snapshot, FeedQuery(**({"limit": 20} | wanted)))]


def test_is_newest_first_with_milestones(night: Election) -> None:
    declared(night, 0)
    declared(night, 1)
    assert feed() == [
        "result-vale-1",
        "milestone-2-half",
        "result-vale-0",
        "milestone-1-first",
    ]


def test_correction_is_an_entry_and_corrected_entry_keeps_its_position(night: Election) -> None:
    seat = declared(night, 0)
    declared(night, 1)
    fixed = nights.ballot_counts(seat, 9100, 8000)
    by = nights.user()
    why = {"reason": "Misheard.", "warning_reason": WARNING_REASON}
    nights.correct(seat, fixed, by=by, idempotency_key="c", base_revision=1, **why)
    assert feed()[:2] == ["bulletin-3", "result-vale-1"]
    assert "result-vale-0" in feed()
    newest = read_entries(ElectionSnapshot(night), limit=20)
    corrected = next(entry for entry in newest if entry.id == "result-vale-0")
    assert corrected.sequence == 1
    assert corrected.change is not None
    first = corrected.change.differences[0]
    assert (first.before, first.after) == ("9,000", "9,100")


def test_withdrawal_replaces_the_withdrawn_result(night: Election) -> None:
    seat = declared(night, 0)
    nights.withdraw(
        seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="Reopened."
    )
    assert feed() == ["bulletin-2"]
    assert Milestone.objects.get().undone_by == 2


def test_result_after_a_withdrawal_is_not_corrected_by_what_came_before(night: Election) -> None:
    seat = declared(night, 0)
    by = nights.user()
    fixed = nights.ballot_counts(seat, 9100, 8000)
    why = {"reason": "Misheard.", "warning_reason": WARNING_REASON}
    nights.correct(seat, fixed, by=by, idempotency_key="c", base_revision=1, **why)
    nights.withdraw(seat, by=by, idempotency_key="w", base_revision=2, reason="Reopened.")
    again = {"base_revision": 3, "warning_reason": WARNING_REASON}
    nights.declare_counts(seat, fixed, by=by, idempotency_key="a", **again)
    newest = read_entries(ElectionSnapshot(night), limit=20)
    entry = next(entry for entry in newest if entry.id == "result-vale-0")
    assert entry.change is None
    more = nights.ballot_counts(seat, 9200, 8000)
    nights.correct(seat, more, by=by, idempotency_key="d", base_revision=4, **why)
    newest = read_entries(ElectionSnapshot(night), limit=20)
    entry = next(entry for entry in newest if entry.id == "result-vale-0")
    assert entry.change is not None
    assert [(each.before, each.after) for each in entry.change.differences] == [("9,100", "9,200")]


def test_milestone_reached_again_has_a_new_position(
    night: Election,
) -> None:
    seat = declared(night, 0)
    nights.withdraw(
        seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="Reopened."
    )
    declared(night, 1)
    assert "milestone-3-first" in feed()
    assert Milestone.objects.count() == 2


def test_edited_quote_keeps_its_position_and_url(night: Election) -> None:
    by = nights.user()
    desk.publish(
        night, desk.QuoteContent(words="Thank you.", speaker="Ann Hall"), by=by, idempotency_key="q"
    )
    declared(night, 0)
    first = Quote.objects.get()
    desk.publish(
        night,
        desk.QuoteContent(words="Thank you all.", speaker="Ann Hall"),
        by=by,
        idempotency_key="r",
        replaces=first,
    )
    assert feed(only=Only.QUOTES) == ["bulletin-1"]
    assert feed().index("result-vale-0") < feed().index("bulletin-1")


class TestRewording:
    """Every further wording keeps the entry's position and URL."""

    @pytest.fixture(params=["post", "quote", "photo"])
    def reword(
        self, request: pytest.FixtureRequest, night: Election, settings: Settings, tmp_path: Path
    ) -> Any:
        """`reword(before)` files the next wording, and returns it."""
        settings.MEDIA_ROOT = tmp_path
        stored = store(io.BytesIO(jpeg()), 1000).name if request.param == "photo" else ""
        by = nights.user()

        def reword(before: Any) -> Any:
            words = f"Wording {nights.key()}."
            common: dict[str, Any] = {"by": by, "idempotency_key": nights.key(), "replaces": before}
            match request.param:
                case "post":
                    desk.publish(night, desk.PostContent(text=words), **common)
                    return Post.objects.latest("pk")
                case "quote":
                    desk.publish(
                        night, desk.QuoteContent(words=words, speaker="Ann Hall"), **common
                    )
                    return Quote.objects.latest("pk")
            content = desk.PhotoContent(name=stored, caption=words, alt="A person", credit="Ann")
            desk.publish(night, content, **common)
            return Photo.objects.latest("pk")

        return reword

    @pytest.mark.parametrize("times", [1, 2, 3, 4, 6])
    def test_keeps_position_and_url(
        self, client: Client, night: Election, reword: Callable[[Any], Any], times: int
    ) -> None:
        newest = reword(None)
        declared(night, 0)
        for _time in range(times):
            newest = reword(newest)
        position = feed().index("bulletin-1")
        assert feed().index("result-vale-0") < position == len(feed()) - 1
        page = client.get("/ge/bulletins/1/").content.decode()
        words = getattr(newest, "words", None) or getattr(newest, "text", None) or newest.caption
        assert words in page
        assert 'id="bulletin-1"' in page
        for number in range(3, 3 + times):
            answer = client.get(f"/ge/bulletins/{number}/")
            assert (answer.status_code, answer.headers["Location"]) == (302, "/ge/bulletins/1/")
        assert feed(before=2) == ["bulletin-1"]
        assert set(
            Bulletin.objects.exclude(sequence=2).values_list("first_sequence", flat=True)
        ) == {1}

    def test_withdrawn_has_no_url(
        self, client: Client, night: Election, reword: Callable[[Any], Any]
    ) -> None:
        newest = reword(reword(None))
        desk.withdraw_publication(newest, by=nights.user(), idempotency_key="w")
        assert feed() == []
        for number in (1, 2, 3):
            answer = client.get(f"/ge/bulletins/{number}/")
            assert answer.status_code == 404
            assert "Nothing of this bulletin is in the feed: it was" in answer.content.decode()


def test_full_counts_redirect_to_the_entry_of_their_winner(client: Client, night: Election) -> None:
    seat = night.contests.get(slug="vale-0")
    by = nights.user()
    nights.declare_winner(seat, [seat.candidates.get(name="Ann Hall")], by=by, idempotency_key="f")
    desk.publish(night, desk.HeadlineContent(text="Another"), by=by, idempotency_key="h")
    ballot_counts = nights.ballot_counts(seat, 9000, 8000)
    ours = {"by": by, "idempotency_key": "c", "warning_reason": WARNING_REASON}
    nights.complete(seat, ballot_counts, base_revision=1, **ours)
    answer = client.get("/ge/bulletins/3/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ge/bulletins/1/")
    assert "Another" in client.get("/ge/bulletins/2/").content.decode()


def test_withdrawn_result_redirects_to_its_withdrawal_and_then_to_the_new_result(
    client: Client, night: Election
) -> None:
    seat = declared(night, 0)
    nights.withdraw(
        seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="Reopened."
    )
    assert client.get("/ge/bulletins/1/").headers["Location"] == "/ge/bulletins/2/"
    ballot_counts = nights.ballot_counts(seat, 9000, 8000)
    ours = {"by": nights.user(), "idempotency_key": "again", "warning_reason": WARNING_REASON}
    nights.declare_counts(seat, ballot_counts, base_revision=2, **ours)
    assert client.get("/ge/bulletins/1/").headers["Location"] == "/ge/bulletins/3/"
    assert client.get("/ge/bulletins/2/").status_code == 200


def test_filters_by_kind(night: Election) -> None:
    declared(night, 0)
    declared(night, 1, con=7000)
    desk.publish(
        night, desk.HeadlineContent(text="A close night"), by=nights.user(), idempotency_key="h"
    )
    assert feed(only=Only.GAINS) == ["result-vale-0"]
    assert feed(only=Only.CORRECTIONS) == []
    assert feed()[0].startswith("headline-")


def test_filters_by_region(night: Election) -> None:
    declared(night, 0)
    declared(night, 2)
    west = night.regions.get(name="West").contests
    assert feed(within=set(west.values_list("pk", flat=True))) == ["result-vale-2"]


def test_pages_have_every_entry_once(night: Election) -> None:
    for number in range(4):
        declared(night, number)
    desk.publish(
        night,
        desk.QuoteContent(words="Thank you.", speaker="Ann Hall"),
        by=nights.user(),
        idempotency_key="q",
    )
    paged, before = [], None
    while page := entries(CachedSnapshot.read(night), FeedQuery(limit=3, before=before)):
        paged += [entry.id for entry in page]
        before = page[-1].sequence
    assert paged == feed(limit=99)


class TestFeedPage:
    def test_filters_by_only(self, client: Client, night: Election) -> None:
        declared(night, 0)
        page = client.get("/ge/feed/?only=gains").content.decode()
        assert "Conservatives gain Vale 0\N{NO-BREAK SPACE}from Labour" in page
        assert "Milestone" not in page

    @pytest.mark.parametrize("query", ["only=x", "before=x", "before=-1", "before=99999999999"])
    def test_ignores_invalid_parameters(self, client: Client, night: Election, query: str) -> None:
        declared(night, 0)
        assert "Vale 0" in client.get(f"/ge/feed/?{query}").content.decode()

    def test_gain_from_the_speaker_has_no_capital_within_its_words(self, client: Client) -> None:
        election = nights.election("of-speaker")
        candidates = [("Ann Hall", "con"), ("Bob Rice", "lab")]
        seat = nights.contest(election, "Vale", candidates, last={"speaker": 9000, "con": 800})
        nights.declare(seat, 9000, 8000)
        for path in ("feed/", "vale/"):
            page = client.get(f"/of-speaker/{path}").content.decode()
            assert "from the Speaker" in " ".join(re.sub("<[^>]*>", " ", page).split())
            assert "from The Speaker" not in page

    def test_shows_what_was_corrected(self, client: Client) -> None:
        seat = nights.islington_north(nights.election("in"))
        ballot_counts = nights.islington_ballot_counts(seat)
        by = nights.user()
        nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="1")
        fixed = replace(ballot_counts, rejected=229)
        nights.correct(
            seat, fixed, by=by, idempotency_key="2", base_revision=1, reason="A 9 for a 7."
        )
        page = client.get("/in/feed/").content.decode()
        assert page.count("A 9 for a 7.") == 2
        assert "<bdi>Rejected ballots</bdi> <del>" in " ".join(page.split())


def test_filters_by_seats(client: Client, night: Election) -> None:
    declared(night, 0)
    declared(night, 2)
    page = client.get("/ge/feed/?seats=vale-2,nowhere").content.decode()
    assert 'id="result-vale-2"' in page
    assert 'id="result-vale-0"' not in page
    assert client.get("/ge/feed/?seats=%00'),x").status_code == 400


def test_bulletin_has_a_page_with_its_entries(client: Client, night: Election) -> None:
    seat = declared(night, 0)
    declared(night, 1)
    assert "/ge/bulletins/1/" in client.get("/ge/").content.decode()
    page = client.get("/ge/bulletins/1/").content.decode()
    assert "Conservatives gain Vale 0\N{NO-BREAK SPACE}from Labour" in page
    assert "The first seat has declared" in page
    assert "Vale 1" not in page
    fixed = nights.ballot_counts(seat, 9100, 8000)
    why = {"reason": "Misheard.", "warning_reason": WARNING_REASON}
    nights.correct(seat, fixed, by=nights.user(), idempotency_key="c", base_revision=1, **why)
    assert "Misheard." in client.get("/ge/bulletins/1/").content.decode()
    assert "Misheard." in client.get("/ge/bulletins/3/").content.decode()


@pytest.mark.parametrize("number", [0, 2, 99, 10**12])
def test_bulletin_without_entries_is_not_found(
    client: Client, night: Election, number: int
) -> None:
    declared(night, 0)
    assert client.get(f"/ge/bulletins/{number}/").status_code == 404


def test_result_shows_where_it_was_reported_from(client: Client, night: Election) -> None:
    night.contests.update(venue="Sobell Leisure Centre")
    declared(night, 0)
    assert "Reported from Sobell Leisure Centre" in client.get("/ge/").content.decode()
    seat = night.contests.get(slug="vale-1")
    ballot_counts = nights.ballot_counts(seat, 9000, 8000)
    editor = nights.user("editor", staff=True)
    ours = {"by": editor, "idempotency_key": "d", "warning_reason": WARNING_REASON}
    nights.declare_counts(seat, ballot_counts, **ours)
    assert "Entered at the desk" in client.get("/ge/bulletins/2/").content.decode()


def test_result_corrected_at_the_desk_was_still_reported_from_the_count(
    client: Client, night: Election
) -> None:
    night.contests.update(venue="Sobell Leisure Centre")
    seat = declared(night, 0)
    editor = nights.user("editor", staff=True)
    why = {"reason": "Misheard.", "warning_reason": WARNING_REASON}
    fixed = nights.ballot_counts(seat, 9100, 8000)
    nights.correct(seat, fixed, by=editor, idempotency_key="c", base_revision=1, **why)
    page = client.get("/ge/bulletins/1/").content.decode()
    assert "Reported from Sobell Leisure Centre" in page
    assert "Entered at the desk" not in page

"""Draft stories: every known fact, no unknown one, and every way of winning a seat."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import with_results
from results.models import Candidate, Contest, Election, LastResult, Standing
from results.rehearsal import islington
from results.stories.story import Story, story_of
from tests import nights
from tests.stories.rules import draft_of, story_for

pytestmark = pytest.mark.django_db


class TestIslingtonNorth:
    @pytest.fixture
    def north(self) -> Contest:
        election = islington.load(nights.user("paper"))
        return Contest.objects.get(election=election, slug="islington-north")

    FACTS = (
        "Jeremy Corbyn",
        "34,603 votes",
        "Nick Wakeling of the Liberal Democrats came second with 8,415",
        "James Clark of the Conservatives had 5,483",
        "Caroline Russell of the Greens 4,326",
        "Yosef David of the Brexit Party 742",
        "Nick the Flying Brick of the Monster Raving Loonies 236",
        "majority of 26,188",
        "53,805 valid votes",
        "Yosef David and Nick the Flying Brick lost their deposits",
        "the 10th time",
        "down from 40,086 in 2017",
        "75,162 people on the register, 331 more than the 74,831 in 2017",
        "Turnout was announced as 71.8%",
        "71.6%",
        "with the 227 rejected it is 71.9%",
        "declared at 03:18 on 13 December 2019",
        "first won Islington North in 1983, from a sitting member who had left the party",
        "will not lead the party into another general election",
        "stays until it has chosen a successor",
        "puts the defeat down to Brexit",
        "stands by the manifesto",
        "media intruded",
        "thanks his family",
        "Labour leader",
        "Sobell Leisure Centre",
        "64.3%",
    )

    def test_has_every_fact(self, north: Contest) -> None:
        text = story_for(north).text
        assert [fact for fact in self.FACTS if fact not in text] == []

    def test_says_nothing_about_unknown_facts(self, north: Contest) -> None:
        """The shares of 2017 are not known."""
        story = story_for(north)
        assert "share of Labour" not in story.text
        assert "swing" not in story.text

    def test_winner_only_result_says_that_counts_will_follow(self, north: Contest) -> None:
        south = Contest.objects.get(slug="islington-south-and-finsbury")
        story = story_for(south)
        assert story.headline.text.endswith("; full figures to follow")
        assert "26,897" in story.text
        assert "9,569" in story.text
        assert "majority" not in story.text
        assert "valid votes" not in story.text

    def test_includes_quotes_and_corrections(self, north: Contest) -> None:
        by = nights.user("paper")
        desk.publish(
            north.election,
            desk.QuoteContent(
                words="It has been a long night.",
                contest=north,
                speaker="The mayor",
                role="mayor of Islington",
            ),
            by=by,
            idempotency_key="q",
        )
        declaration = north.standing.declaration
        assert declaration is not None
        ballot_counts = declaration.ballot_counts
        wakeling = north.candidates.get(name="Nick Wakeling").pk
        changed = nights.ballot_counts(
            north,
            *{**ballot_counts.votes, wakeling: 8451}.values(),
            rejected=228,
            electorate=75162,
            turnout_announced=Decimal("71.8"),
        )
        nights.correct(
            north,
            changed,
            by=by,
            idempotency_key="c",
            base_revision=1,
            reason="Two digits were transposed.",
        )
        text = story_for(north).text
        assert "The mayor, mayor of Islington, Sobell Leisure Centre, said: “It has been" in text
        assert "(Two digits were transposed): before that" in text
        assert (
            "Nick Wakeling was published as 8,415 and “Rejected ballots” was published as 227."
            in text
        )

    def test_says_that_a_result_was_withdrawn_and_published_again(self, north: Contest) -> None:
        declaration = north.standing.declaration
        assert declaration is not None
        nights.withdraw(
            north,
            by=nights.user("paper"),
            idempotency_key="w",
            base_revision=1,
            reason="It was read out for another seat.",
        )
        nights.declare_counts(
            north,
            declaration.ballot_counts,
            by=nights.user("paper"),
            idempotency_key="again",
            base_revision=2,
        )
        story = story_for(north)
        corrections = next(each for each in story.paragraphs if each.about == "Corrections")
        assert re.sub(r"\d\d:\d\d", "T", corrections.text) == (
            "The result was withdrawn at T (It was read out for another seat). "
            "A result was published again at T."
        )

    def test_says_nothing_of_totals_that_were_withdrawn(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")])
        nights.publish_some(seat, 20, None, by=nights.user(), idempotency_key="some")
        nights.withdraw(seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="No.")
        nights.declare_counts(
            seat,
            nights.ballot_counts(seat, 20, 10),
            by=nights.user(),
            idempotency_key="d",
            base_revision=2,
            warning_reason="Read out.",
        )
        assert "withdrawn" not in story_for(seat).text
        assert "again" not in story_for(seat).text


def seat_with(
    people: list[tuple[str, str]], last: dict[str, int] | None = None, **fields: Any
) -> Contest:
    return nights.contest(nights.election(), "Middletown", people, last=last, **fields)


def declared(seat: Contest, *votes: int, **details: Any) -> Story:
    nights.declare(seat, *votes, **{"electorate": 60000, **details})
    return story_for(seat)


class TestWaysOfWinning:
    def test_held(self) -> None:
        story = declared(seat_with([("Ann", "lab"), ("Bob", "con")], {"lab": 9, "con": 5}), 20, 10)
        assert story.headline.text == "Ann holds Middletown for Labour with a majority of 10"
        assert "Ann of Labour was elected with 20 votes, up from the party’s 9" in story.text

    @pytest.mark.parametrize("label", ["lab", "independent"])
    @pytest.mark.parametrize("sitting", [False, True])
    @pytest.mark.parametrize("last", [None, {"lab": 9, "con": 5}])
    def test_single_vote(self, label: str, sitting: bool, last: dict[str, int] | None) -> None:
        seat = seat_with([("Ann", label), ("Bob", "con")], last)
        Candidate.objects.filter(name="Ann").update(sitting_member=sitting)
        text = declared(seat, 1, 0, electorate=1).text
        assert "elected with 1 vote" in text
        assert "Ann took 1 vote, 100.0%" in text
        assert "The 1 valid vote makes a turnout of 100.0%" in text
        assert "There was 1 person on the register" in text
        assert "1 votes" not in text
        assert "1 valid votes" not in text

    def test_gained(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"con": 9, "lab": 5})
        Candidate.objects.filter(name="Bob").update(sitting_member=True)
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith(
            "Ann gains Middletown for Labour from the Conservatives with a majority"
        )
        assert "The sitting member, Bob, was defeated." in story.text

    def test_with_nothing_to_compare(self) -> None:
        story = declared(seat_with([("Ann", "lab"), ("Bob", "con")]), 20, 10)
        assert story.headline.text.startswith("Ann wins Middletown for Labour with")

    def test_by_lot(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"con": 9, "lab": 5})
        ann = seat.candidates.get(name="Ann")
        story = declared(seat, 10, 10, lot=(ann.pk,))
        assert story.headline.text.endswith("from the Conservatives by lot after a tie")
        assert "Bob of the Conservatives had as many, 10: the seat was decided by lot." in (
            story.text
        )

    def test_by_an_independent(self) -> None:
        seat = seat_with([("Ann", "independent"), ("Bob", "con")], {"con": 9, "lab": 5})
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith(
            "Ann, an independent, gains Middletown from the Conservatives"
        )
        assert "Ann, an independent, was elected with 20 votes." in story.text

    def test_by_an_independent_who_was_the_member(self) -> None:
        """As in Islington North, 2024: the same person under another label."""
        seat = seat_with([("Ann", "independent"), ("Bob", "lab")], {"lab": 9, "con": 5})
        ann = seat.candidates.get(name="Ann")
        LastResult.objects.get(contest=seat).votes.filter(party__slug="lab").update(
            person=ann.person, name="Ann"
        )
        Candidate.objects.filter(pk=ann.pk).update(sitting_member=True)
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith(
            "Ann keeps Middletown as an independent, a gain from Labour with"
        )

    def test_by_the_speaker(self) -> None:
        seat = seat_with([("Ann", "speaker"), ("Bob", "independent")])
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith("The Speaker, Ann, is returned in Middletown")
        assert "The Speaker, Ann, was elected with 20 votes." in story.text

    def test_after_a_recount(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")])
        desk.report_status(seat, Standing.Status.RECOUNT, by=nights.user(), idempotency_key="r")
        assert ", after a recount." in declared(seat, 20, 10).text

    def test_for_several_seats(self) -> None:
        night = nights.election("council", deposits=False)
        ward = nights.contest(
            night, "Ward", [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")], seats=2
        )
        story = declared(ward, 900, 800, 700, papers=1500, rejected=10)
        assert story.headline.text == "Ann and Bob are elected in Ward"
        assert "Both seats are filled." in story.text
        next_one = (
            "Cat of the Liberal Democrats came next with 700, 100 fewer than the last elected."
        )
        assert next_one in story.text

    def test_unopposed(self) -> None:
        seat = seat_with([("Ann", "lab")])
        desk.publish_unopposed(seat, by=nights.user(), idempotency_key="u")
        story = story_for(seat)
        assert story.headline.text == "Ann wins Middletown for Labour unopposed"
        assert "Ann of Labour was elected unopposed." in story.text
        assert "votes" not in story.text

    def test_only_the_winner_is_known(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"lab": 9, "con": 5})
        nights.declare_winner(
            seat, [seat.candidates.get(name="Ann")], by=nights.user(), idempotency_key="f"
        )
        story = story_for(seat)
        assert story.headline.text == "Ann holds Middletown for Labour; full figures to follow"
        assert "The votes are not known yet." in story.text

    def test_no_story_without_a_result(self) -> None:
        seat = seat_with([("Ann", "lab"), ("Bob", "con")])
        assert draft_of(seat) is None
        nights.declare(seat, 20, 10, electorate=60)
        nights.withdraw(
            seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="Wrong hall."
        )
        assert draft_of(seat) is None


def test_time_is_in_the_elections_own_zone() -> None:
    night = nights.election("summer", timezone="America/New_York")
    seat = nights.contest(night, "Middletown", [("Ann", "lab"), ("Bob", "con")])
    at = datetime(2019, 12, 13, 4, 30, tzinfo=UTC)
    nights.declare_counts(
        seat,
        nights.ballot_counts(seat, 20, 10, electorate=60),
        by=nights.user(),
        idempotency_key="k",
        warning_reason="So.",
        declared_at=at,
    )
    assert "declared at 23:30 on 12 December 2019" in story_for(seat).text


def test_stories_of_a_rehearsal_have_no_broken_sentence(tmp_path: Path) -> None:
    call_command("rehearse", "dummy", "--seats", "60", "--speed", "0", "--declared", "60")
    night = Election.objects.get(slug="dummy")
    stories = [draft_of(contest) for contest in night.contests.all()]
    assert len([story for story in stories if story]) >= 55
    call_command("stories", "dummy", str(tmp_path / "out"))
    assert len(list((tmp_path / "out").glob("*.txt"))) >= 55


def test_command_reports_an_unknown_election(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("stories", "nowhere", str(tmp_path))


class TestEditorPages:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(nights.user("editor", staff=True))
        return client

    def test_page_marks_every_number_with_its_field(self, admin: Client) -> None:
        election = islington.load(nights.user("paper"))
        north = Contest.objects.get(election=election, slug="islington-north")
        page = admin.get(f"/admin/results/contest/{north.pk}/story/").content.decode()
        assert '<abbr title="votes of Nick Wakeling">8,415</abbr>' in page
        assert '<abbr title="majority">26,188</abbr>' in page
        assert "&lt;h1&gt;Jeremy Corbyn holds Islington North" in page

    def test_escapes_names(self, admin: Client) -> None:
        seat = seat_with([("<b>Ann</b>", "lab"), ("Bob", "con")])
        nights.declare(seat, 20, 10, electorate=60)
        page = admin.get(f"/admin/results/contest/{seat.pk}/story/").content.decode()
        assert "<b>Ann</b>" not in page
        snapshot = ElectionSnapshot(seat.election)
        published = with_results(Contest.objects.all()).get(pk=seat.pk)
        story = story_of(snapshot, snapshot.seat(published))
        assert story is not None
        assert "<b>" not in story.html

    def test_zip_has_all_stories_of_a_night(self, admin: Client) -> None:
        election = islington.load(nights.user("paper"))
        answer = admin.get(f"/admin/results/election/{election.pk}/stories.zip")
        files = zipfile.ZipFile(io.BytesIO(answer.content))
        assert "islington-north.txt" in files.namelist()
        assert b"majority of 26,188" in files.read("islington-north.txt")

    def test_needs_permission(self, client: Client) -> None:
        client.force_login(nights.user("helper", staff=False))
        election = islington.load(nights.user("paper"))
        assert client.get(f"/admin/results/election/{election.pk}/stories.zip").status_code == 302

"""Draft stories: every fact of the report, none invented, and every kind of result."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import with_results
from results.models import Candidate, Contest, Election, LastResult
from results.rehearsal import islington
from results.stories.story import story_of
from tests import nights
from tests.stories.rules import faults_of

pytestmark = pytest.mark.django_db


def told(contest):
    """The draft of a seat as it stands; it must hold to the rules whatever it says."""
    snapshot = ElectionSnapshot(Election.objects.get(pk=contest.election_id))
    seat = snapshot.seat(with_results(Contest.objects.all()).get(pk=contest.pk))
    with election_locale(snapshot.election):
        story = story_of(snapshot, seat)
    if story is not None:
        assert faults_of(story) == [], story.text
    return story


class TestIslingtonNorth:
    @pytest.fixture
    def north(self):
        election = islington.load(nights.user("paper"))
        return Contest.objects.get(election=election, slug="islington-north")

    @pytest.mark.parametrize(
        "fact",
        [
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
        ],
    )
    def test_has_every_fact_of_the_report(self, north, fact):
        assert fact in told(north).text

    def test_invents_nothing(self, north):
        """Every figure is a field's: nothing is said of a share of 2017, which is not known."""
        story = told(north)
        assert "share of Labour" not in story.text
        assert "swing" not in story.text

    def test_partial_result_of_the_neighbour_is_plainly_partial(self, north):
        south = Contest.objects.get(slug="islington-south-and-finsbury")
        story = told(south)
        assert story.headline.text.endswith("; full figures to follow")
        assert "26,897" in story.text
        assert "9,569" in story.text
        assert "majority" not in story.text
        assert "valid votes" not in story.text

    def test_a_quote_in_their_own_words_a_photo_and_a_correction(self, north):
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
        ballot_counts = north.standing.declaration.ballot_counts
        wakeling = north.candidates.get(name="Nick Wakeling").pk
        changed = nights.ballot_counts(
            north,
            *{**ballot_counts.votes, wakeling: 8451}.values(),
            rejected=227,
            electorate=75162,
            turnout_announced=Decimal("71.8"),
        )
        desk.correct(
            north,
            changed,
            by=by,
            idempotency_key="c",
            base_revision=1,
            reason="Two digits were transposed.",
        )
        text = told(north).text
        assert "The mayor, mayor of Islington, Sobell Leisure Centre, said: “It has been" in text
        assert "(Two digits were transposed): before that" in text
        assert "was published as 8,415" in text


def seat_with(people, last=None, **more):
    return nights.contest(nights.election(), "Middletown", people, last=last, **more)


def declared(seat, *votes, **more):
    nights.declare(seat, *votes, **{"electorate": 60000, **more})
    return told(seat)


class TestHowASeatIsWon:
    def test_held(self):
        story = declared(seat_with([("Ann", "lab"), ("Bob", "con")], {"lab": 9, "con": 5}), 20, 10)
        assert story.headline.text == "Ann holds Middletown for Labour with a majority of 10"
        assert "Ann of Labour was elected with 20 votes, up from the party’s 9" in story.text

    def test_gained(self):
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"con": 9, "lab": 5})
        Candidate.objects.filter(name="Bob").update(sitting_member=True)
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith(
            "Ann gains Middletown for Labour from the Conservatives with a majority"
        )
        assert "The sitting member, Bob, was defeated." in story.text

    def test_with_nothing_to_compare(self):
        story = declared(seat_with([("Ann", "lab"), ("Bob", "con")]), 20, 10)
        assert story.headline.text.startswith("Ann wins Middletown for Labour with")

    def test_by_lot(self):
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"con": 9, "lab": 5})
        ann = seat.candidates.get(name="Ann")
        story = declared(seat, 10, 10, lot=(ann.pk,))
        assert story.headline.text.endswith("from the Conservatives by lot after a tie")
        assert "Bob of the Conservatives had as many, 10: the seat was decided by lot." in (
            story.text
        )

    def test_by_an_independent(self):
        seat = seat_with([("Ann", "independent"), ("Bob", "con")], {"con": 9, "lab": 5})
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith(
            "Ann, an independent, gains Middletown from the Conservatives"
        )
        assert "Ann, an independent, was elected with 20 votes." in story.text

    def test_by_an_independent_who_was_the_member(self):
        """Islington North, 2024: the same person under another label."""
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

    def test_by_the_speaker(self):
        seat = seat_with([("Ann", "speaker"), ("Bob", "independent")])
        story = declared(seat, 20, 10)
        assert story.headline.text.startswith("The Speaker, Ann, is returned in Middletown")
        assert "The Speaker, Ann, was elected with 20 votes." in story.text

    def test_after_a_recount(self):
        seat = seat_with([("Ann", "lab"), ("Bob", "con")])
        desk.report_status(seat, "recount", by=nights.user(), idempotency_key="r")
        assert ", after a recount." in declared(seat, 20, 10).text

    def test_for_several_seats(self):
        night = nights.election("council", deposits=False)
        ward = nights.contest(
            night, "Ward", [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")], seats=2
        )
        story = declared(ward, 900, 800, 700, papers=1500, rejected=10)
        assert story.headline.text == "Ann and Bob are elected in Ward"
        assert "All 2 seats are filled." in story.text

    def test_unopposed(self):
        story = declared(seat_with([("Ann", "lab")]), 20)
        assert "Ann" in story.headline.text

    def test_only_the_winner_is_known(self):
        seat = seat_with([("Ann", "lab"), ("Bob", "con")], {"lab": 9, "con": 5})
        desk.declare_winner(
            seat, [seat.candidates.get(name="Ann")], by=nights.user(), idempotency_key="f"
        )
        story = told(seat)
        assert story.headline.text == "Ann holds Middletown for Labour; full figures to follow"
        assert "The votes are not known yet." in story.text

    def test_no_result_no_story(self):
        seat = seat_with([("Ann", "lab"), ("Bob", "con")])
        assert told(seat) is None
        nights.declare(seat, 20, 10, electorate=60)
        desk.withdraw(
            seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="Wrong hall."
        )
        assert told(seat) is None


def test_across_midnight_in_the_elections_own_zone():
    night = nights.election("summer", timezone="America/New_York")
    seat = nights.contest(night, "Middletown", [("Ann", "lab"), ("Bob", "con")])
    at = datetime(2019, 12, 13, 4, 30, tzinfo=UTC)
    desk.declare(
        seat,
        nights.ballot_counts(seat, 20, 10, electorate=60),
        by=nights.user(),
        idempotency_key="k",
        warning_reason="So.",
        declared_at=at,
    )
    assert "declared at 23:30 on 12 December 2019" in told(seat).text


def test_a_rehearsals_worth_without_a_broken_sentence(tmp_path):
    call_command("rehearse", "dummy", "--seats", "60", "--speed", "0", "--declared", "60")
    night = Election.objects.get(slug="dummy")
    stories = [told(contest) for contest in night.contests.all()]
    assert len([story for story in stories if story]) >= 55
    call_command("stories", "dummy", str(tmp_path / "out"))
    assert len(list((tmp_path / "out").glob("*.txt"))) >= 55


def test_the_command_says_which_election_there_is_none_of(tmp_path):
    with pytest.raises(CommandError, match="no election nowhere"):
        call_command("stories", "nowhere", str(tmp_path))


class TestAtTheDesk:
    @pytest.fixture
    def admin(self, client):
        client.force_login(nights.user("editor", staff=True))
        return client

    def test_a_page_to_copy_from_with_every_figure_marked(self, admin):
        election = islington.load(nights.user("paper"))
        north = Contest.objects.get(election=election, slug="islington-north")
        page = admin.get(f"/admin/results/contest/{north.pk}/story/").content.decode()
        assert '<abbr title="votes of Nick Wakeling">8,415</abbr>' in page
        assert '<abbr title="majority">26,188</abbr>' in page
        assert "&lt;h1&gt;Jeremy Corbyn holds Islington North" in page

    def test_what_people_typed_is_escaped(self, admin):
        seat = seat_with([("<b>Ann</b>", "lab"), ("Bob", "con")])
        nights.declare(seat, 20, 10, electorate=60)
        page = admin.get(f"/admin/results/contest/{seat.pk}/story/").content.decode()
        assert "<b>Ann</b>" not in page
        snapshot = ElectionSnapshot(seat.election)
        story = story_of(
            snapshot, snapshot.seat(with_results(Contest.objects.all()).get(pk=seat.pk))
        )
        assert "<b>" not in story.html

    def test_all_of_a_night_in_one_file(self, admin):
        election = islington.load(nights.user("paper"))
        answer = admin.get(f"/admin/results/election/{election.pk}/stories.zip")
        files = zipfile.ZipFile(io.BytesIO(answer.content))
        assert "islington-north.txt" in files.namelist()
        assert b"majority of 26,188" in files.read("islington-north.txt")

    def test_not_for_everyone(self, client):
        client.force_login(nights.user("helper", staff=False))
        election = islington.load(nights.user("paper"))
        assert client.get(f"/admin/results/election/{election.pk}/stories.zip").status_code == 302

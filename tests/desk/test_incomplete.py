"""Some totals without a winner: public with a label, in no sum, and followed by more."""

import csv
import io
import json
import re
from typing import Any

import feedparser
import pytest
from django.core.management import call_command
from django.test import Client

from results import desk
from results.desk.ballot_papers import why_nobody_joins
from results.models import (
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    Election,
    Night,
    ReviewItem,
    Standing,
)
from tests import nights

pytestmark = pytest.mark.django_db
LABEL = "Incomplete: 2 of 3 totals known"
REASON = "A figure was misheard."
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def seat() -> Contest:
    night = nights.election(second_person=Election.SecondPerson.NEVER)
    people = [("Ann Abel", "con"), ("Bob Bell", "lab"), ("Cat Cole", "ld")]
    last = {"con": 20000, "lab": 9000}
    seat = nights.contest(night, "Middletown", people, last=last, region="East")
    nights.contest(night, "Otherham", people)
    Assignment.objects.create(reporter=nights.user(), contest=seat)
    return seat


def some(seat: Contest, *votes: int | None, **more: Any) -> desk.PublishResult:
    return nights.publish_some(seat, *votes, **more)


def page(path: str) -> str:
    html = Client().get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def exported(seat: Contest) -> dict[str, Any]:
    contests = json.loads(Client().get("/ge/results.json").content)["contests"]
    found: dict[str, Any] = next(each for each in contests if each["slug"] == seat.slug)
    return found


def verify() -> None:
    """Run `verify`, which raises where anything does not follow from the record."""
    call_command("verify", "ge", verbosity=0)


class TestPublished:
    @pytest.fixture(autouse=True)
    def totals(self, seat: Contest) -> None:
        some(seat, 21000, None, 900)

    def test_is_labelled_wherever_readers_see_it(self, seat: Contest) -> None:
        for path in ("/ge/middletown/", "/ge/", "/ge/feed/", "/ge/bulletins/1/"):
            assert LABEL in page(path), path
        assert re.search(r"Ann Abel Con 21,000 Bob Bell Lab – not known yet Cat", page("/ge/"))
        (entry,) = feedparser.parse(Client().get("/ge/feed.atom").content).entries
        assert (entry.title, entry.summary) == (
            f"Middletown. {LABEL}",
            "Ann Abel 21,000, Cat Cole 900",
        )
        fragments = Bulletin.objects.get().fragments
        assert LABEL in fragments["row-middletown"]
        assert Bulletin.objects.get().summary == f"Middletown. {LABEL}"

    def test_is_no_result_anywhere(self, seat: Contest) -> None:
        night, standing = Night.objects.get(), Standing.objects.get(contest=seat)
        assert night.standing_tally.contests == 0
        assert not standing.has_result
        assert (standing.first_declared_at, standing.turnout_change) == (None, None)
        assert "0 of 2" in page("/ge/")
        assert "21,000" not in page("/ge/records/")
        text = page("/ge/middletown/").partition("Last time")[0].replace("who is elected", "")
        assert "elected" not in text

    def test_is_told_apart_from_a_result_in_exports(self, seat: Contest) -> None:
        contest = exported(seat)
        assert (contest["status"], contest["partial"], contest["result"]) == (
            "incomplete",
            False,
            None,
        )
        assert {each["votes"] for each in contest["candidates"]} == {None}
        assert {each["elected"] for each in contest["candidates"]} == {None}
        ids = [candidate.pk for candidate in seat.candidates.all()]
        assert contest["incomplete"] == {
            "label": LABEL,
            "known": 2,
            "of": 3,
            "totals": [{"candidate": ids[0], "votes": 21000}, {"candidate": ids[2], "votes": 900}],
        }
        table = io.StringIO(Client().get("/ge/results.csv").content.decode("utf-8-sig"))
        rows = [row for row in csv.DictReader(table) if row["contest"] == "Middletown"]
        assert {(row["status"], row["votes"]) for row in rows} == {("incomplete", "")}
        assert [row["incomplete_votes"] for row in rows] == ["21000", "", "900"]

    def test_stays_while_the_count_goes_on(self, seat: Contest) -> None:
        request: dict[str, Any] = {"by": nights.user(), "idempotency_key": nights.key()}
        desk.report_status(seat, Standing.Status.RECOUNT, **request)
        text = page("/ge/middletown/")
        assert LABEL in text
        assert "Recount" in text
        with pytest.raises(desk.InvalidTransition, match="Some totals are published"):
            desk.report_status(seat, Standing.Status.POSTPONED, **request | {"idempotency_key": ""})
        verify()

    def test_last_total_makes_it_a_result(self, seat: Contest) -> None:
        with pytest.raises(desk.ValidationRefused):
            some(seat, None, 9000, None, base_revision=1)
        assert why_nobody_joins(seat)

    def test_winner_keeps_the_totals(self, seat: Contest) -> None:
        nights.declare_winner(
            seat,
            seat.candidates.filter(name="Bob Bell"),
            by=nights.user(),
            idempotency_key="w",
            base_revision=1,
        )
        declaration = Declaration.objects.latest("revision")
        assert declaration.kind == Declaration.Kind.WINNER_ONLY
        votes = {total.candidate.name: total.votes for total in declaration.totals.all()}
        assert votes == {"Ann Abel": 21000, "Bob Bell": None, "Cat Cole": 900}
        assert LABEL not in page("/ge/")
        assert Standing.objects.get(contest=seat).first_sequence == 2
        # Its sender's repeated request is the same one, though the totals were added to it.
        again = nights.declare_winner(
            seat,
            seat.candidates.filter(name="Bob Bell"),
            by=nights.user(),
            idempotency_key="w",
            base_revision=1,
        )
        assert again.repeated
        verify()

    def test_result_goes_to_the_top_as_a_declaration(self, seat: Contest) -> None:
        nights.declare(Contest.objects.get(slug="otherham"), 5, 6, 7)
        nights.declare_counts(
            seat,
            nights.ballot_counts(seat, 21000, 20000, 900),
            by=nights.user(),
            idempotency_key="d",
            base_revision=1,
            warning_reason="So.",
        )
        standing = Standing.objects.get(contest=seat)
        assert (standing.status, standing.first_sequence, standing.incomplete) == (
            "declared",
            3,
            False,
        )
        entries = re.findall(r'id="(result-\w+)"', Client().get("/ge/").content.decode())
        assert entries == ["result-middletown", "result-otherham"]
        assert Client().get("/ge/bulletins/1/").headers["Location"] == "/ge/bulletins/3/"
        assert "incomplete" not in exported(seat)
        verify()

    def test_result_with_another_total_is_a_correction(self, seat: Contest) -> None:
        counts = nights.ballot_counts(seat, 20000, 21000, 900)
        request = {"by": nights.user(), "idempotency_key": "d", "base_revision": 1}
        request |= {"warning_reason": "So."}
        with pytest.raises(desk.ValidationRefused) as refusal:
            nights.declare_counts(seat, counts, **request)
        assert "claim_differs" in [message.code for message in refusal.value.messages]
        nights.declare_counts(seat, counts, reason=REASON, **request)
        standing = Standing.objects.get(contest=seat)
        assert (standing.status, standing.first_sequence) == ("corrected", 2)
        assert f"{REASON}" in page("/ge/corrections/")
        assert re.search(r"Ann Abel (was )?21,000 (is |now )?20,000", page("/ge/corrections/"))
        verify()

    def test_is_withdrawn_in_its_own_words(self, seat: Contest) -> None:
        nights.withdraw(seat, by=nights.user(), idempotency_key="x", base_revision=1, reason=REASON)
        assert "The totals we published here are withdrawn." in page("/ge/middletown/")
        assert "The totals that were published here are withdrawn." in page("/ge/")
        assert LABEL not in page("/ge/")
        assert "incomplete" not in exported(seat)
        verify()


def test_more_totals_follow_in_the_same_entry(seat: Contest) -> None:
    some(seat, 21000, None, None)
    nights.declare(Contest.objects.get(slug="otherham"), 5, 6, 7)
    some(seat, None, None, 900, base_revision=1)
    bulletin = Bulletin.objects.latest("sequence")
    assert (bulletin.kind, bulletin.first_sequence) == ("incomplete", 1)
    entries = re.findall(r'id="(result-\w+)"', Client().get("/ge/").content.decode())
    assert entries == ["result-otherham", "result-middletown"]
    assert LABEL in page("/ge/")
    assert some(seat, 21000, None, 900, base_revision=2).unchanged
    with pytest.raises(desk.ValidationRefused):
        some(seat, 21001, None, 900, base_revision=2)
    some(seat, 21001, None, 900, base_revision=2, reason=REASON)
    newest = Declaration.objects.latest("revision")
    assert (newest.kind, newest.incomplete) == (Declaration.Kind.CORRECTION, True)
    assert Standing.objects.get(contest=seat).status == Standing.Status.INCOMPLETE
    assert REASON in page("/ge/corrections/")
    verify()


@pytest.mark.parametrize(
    ("votes", "code"),
    [((None, None, None), "no_total"), ((1, 2, 3), "nothing_missing"), ((80000, None, 1), "sum")],
)
def test_refuses_none_all_and_the_impossible(
    seat: Contest, votes: tuple[int | None, ...], code: str
) -> None:
    Contest.objects.update(electorate=70000)
    with pytest.raises(desk.ValidationRefused) as refusal:
        some(seat, *votes)
    assert [message.code.startswith(code) for message in refusal.value.messages] == [True]
    assert not Bulletin.objects.exists()


def test_says_less_than_a_result(seat: Contest) -> None:
    nights.declare(seat, 1, 2, 3)
    with pytest.raises(desk.InvalidTransition, match="some totals say less"):
        some(seat, 1, None, None, base_revision=1)


def test_waits_for_a_second_person_as_results_do(seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    counts = nights.ballot_counts(seat, 21000, None, 900)
    requests = [
        desk.RevisionRequest(
            kind=Declaration.Kind.INCOMPLETE, by=nights.user(name), idempotency_key=name
        )
        for name in ("first", "second")
    ]
    assert isinstance(desk.submit_result(seat, counts, requests[0]), ReviewItem)
    assert not Bulletin.objects.exists()
    assert isinstance(desk.submit_result(seat, counts, requests[1]), desk.PublishResult)
    assert LABEL in page("/ge/")


def test_counting_area_is_not_added_up(seat: Contest) -> None:
    night = nights.election("mayor", kind="mayor")
    people = [("Ann Abel", "con"), ("Bob Bell", "lab"), ("Cat Cole", "ld")]
    whole = nights.contest(night, "Region", people)
    area = nights.contest(night, "Aford", people, part_of=whole)
    for one, other in zip(area.candidates.all(), whole.candidates.all(), strict=True):
        area.candidates.filter(pk=one.pk).update(counts_for=other)
    some(area, 21000, None, 900)
    assert LABEL in page("/mayor/aford/")
    assert "0 of 1 counting areas" in page("/mayor/region/")

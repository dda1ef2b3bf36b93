"""What `export` writes is read back: the same results in another election."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from results import desk
from results.models import Contest, Election, LastResult, Party, Person, Standing, clock
from tests import nights
from tests.exchange.reading import read, write
from tests.present import present

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Contest:
    """Islington North is declared, a ward of two is, and another seat is awaited."""
    night = nights.election()
    seat = nights.islington_north(night)
    ward = nights.contest(
        night, "=Hill", [("Ann Ash", "lab"), ("-Al", "lab"), ("Bob", "independent")], seats=2
    )
    nights.contest(night, "Dale", [("Cat Cedar", "green"), ("Dot", "con")])
    counts = nights.islington_ballot_counts(seat)
    with clock.at(datetime(2019, 12, 13, 3, 18, tzinfo=UTC)):
        nights.declare(seat, *counts.votes.values(), rejected=227, electorate=75162)
        nights.declare(ward, 900, 890, 1, rejected=3)
    return seat


def figures() -> dict[str, object]:
    """Of each declared contest of the newest election: votes by name, and other counts."""
    standings = Standing.objects.exclude(declaration=None).select_related("contest", "declaration")
    found: dict[str, object] = {}
    for standing in standings.order_by("pk"):
        names = dict(standing.contest.candidates.values_list("pk", "name"))
        counts = present(standing.declaration).ballot_counts
        found[standing.contest.name] = (
            {names[key]: votes for key, votes in counts.votes.items()},
            counts.rejected,
            counts.electorate,
            sorted(row["label"] for row in standing.summary["elected"]),
        )
    return found


@pytest.mark.parametrize("form", ["csv", "democracy-club"])
def test_reads_an_export_back(night: Contest, tmp_path: Path, form: str) -> None:
    out = io.StringIO()
    call_command("export", "ge", "--format", form, stdout=out)
    file = write(tmp_path, out.getvalue())
    before = figures()
    assert set(before) == {"Islington North", "=Hill"}
    edition, _notes = read(file)
    assert len(edition.seats) == 2
    call_command("load_results", "again", file, "--as", "declared", "--date", "2019-12-12")
    Standing.objects.filter(contest__election__slug="ge").delete()
    assert figures() == before


def test_an_export_is_last_time_of_the_next_election(night: Contest, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export", "ge", "--format", "csv", stdout=out)
    LastResult.objects.all().delete()
    Election.objects.update(date="2024-07-04")
    reason = ["--reason", "Last time’s results were missing."]
    call_command("load_results", "ge", write(tmp_path, out.getvalue()), *reason)
    assert LastResult.objects.get(contest__name="=Hill").last_time.holders[0].label == "lab"
    assert LastResult.objects.get(contest__name="=Hill").seats == 2


def everything_that_happens(night: Election) -> None:
    """A contest of each outcome: a winner only, unopposed, vacant, nobody, postponed, by lot."""
    by = nights.user()
    lab_and_green = [("Ann Ash", "lab"), ("Bob Birch", "green")]

    def ward(name: str, people: list[tuple[str, str]], seats: int = 1, **more: Any) -> Contest:
        return nights.contest(night, name, people, seats=seats, **more)

    winner = ward("Winner", lab_and_green)
    nights.declare_winner(winner, winner.candidates.filter(name="Bob Birch"),
                          by=by, idempotency_key="winner")  # fmt: skip
    for name, people, seats in (("Full", lab_and_green, 2), ("Short", lab_and_green, 3),
                                ("Nobody", [], 1)):  # fmt: skip
        desk.publish_unopposed(ward(name, people, seats), by=by, idempotency_key=name)
    late = ward("Late", [*lab_and_green, ("Cat Cedar", "con")], 2)
    desk.report_status(late, Standing.Status.POSTPONED, by=by,
                       idempotency_key="late")  # fmt: skip
    tie = ward("Tie", lab_and_green, ballot_paper_id="parl.tie.by.2019-12-12",
               by_election=True)  # fmt: skip
    nights.declare(tie, 7, 7, lot=(tie.candidates.get(name="Bob Birch").pk,),
                   turnout_announced=Decimal("33.4"))  # fmt: skip
    nights.declare(ward("Tie", lab_and_green, slug="tie-2"), 7, 6)


def test_export_loaded_into_an_empty_desk_is_exported_the_same(
    night: Contest, tmp_path: Path
) -> None:
    election = night.election
    everything_that_happens(election)
    Party.objects.filter(slug="lab").update(electoral_commission_id="PP53")
    number = Person.objects.create(name="Bob Birch", democracy_club_id=77)
    Contest.objects.get(name="Late").candidates.filter(name="Bob Birch").update(person=number)

    def export(slug: str) -> str:
        out = io.StringIO()
        call_command("export", slug, "--format", "democracy-club", stdout=out)
        return out.getvalue()

    before = export("ge")
    file = write(tmp_path, before)
    rows = list(csv.DictReader(io.StringIO(before)))
    assert {row["ballot_paper_id"] for row in rows} == {"", "parl.tie.by.2019-12-12"}
    assert {row["party_id"] for row in rows if row["person_name"] == "Ann Ash"} == {"PP53"}
    Election.objects.all().delete()
    for _again in range(2):
        call_command("load_results", "again", file, "--as", "declared")
        assert export("again") == before


def test_export_as_csv_brings_back_what_is_not_a_full_result(
    night: Contest, tmp_path: Path
) -> None:
    everything_that_happens(night.election)
    out = io.StringIO()
    call_command("export", "ge", "--format", "csv", stdout=out)

    def state() -> dict[str, list[Any]]:
        """By contest: its seats, status, and how many seats nobody took."""
        return {
            each.contest.name: [each.contest.seats, each.status, each.summary.get("vacancies")]
            for each in Standing.objects.select_related("contest")
            if each.status != Standing.Status.AWAITING
        }

    before = state()
    assert before["Short"] == [3, "unopposed", 1]
    assert before["Late"] == [2, "postponed", None]
    Election.objects.all().delete()
    call_command("load_results", "again", write(tmp_path, out.getvalue()), "--as", "declared",
                 "--date", "2019-12-12")  # fmt: skip
    assert state() == before
    assert Standing.objects.get(contest__name="Winner").summary["elected"][0]["name"] == "Bob Birch"

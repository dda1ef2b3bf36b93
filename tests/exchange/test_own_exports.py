"""What `export` writes is read back: the same results in another election."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from results.models import Contest, Election, LastResult, Standing, clock
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
    call_command("load_results", "ge", write(tmp_path, out.getvalue()))
    assert LastResult.objects.get(contest__name="=Hill").last_time.holders[0].label == "lab"
    assert LastResult.objects.get(contest__name="=Hill").seats == 2

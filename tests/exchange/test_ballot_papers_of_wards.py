"""Ballot papers in a council's table of wards, from which its turnout comes."""

from pathlib import Path

import pytest
from django.core.management import call_command

from results.live.seat import read_seats
from results.models import Contest, Declaration
from tests.exchange import files

pytestmark = pytest.mark.django_db

RESULTS = """council,ward,candidate,party,votes,elected
Northshire Council,Hill,Ann Ash,Labour,900,yes
Northshire Council,Hill,Al Alder,Labour,890,yes
Northshire Council,Hill,Bob Birch,Green,600,no
"""
HEADER = "council,ward,seats,electorate"
ROW = "Northshire Council,Hill,2,5000"


def load(tmp_path: Path, header: str, row: str) -> Declaration:
    results = files.write(tmp_path, "results.csv", RESULTS)
    wards = files.write(tmp_path, "wards.csv", f"{HEADER},{header}\n{ROW},{row}\n")
    options = ("--as", "declared", "--date", "2022-05-05")
    call_command("load_results", "may", results, wards, *options)
    return Contest.objects.get().declarations.get()


@pytest.mark.parametrize(
    ("header", "row", "papers"),
    [
        ("ballots_valid,rejected", "1480,20", 1500),
        ("papers", "1500", 1500),
        ("papers,ballots_valid,rejected", "1501,1480,20", 1501),
        ("ballots_valid,rejected", "1480,", None),
        ("ballots_valid", "1480", None),
        ("rejected", "20", None),
    ],
)
def test_papers_are_as_the_table_says_or_those_valid_and_rejected(
    tmp_path: Path, header: str, row: str, papers: int | None
) -> None:
    assert load(tmp_path, header, row).papers == papers


def test_missing_candidate_is_named_in_the_file_of_votes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, "rejected", "20")
    results = files.write(tmp_path, "results.csv", RESULTS.rpartition("Northshire")[0])
    call_command("compare", "may", results, tmp_path / "wards.csv")
    assert f"{results}:2: candidate: Hill: no votes for Bob Birch" in capsys.readouterr().err


def test_more_votes_than_papers_have_are_named_and_published(tmp_path: Path) -> None:
    load(tmp_path, "ballots_valid,rejected", "1180,10")
    (seat,) = read_seats(Contest.objects.all())
    (sentence,) = seat.discrepancies
    assert sentence.startswith("As published, the votes make 2,390: more than 2 for")

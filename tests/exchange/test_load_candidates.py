"""Democracy Club's candidates files, of 2019 and of today."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Candidate, Contest, Election, Party, Person
from tests import nights
from tests.exchange import files
from tests.present import present

pytestmark = pytest.mark.django_db


def load(tmp_path: Path, text: str = files.NOMINATIONS, slug: str = "vale") -> Election:
    call_command("load_candidates", slug, files.write(tmp_path, "nominations.csv", text))
    return Election.objects.get(slug=slug)


def test_creates_contests_and_candidates_in_ballot_order(tmp_path: Path) -> None:
    election = load(tmp_path)
    assert election.date.isoformat() == "2031-05-02"
    assert election.polls_close.astimezone(election.zone).strftime("%H:%M") == "22:00"
    seat = election.contests.get(slug="vale-riverside")
    assert seat.code == "E14000793"
    assert [candidate.name for candidate in seat.candidates.all()] == [
        "Bob Abbot",
        "Tom Crone",
        "Ann Hall",
    ]
    assert [candidate.label for candidate in seat.candidates.all()] == [
        "independent",
        "green",
        "lab",
    ]
    assert Candidate.objects.get(name="Cat Moss").label == "lab"
    moss = Candidate.objects.get(name="Cat Moss")
    assert present(moss.party).name == "Labour and Co-operative"
    assert election.contests.get(code="W07000064").slug == "mor"


def test_updates_only_what_differs_when_loaded_again(tmp_path: Path) -> None:
    load(tmp_path)
    before = set(Candidate.objects.values_list("pk", flat=True))
    load(tmp_path, files.NOMINATIONS.replace("Tom Crone", "Thomas Zcrone"))
    assert set(Candidate.objects.values_list("pk", flat=True)) == before
    seat = Contest.objects.get(slug="vale-riverside")
    assert [candidate.name for candidate in seat.candidates.all()][-1] == "Thomas Zcrone"
    assert Person.objects.count() == 4


def test_reads_newer_columns_and_several_seats(tmp_path: Path) -> None:
    election = load(tmp_path, files.NEWER_NOMINATIONS)
    ward = election.contests.get()
    assert (ward.seats, ward.code, present(ward.region).name) == (2, "E05000001", "South East")
    first = present(ward.candidates.first())
    assert (first.name, first.description) == ("Zoe Archer", "Vote Green")


def test_removes_a_missing_candidate_unless_they_have_votes(tmp_path: Path) -> None:
    election = load(tmp_path)
    seat = election.contests.get(slug="vale-riverside")
    without = "\n".join(line for line in files.NOMINATIONS.splitlines() if "Tom Crone" not in line)
    Election.objects.update(polls_close="2020-01-01T22:00Z")
    nights.declare(seat, 1, 2, 3)
    with pytest.raises(CommandError, match="Tom Crone has votes"):
        load(tmp_path, without)
    assert seat.candidates.count() == 3


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (files.NOMINATIONS.replace("election_date", "day"), "1: election_date: column is missing"),
        (files.NOMINATIONS.replace("12,Ann", "twelve,Ann"), "3: person_id: “twelve” is not a"),
        (files.NOMINATIONS.replace("14,Cat Moss", "14,"), "5: person_name: is empty"),
        (files.NOMINATIONS.replace("13,Bob", "11,Bob"), "4: person_id: Bob Abbot is nominated"),
        (files.NOMINATIONS.replace("2031-05-02,\n12", "soon,\n12"), "2: election_date: “soon”"),
        ("", "is empty"),
        ("id,name\n1\n", "2: has 1 cells, the header 2"),
        ('id,name\n"1,2\n', "is not CSV"),
        ("id\0", "is not a text file"),
    ],
)
def test_reports_line_and_column_of_errors_and_changes_nothing(
    tmp_path: Path, text: str, error: str
) -> None:
    with pytest.raises(CommandError) as raised:
        load(tmp_path, text)
    assert error in str(raised.value)
    assert "nominations.csv" in str(raised.value)
    assert "Nothing was changed." in str(raised.value)
    assert raised.value.returncode == 1
    assert not Election.objects.exists()
    assert not Party.objects.exists()


def test_reports_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_candidates", "vale", tmp_path / "nowhere.csv")


def test_refuses_a_slug_that_is_an_address_of_the_site(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="address of the site"):
        load(tmp_path, slug="admin")


def test_loads_the_real_file(election_data: Path) -> None:
    file = next((election_data / "democracy-club-2019").glob("*.csv"))
    call_command("load_candidates", "ge", file)
    assert Contest.objects.count() == 650
    assert Candidate.objects.count() == 3320
    assert Contest.objects.get(code="W07000041").slug == "ynys-mon"
    islington = Contest.objects.get(slug="islington-north")
    assert islington.candidates.count() == 6
    assert islington.candidates.all()[1].name == "James Clark"

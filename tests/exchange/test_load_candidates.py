"""Democracy Club's candidates files, of 2019 and of today."""

import pytest
from django.core.management import CommandError, call_command

from results.models import Candidate, Contest, Election, Party, Person
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db


def load(tmp_path, text=files.NOMINATIONS, slug="vale"):
    call_command("load_candidates", slug, files.write(tmp_path, "nominations.csv", text))
    return Election.objects.get(slug=slug)


def test_contests_and_candidates_in_ballot_order(tmp_path):
    election = load(tmp_path)
    assert election.date.isoformat() == "2031-05-02"
    assert election.polls_close.astimezone(election.zone).strftime("%H:%M") == "22:00"
    seat = election.contests.get(slug="vale-riverside")
    assert seat.code == "E14000793"
    assert [one.name for one in seat.candidates.all()] == ["Bob Abbot", "Tom Crone", "Ann Hall"]
    assert [one.label for one in seat.candidates.all()] == ["independent", "green", "lab"]
    assert Candidate.objects.get(name="Cat Moss").label == "lab"
    assert Candidate.objects.get(name="Cat Moss").party.name == "Labour and Co-operative"
    assert election.contests.get(code="W07000064").slug == "mor"


def test_loading_again_changes_nothing_and_updates_what_differs(tmp_path):
    load(tmp_path)
    before = set(Candidate.objects.values_list("pk", flat=True))
    load(tmp_path, files.NOMINATIONS.replace("Tom Crone", "Thomas Zcrone"))
    assert set(Candidate.objects.values_list("pk", flat=True)) == before
    seat = Contest.objects.get(slug="vale-riverside")
    assert [one.name for one in seat.candidates.all()][-1] == "Thomas Zcrone"
    assert Person.objects.count() == 4


def test_todays_columns_and_several_seats(tmp_path):
    election = load(tmp_path, files.NEWER_NOMINATIONS)
    ward = election.contests.get()
    assert (ward.seats, ward.code, ward.region.name) == (2, "E05000001", "South East")
    first = ward.candidates.first()
    assert (first.name, first.description) == ("Zoe Archer", "Vote Green")


def test_a_candidate_who_left_is_removed_unless_counted(tmp_path):
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
def test_a_bad_file_names_the_place_and_changes_nothing(tmp_path, text, error):
    with pytest.raises(CommandError) as told:
        load(tmp_path, text)
    assert error in str(told.value)
    assert "nominations.csv" in str(told.value)
    assert "Nothing was changed." in str(told.value)
    assert told.value.returncode == 1
    assert not Election.objects.exists()
    assert not Party.objects.exists()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_candidates", "vale", tmp_path / "nowhere.csv")


def test_an_address_of_the_site_is_refused(tmp_path):
    with pytest.raises(CommandError, match="address of the site"):
        load(tmp_path, slug="admin")


def test_the_real_file(election_data):
    file = next((election_data / "democracy-club-2019").glob("*.csv"))
    call_command("load_candidates", "ge", file)
    assert Contest.objects.count() == 650
    assert Candidate.objects.count() == 3320
    assert Contest.objects.get(code="W07000041").slug == "ynys-mon"
    islington = Contest.objects.get(slug="islington-north")
    assert islington.candidates.count() == 6
    assert islington.candidates.all()[1].name == "James Clark"

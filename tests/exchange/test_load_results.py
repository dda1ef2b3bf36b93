"""The House of Commons Library's files, whatever the edition."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from results.models import Bulletin, Candidate, Contest, Election, LastResult, Night, Standing
from tests.exchange import files

pytestmark = pytest.mark.django_db


FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture
def library(tmp_path):
    """`library(command, seats=…, candidates=…)`: write both files and run the command on them."""

    def run(command="load_results", *options, seats=files.SEATS, candidates=files.CANDIDATES):
        Election.objects.update(polls_close="2020-01-01T22:00Z")
        given = [("seats.csv", seats), ("candidates.csv", candidates)]
        paths = [files.write(tmp_path, name, text) for name, text in given if text]
        call_command(command, "vale", *paths, *options)
        return Election.objects.get(slug="vale")

    return run


@pytest.fixture(autouse=True)
def polls_have_closed(monkeypatch):
    """The invented poll is in the future: its close of poll is not what is tested here."""
    monkeypatch.setattr("results.desk.checks.timezone.now", lambda: FAR_AHEAD)


def test_declared_is_through_the_door(library):
    election = library("load_results", "--as", "declared")
    assert Bulletin.objects.count() == 2
    lines = [one.line for one in Bulletin.objects.order_by("sequence")]
    assert lines == [
        "Labour win Upper Vale, majority 2,000",
        "Conservatives win Lower Vale, East, majority 500",
    ]
    upper = Standing.objects.get(contest__slug="upper-vale")
    assert upper.first_declared_at.astimezone(election.zone).strftime("%d %H:%M") == "02 01:30"
    assert upper.declaration.by.username == "wire"
    assert not upper.declaration.by.is_active


def test_declaring_again_publishes_nothing(library):
    library("load_results", "--as", "declared")
    library("load_results", "--as", "declared")
    assert Night.objects.get().sequence == 2


def test_labour_and_co_operative_is_folded_in_tallies_only(library):
    library("load_results", "--as", "declared")
    tally = Night.objects.get().standing_tally
    assert tally.lines["lab"].votes == 21000 + 13500
    assert Candidate.objects.get(name="Dan Reed").party.name == "Labour and Co-operative"


def test_last_time(library):
    library("load_results", "--as", "declared")
    library("load_results", "--as", "previous")
    last = LastResult.objects.get(contest__slug="lower-vale-east")
    assert (last.valid, last.electorate, last.rejected) == (30000, 60000, None)
    assert last.votes.get(elected=True).label == "con"
    # What was declared compares with it at once, under a new epoch.
    summary = Standing.objects.get(contest__slug="lower-vale-east").summary
    assert summary["elected"][0]["hold"]
    assert last.votes.get(name="Eve Lane").person == Candidate.objects.get(name="Eve Lane").person


def test_last_time_from_the_file_by_constituency_alone(library):
    library("load_results", "--as", "declared")
    library("load_results", "--as", "previous", candidates="")
    last = LastResult.objects.get(contest__slug="upper-vale")
    assert {vote.label: vote.votes for vote in last.votes.all()} == {"con": 19000, "lab": 21000}
    assert last.votes.get(elected=True).label == "lab"


def test_an_edition_with_other_columns(library):
    election = library(
        "load_results",
        "--as",
        "declared",
        "--date",
        "2031-07-04",
        seats=files.NEWER_SEATS,
        candidates=files.NEWER_CANDIDATES,
    )
    assert election.name == "General election, 4 July 2031"
    standing = Standing.objects.get()
    assert standing.summary["elected"][0]["label"] == "reform"
    assert standing.first_declared_at is None
    assert Candidate.objects.get(name="Ann Hall").person.democracy_club_id == 101


def test_files_by_candidate_alone_are_a_night_without_times(library):
    library("replay", "--speed", "0", "--date", "2031-05-01", seats="")
    assert Standing.objects.filter(first_declared_at=None).count() == 2


def test_another_order_of_columns_semicolons_and_mojibake(library):
    rows = [line.split(",") for line in files.NEWER_CANDIDATES.splitlines()]
    turned = "\n".join(";".join(reversed(row)) for row in rows).replace("\ufeff", "")
    mojibake = turned.replace("Upper Vale", "Ynys M\u00c3\u00b4n\t")
    library("replay", "--speed", "0", "--date", "2031-05-01", seats="", candidates=mojibake)
    assert Contest.objects.get().name == "Ynys Môn"


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (
            {"seats": files.SEATS.replace("40000,100", "many,100")},
            "seats.csv:2: valid_votes: “many”",
        ),
        (
            {"seats": files.SEATS.replace("2031-05-02 01:30:00", "late")},
            "seats.csv:2: declaration_t",
        ),
        ({"seats": files.SEATS.replace("electorate", "voters")}, "seats.csv:1: electorate: column"),
        (
            {"candidates": files.CANDIDATES.replace("19000", "-19")},
            "candidates.csv:3: votes: “-19”",
        ),
        (
            {"candidates": files.CANDIDATES.replace("Hall", "")},
            "candidates.csv:2: surname: is empty",
        ),
        ({"candidates": files.CANDIDATES[:400]}, "candidates.csv:"),
        ({"seats": "a,b\n1,2\n"}, "seats.csv:1: has neither"),
        ({"seats": files.SEATS + files.SEATS.splitlines()[1] + "\n"}, "Upper Vale is there twice"),
    ],
)
@pytest.mark.parametrize("command", ["load_results", "replay"])
def test_a_bad_file_names_the_place_and_changes_nothing(library, command, broken, error):
    options = ["--as", "declared"] if command == "load_results" else ["--speed", "0"]
    with pytest.raises(CommandError) as told:
        library(command, *options, **broken)
    assert error in str(told.value)
    assert not Election.objects.exists()


def test_without_a_day_it_asks_for_one(library):
    with pytest.raises(CommandError, match="give --date"):
        library("replay", seats="")


def test_last_time_of_an_election_without_contests(library):
    with pytest.raises(CommandError, match="load its candidates first"):
        library("load_results", "--date", "2031-05-01")


def test_a_constituency_that_the_election_does_not_have(library):
    library("load_results", "--as", "declared")
    other = files.SEATS.replace("X2", "X9").replace("Lower Vale, East", "Nowhere")
    with pytest.raises(CommandError, match="Nowhere is not a contest"):
        library("load_results", seats=other, candidates="")
    assert not LastResult.objects.exists()


def test_what_the_file_says_of_itself_is_compared_and_told(library, capsys):
    library("load_results", "--as", "declared", seats=files.SEATS.replace("40000,100", "40001,100"))
    assert "Upper Vale: 40001 valid votes in the file, 40000" in capsys.readouterr().err

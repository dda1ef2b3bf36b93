"""The House of Commons Library's files, whatever the edition."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from results import desk
from results.arithmetic import BLOCK, ValidationMessage
from results.live.seat import read_seats
from results.models import (
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    Election,
    LastResult,
    Night,
    Region,
    Standing,
)
from tests.exchange import files
from tests.present import present

pytestmark = pytest.mark.django_db


Load = Callable[..., Election]
FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return `load(command, *options, seats=…, candidates=…)`: it runs a command on both files."""

    def run_command(
        command: str = "load_results",
        *options: str,
        seats: str = files.SEATS,
        candidates: str = files.CANDIDATES,
    ) -> Election:
        Election.objects.update(polls_close="2020-01-01T22:00Z")
        if command == "load_results" and "declared" not in options:  # the poll four years before
            seats, candidates = (text.replace("2031", "2027") for text in (seats, candidates))
            options = (*options, "--reason", "Last time’s results were missing.")
        texts = [("seats.csv", seats), ("candidates.csv", candidates)]
        paths = [files.write(tmp_path, name, text) for name, text in texts if text]
        call_command(command, "vale", *paths, *options)
        return Election.objects.get(slug="vale")

    return run_command


@pytest.fixture(autouse=True)
def close_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files' poll is in the future; desk refuses declarations before its close."""
    monkeypatch.setattr("results.desk.checks.timezone.now", lambda: FAR_AHEAD)


def test_declares_results_as_bulletins_at_their_own_time(load: Load) -> None:
    election = load("load_results", "--as", "declared")
    assert Bulletin.objects.count() == 2
    summaries = [bulletin.summary for bulletin in Bulletin.objects.order_by("sequence")]
    assert summaries == [
        "Labour win Upper Vale, majority 2,000",
        "Conservatives win Lower Vale, East, majority 500",
    ]
    upper = Standing.objects.get(contest__slug="upper-vale")
    assert (
        present(upper.first_declared_at).astimezone(election.zone).strftime("%d %H:%M")
        == "02 01:30"
    )
    declaration = present(upper.declaration)
    assert declaration.by.username == "wire"
    assert not declaration.by.is_active


def test_says_how_to_see_what_differs_from_results_published_before(
    load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    load("load_results", "--as", "declared")
    assert "manage.py compare" not in capsys.readouterr().out
    load("load_results", "--as", "declared")
    printed = capsys.readouterr().out
    assert "2 left as published before" in printed
    assert "manage.py compare vale " in printed


def test_publishes_nothing_when_loaded_again(load: Load) -> None:
    load("load_results", "--as", "declared")
    load("load_results", "--as", "declared")
    assert Night.objects.get().sequence == 2


def test_counts_labour_and_co_operative_as_labour_in_tallies_only(load: Load) -> None:
    load("load_results", "--as", "declared")
    tally = Night.objects.get().standing_tally
    assert tally.parties["lab"].votes == 21000 + 13500
    reed = Candidate.objects.get(name="Dan Reed")
    assert present(reed.party).name == "Labour and Co-operative"


def test_stores_last_results(load: Load) -> None:
    load("load_results", "--as", "declared")
    load("load_results", "--as", "previous")
    last = LastResult.objects.get(contest__slug="lower-vale-east")
    assert (last.valid, last.electorate, last.rejected) == (30000, 60000, None)
    assert last.votes.get(elected=True).label == "con"
    # Declared results are compared with it at once, under a new epoch.
    summary = Standing.objects.get(contest__slug="lower-vale-east").summary
    assert summary["elected"][0]["hold"]
    assert last.votes.get(name="Eve Lane").person == Candidate.objects.get(name="Eve Lane").person


def test_last_results_give_contests_the_region_that_they_lack(load: Load) -> None:
    """A candidates file need not have a column for it."""
    election = load("load_results", "--as", "declared")
    own = Region.objects.create(election=election, slug="own", name="Own", nation="England")
    Contest.objects.filter(slug="upper-vale").update(region=None)
    Contest.objects.filter(slug="lower-vale-east").update(region=own)
    Region.objects.filter(slug="north").delete()
    load("load_results", "--as", "previous", "--reason", "Lower Vale is in another region.")
    regions = Contest.objects.values_list("slug", "region__name", "region__nation")
    assert set(regions) == {
        ("upper-vale", "North", "England"),
        ("lower-vale-east", "Own", "England"),
    }


def test_stores_last_results_from_the_file_by_constituency_only(load: Load) -> None:
    load("load_results", "--as", "declared")
    load("load_results", "--as", "previous", candidates="")
    last = LastResult.objects.get(contest__slug="upper-vale")
    assert {vote.label: vote.votes for vote in last.votes.all()} == {"con": 19000, "lab": 21000}
    assert last.votes.get(elected=True).label == "lab"


def test_reads_an_edition_with_other_columns(load: Load) -> None:
    election = load(
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
    assert present(Candidate.objects.get(name="Ann Hall").person).democracy_club_id == 101


def test_replays_a_file_by_candidate_without_times(load: Load) -> None:
    load("replay", "--speed", "0", "--date", "2031-05-01", seats="")
    assert Standing.objects.filter(first_declared_at=None).count() == 2


def test_reads_reordered_columns_semicolons_and_mojibake(load: Load) -> None:
    rows = [line.split(",") for line in files.NEWER_CANDIDATES.splitlines()]
    turned = "\n".join(";".join(reversed(row)) for row in rows).replace("\ufeff", "")
    mojibake = turned.replace("Upper Vale", "Ynys M\u00c3\u00b4n\t")
    load("replay", "--speed", "0", "--date", "2031-05-01", seats="", candidates=mojibake)
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
        ({"seats": "a,b\n1,2\n"}, "seats.csv:1: constituency_name: column is missing: which"),
        ({"seats": files.SEATS + files.SEATS.splitlines()[1] + "\n"}, "Upper Vale is there twice"),
    ],
)
@pytest.mark.parametrize("command", ["load_results", "replay"])
def test_reports_line_and_column_of_errors_and_changes_nothing(
    load: Load, command: str, broken: dict[str, str], error: str
) -> None:
    options = ["--as", "declared"] if command == "load_results" else ["--speed", "0"]
    with pytest.raises(CommandError) as raised:
        load(command, *options, **broken)
    assert error in str(raised.value)
    assert not Election.objects.exists()


@pytest.mark.parametrize(("command", "declared"), [("load_results", 0), ("replay", 1)])
def test_refused_result_leaves_those_that_replay_declared_before(
    load: Load, command: str, declared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are in one batch. `load_results` changes nothing unless every result is accepted."""
    options = ["--as", "declared"] if command == "load_results" else ["--speed", "0"]
    publish = desk.publish_result

    def refuse_second(contest: Contest, *args: Any) -> desk.PublishResult:
        if contest.name == "Lower Vale, East":
            raise desk.ValidationRefused([ValidationMessage("polls_open", BLOCK, "")])
        return publish(contest, *args)

    with monkeypatch.context() as refusing:
        refusing.setattr("results.desk.publish_result", refuse_second)
        with pytest.raises(CommandError, match=r"seats\.csv:3: Lower Vale, East"):
            load(command, *options)
    assert Bulletin.objects.count() == declared
    assert Standing.objects.exclude(declaration=None).count() == declared
    load(command, *options)
    assert Bulletin.objects.count() == 2


def test_publishes_impossible_sums_of_a_file_and_names_them(load: Load) -> None:
    """An official table has them: typed they would block."""
    load(
        "load_results",
        "--as",
        "declared",
        seats=files.SEATS.replace("60000,30000", "20000,30000"),
    )
    declaration = Declaration.objects.get(contest__slug="lower-vale-east")
    codes = [warning["code"] for warning in declaration.warnings]
    assert "sum_over_electorate" in codes
    (seat,) = read_seats([declaration.contest])
    assert seat.discrepancies == [
        "As published, the votes make 30,000: more than the electorate of 20,000."
    ]


def test_asks_for_the_polling_day(load: Load) -> None:
    with pytest.raises(CommandError, match="give --date"):
        load("replay", seats="")


def test_refuses_last_results_without_contests(load: Load) -> None:
    with pytest.raises(CommandError, match="load its candidates first"):
        load("load_results", "--date", "2031-05-01")


def test_refuses_an_unknown_constituency(load: Load) -> None:
    load("load_results", "--as", "declared")
    other = files.SEATS.replace("X2", "X9").replace("Lower Vale, East", "Nowhere")
    with pytest.raises(CommandError, match="Nowhere is not a contest"):
        load("load_results", seats=other, candidates="")
    assert not LastResult.objects.exists()


def test_reports_totals_that_differ_from_the_sum_of_votes(
    load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    load("load_results", "--as", "declared", seats=files.SEATS.replace("40000,100", "40001,100"))
    assert "Upper Vale: 40001 valid votes in the file, 40000" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("party", "name"),
    [("Vale First", "Ann"), ("The Vale First Movement", "Ann"), ("The Vale First Movement", "A.")],
)
def test_matches_candidate_of_a_party_spelt_otherwise(load: Load, party: str, name: str) -> None:
    """Beside another label the name counts, and beside another name the label."""
    load("load_results", "--as", "declared", candidates=files.CANDIDATES.replace("Labour,", "V,"))
    before = set(Candidate.objects.values_list("pk", flat=True))
    changed = files.CANDIDATES.replace("Labour,", f"{party},").replace("Lab,Ann,", f"V,{name},")
    load("load_results", "--as", "declared", candidates=changed)
    assert set(Candidate.objects.values_list("pk", flat=True)) == before


def test_changed_spelling_of_a_party_is_no_gain(load: Load) -> None:
    """One party under four spellings: last time's and this time's winner of the same seat."""
    spelt = ["Alliance for Green Socialism", "Alliance For Green Socialism"]
    spelt += ["Social Democratic & Labour Party", "SDLP (Social Democratic & Labour Party)"]
    load("load_results", "--as", "declared")
    for first, then in (spelt[:2], spelt[2:]):
        Contest.objects.all().delete()
        Election.objects.all().delete()
        texts = [files.CANDIDATES.replace("Labour,Lab,", f"{name},,") for name in (first, then)]
        # The party that the file by constituency says has won would be another.
        seats = files.SEATS.replace("Lab hold,Lab,", "Lab hold,,")
        load("load_results", "--as", "declared", seats=seats, candidates=texts[1])
        load("load_results", "--as", "previous", seats=seats, candidates=texts[0])
        elected = Standing.objects.get(contest__slug="upper-vale").summary["elected"][0]
        assert (elected["hold"], elected["gained_from"]) == (True, None)


def test_winner_of_another_party_than_the_file_says_is_left_to_the_desk(
    load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    load("load_results", "--as", "declared", seats=files.SEATS.replace(",Lab,Con,", ",Con,Lab,"))
    error = capsys.readouterr().err
    assert "first_party: Upper Vale: the file says that Con won, and Ann Hall has most" in error
    declared = Standing.objects.exclude(declaration=None)
    assert [standing.contest.slug for standing in declared] == ["lower-vale-east"]

"""Results of another polling day, or of two, are never published as those of an election."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Contest, Declaration, Election, LastResult
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db

HEADER = (
    "By-election date,ONS ID,Constituency name,Region name,Country name,Party name,"
    "Party abbreviation,Electoral Commission party ID,Candidate first name,Candidate surname,"
    "Sitting MP,Votes\n"
)


def rows(day: str, code: str, name: str, *votes: int) -> str:
    return "".join(
        f"{day},{code},{name},North East,England,{party},{short},{number},Ann,Ash{count},No,"
        f"{count}\n"
        for count, (party, short, number) in zip(
            votes, [("Labour", "Lab", "PP53"), ("Conservative", "Con", "PP52")], strict=True
        )
    )


AUTUMN = rows("19/10/2023", "E14000901", "Aford", 11719, 10403)
OTHER_SEAT = rows("15/02/2024", "E14000902", "Beeford", 13872, 12680)
SAME_SEAT = rows("15/02/2024", "E14000901", "Aford", 9000, 8000)


@pytest.mark.parametrize("second", [OTHER_SEAT, SAME_SEAT])
@pytest.mark.parametrize(
    "command", [["load_results", "by", "--as", "declared"], ["replay", "by", "--speed", "0"]]
)
def test_file_of_two_polling_days_asks_which(
    tmp_path: Path, second: str, command: list[str]
) -> None:
    file = str(files.write(tmp_path, "by.csv", HEADER + AUTUMN + second))
    with pytest.raises(CommandError, match="2 polling days"):
        call_command(command[0], command[1], file, *command[2:])
    assert not Declaration.objects.exists()
    call_command(command[0], command[1], file, *command[2:], "--date", "2024-02-15")
    declared = Declaration.objects.get()
    assert sum(total.votes or 0 for total in declared.totals.all()) in (26552, 17000)
    assert Contest.objects.count() == 1


@pytest.mark.parametrize("command", [["load_results", "--as", "declared"], ["replay"]])
def test_old_file_is_refused_for_tonight(tmp_path: Path, command: list[str]) -> None:
    """Whether its times say so, or it says nothing of its day."""
    night = nights.election("tonight", date="2026-05-07", polls_close="2026-05-07T21:00Z")
    nights.contest(night, "Upper Vale", [("Ann Hall", "lab"), ("Bob Rice", "con")], code="X1")
    candidates = files.write(tmp_path, "candidates.csv", files.CANDIDATES)
    earlier = files.SEATS.replace("2031", "2024").replace("03/05/2024", "2024-05-03")
    seats = files.write(tmp_path, "seats.csv", earlier)
    for file_names, reason in (
        ([seats, candidates], "is of the poll of 1 May 2024"),
        ([candidates], "does not say of which polling day"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command(command[0], "tonight", *file_names, *command[1:])
    assert not Declaration.objects.exists()


def test_own_results_are_refused_as_last_times(tmp_path: Path) -> None:
    night = nights.election("own", date="2031-05-01", polls_close="2031-05-01T21:00Z")
    nights.contest(night, "Upper Vale", [("Ann Hall", "lab"), ("Bob Rice", "con")], code="X1")
    seats = files.write(tmp_path, "seats.csv", files.SEATS)
    refused = "results of 1 May 2031, which was not before the polling day of “own”, 1 May 2031"
    with pytest.raises(CommandError, match=refused):
        call_command("load_results", "own", seats, "--as", "previous", "--seats", "own")
    assert not LastResult.objects.exists()


def test_count_that_goes_on_for_days_is_of_the_same_poll(tmp_path: Path) -> None:
    nights.election("may", date="2020-05-01", polls_close="2020-05-01T21:00Z")
    seats = files.SEATS.replace("2031-05-02 01:30", "2020-05-04 16:00").replace("/2031", "/2020")
    paths = [
        files.write(tmp_path, "seats.csv", seats),
        files.write(tmp_path, "candidates.csv", files.CANDIDATES),
    ]
    call_command("load_results", "may", *paths, "--as", "declared")
    assert Declaration.objects.count() == 2


def test_constituencies_are_not_declared_in_a_council_election(tmp_path: Path) -> None:
    """A ward may have a constituency's name."""
    night = nights.election("may", kind="council", date="2023-10-19")
    nights.contest(night, "Aford", [("Ann Ash", "lab"), ("Cat Cole", "con")])
    file = files.write(tmp_path, "by.csv", HEADER + AUTUMN)
    for use in ("declared", "previous"):
        with pytest.raises(CommandError, match="another kind of election"):
            call_command("load_results", "may", file, "--as", use)
    assert Election.objects.get().contests.get().code == ""

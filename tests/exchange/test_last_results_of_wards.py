"""Last results of several seats, ties, and national files on a desk of a few seats."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.exchange.last_results import set_last_time
from results.exchange.past_results import set_up_contests
from results.models import Contest, Election, LastResult, LastVotes, Standing
from tests import nights
from tests.exchange.reading import read, write

pytestmark = pytest.mark.django_db

WARD = """ward,seats,candidate,party,votes,elected
Hill,2,Ann Ash,Labour,900,yes
Hill,2,Al Alder,Labour,890,no
Hill,2,Bob Birch,Green,890,yes
Hill,2,Cat Cedar,Conservative,12,no
"""


@pytest.fixture
def ward() -> Contest:
    people = [("Ann Ash", "lab"), ("Al Alder", "lab"), ("Bob Birch", "green")]
    return nights.contest(nights.election(), "Hill", people, seats=2)


def holders() -> set[str]:
    return set(LastVotes.objects.filter(elected=True).values_list("name", flat=True))


def test_takes_holders_from_the_elected_column(ward: Contest, tmp_path: Path) -> None:
    call_command("load_results", "ge", write(tmp_path, WARD))
    assert holders() == {"Ann Ash", "Bob Birch"}
    assert LastResult.objects.get().seats == 2


def test_takes_the_first_by_votes_where_the_file_does_not_say(
    ward: Contest, tmp_path: Path
) -> None:
    plain = "\n".join(line.rpartition(",")[0] for line in WARD.splitlines())
    call_command("load_results", "ge", write(tmp_path, plain.replace("Labour,890", "Labour,891")))
    assert holders() == {"Ann Ash", "Al Alder"}


def test_reports_a_tie_by_line_and_loads_the_rest(
    ward: Contest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = "\n".join(line.rpartition(",")[0] for line in WARD.splitlines())
    file = write(tmp_path, f"{plain}\nDale,1,Dot Dale,Labour,2\nDale,1,Eve Elm,Green,1\n")
    nights.contest(ward.election, "Dale", [("Dot Dale", "lab")])
    call_command("load_results", "ge", file)
    assert holders() == {"Ann Ash", "Dot Dale"}
    error = capsys.readouterr().err
    assert "results.csv:3: votes: Hill: Al Alder and Bob Birch have 890 votes each" in error
    assert LastVotes.objects.count() == 6


@pytest.mark.parametrize("elected", ["elected", "none of them"])
def test_declares_a_tie_only_by_the_elected_column(tmp_path: Path, elected: str) -> None:
    file = write(tmp_path, WARD.replace("elected", elected) + "Dale,1,Dot,Labour,2,yes\n")
    call_command(
        "load_results", "ge", file, "--as", "declared", "--date", "2022-05-05", "--body", "A"
    )
    declared = Standing.objects.exclude(declaration=None).order_by("contest__name")
    assert [standing.contest.name for standing in declared] == (
        ["Dale", "Hill"] if elected == "elected" else ["Dale"]
    )
    if elected == "elected":
        winners = [row["label"] for row in declared[1].summary["elected"]]
        assert winners == ["lab", "green"]


def test_reports_winners_who_are_not_those_with_most_votes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = WARD.replace("12,no", "12,yes").replace("Green,890,yes", "Green,80,no")
    file = write(tmp_path, f"{text}Dale,1,Dot,Labour,2,yes\n")
    call_command(
        "load_results", "ge", file, "--as", "declared", "--date", "2022-05-05", "--body", "A"
    )
    error = capsys.readouterr().err
    assert (
        "results.csv:5: elected: Hill: Cat Cedar is marked as elected with 12 votes, and Al Alder "
        "is not with 890 (line 3). It is left to the desk" in error
    )
    assert Standing.objects.get(declaration__isnull=False).contest.name == "Dale"
    # Last time's holders are as the file has them, and the same is said.
    call_command("load_results", "ge", file, "--poll", "2018-05-03", "--reason", "Was missing.")
    assert "Its holders are as marked" in capsys.readouterr().err
    assert holders() == {"Ann Ash", "Cat Cedar", "Dot"}


@pytest.mark.parametrize(
    ("before", "after", "doubt", "kept"),
    [
        ("890,yes", "890,no", "3: elected: Hill: Ann Ash: 1 is marked as elected, for 2", "Ann"),
        ("890,no", "890,yes", "and Bob Birch: 3 are marked as elected, for 2 seats", ""),
        ("yes", "no", "2: elected: Hill: nobody is marked as elected", ""),
    ],
)
def test_reports_too_many_or_nobody_marked(
    ward: Contest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    doubt: str,
    kept: str,
) -> None:
    text = f"{WARD.replace(before, after)}Dale,1,Dot,Labour,2,yes\n"
    nights.contest(ward.election, "Dale", [("Dot", "lab")])
    call_command("load_results", "ge", write(tmp_path, text))
    assert doubt.replace("3: e", "2: e") in capsys.readouterr().err
    assert holders() == {"Dot", *(["Ann Ash"] if kept else [])}
    Contest.objects.all().delete()
    call_command("load_results", "ge", tmp_path / "results.csv", "--as", "declared",
                 "--date", str(ward.election.date))  # fmt: skip
    assert doubt.replace("3: e", "2: e") in capsys.readouterr().err
    assert Standing.objects.get(declaration__isnull=False).contest.name == "Dale"


def test_file_with_other_seats_than_the_contest_is_left_to_the_desk(
    ward: Contest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = WARD.replace("Hill,2,Cat Cedar,Conservative,12,no\n", "").replace("Hill,2", "Hill,1")
    file = write(tmp_path, text.replace("890,yes", "890,no"))
    call_command("load_results", "ge", file, "--as", "declared", "--date", str(ward.election.date))
    assert "seats: Hill: the file has 1 seat, and the contest 2 seats" in capsys.readouterr().err
    assert not Standing.objects.exclude(declaration=None).exists()


def test_takes_only_its_own_seats_from_a_national_file(
    ward: Contest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = "".join(f"Ward {n},1,Eve Elm {n},Green,1,yes\n" for n in range(60))
    file = write(tmp_path, WARD + others)
    with pytest.raises(CommandError) as raised:
        call_command("load_results", "ge", file)
    assert "60 of its 61 areas are not contests of “ge”" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 7
    assert not LastResult.objects.exists()
    call_command("load_results", "ge", file, "--seats", "own")
    assert holders() == {"Ann Ash", "Bob Birch"}
    assert "60 areas of the file are not of this election" in capsys.readouterr().err
    Contest.objects.update(name="Elsewhere", slug="elsewhere")
    with pytest.raises(CommandError, match="none of its 61 areas is a contest"):
        call_command("load_results", "ge", file, "--seats", "own")


@pytest.mark.parametrize("command", [("load_results", "--as", "declared"), ("replay",)])
def test_asks_before_it_adds_contests_to_a_desk_of_a_few_seats(
    ward: Contest, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """A national file of results on a desk of one seat: its own, or all, and never by a guess."""
    others = "".join(f"Ward {n},1,Eve Elm {n},Green,1,yes\n" for n in range(60))
    own = WARD.replace("Hill,2,Cat Cedar,Conservative,12,no\n", "")
    file = write(tmp_path, own + others)
    options = (*command[1:], "--date", str(ward.election.date))
    if command[0] == "replay":
        options += ("--speed", "0")
    for text in (file, write(tmp_path, WARD.splitlines()[0] + "\n" + others, "others.csv")):
        with pytest.raises(CommandError, match=r"60 of its 6[01] areas are not") as raised:
            call_command(command[0], "ge", text, *options)
        assert "add --seats own" in str(raised.value)
        assert "add --seats all" in str(raised.value)
        assert Contest.objects.count() == 1
    call_command(command[0], "ge", file, *options, "--seats", "own")
    assert Contest.objects.count() == 1
    assert Standing.objects.exclude(declaration=None).count() == 1
    call_command(command[0], "ge", file, *options, "--seats", "all")
    assert Contest.objects.count() == 61


def test_adds_the_wards_of_another_council_without_a_question(tmp_path: Path) -> None:
    """Councils of one night come in files of their own."""
    text = "council,ward,seats,candidate,party,votes,elected\nValeford,Hill,1,Ann Ash,Labour,9,y\n"
    options = ("--as", "declared", "--date", "2022-05-05")
    call_command("load_results", "may", write(tmp_path, text), *options)
    other = text.replace("Valeford", "Northshire").replace("Hill", "Dale")
    call_command("load_results", "may", write(tmp_path, other), *options)
    assert Contest.objects.count() == 2


def test_preview_says_what_is_skipped_and_what_would_change(
    ward: Contest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_results", "ge", write(tmp_path, f"{WARD}Total,,,,2692,\n"), "--preview")
    printed = capsys.readouterr().out
    assert "results.csv:6: total, skipped: Total | 2692" in printed
    assert "new: last time Hill, Bob Birch (890 votes)" in printed
    assert "2 seats up; valid 2692; elected Ann Ash (Labour), Bob Birch (Green)" in printed
    assert not LastResult.objects.exists()


def test_knows_the_holders_of_83_real_wards(election_data: Path) -> None:
    """London's boroughs of 2022 as last time of 2026; totals as in the data's README."""
    folder = election_data / "london-councils"
    now, _notes = read(folder / "candidates-2026.csv", folder / "wards-2026.csv")
    before, _notes = read(folder / "candidates-2022.csv", folder / "wards-2022.csv")
    election = nights.election()
    set_up_contests(election, now)
    assert set_last_time(election, before) == 83
    assert Election.objects.get().contests.count() == 83
    for contest in Contest.objects.prefetch_related("last_result__votes"):
        last = contest.last_result
        assert last.seats == contest.seats == len(last.last_time.holders), contest.name
    council_of = {seat.code: seat.body for seat in before.in_order}
    seats = Counter(
        (council_of[vote.last_result.contest.code], vote.label)
        for vote in LastVotes.objects.filter(elected=True).select_related(
            "last_result__contest", "party__tallied_with"
        )
    )
    assert seats[("Islington", "lab")] == 48
    assert seats[("Hackney", "lab")] == 50
    assert seats[("Lambeth", "lab")] == 58
    assert seats[("Havering", "con")] == 23
    assert Counter(council_of.values()).total() == 83
    assert seats.total() == 51 + 57 + 63 + 55

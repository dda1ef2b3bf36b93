"""Two candidates of one party whom a file names by the same surname only."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Candidate, Election, Person, Standing

pytestmark = pytest.mark.django_db

HEADER = "Ward,Seats,Electorate,Surname,Party,Votes"
ROWS = [
    "Hill,2,1000,Ash,Green Party,300",
    "Hill,2,1000,Ash,Green Party,200",
    "Hill,2,1000,Birch,Labour Party,100",
    "Vale,1,900,Elm,Green Party,90",
    "Vale,1,900,Oak,Labour Party,80",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "wards.csv"
    file.write_text("\n".join([HEADER, *ROWS]) + "\n")
    return file


def replay(file: Path, *more: str) -> None:
    options = ["--kind", "council", "--date", "2026-05-07", "--body", "Shire", "--speed", "0"]
    call_command("replay", "council", file, *options, *more)


def published() -> list[tuple[str, int | None]]:
    contest = Standing.objects.get(contest__name="Hill").contest
    declaration = contest.standing.declaration
    assert declaration is not None
    votes = declaration.ballot_counts.votes
    return [(each.name, votes[each.pk]) for each in contest.candidates.order_by("ballot_order")]


def test_replay_goes_on_where_it_stopped(file: Path) -> None:
    replay(file, "--only", "0")
    assert not Standing.objects.filter(declaration__isnull=False).exists()
    replay(file)
    assert published() == [("Ash", 300), ("Ash", 200), ("Birch", 100)]


def test_asks_which_is_which_where_the_desk_can_tell(file: Path) -> None:
    replay(file, "--only", "0")
    first = Candidate.objects.filter(name="Ash").first()
    assert first is not None
    first.person = Person.objects.create(name="Ash", democracy_club_id=7)
    first.save()
    with pytest.raises(CommandError, match="Ash is not on the ballot paper of Hill"):
        replay(file)
    assert Election.objects.get().slug == "council"

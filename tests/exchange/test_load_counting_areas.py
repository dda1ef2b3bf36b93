"""`load_counting_areas`: the areas in which one contest's votes are counted."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.arithmetic import ElectionKind
from results.models import Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election(kind=ElectionKind.COMMISSIONER)
    nights.contest(night, "Northshire", [("Ann Ash", "lab"), ("Bob Birch", "con")])
    return night


def load(folder: Path, text: str) -> None:
    file = folder / "areas.csv"
    file.write_text(text)
    call_command("load_counting_areas", "ge", str(file))


def test_areas_have_the_ballot_paper_of_the_whole(night: Election, tmp_path: Path) -> None:
    rows = ["counting area,code,electorate,count venue", "Aford,E07000001,90000,Hall"]
    text = "\n".join([*rows, "Beeford,E07000002,,", ""])
    load(tmp_path, text)
    load(tmp_path, text)  # changes nothing
    whole = Contest.objects.get(name="Northshire")
    aford, beeford = whole.parts.order_by("name")
    assert (aford.code, aford.electorate, aford.venue) == ("E07000001", 90_000, "Hall")
    assert beeford.is_counting_area
    names = [candidate.name for candidate in aford.candidates.all()]
    assert names == ["Ann Ash", "Bob Birch"]
    assert {c.counts_for.contest for c in beeford.candidates.all() if c.counts_for} == {whole}


def test_election_of_several_contests_needs_the_contest(night: Election, tmp_path: Path) -> None:
    nights.contest(night, "Southshire", [("Cat Cedar", "lab"), ("Dan Dogwood", "con")])
    with pytest.raises(CommandError, match="is empty: give one of “Northshire”, “Southshire”"):
        load(tmp_path, "counting area\nAford\n")
    load(tmp_path, "counting area,counted for\nAford,Southshire\nAford,Northshire\n")
    assert Contest.objects.exclude(part_of=None).count() == 2


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("counting area\nAford\nAford\n", ":3: counting area: “Aford” is named twice"),
        ("counting area,electorate\nAford,many\n", ":2: electorate: “many” is not a whole number"),
        (
            "counting area,counted for\nAford,Elsewhere\n",
            "“Elsewhere” is no contest of this election",
        ),
        ("counting area,electorate\n", "has no areas, only headings"),
    ],
)
def test_errors_change_nothing(night: Election, tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(CommandError) as raised:
        load(tmp_path, text)
    assert error in str(raised.value)
    assert not Contest.objects.exclude(part_of=None).exists()


def test_council_is_not_counted_in_areas(tmp_path: Path) -> None:
    nights.contest(nights.election(kind=ElectionKind.COUNCIL), "Hill", [])
    with pytest.raises(CommandError, match="is of a kind that is not counted in areas"):
        load(tmp_path, "counting area\nAford\n")

"""Candidates lists without Democracy Club's ids, as councils publish their own."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Body, Candidate, Election, Person
from tests.exchange import files
from tests.present import present

pytestmark = pytest.mark.django_db

CANDIDATES = """Council,Ward,Candidate,Party
Northshire Council,Hill,"ABBOT, Bob",Independent
Northshire Council,Hill,Ann Hall,Labour Party
Northshire Council,Hill,Tom Crone,Green Party
Northshire Council,Mill,Cat Moss,Labour Party
Northshire Council,Mill,Dan Nye,Reform UK
"""
WARDS = """Council,Ward,Seats,Electorate
Northshire Council,Hill,2,"4,100"
Northshire Council,Mill,1,2050
"""
DATE = ("--date", "2026-05-07")


def load(
    tmp_path: Path, candidates: str = CANDIDATES, *options: str, wards: str = WARDS
) -> Election:
    paths = [files.write(tmp_path, "candidates.csv", candidates)]
    if wards:
        paths.append(files.write(tmp_path, "wards.csv", wards))
    call_command("load_candidates", "may", *paths, *(options or DATE))
    return Election.objects.get(slug="may")


def refused(tmp_path: Path, candidates: str, *options: str, wards: str = WARDS) -> str:
    with pytest.raises(CommandError) as caught:
        load(tmp_path, candidates, *options, wards=wards)
    assert not Election.objects.exists()
    return str(caught.value)


def test_loads_wards_with_their_seats_and_electorates(tmp_path: Path) -> None:
    election = load(tmp_path)
    assert election.kind == "council"
    assert [
        (ward.name, ward.body.name, ward.seats, ward.electorate)
        for ward in election.contests.order_by("name")
    ] == [("Hill", "Northshire Council", 2, 4100), ("Mill", "Northshire Council", 1, 2050)]
    hill = election.contests.get(name="Hill")
    assert [(each.name, each.label) for each in hill.candidates.all()] == [
        ("Bob Abbot", "independent"),
        ("Tom Crone", "green"),
        ("Ann Hall", "lab"),
    ]


def test_takes_seats_from_a_column_of_the_list(tmp_path: Path) -> None:
    lines = CANDIDATES.splitlines()
    seats = ["Seats", "2", "2", "2", "1", "1"]
    text = "\n".join(f"{line},{more}" for line, more in zip(lines, seats, strict=True))
    election = load(tmp_path, text, wards="")
    assert [ward.seats for ward in election.contests.order_by("name")] == [2, 1]


def test_asks_how_many_seats_the_wards_have(tmp_path: Path) -> None:
    assert "how many seats each ward has" in refused(tmp_path, CANDIDATES, wards="")
    election = load(tmp_path, CANDIDATES, *DATE, "--columns", "seats=", wards="")
    assert {ward.seats for ward in election.contests.all()} == {1}


def test_asks_for_the_polling_day(tmp_path: Path) -> None:
    assert "give --date" in refused(tmp_path, CANDIDATES, "--kind", "council")


def test_asks_for_the_party(tmp_path: Path) -> None:
    text = CANDIDATES.replace("Party\n", "Standing for\n", 1)
    assert "party_name: column is missing" in refused(tmp_path, text)


def test_names_a_ward_whose_seats_are_not_in_the_table(tmp_path: Path) -> None:
    wards = WARDS.replace("Mill", "Dale")
    assert "candidates.csv:5: Ward: wards.csv has no seats of Mill" in refused(
        tmp_path, CANDIDATES, wards=wards
    )


def test_refuses_a_candidate_who_is_named_twice(tmp_path: Path) -> None:
    again = "Northshire Council,Mill,Cat Moss,Labour Party\n"
    assert "Cat Moss is nominated twice in Mill: give both in full" in refused(
        tmp_path, CANDIDATES + again
    )


def test_keeps_candidates_and_people_when_a_later_list_is_loaded(tmp_path: Path) -> None:
    load(tmp_path)
    before = dict(Candidate.objects.values_list("pk", "person"))
    load(tmp_path, CANDIDATES.replace("Ann Hall", "Anne Hall"))
    assert dict(Candidate.objects.values_list("pk", "person")) == before
    assert Person.objects.count() == 5
    assert Candidate.objects.filter(name="Anne Hall").exists()


def test_keeps_candidates_that_democracy_club_has_numbered(tmp_path: Path) -> None:
    load(tmp_path)
    before = set(Candidate.objects.values_list("pk", flat=True))
    Person.objects.filter(name="Cat Moss").update(democracy_club_id=77)
    load(tmp_path)
    assert set(Candidate.objects.values_list("pk", flat=True)) == before
    person = present(Candidate.objects.get(name="Cat Moss").person)
    assert person.democracy_club_id == 77


def test_publishes_who_is_elected_unopposed_where_the_list_says_so(tmp_path: Path) -> None:
    text = """Ward,Candidate,Party,cancelled_poll
Hill,Ann Hall,Labour Party,t
Mill,Cat Moss,Labour Party,
Mill,Dan Nye,Reform UK,
"""
    wards = "Ward,Seats\nHill,1\nMill,1\n"
    election = load(tmp_path, text, *DATE, "--body", "Northshire Council", wards=wards)
    assert election.contests.get(name="Hill").standing.status == "unopposed"
    declaration = election.contests.get(name="Hill").declarations.get()
    assert declaration.source == "File candidates.csv"


@pytest.mark.parametrize("mark", ["t", "True"])
def test_table_of_wards_says_whose_poll_is_cancelled(tmp_path: Path, mark: str) -> None:
    wards = f"Ward,Seats,cancelled_poll\nHill,2,{mark}\nMill,1,{mark}\n"
    text = """Ward,Candidate,Party
Hill,Ann Hall,Labour Party
Hill,Bob Ash,Green Party
Mill,Cat Moss,Labour Party
Mill,Dan Nye,Reform UK
"""
    election = load(tmp_path, text, *DATE, "--body", "Northshire Council", wards=wards)
    statuses = {contest.name: contest.standing.status for contest in election.contests.all()}
    assert statuses == {"Hill": "unopposed", "Mill": "postponed"}


def test_refuses_a_mark_in_the_table_of_wards_that_is_neither(tmp_path: Path) -> None:
    hill, mill = "Northshire Council,Hill,2,perhaps", "Northshire Council,Mill,1,f"
    wards = f"Council,Ward,Seats,cancelled_poll\n{hill}\n{mill}\n"
    assert "“perhaps” is neither t nor f" in refused(tmp_path, CANDIDATES, *DATE, wards=wards)


class TestCouncilThatNoFileNames:
    LIST = "\n".join(line.partition(",")[2] for line in CANDIDATES.splitlines())
    WARDS = "\n".join(line.partition(",")[2] for line in WARDS.splitlines())
    KIND = (*DATE, "--kind", "council")

    def test_is_asked(self, tmp_path: Path) -> None:
        error = refused(tmp_path, self.LIST, *self.KIND, wards=self.WARDS)
        assert "does not say to which council its wards belong" in error
        assert "--body “Northshire Council”" in error
        election = load(
            tmp_path, self.LIST, *self.KIND, "--body", "Northshire Council", wards=self.WARDS
        )
        assert {ward.body.name for ward in election.contests.all()} == {"Northshire Council"}
        assert {ward.body.slug for ward in election.contests.all()} == {"northshire-council"}
        load(tmp_path, self.LIST, wards=self.WARDS)
        assert Body.objects.count() == 1

    def test_is_taken_from_the_name_of_the_election(self, tmp_path: Path) -> None:
        name = ("--name", "Northshire Council election, 7 May 2026")
        election = load(tmp_path, self.LIST, *self.KIND, *name, wards=self.WARDS)
        assert {ward.body.name for ward in election.contests.all()} == {"Northshire Council"}

    def test_results_without_a_council_are_refused(self, tmp_path: Path) -> None:
        table = "ward,seats,candidate,party,votes\nHill,1,Ann Hall,Labour,9\nHill,1,Bob,Green,8\n"
        file = files.write(tmp_path, "results.csv", table)
        options = (file, "--as", "declared", "--date", "2022-05-05")
        with pytest.raises(CommandError, match="to which council its wards belong"):
            call_command("load_results", "may", *options)
        call_command("load_results", "may", *options, "--body", "Northshire Council")
        assert Body.objects.get().name == "Northshire Council"

    def test_is_named_later_where_it_was_called_after_its_election(self, tmp_path: Path) -> None:
        """A night that was set up before the name was asked keeps its address."""
        election = load(tmp_path, self.LIST, *self.KIND, "--body", "Any", wards=self.WARDS)
        Body.objects.update(name=election.name, slug="council-elections-7-may-2026")
        load(tmp_path, self.LIST, "--body", "Northshire Council", wards=self.WARDS)
        body = Body.objects.get()
        assert (body.name, body.slug) == ("Northshire Council", "council-elections-7-may-2026")


def test_names_given_as_options_are_cleaned_like_those_of_files(tmp_path: Path) -> None:
    """An override would show the figures after the name in another order."""
    plain = (
        "Ward,Candidate,Party,Seats\nHill,Ann Hall,Labour Party,1\nHill,Tom Crone,Green Party,1\n"
    )
    options = ("--name", "Elections\u202e 2026\u200b", "--body", "\u2066Northshire\x07 Council")
    election = load(tmp_path, plain, *DATE, *options, wards="")
    assert election.name == "Elections 2026"
    assert Body.objects.get().name == "Northshire Council"

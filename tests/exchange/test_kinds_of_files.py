"""Identifying the kind of election of a file, and ballots of one area among its rows."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.arithmetic import ElectionKind
from results.exchange.commons_library import Edition
from results.exchange.errors import FileErrors
from results.exchange.holders import winners_of
from results.exchange.kinds_of_files import kind_of, likely_kind_of
from results.models import Body, Contest, Election
from tests import nights
from tests.exchange.reading import ODD, read, write

WARDS = """council,ward,candidate,party,votes
Northshire,St Michaels,Ann Ash,Labour,9
Northshire,St Michaels,Bob Birch,Green,8
"""
BROUGHTON = """ward,by-election,candidate,party,votes
Broughton,f,Ann Ash,Labour,9
Broughton,f,Bob Birch,Green,8
Broughton,t,Cat Cedar,Labour,7
Broughton,t,Dan Dogwood,Green,6
"""
BY_IDS = """ballot_paper_id,post_label,gss,person_name,party_name,votes_cast
local.lake.broughton.2021-05-06,Broughton,E05000011,Ann Ash,Labour,9
local.lake.broughton.by.2021-05-06,Broughton,E05000011,Cat Cedar,Labour,7
"""


def names(edition: Edition) -> list[tuple[str, bool | None]]:
    return [(seat.name, seat.by_election) for seat in edition.in_order]


@pytest.mark.parametrize("text", [BROUGHTON, BY_IDS])
def test_scheduled_and_by_election_of_one_ward_are_two(tmp_path: Path, text: str) -> None:
    edition, _notes = read(write(tmp_path, text))
    assert names(edition) == [("Broughton", False), ("Broughton", True)]


@pytest.mark.parametrize("name", ["y1-by-elections-two-dates", "y2-by-elections-same-seat-twice"])
def test_file_of_by_elections_is_of_that_kind(name: str) -> None:
    edition, _notes = read(ODD / f"{name}.csv", poll=date(2024, 2, 15))
    assert kind_of(edition) is ElectionKind.UK_PARLIAMENT_BY_ELECTION
    assert [seat.by_election for seat in edition.seats] == [True]


@pytest.mark.parametrize(
    ("headings", "cells", "kind"),
    [
        ("Ward,Candidate,Party,Votes", "Hill,Ann,Labour,9", ElectionKind.COUNCIL),
        ("Council,Division,Candidate,Party,Votes", "N,Hill,Ann,Labour,9", ElectionKind.COUNCIL),
        ("Contest,Body,Candidate,Party,Votes", "Hill,House of Commons,Ann,Labour,9",
         ElectionKind.UK_PARLIAMENT),
        ("Area,Body,Candidate,Party,Votes", "Hill,Hill Borough Council,Ann,Labour,9",
         ElectionKind.COUNCIL),
        ("Constituency,Candidate,Party,Votes", "Hill,Ann,Labour,9", None),
        ("Area,GSS,Candidate,Party,Votes", "Hill,S16000001,Ann,Labour,9",
         ElectionKind.SCOTTISH_PARLIAMENT),
        ("Area,Ballot paper id,Candidate,Party,Votes", "V,mayor.v.2024-05-02,Ann,Labour,9",
         ElectionKind.MAYOR),
    ],
)  # fmt: skip
def test_headings_codes_bodies_and_ids_tell_the_kind(
    tmp_path: Path, headings: str, cells: str, kind: ElectionKind | None
) -> None:
    assert likely_kind_of(read(write(tmp_path, f"{headings}\n{cells}\n"))[0]) == kind


def test_file_of_several_kinds_asks_which(tmp_path: Path) -> None:
    text = "Area,GSS,Candidate,Party,Votes\nHill,E14000001,A,Labour,9\nHill,E05000001,B,Green,8\n"
    with pytest.raises(FileErrors, match=r":3: .*--kind uk-parliament or --kind council"):
        read(write(tmp_path, text))
    edition, notes = read(write(tmp_path, text), kind="council")
    assert [seat.code for seat in edition.seats] == ["E05000001"]
    assert "1 area of another kind of election, skipped" in notes


def test_one_code_with_two_names_is_an_error(tmp_path: Path) -> None:
    text = "Ward,GSS,Candidate,Party,Votes\nHill,E05000001,A,Labour,9\nDale,E05000001,B,Green,8\n"
    with pytest.raises(FileErrors, match=r":3: GSS: E05000001 is of Hill on line 2, and of Dale"):
        read(write(tmp_path, text))


@pytest.mark.django_db
class TestNewElection:
    def load(self, file: Path, *options: str) -> Election:
        call_command("load_results", "may", file, "--as", "declared", *options)
        return Election.objects.get()

    def test_kind_is_asked_where_the_file_does_not_tell(self, tmp_path: Path) -> None:
        file = write(tmp_path, WARDS.replace("council,ward", "body,area"))
        with pytest.raises(CommandError, match="give --kind, one of uk-parliament, "):
            self.load(file, "--date", "2022-05-05")
        assert not Election.objects.exists()
        election = self.load(file, "--date", "2022-05-05", "--kind", "council-stv")
        assert (election.kind, election.deposits) == ("council-stv", False)

    def test_table_of_wards_makes_council_elections(self, tmp_path: Path) -> None:
        election = self.load(write(tmp_path, WARDS), "--date", "2022-05-05")
        assert (election.kind, election.name) == ("council", "Council elections, 5 May 2022")
        assert Body.objects.get().name == "Northshire"

    def test_another_kind_than_the_files_is_refused(self, tmp_path: Path) -> None:
        reason = r"another kind of election \(council\), not of mayor"
        with pytest.raises(CommandError, match=reason):
            self.load(write(tmp_path, BY_IDS), "--kind", "mayor")

    def test_table_with_headings_only_creates_nothing(self, tmp_path: Path) -> None:
        file = write(tmp_path, WARDS.splitlines()[0])
        with pytest.raises(CommandError, match="has no results, only headings"):
            self.load(file, "--date", "2022-05-05")
        assert not Election.objects.exists()

    def test_body_of_an_id_is_only_for_new_contests(self, tmp_path: Path) -> None:
        """“local.n.…” may be Northshire, which the desk has under its name."""
        night = nights.election("may", kind="council", date="2022-05-05")
        body = Body.objects.create(election=night, slug="northshire", name="Northshire")
        ward = nights.contest(night, "Northward", [], body=body, code="E05000901", seats=2)
        self.load(ODD / "z1-dc-results.csv")
        assert Contest.objects.get() == ward
        assert Body.objects.get().name == "Northshire"
        Election.objects.all().delete()
        self.load(ODD / "z1-dc-results.csv")
        assert Body.objects.get().name == "N"

    def test_name_with_another_code_names_both(self, tmp_path: Path) -> None:
        night = nights.election("may", kind="council", date="2022-05-05")
        nights.contest(night, "Hill", [("Ann", "lab")], code="E05000001")
        file = write(tmp_path, "Ward,GSS,Candidate,Party,Votes\nHill,E05000002,Ann,Labour,9\n")
        reason = "GSS: Hill has the code E05000002 in the file, and E05000001 here"
        for options in (["--as", "declared", "--date", "2022-05-05"], ["--poll", "2018-05-03"]):
            with pytest.raises(CommandError, match=reason):
                call_command("load_results", "may", file, *options)


@pytest.mark.django_db
def test_names_of_councils_and_wards_as_others_write_them(tmp_path: Path) -> None:
    night = nights.election("may", kind="council", date="2022-05-05")
    name = "Northshire London Borough Council"
    body = Body.objects.create(election=night, slug="northshire", name=name)
    ward = nights.contest(night, "St Michael’s Ward", [("Ann Ash", "lab"), ("Bob Birch", "green")],
                          body=body)  # fmt: skip
    for council in ("Northshire", "London Borough of Northshire", "NORTHSHIRE COUNCIL"):
        file = write(tmp_path, WARDS.replace("Northshire", council))
        call_command("load_results", "may", file, "--poll", "2018-05-03")
    assert Contest.objects.get().last_result.votes.count() == 2
    assert Contest.objects.get() == ward


WARD = "ward,seats,candidate,party,votes,elected,by lot,cancelled poll\n"


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ("Hill,0,Ann,Labour,9,,,\n", ":2: seats: 0 is not a number of seats"),
        ("Hill,99999,Ann,Labour,9,,,\n", ":2: seats: 99999 is not a number of seats"),
        ("Hill,1,Ann,Labour,9,,,t\n", ":2: votes: Hill has votes, and its poll is marked as not"),
    ],
)
def test_impossible_contests_are_refused(tmp_path: Path, rows: str, error: str) -> None:
    with pytest.raises(FileErrors) as raised:
        read(write(tmp_path, WARD + rows))
    assert error in str(raised.value)


def test_uncontested_in_place_of_votes_is_no_poll(tmp_path: Path) -> None:
    edition, _notes = read(write(tmp_path, f"{WARD}Hill,1,Ann,Labour,Uncontested,,,\n"))
    assert [(seat.cancelled, seat.has_votes) for seat in edition.seats] == [(True, False)]


def test_lot_of_a_file_settles_its_tie(tmp_path: Path) -> None:
    rows = "Hill,1,Ann,Labour,9,,no,\nHill,1,Bob,Green,9,,yes,\n"
    (seat,) = read(write(tmp_path, WARD + rows))[0].seats
    assert [row.name for row in winners_of(seat, 1).by_lot] == ["Bob"]
    assert not winners_of(seat, 1).doubt

"""Tables with the headings of their publishers, and names invented."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from results.exchange.errors import FileQuestions
from results.models import Standing
from tests import nights
from tests.exchange.reading import read, write

#: https://electionresults.parliament.uk: a candidacies file, its columns in part.
PARLIAMENT = """General election polling date,Country name,English region name,Constituency name,\
Constituency geographic code,Electorate,Election polling date,Election is by-election,\
Declaration time,Election valid vote count,Election invalid vote count,Election result summary,\
Candidate family name,Candidate given name,Candidate is sitting MP,\
Candidate is standing as Commons Speaker,Candidate is standing as independent,Main party name,\
Main party abbreviation,Main party Electoral Commission ID,Candidate vote count,\
Candidate vote share,Majority,Candidate result position
2024-07-04,England,North East,Aford,E14000901,70000,2024-07-04,false,,40000,100,Lab hold,Ash,Ann,\
true,false,false,Labour,Lab,PP53,25000,0.625,10000,1
2024-07-04,England,North East,Aford,E14000901,70000,2024-07-04,false,,40000,100,Lab hold,Birch,Bob,\
false,false,true,,,,15000,0.375,10000,2
2024-07-04,England,North East,Beeford,E14000902,60000,2024-07-04,false,,30,1,Spk hold,Cedar,Cat,\
true,true,false,,,,30,1,30,1
"""
#: Estimates of 2019 on the boundaries of 2024, as broadcasters published them.
NOTIONAL = """PANO,ONS code,Boundary Comm name,region_name,country_name,Index_of_change,Win19,\
Second19,CON%,LAB%,Conv,Labv,LDv,Grnv,Brxv,TotOthv,total_votes,electorate,maj%
1,E14001063,Aford,South East,England,0,Con,Lab,60,40,600,400,0,0,0,0,1000,2000,20
"""
#: The Electoral Commission's of 2010: votes are all valid votes, then a column for each party.
COMMISSION = """Press Association Reference,Constituency Name,Region,Election Year,Electorate,\
Votes,AC,BNP,Con,Grn,Lab,LD,UKIP
1,Aford,Wales,2010,50838,30958,,1276,4411,,16073,5034,489
"""


def test_reads_parliaments_candidacies(tmp_path: Path) -> None:
    edition, _notes = read(write(tmp_path, PARLIAMENT))
    aford, beeford = edition.in_order
    assert (aford.code, aford.electorate, aford.valid, aford.rejected) == (
        "E14000901", 70000, 40000, 100,
    )  # fmt: skip
    assert [(row.name, row.party, row.commission, row.votes) for row in aford.candidates] == [
        ("Ann Ash", "Labour", "PP53", 25000),
        ("Bob Birch", "Independent", "", 15000),
    ]
    assert beeford.candidates[0].party == "Speaker"
    assert str(edition.polling_day) == "2024-07-04"


def test_reads_notional_candidacies_without_names(tmp_path: Path) -> None:
    nameless = (
        PARLIAMENT.replace("Ash,Ann", ",").replace("Birch,Bob", ",").replace("Cedar,Cat", ",")
    )
    file = write(tmp_path, nameless, "candidate-level-results-notional-2019.csv")
    edition, notes = read(file)
    assert all(seat.notional for seat in edition.in_order)
    assert edition.in_order[0].counted == 40000
    assert any("notional: marked so" in note for note in notes)


def test_reads_estimates_of_votes_and_not_shares(tmp_path: Path) -> None:
    (seat,) = read(write(tmp_path, NOTIONAL), notional=True)[0].in_order
    assert seat.by_party == {"con": 600, "lab": 400}
    assert (seat.first_party, seat.valid, seat.electorate) == ("Con", 1000, 2000)
    assert (seat.name, seat.code, seat.notional) == ("Aford", "E14001063", True)


@pytest.mark.parametrize("heading", ["Notional votes", "2019 notional vote", "Votes (notional)"])
def test_reads_a_table_of_constituency_party_and_notional_votes(
    tmp_path: Path, heading: str
) -> None:
    text = f"Constituency,Party,{heading}\nAford,Labour,21000\nAford,Conservative,19000\n"
    edition, notes = read(write(tmp_path, text))
    (aford,) = edition.in_order
    assert (aford.notional, aford.counted) == (True, 40000)
    assert [(row.party, row.votes) for row in aford.candidates] == [
        ("Labour", 21000),
        ("Conservative", 19000),
    ]
    assert any(f"its “{heading}” says that it is notional: marked so" in note for note in notes)


@pytest.mark.django_db
def test_pages_say_in_words_that_last_time_is_notional(tmp_path: Path, client: Client) -> None:
    seat = nights.contest(nights.election(), "Aford", [("Ann Ash", "lab"), ("Bob Oak", "con")])
    nights.islington_north(seat.election)
    text = "Constituency,Party,Notional votes\nAford,Labour,21000\nAford,Conservative,19000\n"
    call_command("load_results", "ge", write(tmp_path, text), "--date", "2019-12-12")
    page = client.get("/ge/aford/").content.decode()
    assert "(notional)" in page
    nights.declare(seat, 15000, 25000)
    (elected,) = Standing.objects.get(contest=seat).summary["elected"]
    assert elected["gained_from"] == "lab"
    assert "(notional)" in client.get("/ge/aford/").content.decode()


def test_reads_the_commissions_votes_as_all_valid_votes(tmp_path: Path) -> None:
    file = write(tmp_path, COMMISSION)
    (seat,) = read(file)[0].in_order
    assert (seat.valid, seat.electorate, seat.region) == (30958, 50838, "Wales")
    assert seat.by_party["con"] == 4411
    assert seat.by_party["lab"] == 16073


AREA = "E14000901,E12000001,Aford,Ashire,North East,England,County"
LIBRARY = [
    f"{AREA},Labour,Lab,Ann,Ash,Female,No,No,7,0.7,",
    f"{AREA},Green,Green,Bob,Birch,Male,No,No,3,0.3,",
]


def test_asks_for_the_headings_that_a_file_lost(tmp_path: Path) -> None:
    file = write(tmp_path, "\n".join(LIBRARY))
    with pytest.raises(FileQuestions) as raised:
        read(file)
    (question,) = raised.value.questions
    assert question.guess is not None
    assert question.guess.option == "--columns guessed"
    assert "results by candidate, 2015 to 2019" in question.guess.label
    assert read(file, columns={"guessed": "guessed"})[0].in_order[0].counted == 10
    by_number = {"constituency_name": "3", "party_name": "H", "surname": "11", "votes": "15"}
    assert read(file, columns=by_number)[0].in_order[0].counted == 10


def test_reads_a_councils_table(tmp_path: Path) -> None:
    text = """Results of the council election,,,,
Ward,Name of candidate,Description (if any),Number of votes,Result
Hill,"ASH, Ann",Labour Party,900,Elected
,Bob Birch,Green Party,12,Not elected
,Rejected ballot papers,,4,
Dale,Cat Cedar,Independent,5,Elected
"""
    file = write(tmp_path, text)
    with pytest.raises(FileQuestions, match="party_name: column is missing: which has the party"):
        read(file)
    hill, dale = read(file, columns={"party_name": "Description (if any)"})[0].in_order
    assert [(row.name, row.elected) for row in hill.candidates] == [
        ("Ann Ash", True),
        ("Bob Birch", False),
    ]
    assert dale.counted == 5

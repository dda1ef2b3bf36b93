"""Candidates files of elections with party lists, and by single transferable vote."""

import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Contest, Election, Standing
from tests.exchange import files
from tests.present import present

pytestmark = pytest.mark.django_db

HEADINGS = (
    "person_id,person_name,ballot_paper_id,election_date,party_name,party_id,post_label,"
    "seats_contested,party_list_position,electoral_region,gss"
)
DAY = "2026-05-07"


def load(tmp_path: Path, rows: Iterable[str], slug: str = "lists") -> Election:
    text = "\n".join([HEADINGS, *rows])
    call_command("load_candidates", slug, files.write(tmp_path, "candidates.csv", text))
    return Election.objects.get(slug=slug)


def row(person: int, name: str, ballot: str, label: str, party: str, **more: object) -> str:
    parties = {"Labour": "PP53", "Green": "PP63", "Independent": "ynmp-party:2"}
    cells = [person, name, f"{ballot}.{DAY}", DAY, party, parties[party], label]
    return ",".join(
        map(str, [*cells, *(more.get(key, "") for key in ("seats", "place", "region", "gss"))])
    )


def senedd(**changed: object) -> list[str]:
    ballot = ("senedd.c.bangor", "Bangor")
    return [
        row(1, "Ann Ash", *ballot, "Labour", seats=6, place=2),
        row(2, "Zoe Yew", *ballot, "Labour", seats=6, place=changed.get("place", 1)),
        row(3, "Bob Elm", *ballot, "Independent", seats=6),
        row(4, "Cat Oak", *ballot, "Green", seats=6, place=1),
    ]


def test_loads_lists_in_their_order_and_independents_last(tmp_path: Path) -> None:
    contest = load(tmp_path, senedd()).contests.get()
    assert (contest.seats, contest.method, contest.elected_by) == (6, "", "lists")
    assert [(each.name, each.list_position) for each in contest.candidates.all()] == [
        *(("Cat Oak", 1), ("Zoe Yew", 1), ("Ann Ash", 2)),
        ("Bob Elm", None),
    ]


@pytest.mark.parametrize(
    ("place", "error"), [("", "is empty"), (2, "is another candidate’s too")], ids=["none", "same"]
)
def test_refuses_a_list_without_an_order(tmp_path: Path, place: object, error: str) -> None:
    with pytest.raises(CommandError) as refused:
        load(tmp_path, senedd(place=place))
    assert f"party_list_position: {error}: the list of Labour in Bangor" in str(refused.value)
    assert not Contest.objects.exists()


class TestListOfYourOwn:
    CANDIDATES = (("Ann Ash", 2), ("Zoe Yew", 1))

    def load(self, tmp_path: Path, heading: str, **options: object) -> Election:
        rows = [f"Constituency,Party,{heading},Candidate,Seats"]
        rows += [f"Bangor,Labour,{place},{name},6" for name, place in self.CANDIDATES]
        file = files.write(tmp_path, "own.csv", "\n".join(rows))
        call_command(
            "load_candidates", "lists", file, date=date.fromisoformat(DAY), kind="senedd", **options
        )
        return Election.objects.get(slug="lists")

    @pytest.mark.parametrize("heading", ["List position", "Place on the list"])
    def test_its_places_are_found_by_their_heading(self, tmp_path: Path, heading: str) -> None:
        contest = self.load(tmp_path, heading).contests.get()
        assert [each.name for each in contest.candidates.all()] == ["Zoe Yew", "Ann Ash"]

    def test_it_is_asked_which_column_has_the_places(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r'--columns "party_list_position=Nr on list"'):
            self.load(tmp_path, "Nr on list")
        answer = [("party_list_position", "Nr on list")]
        contest = self.load(tmp_path, "Nr on list", columns=answer).contests.get()
        assert [each.name for each in contest.candidates.all()] == ["Zoe Yew", "Ann Ash"]


@pytest.mark.parametrize("kind", ["senedd", "ni-assembly"])
def test_asks_how_many_seats_a_constituency_has(tmp_path: Path, kind: str) -> None:
    text = "Constituency,Party,List position,Candidate\nFoyle,Labour,1,Ann Ash\n"
    file, day = files.write(tmp_path, "own.csv", text), date.fromisoformat(DAY)
    with pytest.raises(CommandError, match="how many seats each constituency has"):
        call_command("load_candidates", "lists", file, date=day, kind=kind)
    seats = files.write(tmp_path, "seats.csv", "Constituency,Seats\nFoyle,5\n")
    call_command("load_candidates", "lists", file, seats, date=day, kind=kind)
    assert Contest.objects.get().seats == 5


def test_links_every_constituency_of_london_with_its_lists(tmp_path: Path) -> None:
    rows = [
        row(1, "Ann Ash", "gla.a", "Greater London", "Labour", seats=11, place=1),
        row(2, "Bob Elm", "gla.a", "Greater London", "Labour", seats=11, place=2),
        row(1, "Ann Ash", "gla.c.north-east", "North East", "Labour", seats=1),
        row(3, "Cat Oak", "gla.c.north-east", "North East", "Green", seats=1),
        row(4, "Dai Fir", "gla.c.south-west", "South West", "Green", seats=1),
        row(5, "Eve Bay", "gla.c.south-west", "South West", "Labour", seats=1),
    ]
    election = load(tmp_path, rows)
    lists = election.contests.get(method="lists")
    assert (election.kind, lists.name, lists.seats) == ("london-assembly", "Greater London", 11)
    linked = lists.constituencies.order_by("name").values_list("name", "method")
    assert list(linked) == [("North East", ""), ("South West", "")]
    assert election.bodies.get().name == "London Assembly"
    person = lists.candidates.get(name="Ann Ash").person
    assert person == election.contests.get(name="North East").candidates.all()[0].person


def test_links_a_scottish_constituency_with_the_region_that_is_named(tmp_path: Path) -> None:
    rows = [
        row(1, "Ann Ash", "sp.r.lothian", "Lothian", "Labour", seats=7, place=1),
        row(2, "Bob Elm", "sp.r.fife", "Fife", "Labour", seats=7, place=1),
        *(
            row(number, f"{name} {number}", f"sp.c.{name.lower()}", name, party, region=region)
            for number, name, party, region in (
                (3, "Almond", "Labour", "Lothian"),
                (4, "Almond", "Green", "Lothian"),
                (5, "Leven", "Labour", ""),
                (6, "Leven", "Green", ""),
            )
        ),
    ]
    election = load(tmp_path, rows)
    regions = {each.name: each.region_contest for each in election.contests.filter(method="")}
    assert regions == {"Almond": election.contests.get(name="Lothian"), "Leven": None}


def test_wards_of_scotland_are_as_declared(tmp_path: Path) -> None:
    rows = [
        row(1, "Ann Ash", "local.fife.leven", "Leven", "Labour", seats=3, gss="S13002991"),
        row(2, "Bob Elm", "local.fife.leven", "Leven", "Green", seats=3, gss="S13002991"),
    ]
    contest = load(tmp_path, rows).contests.get()
    assert contest.elected_by == "declared"


#: As published tables have them: one row for each list, and none of its people.
LIST_VOTES = "constituency,party,votes,electorate,rejected"
BANGOR = ["Bangor,Labour,60000,120000,90", "Bangor,Green,30000,120000,90"]


def load_votes(tmp_path: Path, *rows: str, headings: str = LIST_VOTES, **options: object) -> str:
    """Load a table of votes into the election `lists`; return the votes and who is elected."""
    file = files.write(tmp_path, "votes.csv", "\n".join([headings, *rows]))
    command = options.pop("command", "load_results")
    more = {"use": "declared"} if command == "load_results" else {"speed": 0}
    call_command(str(command), "lists", file, **{"date": date(2026, 5, 7)} | more | options)
    return told(Contest.objects.filter(method="lists").first() or Contest.objects.get())


def told(contest: Contest) -> str:
    standing = Standing.objects.get(contest=contest)
    counts = present(standing.declaration).ballot_counts
    names = {each.pk: each.name for each in contest.candidates.all()}
    votes = ", ".join(f"{names[key]} {votes}" for key, votes in counts.votes.items())
    return f"{votes}; {', '.join(winner['name'] for winner in standing.summary['elected'])}"


@pytest.mark.parametrize(
    ("ballot", "name"),
    [
        ("senedd.c.bangor", "Senedd election"),
        ("sp.r.fife", "Scottish Parliament election"),
        ("gla.a", "London Assembly election"),
        ("nia.down", "Northern Ireland Assembly election"),
        ("mayor.northshire-ca", "Mayoral elections"),
        ("pcc.northshire", "Police and crime commissioner elections"),
    ],
)
def test_names_a_new_election_by_its_kind(tmp_path: Path, ballot: str, name: str) -> None:
    more = {"seats": 2, "place": 1} if name.startswith(("Senedd", "Scot", "London")) else {}
    rows = [
        row(number, person, ballot, "Bangor", party, **more)
        for number, person, party in ((1, "Ann Ash", "Labour"), (2, "Bob Elm", "Green"))
    ]
    assert load(tmp_path, rows).name == f"{name}, 7 May 2026"


@pytest.mark.parametrize("command", ["load_results", "replay"])
def test_declares_votes_of_one_row_a_list(tmp_path: Path, command: str) -> None:
    load(tmp_path, senedd())
    rows = [*BANGOR, "Bangor,Independent,500,120000,90"]
    text = load_votes(tmp_path, *rows, command=command)
    assert text == "Zoe Yew 60000, Cat Oak 30000, Bob Elm 500; Zoe Yew, Cat Oak, Ann Ash, Bob Elm"


def test_an_independent_is_told_by_name_where_there_are_several(tmp_path: Path) -> None:
    bangor = ("senedd.c.bangor", "Bangor")
    load(tmp_path, [*senedd(), row(5, "Eve Bay", *bangor, "Independent", seats=6)])
    rows = [each.replace("Bangor,", "Bangor,,", 1) for each in BANGOR]
    rows += ["Bangor,Bob Elm,Independent,500,,", "Bangor,Eve Bay,Independent,400,,"]
    text = load_votes(tmp_path, *rows, headings=LIST_VOTES.replace("party", "name,party"))
    assert text.startswith("Zoe Yew 60000, Cat Oak 30000, Bob Elm 500, Eve Bay 400;")


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (BANGOR, "Bangor: no votes for Bob Elm (Independent)"),
        (["Bangor,Green,30000,,", "Bangor,Independent,5,,"], "Bangor: no votes for Labour"),
        ([*BANGOR, "Bangor,Reform UK,5,,"], "Reform UK has no list on the ballot paper of Bangor"),
        ([*BANGOR, "Bangor,Labour,5,,"], "Labour has votes on line 2 already"),
    ],
    ids=["independent", "list", "another", "twice"],
)
def test_refuses_other_lists_than_the_ballot_papers(
    tmp_path: Path, rows: list[str], error: str
) -> None:
    load(tmp_path, senedd())
    with pytest.raises(CommandError, match=re.escape(error)):
        load_votes(tmp_path, *rows)
    assert not Standing.objects.exists()


def test_lists_of_london_lie_beside_the_candidates_of_its_constituencies(tmp_path: Path) -> None:
    rows = [
        row(1, "Ann Ash", "gla.a", "Greater London", "Labour", seats=2, place=1),
        row(2, "Bob Elm", "gla.a", "Greater London", "Green", seats=2, place=1),
        row(3, "Cat Oak", "gla.c.north-east", "North East", "Labour", seats=1),
        row(4, "Dai Fir", "gla.c.north-east", "North East", "Green", seats=1),
    ]
    load(tmp_path, rows)
    votes = ["North East,Cat Oak,Labour,900", "North East,Dai Fir,Green,800"]
    lists = ["Greater London,,Labour,1000", "Greater London,,Green,990"]
    headings = "constituency,name,party,votes"
    assert load_votes(tmp_path, *votes, *lists, headings=headings).startswith("Ann Ash 1000, ")
    nameless = ["North East,,Labour,900", "North East,,Green,800"]
    Standing.objects.all().delete()
    with pytest.raises(CommandError, match="with names, is needed to declare a result"):
        load_votes(tmp_path, *nameless, *lists, headings=headings)


def test_says_who_was_drawn_by_lot_between_lists(tmp_path: Path) -> None:
    ballot = ("senedd.c.bangor", "Bangor")
    people = [(1, "Ann Ash", "Labour"), (2, "Bob Elm", "Green")]
    rows = [row(one, name, *ballot, party, seats=1, place=1) for one, name, party in people]
    load(tmp_path, rows)
    tied = ["Bangor,Labour,700", "Bangor,Green,700"]
    with pytest.raises(CommandError, match="drawn by lot"):
        load_votes(tmp_path, *tied, headings="constituency,party,votes")
    drawn = [f"{tied[0]},", f"{tied[1]},yes"]
    assert load_votes(tmp_path, *drawn, headings="constituency,party,votes,by_lot").endswith(
        "; Bob Elm"
    )


def test_votes_of_lists_are_last_time(tmp_path: Path) -> None:
    contest = load(tmp_path, senedd()).contests.get()
    headings = "constituency,party,votes,electorate"
    file = files.write(tmp_path, "last.csv", f"{headings}\nBangor,Labour,9,20\nBangor,Green,8,20")
    call_command("load_results", "lists", file, poll=date(2021, 5, 6))
    votes = contest.last_result.votes.order_by("-votes").values_list("party__name", "votes")
    assert [total for _name, total in votes] == [9, 8]


def test_reads_an_export_of_lists_back(tmp_path: Path) -> None:
    load(tmp_path, senedd())
    before = load_votes(tmp_path, *BANGOR, "Bangor,Independent,500,120000,90")
    out = io.StringIO()
    call_command("export", "lists", "--format", "csv", stdout=out)
    again = load(tmp_path, senedd(), "again").contests.get()
    file = files.write(tmp_path, "export.csv", out.getvalue())
    call_command("load_results", "again", file, use="declared")
    assert told(again) == before


def test_compares_votes_of_one_row_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, senedd())
    independent = "Bangor,Independent,500,120000,90"
    load_votes(tmp_path, *BANGOR, independent)
    later = [BANGOR[0].replace("60000", "60001"), BANGOR[1], independent]
    file = files.write(tmp_path, "later.csv", "\n".join([LIST_VOTES, *later]))
    capsys.readouterr()
    call_command("compare", "lists", file)
    assert "Bangor: Zoe Yew 60,000 here, 60,001 in the file" in capsys.readouterr().out

"""A list of your own for a chamber of constituencies and regional lists, without ids."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.desk.regions import constituencies_of
from results.exchange.list_people import link_people
from results.models import Candidate, Contest, Election, Person, Standing
from tests.exchange import files

pytestmark = pytest.mark.django_db

HEADINGS = "Region,Constituency,Candidate,Party,Ballot,List position,Seats"
ALMOND = ["Lothian,Almond,Ann Ash,Labour,constituency,,", "Lothian,Almond,Bob Elm,Green,,,"]
LOTHIAN = [
    "Lothian,Lothian,Ann Ash,Labour,list,1,2",
    "Lothian,Lothian,Cat Oak,Labour,list,2,2",
    "Lothian,Lothian,Bob Elm,Green,list,1,2",
    "Lothian,Lothian,Moe Sal,Independent,list,,2",
]


def load(
    tmp_path: Path,
    rows: Iterable[str],
    *,
    headings: str = HEADINGS,
    kind: str = "scottish-parliament",
    seats: str = "",
    **options: object,
) -> Election:
    paths = [files.write(tmp_path, "own.csv", "\n".join([headings, *rows]))]
    if seats:
        paths.append(files.write(tmp_path, "seats.csv", seats))
    call_command("load_candidates", "own", *paths, date=date(2026, 5, 7), kind=kind, **options)
    return Election.objects.get(slug="own")


def refused(tmp_path: Path, rows: Iterable[str], **options: object) -> str:
    with pytest.raises(CommandError) as caught:
        load(tmp_path, rows, **options)  # type: ignore[arg-type]
    assert not Contest.objects.exists()
    return str(caught.value)


def told(election: Election) -> list[tuple[str, str, int, str]]:
    return [
        (each.name, each.elected_by, each.seats, getattr(each.region_contest, "name", ""))
        for each in election.contests.order_by("name")
    ]


def test_a_column_says_which_rows_are_of_lists(tmp_path: Path) -> None:
    election = load(tmp_path, [*ALMOND, *LOTHIAN])
    assert told(election) == [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 2, "")]
    people = election.contests.get(name="Lothian").candidates.values_list("name", flat=True)
    assert list(people) == ["Bob Elm", "Ann Ash", "Cat Oak", "Moe Sal"]


@pytest.mark.parametrize(
    "heading", ["ballot", "Type of ballot", "Ballot type", "Constituency or list"]
)
@pytest.mark.parametrize("word", ["List", "Regional list", "region", "LIST ", "party list"])
def test_the_column_is_read_as_people_write_it(tmp_path: Path, heading: str, word: str) -> None:
    rows = [row.replace(",list,", f",{word},") for row in [*ALMOND, *LOTHIAN]]
    election = load(tmp_path, rows, headings=HEADINGS.replace("Ballot", heading))
    assert told(election) == [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 2, "")]


def test_lists_of_london_need_no_region(tmp_path: Path) -> None:
    headings = "Constituency,Candidate,Party,Ballot,List position,Seats"
    rows = [
        "North East,Ann Ash,Labour,constituency,,",
        "North East,Bob Elm,Green,constituency,,",
        "London-wide,Ann Ash,Labour,London-wide list,1,11",
        "London-wide,Bob Elm,Green,London-wide list,1,11",
    ]
    election = load(tmp_path, rows, headings=headings, kind="london-assembly")
    assert told(election) == [
        ("London-wide", "lists", 11, ""),
        ("North East", "votes", 1, "London-wide"),
    ]


def test_a_list_is_of_its_region_where_no_area_is_given(tmp_path: Path) -> None:
    rows = [row.replace("Lothian,Lothian,", "Lothian,,") for row in [*ALMOND, *LOTHIAN]]
    assert told(load(tmp_path, rows)) == [
        ("Almond", "votes", 1, "Lothian"),
        ("Lothian", "lists", 2, ""),
    ]


def test_a_list_is_not_of_the_constituency_above_it(tmp_path: Path) -> None:
    rows = [row.replace("Lothian,Lothian,", "Lothian,,") for row in [ALMOND[0], *LOTHIAN]]
    assert told(load(tmp_path, rows)) == [
        ("Almond", "votes", 1, "Lothian"),
        ("Lothian", "lists", 2, ""),
    ]


def test_regions_and_constituencies_may_be_named_once(tmp_path: Path) -> None:
    rows = [
        "Lothian,Almond,Ann Ash,Labour,constituency,,",
        ",,Bob Elm,Green,,,",
        ",Beech,Dan Fir,Labour,,,",
        ",,Ann Ash,Labour,list,1,2",
        ",,Cat Oak,Labour,list,2,",
        "Fife,Cedar,Eve Gum,Green,,,",
        ",,Fay Hop,Green,list,1,3",
        ",,Gus Ivy,Green,list,2,",
    ]
    assert told(load(tmp_path, rows)) == [
        ("Almond", "votes", 1, "Lothian"),
        ("Beech", "votes", 1, "Lothian"),
        ("Cedar", "votes", 1, "Fife"),
        ("Fife", "lists", 3, ""),
        ("Lothian", "lists", 2, ""),
    ]


def test_constituencies_below_all_lists_are_of_no_region_that_is_named_once(tmp_path: Path) -> None:
    lists = ["Lothian,,Cat Oak,Labour,list,1,2", ",,Dai Elm,Labour,list,2,2"]
    lists += ["Fife,,Eve Fir,Labour,list,1,2", ",,Fay Fig,Green,list,1,2"]
    seats = [",Almond,Ann Ash,Labour,constituency,,", ",Leith,Dai Fir,Green,constituency,,"]
    found = told(load(tmp_path, [*lists, *seats]))
    assert [each[0] for each in found] == ["Almond", "Fife", "Leith", "Lothian"]
    assert {region for _name, _method, _seats, region in found} == {""}


def test_lists_may_be_named_once(tmp_path: Path) -> None:
    lists = [LOTHIAN[0], *(row.replace("Lothian,Lothian,", ",,") for row in LOTHIAN[1:])]
    seats = [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 2, "")]
    assert told(load(tmp_path, [*ALMOND, *lists])) == seats


def test_a_table_gives_the_seats_of_regions_only(tmp_path: Path) -> None:
    headings = HEADINGS.removesuffix(",Seats")
    rows = [row.rpartition(",")[0] for row in [*ALMOND, *LOTHIAN]]
    election = load(tmp_path, rows, headings=headings, seats="Area,Seats\nLothian,7\n")
    assert told(election) == [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 7, "")]


def test_seats_may_stand_in_one_row_of_a_list(tmp_path: Path) -> None:
    rows = [row.removesuffix("2") for row in LOTHIAN[:-1]] + LOTHIAN[-1:]
    assert told(load(tmp_path, rows)) == [("Lothian", "lists", 2, "")]


def test_a_region_is_one_however_its_name_is_written(tmp_path: Path) -> None:
    rows = [row.removesuffix("2").replace(",Lothian,", ",LOTHIAN,") for row in LOTHIAN[:-1]]
    assert told(load(tmp_path, [LOTHIAN[-1], *rows])) == [("Lothian", "lists", 2, "")]


def test_a_table_beside_it_leaves_seats_to_any_row_of_a_list(tmp_path: Path) -> None:
    rows = [LOTHIAN[0].removesuffix("2"), *LOTHIAN[1:]]
    election = load(tmp_path, [*ALMOND, *rows], seats="Area,Seats\nAlmond,1\n")
    assert told(election) == [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 2, "")]


def test_a_table_beside_it_gives_no_constituency_several_seats(tmp_path: Path) -> None:
    message = refused(tmp_path, [*ALMOND, *LOTHIAN], seats="Area,Seats\nAlmond,7\n")
    assert "seats.csv:2: Seats: is 7, and the constituency Almond elects one" in message


LEVEN = "Fife,Leven,Dai Fir,Labour,constituency,,"
FIFE = "Fife,Fife,Dai Fir,Labour,list,1,2"


def test_a_constituency_waits_for_the_lists_of_its_region(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    election = load(tmp_path, [*ALMOND, LEVEN, FIFE])
    assert told(election) == [
        *(("Almond", "votes", 1, ""), ("Fife", "lists", 2, ""), ("Leven", "votes", 1, "Fife")),
    ]
    assert "Almond: no lists count its seat: name its region as" in capsys.readouterr().out
    load(tmp_path, [*ALMOND, LEVEN, FIFE, *LOTHIAN])
    assert told(election)[0] == ("Almond", "votes", 1, "Lothian")


def test_a_misspelt_region_is_not_the_only_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row.replace("Lothian,", "Lothain,") for row in ALMOND]
    election = load(tmp_path, [*rows, *LOTHIAN])
    assert told(election)[0] == ("Almond", "votes", 1, "")
    assert "Almond: no lists count its seat: name its region as" in capsys.readouterr().out
    load(tmp_path, [*ALMOND, *LOTHIAN])
    assert told(election)[0] == ("Almond", "votes", 1, "Lothian")


@pytest.mark.parametrize("region", ["", "Scotland"])
def test_the_only_region_is_that_of_rows_that_name_none(tmp_path: Path, region: str) -> None:
    rows = [row.replace("Lothian,", f"{region},", 1) for row in ALMOND]
    assert told(load(tmp_path, [*rows, *LOTHIAN]))[0] == ("Almond", "votes", 1, "Lothian")


def test_london_has_one_list_whatever_the_region_is_called(tmp_path: Path) -> None:
    rows = [row.replace("Lothian,", "North London,") for row in ALMOND]
    election = load(tmp_path, [*rows, *LOTHIAN], kind="london-assembly")
    assert told(election)[0] == ("Almond", "votes", 1, "Lothian")


def linked_to_fife(tmp_path: Path) -> Election:
    election = load(tmp_path, [*ALMOND, LEVEN, FIFE, *LOTHIAN])
    fife = election.contests.get(name="Fife")
    election.contests.filter(name="Almond").update(region_contest=fife)
    return election


def test_a_row_puts_its_region_right(tmp_path: Path) -> None:
    election = linked_to_fife(tmp_path)
    load(tmp_path, [ALMOND[0].replace("Lothian,", ",", 1), ALMOND[1], LEVEN, FIFE, *LOTHIAN])
    assert told(election)[0] == ("Almond", "votes", 1, "Lothian")


@pytest.mark.parametrize("region", ["Lothian", "Fife"])
def test_a_region_with_a_result_keeps_its_constituencies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], region: str
) -> None:
    election = linked_to_fife(tmp_path)
    contest = election.contests.get(name=region)
    Standing.objects.create(contest=contest, status="declared", summary={"elected": []})
    load(tmp_path, [*ALMOND, LEVEN, FIFE, *LOTHIAN])
    assert told(election)[0] == ("Almond", "votes", 1, "Fife")
    assert (
        f"Almond: stays with the lists of Fife, though the file names Lothian: {region} has a "
        "result\n"
    ) in capsys.readouterr().out


def test_says_that_a_region_of_a_later_file_is_no_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    election = load(tmp_path, [*ALMOND, *LOTHIAN])
    load(tmp_path, [row.replace("Lothian,", "Lothain,") for row in ALMOND])
    assert told(election)[0] == ("Almond", "votes", 1, "Lothian")
    assert (
        "Almond: stays with the lists of Lothian, though the file names Lothain: no list has that "
        "name\n"
    ) in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["scottish-parliament", "london-assembly"])
def test_says_how_to_mark_the_rows_of_lists(tmp_path: Path, kind: str) -> None:
    headings = HEADINGS.replace("Ballot", "Notes")
    message = refused(tmp_path, [*ALMOND, *LOTHIAN], headings=headings, kind=kind)
    assert (
        "own.csv: ballot: the list does not say which rows are of regional lists: add a column "
        "“ballot”, with “list” in those rows and “constituency” in the others"
    ) in message


def test_a_list_without_regional_lists_may_say_so(tmp_path: Path) -> None:
    headings = HEADINGS.replace("Ballot", "Notes")
    election = load(tmp_path, ALMOND, headings=headings, columns=[("ballot", "")])
    assert told(election) == [("Almond", "votes", 1, "")]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([LOTHIAN[0].replace("list", "second")], "“second” is neither “constituency” nor “list”"),
        (
            [ALMOND[0], ALMOND[1].replace("Green,,", "Green,list,1")],
            "own.csv:3: Ballot: the rows of Almond differ: is it a constituency, or a region",
        ),
        (
            [*ALMOND, LOTHIAN[0].replace("list", "")],
            "own.csv:4: Ballot: is empty, and Ann Ash has a place on a list: write “list” in each",
        ),
        (
            [*ALMOND, *(row.removesuffix("2") for row in LOTHIAN)],
            "own.csv:4: Seats: is empty: give how many seats the lists of Lothian fill",
        ),
        (
            [row.removesuffix("2") + "0" for row in LOTHIAN],
            "own.csv:2: Seats: is 0: give how many seats the lists of Lothian fill",
        ),
        ([LOTHIAN[0], LOTHIAN[1].replace("2,2", "2,3")], "the rows of Lothian differ: 2 and 3"),
        ([LOTHIAN[1].replace("2,2", ",2"), LOTHIAN[0]], "needs an order, counted from 1"),
        (
            [f"{ALMOND[0]}7", *LOTHIAN],
            "own.csv:2: Seats: is 7, and the constituency Almond elects one: leave it empty, and",
        ),
        (
            [ALMOND[0], "Lothian,ALMOND,Bob Elm,Green,list,1,7"],
            "own.csv:3: Ballot: the rows of ALMOND differ: is it a constituency, or a region",
        ),
        (
            [ALMOND[0], ALMOND[1].replace("Lothian,", "Fife,", 1), *LOTHIAN],
            "own.csv:3: Region: the rows of Almond differ: is its region Lothian or Fife?",
        ),
        ([LOTHIAN[0], LOTHIAN[0].replace("Lothian,L", "Lothian,l")], "nominated twice in lothian"),
    ],
    ids=[
        *("word", "both", "place", "no seats", "none", "other seats", "no order"),
        *("seats of a constituency", "both in capitals", "two regions", "twice in small letters"),
    ],
)
def test_names_rows_that_do_not_say_it(tmp_path: Path, rows: list[str], error: str) -> None:
    assert error in refused(tmp_path, rows)


def test_asks_how_many_seats_the_lists_fill(tmp_path: Path) -> None:
    headings = HEADINGS.removesuffix(",Seats")
    rows = [row.rpartition(",")[0] for row in [*ALMOND, *LOTHIAN]]
    message = refused(tmp_path, rows, headings=headings)
    assert "does not say how many seats the lists of each region fill: add a column" in message
    table = refused(tmp_path, rows, headings=headings, seats="Area,Seats\nFife,7\n")
    assert "seats.csv has no seats of Lothian" in table


def test_a_person_of_both_ballots_is_one(tmp_path: Path) -> None:
    """Or whoever wins the constituency would be elected from the list as well."""
    election = load(tmp_path, [*ALMOND, *LOTHIAN])
    winner = election.contests.get(name="Almond").candidates.get(name="Ann Ash")
    lothian = election.contests.get(name="Lothian")
    assert lothian.candidates.get(name="Ann Ash").person == winner.person
    summary = {"elected": [{"label": "lab", "candidate": winner.pk}]}
    Standing.objects.create(contest=winner.contest, status="declared", summary=summary)
    listed = lothian.candidates.get(name="Ann Ash").pk
    assert constituencies_of(lothian).elected == (listed,)
    assert Person.objects.count() == 4
    load(tmp_path, [*ALMOND, *LOTHIAN])
    assert Person.objects.count() == 4


def test_two_candidates_without_a_person_become_one(tmp_path: Path) -> None:
    election = load(tmp_path, [*ALMOND, *LOTHIAN])
    both = Candidate.objects.filter(name="Ann Ash")
    both.update(person=None)
    Person.objects.filter(candidacies=None).delete()
    link_people(election)
    people = set(both.values_list("person", flat=True))
    assert len(people) == 1
    assert Person.objects.get(pk=people.pop()).name == "Ann Ash"


def test_namesakes_without_a_person_are_named(tmp_path: Path) -> None:
    leith = "Lothian,Leith,Ann Ash,Labour,constituency,,"
    election = load(tmp_path, [*ALMOND, leith, *LOTHIAN])
    Candidate.objects.filter(name="Ann Ash").update(person=None)
    assert len(link_people(election)) == 1


def test_namesakes_of_other_parties_and_regions_are_others(tmp_path: Path) -> None:
    rows = [
        *ALMOND,
        "Lothian,Leith,Cat Oak,Green,constituency,,",
        "Fife,Leven,Cat Oak,Labour,constituency,,",
        *LOTHIAN,
        "Fife,Fife,Dai Fir,Labour,list,1,2",
    ]
    election = load(tmp_path, rows)
    people = election.contests.filter(candidates__name="Cat Oak")
    assert people.values("candidates__person").distinct().count() == 3


def test_says_which_of_two_namesakes_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, [*ALMOND, "Lothian,Leith,Ann Ash,Labour,constituency,,", *LOTHIAN])
    assert (
        "Lothian: Ann Ash (Labour) stands in Almond and in Leith as well: choose the same person "
        "for the list in the admin, or whoever wins there can be elected twice"
    ) in capsys.readouterr().out


def test_says_which_constituencies_no_region_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*ALMOND, "Lothians,Leith,Dai Fir,Labour,constituency,,", *LOTHIAN]
    load(tmp_path, [*rows, "Fife,Fife,Dai Fir,Labour,list,1,2"])
    assert (
        "Leith: no lists count its seat: name its region as the lists do (Fife, Lothian) and load "
        "the file again\n"
    ) in capsys.readouterr().out


def test_a_row_that_was_marked_wrongly_is_put_right(tmp_path: Path) -> None:
    unmarked = [row.replace("list,", "constituency,").removesuffix("2") for row in LOTHIAN]
    load(tmp_path, [*ALMOND, *unmarked])
    election = load(tmp_path, [*ALMOND, *LOTHIAN])
    assert told(election) == [("Almond", "votes", 1, "Lothian"), ("Lothian", "lists", 2, "")]
    assert told(load(tmp_path, [*ALMOND, *unmarked]))[1] == ("Lothian", "votes", 1, "")


def test_a_later_edition_needs_no_kind(tmp_path: Path) -> None:
    load(tmp_path, [*ALMOND, *LOTHIAN])
    file = files.write(tmp_path, "later.csv", "\n".join([HEADINGS, *ALMOND, *LOTHIAN]))
    call_command("load_candidates", "own", file)
    assert told(Election.objects.get())[1] == ("Lothian", "lists", 2, "")
    unmarked = files.write(tmp_path, "un.csv", "Area,Candidate,Party\nAlmond,Ann Ash,Labour\n")
    with pytest.raises(CommandError, match="add a column “ballot”"):
        call_command("load_candidates", "own", unmarked)

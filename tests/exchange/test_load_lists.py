"""Candidates files of elections with party lists, and by single transferable vote."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Contest, Election
from tests.exchange import files

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

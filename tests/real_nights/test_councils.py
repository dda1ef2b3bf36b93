"""London's boroughs of 2026 after 2022, and Medway in 2023, by the commands that a desk runs."""

import csv
import io
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from results.models import Contest, Election, Milestone, Standing
from results.stories.council import council_stories_of
from tests.real_nights.phone import type_in
from tests.stories.rules import problems_of

pytestmark = pytest.mark.django_db

#: Seats in all, before and now, control before and now, and what has become of it: data/README.md.
LONDON: dict[str, tuple[int, dict[str, int], dict[str, int], str, str, str]] = {
    "Islington": (
        51,
        {"Labour": 48, "Green": 3},
        {"Labour": 32, "Green": 19},
        *("Labour", "Labour", "hold"),
    ),
    "Hackney": (
        57,
        {"Labour": 50, "Conservative": 5, "Green": 2},
        {"Green": 42, "Labour": 9, "Conservative": 6},
        *("Labour", "Green", "gain"),
    ),
    "Lambeth": (
        63,
        {"Labour": 58, "Liberal Democrat": 3, "Green": 2},
        {"Green": 29, "Labour": 26, "Liberal Democrat": 8},
        *("Labour", "No overall control", "lose"),
    ),
    "Havering": (
        55,
        {"Residents' Association": 23, "Conservative": 23, "Labour": 9},
        {"Reform UK": 39, "Residents' Association": 14, "Labour": 2},
        *("No overall control", "Reform UK", "gain"),
    ),
}


def command(name: str, *args: object) -> str:
    """What a command prints to its standard output."""
    out = StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


def bodies(client: Client, slug: str) -> dict[str, Any]:
    document = json.loads(client.get(f"/{slug}/results.json").content)
    return {body["name"]: body for body in document["bodies"]}


def seats(body: dict[str, Any], name: str) -> dict[str, int]:
    return {party["name"]: party[name] for party in body["parties"] if party[name]}


def test_london_from_2022_to_2026(election_data: Path, client: Client) -> None:
    folder = election_data / "london-councils"
    now = (folder / "candidates-2026.csv", folder / "wards-2026.csv")
    before = (folder / "candidates-2022.csv", folder / "wards-2022.csv")
    poll = ("--as", "declared", "--date", "2026-05-07")
    assert "83 declared" in command("load_results", "london", *now, *poll)
    last = ("--as", "previous", "--poll", "2022-05-05")
    assert "83 contests" in command("load_results", "london", *before, *last)
    assert "every figure as declared" in command("verify", "london")
    found = bodies(client, "london")
    assert found.keys() == LONDON.keys()
    for name, (total, held, won, was, control, outcome) in LONDON.items():
        body = found[name]
        assert body["seats"] == body["seats_up"] == body["declared"] == total
        assert (seats(body, "seats_before"), seats(body, "seats")) == (held, won)
        assert (body["control_before"], body["control"], body["outcome"]) == (was, control, outcome)
        net = {party: won.get(party, 0) - held.get(party, 0) for party in {*held, *won}}
        assert seats(body, "net") == {party: change for party, change in net.items() if change}
    rows = csv.DictReader(io.StringIO(client.get("/london/bodies.csv").content.decode("utf-8-sig")))
    labour = [int(row["net"]) for row in rows if row["name"] == "Labour"]
    assert sum(labour) == 69 - 165
    assert Milestone.objects.filter(body__isnull=False, undone_by=None).count() == 4
    page = client.get("/london/").content.decode()
    assert "Greens gain Hackney from Labour" in page
    stories = dict(council_stories_of(Election.objects.get(slug="london")))
    assert all(problems_of(story) == [] for story in stories.values())
    assert stories["hackney"].headline.text == "Greens gain Hackney from Labour"
    assert stories["lambeth"].headline.text == "Labour lose Lambeth to no overall control"
    assert "The Greens have 42, up 40 from 2." in stories["hackney"].text
    assert "Labour have 2, down 7 from 9." in stories["havering"].text
    # Published with its discrepancy: 16,153 votes from 5,366 papers for 3 seats.
    wrong = client.get("/london/hylands-and-harrow-lodge/").content.decode()
    assert "16,153" in wrong


def test_medway_in_2023(election_data: Path, client: Client) -> None:
    folder = election_data / "medway-2023"
    files = (folder / "results.csv", folder / "wards.csv")
    options = ("--columns", "surname=2", "--as", "declared", "--date", "2023-05-04")
    name = ("--name", "Medway Council election")
    assert "24 declared" in command("load_results", "medway", *files, *options, *name)
    body = bodies(client, "medway")["Medway Council"]
    assert seats(body, "seats") == {"Labour": 33, "Conservative": 22, "Independent": 4}
    assert (body["seats"], body["majority_line"], body["control"]) == (59, 30, "Labour")
    assert Standing.objects.filter(status=Standing.Status.DECLARED).count() == 24
    page = client.get("/medway/").content.decode()
    assert "Labour win Medway Council" in page
    for word in ("House", "deposit", "general election"):
        assert word not in page


def test_true_results_of_medway_are_published_from_the_phone(election_data: Path) -> None:
    """All but the first ward, typed as they were declared: at most one in twenty is held."""
    folder = election_data / "medway-2023"
    files = (folder / "results.csv", folder / "wards.csv")
    options = ("--columns", "surname=2", "--date", "2023-05-04", "--body", "Medway Council")
    command("load_results", "told", *files, *options, "--as", "declared", "--name", "As declared")
    command("replay", "medway", *files, *options, "--speed", "0", "--only", "1")
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    true = {
        contest.name: contest
        for contest in Contest.objects.filter(election__slug="told").order_by()
    }
    awaited = Contest.objects.filter(election__slug="medway", standing__declaration=None)
    states = {each.name: _typed(each, true[each.name]) for each in awaited.order_by("name")}
    assert len(states) == 23
    held = {name: state for name, state in states.items() if state != "published"}
    assert len(held) <= len(states) / 20, held


def _typed(contest: Contest, declared: Contest) -> str:
    """What the phone of a ward answers to its true figures."""
    declaration = declared.standing.declaration
    assert declaration is not None
    counts = declaration.ballot_counts
    totals = {each.name: counts.votes[each.pk] or 0 for each in declared.candidates.all()}
    votes = {each.pk: totals[each.name] for each in contest.candidates.all()}
    further = {name: getattr(counts, name) for name in ("rejected", "electorate", "papers")}
    return type_in(contest, votes, f"true-{contest.pk}", **further)["state"]

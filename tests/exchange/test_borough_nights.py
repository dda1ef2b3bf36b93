"""An invented borough from files alone: a tie by lot, split wards, parties in several spellings."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from results.models import Standing
from tests.exchange.reading import write

pytestmark = pytest.mark.django_db

#: By ward: who stood, for which party, with how many votes; elected are those with a star.
BEFORE = {
    "Hill": "Lab:900* Lab:880* Lab:870* Con:300 Con:290 Con:280 Grn:250",
    "Mill": "Lab:800* Lab:790* Lab:780* Con:400 Grn:200 Grn:190 Grn:180",
    "Dale": "Con:700* Con:690* Lab:650* Lab:640 Lab:630 Con:620",
    "Moor": "Lab:500* Grn:480* Lab:470 Grn:460 Con:100",
}
#: In Mill two have 700 for the last seat, and the lot fell on the one who stands second.
NOW = {
    "Hill": "Grn:800* Grn:790* Lab:780* Lab:770 Lab:760 Grn:750 Ref:300",
    "Mill": "Lab:900* Lab:890* Lab:700 Ref:700* Ref:650 Ref:640 Con:300",
    "Dale": "Con:800* Con:790* Con:780* Lab:500 Lab:490 Lab:480",
    "Moor": "Grn:600* Grn:590* Lab:500 Lab:490 Con:80",
}
#: The same party is spelt in several ways, in one file and from one year to the next.
SPELLINGS = {
    "Lab": ("Labour Party", "Labour", "Labour and Co-operative Party"),
    "Con": ("Conservative Party", "Conservative and Unionist Party", "Conservatives"),
    "Grn": ("Green Party", "Green", "The Green Party"),
    "Ref": ("Reform UK", "Reform UK", "Reform UK"),
}


def table(wards: dict[str, str], year: int) -> str:
    lines = ["Council,Ward,Seats,Candidate,Party,Votes,Elected"]
    for name, stood in wards.items():
        seats = 2 if name == "Moor" else 3
        for number, each in enumerate(stood.split()):
            label, votes = each.rstrip("*").split(":")
            party = SPELLINGS[label][(number + year) % 3]
            person = f'"{name.upper()}, {label} {number} {year}"'
            elected = "yes" if each.endswith("*") else "no"
            lines.append(f"Northshire,{name},{seats},{person},{party},{votes},{elected}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def borough(tmp_path: Path, client: Client) -> dict[str, Any]:
    now = write(tmp_path, table(NOW, 2026), "now.csv")
    before = write(tmp_path, table(BEFORE, 2022), "before.csv")
    call_command("load_results", "may", now, "--as", "declared", "--date", "2026-05-07")
    call_command("load_results", "may", before, "--as", "previous", "--poll", "2022-05-05")
    document = json.loads(client.get("/may/results.json").content)
    (body,) = document["bodies"]
    return {**body, "contests": {each["name"]: each for each in document["contests"]}}


def seats(body: dict[str, Any], name: str) -> dict[str, int]:
    return {party["name"]: party[name] for party in body["parties"] if party[name]}


def test_seats_before_after_and_net_and_control(borough: dict[str, Any]) -> None:
    before = {"Labour": 8, "Conservative": 2, "Green": 1}
    after = {"Green": 4, "Labour": 3, "Conservative": 3, "Reform UK": 1}
    assert seats(borough, "seats_before") == before
    assert seats(borough, "seats") == after
    assert seats(borough, "net") == {"Labour": -5, "Green": 3, "Conservative": 1, "Reform UK": 1}
    assert (borough["seats"], borough["majority_line"]) == (11, 6)
    assert (borough["control_before"], borough["control"], borough["outcome"]) == (
        "Labour",
        "No overall control",
        "lose",
    )


def test_last_seat_that_was_drawn_by_lot(borough: dict[str, Any], client: Client) -> None:
    mill = borough["contests"]["Mill"]
    elected = [(each["party"], each["votes"]) for each in mill["candidates"] if each["elected"]]
    assert elected == [("Lab", 900), ("Lab", 890), ("RUK", 700)]
    assert (mill["by_lot"], mill["majority"]) == (True, 0)
    page = client.get("/may/mill/").content.decode()
    assert "The vote for the last seat was tied, and decided by lot." in page


def test_ward_that_is_split_and_one_that_is_whole(borough: dict[str, Any]) -> None:
    assert borough["declared"] == 11
    winners = {
        name: [each["label"] for each in summary["elected"]]
        for name, summary in Standing.objects.values_list("contest__name", "summary")
    }
    assert winners["Hill"] == ["green", "green", "lab"]
    assert winners["Dale"] == ["con"] * 3

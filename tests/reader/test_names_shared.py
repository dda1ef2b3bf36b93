"""Contests of one name: the body stands beside the area, and no look-up takes one silently."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import strip_tags

from results.arithmetic import ElectionKind
from results.models import Assignment, Body, Contest, Election, find_contests
from results.models.contest_lookup import ContestNames, Named, qualifiers, set_qualifiers
from tests import nights


@pytest.mark.parametrize(
    ("contests", "told_apart"),
    [
        ([Named("Hill", "A"), Named("Vale", "A")], ["", ""]),
        ([Named("St Michaels", "A"), Named("ST. MICHAELS", "B")], ["A", "B"]),
        ([Named("Hill", "A"), Named("Hill", "A", by_election=True)], ["", "by-election"]),
        (
            [Named("Hill", "A"), Named("Hill", "A", by_election=True), Named("Hill", "B")],
            ["A", "A by-election", "B"],
        ),
        ([Named("Hill", "A", code="E1"), Named("Hill", "A", code="E2")], ["E1", "E2"]),
    ],
)
def test_qualifiers(contests: list[Named], told_apart: list[str]) -> None:
    assert qualifiers(contests) == told_apart


@pytest.fixture
def wards(db: None) -> list[Contest]:
    night = nights.election(kind=ElectionKind.COUNCIL.value)
    wards = []
    for name in ("Northshire", "Southshire"):
        body = Body.objects.create(election=night, slug=name.lower(), name=name)
        slug = f"st-michaels-{name.lower()}"
        wards.append(
            nights.contest(
                night, "St Michaels", [("Ann Ash", "lab")], body=body, slug=slug, code="E05000001"
            )
        )
    set_qualifiers(night)
    return wards


def test_pages_name_the_body(client: Client, wards: list[Contest]) -> None:
    page = client.get("/ge/st-michaels-northshire/").content.decode()
    assert "<title>St Michaels (Northshire): General election</title>" in " ".join(page.split())
    found = client.get("/ge/find/", {"q": "st michaels"}, follow=True).content.decode()
    words = " ".join(strip_tags(found).split())
    assert "St Michaels Northshire" in words
    assert "St Michaels Southshire" in words
    one = client.get("/ge/find/", {"q": "michaels north"}, follow=True).content.decode()
    assert "St Michaels (Southshire)" not in one


@pytest.mark.parametrize("word", ["St Michaels", "st. michaels", "E05000001"])
def test_shared_name_or_code_is_ambiguous(wards: list[Contest], word: str) -> None:
    found = find_contests(Election.objects.get(), [word])
    assert found.contests == []
    assert [*found.ambiguous] == [word]
    assert "St Michaels (Northshire) = st-michaels-northshire" in found.choices


@pytest.mark.parametrize(
    "word", ["st-michaels-southshire", "St Michaels (Southshire)", "st michaels southshire"]
)
def test_address_or_full_name_is_one(wards: list[Contest], word: str) -> None:
    assert find_contests(Election.objects.get(), [word]).contests == [wards[1]]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("West, Northshire", ["West", "Northshire"]),
        ("East, West, Northshire", ["East", "West", "Northshire"]),
        ("Northshire, West", ["Northshire", "West"]),
        ("West, Northshire, East", ["West", "Northshire", "East"]),
    ],
)
def test_whole_named_like_its_body_is_listed_beside_its_areas(
    db: None, text: str, split: list[str]
) -> None:
    """A mayor's areas and the whole: “West, Northshire” could be West, of the body Northshire."""
    night = nights.election(kind=ElectionKind.MAYOR.value)
    body = Body.objects.create(election=night, slug="northshire", name="Northshire")
    for name in ("East", "West", "Northshire"):
        nights.contest(night, name, [("Ann Ash", "lab")], body=body)
    assert ContestNames(night).split(text) == split


def test_body_behind_a_comma_tells_wards_apart(wards: list[Contest]) -> None:
    names = ContestNames(Election.objects.get())
    nights.contest(Election.objects.get(), "Hill", [("Ann Ash", "lab")], body=wards[0].body)
    assert names.split("St Michaels, Southshire, Hill") == ["St Michaels, Southshire", "Hill"]


def test_invite_lists_the_counts_of_a_shared_name(wards: list[Contest]) -> None:
    with pytest.raises(CommandError, match="st-michaels-southshire"):
        call_command("invite", "ann", "--contest", "St Michaels")
    assert not Assignment.objects.exists()
    call_command("invite", "ann", "--contest", "st-michaels-northshire")
    assert Assignment.objects.get().contest == wards[0]

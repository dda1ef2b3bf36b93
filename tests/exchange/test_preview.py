"""Descriptions of a file's changes in a preview."""

from typing import Any

import pytest

from results.exchange.preview import add_numbered, stored_state, visible_state
from results.models import Candidate, Contest, Party, PartyAlias
from tests import nights


def test_things_of_one_name_are_told_by_number_however_many_there_are() -> None:
    state = {"last time Hill, IND": "1 votes"}
    add_numbered(state, [("last time Hill, IND", f"{votes} votes") for votes in range(2, 20_002)])
    assert state["last time Hill, IND"] == "1 votes"
    assert state["last time Hill, IND #2"] == "2 votes"
    assert state["last time Hill, IND #20001"] == "20001 votes"


@pytest.mark.django_db
def test_a_spelling_is_previewed_and_changes_no_page() -> None:
    seat = nights.islington_north(nights.election())
    shown, stored = visible_state("ge"), stored_state("ge")
    PartyAlias.objects.create(
        party=nights.party("lab"), kind=PartyAlias.Kind.SPELLING, text="Labour Party (GB)"
    )
    assert visible_state(seat.election.slug) == shown
    assert stored_state(seat.election.slug) != stored
    Party.objects.filter(slug="lab").update(electoral_commission_id="PP53")
    assert visible_state(seat.election.slug) != shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"electorate": 70_001}, "electorate 70001"),
        ({"method": "lists"}, "party lists (D’Hondt)"),
        ({"venue": "Town Hall"}, "at Town Hall"),
        ({"name_cy": "Y Fro"}, "in Welsh “Y Fro”"),
        ({"by_election": True}, "by-election"),
        ({"seats": 3}, "3 seats"),
        ({"code": "E14000001"}, "E14000001"),
        ({"ballot_paper_id": "parl.north.2019"}, "parl.north.2019"),
    ],
)
def test_names_every_column_of_a_contest(changed: dict[str, Any], shown: str) -> None:
    seat = nights.islington_north(nights.election())
    assert shown not in "".join(visible_state("ge").values())
    Contest.objects.filter(pk=seat.pk).update(**changed)
    assert shown in visible_state("ge")["contest Islington North"]


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["region_contest", "part_of"])
def test_names_the_contest_that_a_contest_is_linked_to(link: str) -> None:
    night = nights.election()
    seat = nights.islington_north(night)
    other = nights.contest(night, "London region", [])
    assert "London region" not in visible_state("ge")["contest Islington North"]
    Contest.objects.filter(pk=seat.pk).update(**{link: other})
    assert "London region" in visible_state("ge")["contest Islington North"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"description": "Local Labour"}, "described as “Local Labour”"),
        ({"list_position": 7}, "place 7 on the list"),
        ({"gender": Candidate.Gender.MALE}, "gender male"),
        ({"elected_before": True}, ", elected before"),
        ({"elected_before": False}, "never elected before"),
        ({"sitting_member": True}, "sitting member"),
        ({"ballot_order": 9}, "place 9 on the ballot paper"),
    ],
)
def test_names_every_column_of_a_candidate(changed: dict[str, Any], shown: str) -> None:
    seat = nights.islington_north(nights.election())
    candidate = seat.candidates.get(name="James Clark")
    assert shown not in visible_state("ge")[f"candidate #{candidate.pk}"]
    Candidate.objects.filter(pk=candidate.pk).update(**changed)
    assert shown in visible_state("ge")[f"candidate #{candidate.pk}"]

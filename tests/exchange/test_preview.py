"""How a preview describes what a file changes."""

import pytest

from results.exchange.preview import add_numbered, stored_state, visible_state
from results.models import Party, PartyAlias
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

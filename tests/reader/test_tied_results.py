"""What pages say of a seat that was decided by lot, and of seats that had no count."""

import pytest
from django.test import Client

from results import desk
from tests import nights
from tests.responses import page_text

pytestmark = pytest.mark.django_db


def test_the_night_here_names_the_lot_in_place_of_a_majority_of_nought(client: Client) -> None:
    tie = nights.contest(nights.election(), "Tie", [("Ann Ash", "lab"), ("Bob Birch", "green")])
    nights.declare(tie, 7, 7, lot=(tie.candidates.get(name="Bob Birch").pk,))
    text = page_text(client, "/ge/tie/")
    assert "Bob Birch is elected. The vote was tied and the seat decided by lot." in text
    assert "majority of 0" not in text


def test_no_count_has_declared_while_all_results_are_unopposed(client: Client) -> None:
    night = nights.election()
    people = [("Ann Ash", "lab")]
    desk.publish_unopposed(nights.contest(night, "Martin", people), by=nights.user(),
                           idempotency_key="one")  # fmt: skip
    nights.contest(night, "Kyme", [*people, ("Bob Birch", "green")])
    text = page_text(client, "/ge/")
    assert "No seat has declared yet" not in text

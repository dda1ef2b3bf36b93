"""What pages say of a seat that was decided by lot, and of seats that had no count."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from results import desk
from results.live.seat import read_seats
from results.models import Election
from results.reporter.read_back import facts_of
from tests import nights
from tests.responses import page_text

pytestmark = pytest.mark.django_db


def test_the_night_here_names_the_lot_in_place_of_a_majority_of_nought(client: Client) -> None:
    tie = nights.contest(nights.election(), "Tie", [("Ann Ash", "lab"), ("Bob Birch", "green")])
    nights.declare(tie, 7, 7, lot=(tie.candidates.get(name="Bob Birch").pk,))
    text = page_text(client, "/ge/tie/")
    assert "Bob Birch is elected. The vote was tied and the seat decided by lot." in text
    assert "majority of 0" not in text


#: A majority of nought, in a sentence, a table or a list.
ABOUT = re.compile(
    r"(?i)majority(?: of|</dt> <dd>|\">|<span[^>]*>)? *0\b|class=\"(?:majority|ranked)\">0<"
)
#: Every page that names majorities.
PAGES = (
    *("/ge/", "/ge/feed/", "/ge/wall/", "/ge/parties/green/", "/ge/changes/", "/ge/records/"),
    *("/ge/seats/", "/ge/tie/", "/ge/two/", "/ge/tie/brief.html", "/ge/two/brief.html"),
    *("/embed/ge/tie/", "/admin/results/contest/"),
)


@pytest.fixture
def tied() -> Election:
    """A night of two recounts that ended in a lot: of the only seat, and of the last of two."""
    night = nights.election()
    people = [("Ann Ash", "lab"), ("Bob Birch", "green"), ("Con Cox", "con")]
    tie = nights.contest(night, "Tie", people, last={"con": 100, "lab": 90, "green": 80})
    two = nights.contest(night, "Two", people, seats=2)
    for seat, votes in ((tie, (700, 700, 30)), (two, (900, 700, 700))):
        drawn = seat.candidates.get(name="Bob Birch").pk
        counts = nights.ballot_counts(seat, *votes, lot=(drawn,))
        request = {"warning_reason": "As read out.", "recount": True}
        nights.declare_counts(seat, counts, by=nights.user(), idempotency_key=nights.key(),
                              **request)  # fmt: skip
    return night


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("tied")
def test_pages_name_the_lot_in_place_of_a_majority(admin_client: Client, address: str) -> None:
    text = page_text(admin_client, address)
    assert not ABOUT.findall(text)
    assert re.search(r"(?i)\bby lot\b", text)


def test_print_out_names_the_lot_in_place_of_a_majority(
    admin_client: Client, tied: Election
) -> None:
    address = reverse("admin:results_election_print", args=[tied.pk])
    text = page_text(admin_client, address)
    assert text.count("Decided by lot.") == 2
    assert "Majority 0" not in text


@pytest.mark.usefixtures("tied")
def test_history_names_the_lot_and_the_recount(client: Client) -> None:
    text = page_text(client, "/ge/tie/")
    assert (
        "Bob Birch is elected after a recount. The vote was tied and the seat decided by lot."
    ) in text


def test_phone_names_the_lot_in_place_of_a_majority(tied: Election) -> None:
    seats = read_seats(list(tied.contests.order_by("name")))
    assert [facts_of(seat)[0] for seat in seats] == [("Majority", "by lot")] * 2


def test_no_count_has_declared_while_all_results_are_unopposed(client: Client) -> None:
    night = nights.election()
    people = [("Ann Ash", "lab")]
    desk.publish_unopposed(nights.contest(night, "Martin", people), by=nights.user(),
                           idempotency_key="one")  # fmt: skip
    nights.contest(night, "Kyme", [*people, ("Bob Birch", "green")])
    text = page_text(client, "/ge/")
    assert "No seat has declared yet" not in text

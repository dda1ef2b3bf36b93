"""An election is withdrawn, or a rehearsal reset, while a declaration of it is being published.

On PostgreSQL the insert of a bulletin locks the election's row at its commit: whoever held that row
and waited for the night would wait for ever.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from results import desk
from results.desk.publishing import locked_night
from results.models import Contest, Election
from results.rehearsal.reset import delete_rehearsal
from tests import nights
from tests.desk.lock_waits import until_waiting
from tests.processes import START_SECONDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.usefixtures("two_writers"),
]


@pytest.fixture
def seat() -> Contest:
    return nights.islington_north(nights.election(rehearsal=True))


def withdraw(election: Election) -> None:
    desk.withdraw_election(election, by=nights.user("editor"), reason="It was another night.")


def reset(election: Election) -> None:
    delete_rehearsal(election)


@pytest.mark.parametrize("act", [withdraw, reset])
def test_waits_for_a_declaration_that_is_being_published(
    seat: Contest, act: Callable[[Election], None]
) -> None:
    nights.user("editor", staff=True)
    counts = nights.islington_ballot_counts(seat)

    def run() -> None:
        try:
            act(seat.election)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with locked_night(seat.election_id):
            waiting = pool.submit(run)
            until_waiting(1)
            answer = nights.declare_counts(seat, counts, by=nights.user(), idempotency_key="one")
        waiting.result(timeout=START_SECONDS)
    assert answer.sequence == 1
    left = Election.objects.filter(pk=seat.election_id).first()
    assert left is None or left.visibility == Election.Visibility.WITHDRAWN

"""Whatever changes an election waits for what is being published, and holds no rows meanwhile.

On PostgreSQL the insert of a bulletin locks the election's row at its commit: whoever held that row
and waited for the night would wait for ever.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections, transaction

from results import desk
from results.arithmetic import ElectionKind
from results.desk.publishing import lock_all_nights, locked_night
from results.models import Contest, Election, Party, Standing
from results.rehearsal.reset import delete_rehearsal
from tests import nights
from tests.desk.lock_waits import until_waiting
from tests.exchange.files import write
from tests.processes import START_SECONDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.usefixtures("two_writers"),
]


@pytest.fixture
def seat() -> Contest:
    return nights.islington_north(nights.election(rehearsal=True))


@contextmanager
def waiting_for_the_night(election: Election, act: Callable[[], object]) -> Iterator[None]:
    """Run `act` on another connection until it waits for the night, and to its end afterwards."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with locked_night(election.pk):
            waiting = pool.submit(run)
            until_waiting(1)
            yield
        waiting.result(timeout=START_SECONDS)


def withdraw(election: Election) -> None:
    desk.withdraw_election(election, by=nights.user("editor"), reason="It was another night.")


@pytest.mark.parametrize("act", [withdraw, delete_rehearsal])
def test_waits_for_a_declaration_that_is_being_published(
    seat: Contest, act: Callable[[Election], None]
) -> None:
    election, counts = seat.election, nights.islington_ballot_counts(seat)
    with waiting_for_the_night(election, partial(act, election)):
        answer = nights.declare_counts(seat, counts, by=nights.user(), idempotency_key="one")
    assert answer.sequence == 1
    left = Election.objects.filter(pk=election.pk).first()
    assert left is None or left.visibility == Election.Visibility.WITHDRAWN


def preview_contests(election: Election) -> None:
    one, twin = election.contests.filter(name__startswith="Ash").order_by("name")
    desk.preview_contest_merge(one, twin)


def preview_parties(election: Election) -> None:
    greens = Party.objects.create(slug="greens", name="The Greens", abbreviation="Grns")
    desk.preview_party_merge(greens, nights.party("green"))


@pytest.mark.parametrize("preview", [preview_contests, preview_parties])
def test_preview_of_a_merge_waits_as_the_merge_does(
    seat: Contest, preview: Callable[[Election], None]
) -> None:
    """It deletes rows that a declaration refers to, until it is rolled back."""
    people = [("Ann Ash", "lab"), ("Bob Birch", "con")]
    _one, twin = (nights.contest(seat.election, name, people) for name in ("Ash", "Ashe"))
    with waiting_for_the_night(seat.election, partial(preview, seat.election)):
        nights.declare(twin, 9000, 8500)
    assert Contest.objects.filter(pk=twin.pk).exists()


def test_load_changes_nothing_before_it_has_the_night(tmp_path: Path) -> None:
    night = nights.election(kind=ElectionKind.COUNCIL)
    ward = nights.contest(night, "Hill", [("Ann Ash", "lab"), ("Bob Birch", "con")])
    rows = "ward,candidate,party,seats\nHill,Ann Ash,Labour,2\nHill,Bob Birch,Conservative,2\n"
    load = partial(call_command, "load_candidates", "ge", write(tmp_path, "wards.csv", rows))
    at = datetime(2019, 12, 13, 3, tzinfo=UTC)
    with waiting_for_the_night(night, load):
        by, awaiting = nights.user(), Standing.Status.AWAITING
        desk.report_status(ward, awaiting, by=by, idempotency_key="late", expected_at=at)
    ward.refresh_from_db()
    assert (ward.seats, ward.expected_at) == (2, at)


def test_two_editors_choose_the_front_page_one_after_the_other() -> None:
    first, *others = (nights.election(slug) for slug in ("may", "june", "july"))
    desk.choose_front(first, by=nights.user())
    editors = [nights.user("ann"), nights.user("bob")]

    def choose(election: Election, by: User) -> None:
        try:
            desk.choose_front(election, by=by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock_all_nights()
            Election.objects.filter(pk=first.pk).update(name="Held")
            waiting = [pool.submit(choose, *pair) for pair in zip(others, editors, strict=True)]
            until_waiting(2)
        for each in waiting:
            each.result(timeout=START_SECONDS)
    assert Election.objects.filter(front=True).count() == 1

"""Many writers at once: every number once, none missing, in the order of commit."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from results import desk
from results.models import Bulletin, Night
from tests import nights

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]
WRITERS = 6
EACH = 5


def test_numbers_are_dense_under_concurrent_writers():
    night = nights.election()
    people = [nights.user(f"writer{number}") for number in range(WRITERS)]

    def write(number):
        try:
            return [
                desk.publish(
                    night,
                    desk.QuoteContent(words=f"Words {number} {at}", speaker="Ann"),
                    by=people[number],
                    idempotency_key=f"k{at}",
                ).sequence
                for at in range(EACH)
            ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        given = list(pool.map(write, range(WRITERS)))

    everything = sorted(sequence for one in given for sequence in one)
    assert everything == list(range(1, WRITERS * EACH + 1))
    assert all(one == sorted(one) for one in given)
    log = Bulletin.objects.order_by("sequence")
    assert list(log.values_list("sequence", flat=True)) == everything
    assert Night.objects.get().sequence == WRITERS * EACH
    pks = list(log.values_list("pk", flat=True))
    assert pks == sorted(pks)


def test_one_key_sent_by_many_at_once_is_one_declaration():
    seat = nights.islington_north(nights.election())
    ballot_counts, by = nights.islington_ballot_counts(seat), nights.user()

    def send(_number):
        try:
            return desk.declare(seat, ballot_counts, by=by, idempotency_key="the same").sequence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        assert set(pool.map(send, range(WRITERS))) == {1}
    assert Bulletin.objects.count() == 1

"""Concurrent writers: every sequence once, none missing, in the order of commit."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from results import desk
from results.models import Bulletin, Night
from tests import nights

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]
WRITERS = 6
EACH = 5


def test_sequences_are_dense_under_concurrent_writers() -> None:
    night = nights.election()
    people = [nights.user(f"writer{number}") for number in range(WRITERS)]

    def write(number: int) -> list[int]:
        try:
            return [
                desk.publish(
                    night,
                    desk.QuoteContent(words=f"Words {number} {count}", speaker="Ann"),
                    by=people[number],
                    idempotency_key=f"k{count}",
                ).sequence
                for count in range(EACH)
            ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        by_writer = list(pool.map(write, range(WRITERS)))

    everything = sorted(sequence for sequences in by_writer for sequence in sequences)
    assert everything == list(range(1, WRITERS * EACH + 1))
    assert all(sequences == sorted(sequences) for sequences in by_writer)
    bulletins = Bulletin.objects.order_by("sequence")
    assert list(bulletins.values_list("sequence", flat=True)) == everything
    assert Night.objects.get().sequence == WRITERS * EACH
    pks = list(bulletins.values_list("pk", flat=True))
    assert pks == sorted(pks)


def test_concurrent_requests_with_one_idempotency_key_publish_once() -> None:
    seat = nights.islington_north(nights.election())
    ballot_counts, by = nights.islington_ballot_counts(seat), nights.user()

    def send(_number: int) -> int:
        try:
            return nights.declare_counts(
                seat, ballot_counts, by=by, idempotency_key="the same"
            ).sequence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        assert set(pool.map(send, range(WRITERS))) == {1}
    assert Bulletin.objects.count() == 1

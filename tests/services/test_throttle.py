"""Wrong codes and passwords are counted where every process sees them, and forgotten in time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone

from results.desk.throttle import FOR_ONE_NAME, WINDOW, note_failure, too_many
from results.models import FailedSignIn
from tests.backing import Redis
from tests.phone import Phone
from tests.servers import Server

SEED = """
from django.contrib.auth.models import User
User.objects.create_user("ann", password="a-long-password")
User.objects.create_user("bob", password="a-long-password")
"""


def asked_from(network: str) -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=network)


@pytest.mark.django_db
@pytest.mark.db
def test_an_old_failure_counts_no_longer_and_is_kept_no_longer() -> None:
    hall = asked_from("192.0.2.7")
    for _time in range(FOR_ONE_NAME):
        note_failure(hall, "Ann")
    assert too_many(hall, "ann")
    FailedSignIn.objects.update(at=timezone.now() - WINDOW - timedelta(seconds=1))
    assert not too_many(hall, "ann")
    note_failure(hall, "bob")
    assert FailedSignIn.objects.count() == 2  # of bob's name, and of the hall


@pytest.mark.django_db
def test_a_household_of_ipv6_is_one_network_and_another_is_another() -> None:
    for number in range(FOR_ONE_NAME):
        note_failure(asked_from(f"2001:db8:1:2::{number + 1}"), "ann")
    assert too_many(asked_from("2001:db8:1:2:ffff::9"), "ann")
    assert not too_many(asked_from("2001:db8:1:3::1"), "ann")


@pytest.mark.django_db
def test_the_table_tells_neither_names_nor_addresses() -> None:
    note_failure(asked_from("192.0.2.7"), "a-telling-name")
    stored = str(list(FailedSignIn.objects.values_list()))
    assert "192.0.2.7" not in stored
    assert "a-telling-name" not in stored


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_failures_at_the_same_moment_are_all_counted() -> None:
    def fail(_number: int) -> None:
        try:
            note_failure(asked_from("192.0.2.7"), "ann")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(fail, range(FOR_ONE_NAME)))
    assert too_many(asked_from("192.0.2.7"), "ann")


@pytest.mark.services
def test_several_processes_count_together_and_a_dead_redis_keeps_nobody_out(
    make_desk: Callable[..., Server], postgres_url: str, redis_server: Redis
) -> None:
    both = [make_desk(database_url=postgres_url, redis_url=redis_server.url) for _one in range(2)]
    both[0].python(SEED)
    for desk in both:
        desk.start()
    redis_server.stop()
    for number in range(FOR_ONE_NAME):
        phone = Phone(both[number % 2])
        phone.get("/count/sign-in/")
        said = phone.post("/count/sign-in/", {"username": "ann", "password": "wrong"})
        assert "Too many" not in said.text
    for desk in both:
        phone = Phone(desk)
        phone.get("/count/sign-in/")
        right = {"username": "ann", "password": "a-long-password"}
        assert "Too many wrong passwords" in phone.post("/count/sign-in/", right).text
        other = Phone(desk)
        other.get("/count/sign-in/")
        in_again = other.post("/count/sign-in/", {**right, "username": "bob"})
        assert in_again.path == "/count/"

"""Throttling of sign-in: tries are counted before anything is checked, by all processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results.desk.devices import device_of, remember_device
from results.desk.throttle import (
    RETENTION_SECONDS,
    TooManyTries,
    locked_until,
    pass_attempt,
    password_attempt,
    second_factor_attempt,
    unlock,
)
from results.models import SignInThrottle
from tests import nights
from tests.backing import Redis
from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.seeds import sign_in
from tests.seeds.sign_in import PASSWORD
from tests.servers import Server

TRIES = 10


def asked_from(network: str, **cookies: str) -> Any:
    request = RequestFactory().get("/", REMOTE_ADDR=network)
    request.COOKIES.update(cookies)
    request.user, request.session = AnonymousUser(), SessionStore()
    return request


def known_device_of(name: str, network: str = "192.0.2.7") -> Any:
    """A request from a device on which this account has signed in."""
    response = HttpResponse()
    remember_device(asked_from(network), response, name)
    return asked_from(network, device=response.cookies["device"].value)


def guess(request: Any, name: str = "ann", times: int = 1) -> None:
    for _time in range(times):
        password_attempt(request, name).failed()


@pytest.mark.django_db
class TestBuckets:
    def test_counts_wrong_tries_only(self) -> None:
        hall = asked_from("192.0.2.7")
        for _time in range(TRIES * 2):
            password_attempt(hall, "ann").succeeded()
        guess(hall, times=TRIES)
        with pytest.raises(TooManyTries):
            password_attempt(hall, "ann")

    def test_locks_one_account_at_one_address(self) -> None:
        guess(asked_from("192.0.2.7"), "ann", TRIES)
        guess(asked_from("192.0.2.7"), "bob")
        guess(asked_from("192.0.2.8"), "ann")

    def test_locks_an_account_on_new_devices_everywhere(self, settings: Any) -> None:
        for number in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
            guess(asked_from(f"192.0.2.{number}"))
        with pytest.raises(TooManyTries):
            guess(asked_from("198.51.100.1"))
        guess(known_device_of("ann"))

    def test_forged_device_cookie_is_a_new_device(self) -> None:
        guess(asked_from("192.0.2.7"), times=TRIES)
        value = known_device_of("ann").COOKIES["device"]
        for forged in (value[:-1] + "x", value.replace(".", ".x", 1), "", "a.b:c:d"):
            request = asked_from("192.0.2.7", device=forged)
            assert not device_of(request).knows("ann")
            with pytest.raises(TooManyTries):
                guess(request)

    def test_device_is_known_only_for_its_own_accounts(self) -> None:
        guess(asked_from("192.0.2.7"), "ann", TRIES)
        with pytest.raises(TooManyTries):
            guess(known_device_of("bob"), "ann")

    def test_ipv6_addresses_are_counted_by_their_64_network(self) -> None:
        for number in range(TRIES):
            guess(asked_from(f"2001:db8:1:2::{number + 1}"))
        with pytest.raises(TooManyTries):
            guess(asked_from("2001:db8:1:2:ffff::9"))
        guess(asked_from("2001:db8:1:3::1"))

    def test_ipv4_addresses_of_a_dual_stack_socket_are_counted_each(self) -> None:
        for _time in range(TRIES):
            guess(asked_from("::ffff:192.0.2.7"))
        with pytest.raises(TooManyTries):
            guess(asked_from("192.0.2.7"))
        guess(asked_from("::ffff:192.0.2.8"))

    def test_codes_are_limited_by_account_over_all_known_devices(self) -> None:
        accounts = {device_of(known_device_of("ann")).latest_account for _device in range(TRIES)}
        for account in accounts:
            for _time in range(TRIES):
                pass_attempt(asked_from("192.0.2.7"), SignInThrottle.Kind.CODE, account).failed()
            with pytest.raises(TooManyTries):
                pass_attempt(asked_from("192.0.2.8"), SignInThrottle.Kind.CODE, account)
        assert len(accounts) == 1

    def test_codes_are_limited_on_new_devices_everywhere(self, settings: Any) -> None:
        settings.SIGN_IN_CODES_EVERYWHERE = 3
        for number in range(3):
            request = asked_from(f"192.0.2.{number}")
            pass_attempt(request, SignInThrottle.Kind.CODE, "").failed()
        with pytest.raises(TooManyTries):
            pass_attempt(asked_from("198.51.100.1"), SignInThrottle.Kind.CODE, "")
        pass_attempt(asked_from("198.51.100.1"), SignInThrottle.Kind.LINK, "").failed()

    def test_second_factor_is_limited_by_account_from_any_address(self) -> None:
        user = nights.user("editor", staff=True)
        for number in range(TRIES):
            second_factor_attempt(asked_from(f"192.0.2.{number}"), user).failed()
        with pytest.raises(TooManyTries):
            second_factor_attempt(asked_from("198.51.100.1"), user)
        second_factor_attempt(known_device_of("editor"), user).succeeded()

    def test_table_holds_no_names_and_no_addresses(self) -> None:
        guess(asked_from("192.0.2.7"), "a-telling-name")
        guess(known_device_of("a-telling-name"), "a-telling-name")
        stored = str(list(SignInThrottle.objects.values_list()))
        assert "192.0.2.7" not in stored
        assert "a-telling-name" not in stored


@pytest.mark.django_db
@pytest.mark.db
class TestWindow:
    def expect_another(self, hall: Any) -> None:
        """Every try of a window may be made, and none for ten minutes after them."""
        guess(hall, times=TRIES)
        with pytest.raises(TooManyTries) as closed:
            guess(hall)
        assert closed.value.seconds == 600

    def test_window_ends_and_another_begins(self, time_machine: Any) -> None:
        time_machine.move_to(timezone.now(), tick=False)
        hall = asked_from("192.0.2.7")
        guess(hall, times=TRIES)
        SignInThrottle.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        self.expect_another(hall)

    def test_window_of_a_clock_that_was_set_back_is_over(self, time_machine: Any) -> None:
        """It would end an hour later than any window can."""
        now = timezone.now()
        hall = asked_from("192.0.2.7")
        time_machine.move_to(now + timedelta(hours=1), tick=False)
        guess(hall, times=TRIES)
        time_machine.move_to(now, tick=False)
        assert locked_until("ann") is None
        self.expect_another(hall)

    def test_window_holds_on_another_machine_whose_clock_is_behind(self, time_machine: Any) -> None:
        now = timezone.now()
        hall = asked_from("192.0.2.7")
        time_machine.move_to(now + timedelta(seconds=20), tick=False)
        guess(hall, times=TRIES)
        time_machine.move_to(now, tick=False)
        assert locked_until("ann") is not None
        with pytest.raises(TooManyTries):
            guess(hall)

    def test_old_counters_are_deleted(self) -> None:
        guess(asked_from("192.0.2.7"))
        ended = timezone.now() - timedelta(seconds=RETENTION_SECONDS + 1)
        SignInThrottle.objects.update(ends_at=ended)
        guess(asked_from("198.51.100.1"), "bob")
        assert not SignInThrottle.objects.filter(ends_at=ended).exists()
        assert SignInThrottle.objects.count() == 3  # bob there, bob everywhere, everybody there

    def test_refused_try_writes_nothing(self) -> None:
        hall = asked_from("192.0.2.7")
        guess(hall, times=TRIES)
        before = list(SignInThrottle.objects.values_list())
        with CaptureQueriesContext(connection) as asked, pytest.raises(TooManyTries):
            password_attempt(hall, "ann")
        assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
        assert list(SignInThrottle.objects.values_list()) == before

    def test_time_is_rounded_up_and_in_the_zone_of_the_latest_election(self) -> None:
        until = datetime(2019, 12, 12, 22, 41, 0, 1, tzinfo=UTC)
        assert TooManyTries(until).clock == "22:42"
        assert TooManyTries(until.replace(microsecond=0)).clock == "22:41"
        nights.election(timezone="America/Santiago")
        assert TooManyTries(until.replace(microsecond=0)).clock == "19:41"


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
class TestConcurrency:
    def together(self, threads: int, work: Callable[[int], bool]) -> list[bool]:
        barrier = Barrier(threads)

        def run(number: int) -> bool:
            try:
                barrier.wait(timeout=START_SECONDS)
                return work(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(run, range(threads)))

    def test_tries_never_exceed_the_limit(self) -> None:
        def begin(_number: int) -> bool:
            try:
                password_attempt(asked_from("192.0.2.7"), "ann")
            except TooManyTries:
                return False
            return True

        assert self.together(12, begin).count(True) == TRIES

    def test_tries_that_share_limits_do_not_deadlock(self) -> None:
        def come_and_go(number: int) -> bool:
            for turn in range(6):
                name = ("ann", "bob", "cat")[(number + turn) % 3]
                hall = asked_from(f"192.0.2.{(number * turn) % 4}")
                attempt = password_attempt(hall, name)
                attempt.succeeded() if turn % 2 else attempt.failed()
                if turn == 3:
                    unlock("cat", by=None)
            return True

        assert all(self.together(8, come_and_go))


class CountingHasher(PBKDF2PasswordHasher):
    iterations = 1_000
    hashes = 0

    def encode(self, *args: Any, **more: Any) -> str:
        CountingHasher.hashes += 1
        encoded: str = super().encode(*args, **more)
        return encoded


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["/count/sign-in/", "/admin/login/"])
def test_every_wrong_sign_in_hashes_one_password(
    settings: Any, time_machine: Any, form: str
) -> None:
    """One hash and the same SQL statements, whether or not the account exists."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    time_machine.move_to(timezone.now(), tick=False)  # a reporter's page names its minute
    User.objects.create_user("known", password=PASSWORD, is_staff=True)
    User.objects.create_user("inactive", password=PASSWORD, is_active=False, is_staff=True)
    User.objects.create_user("pass-only")
    User.objects.create_user("reporter", password=PASSWORD)
    tries = [("known", "wrong"), ("unknown", "wrong"), ("inactive", PASSWORD), ("pass-only", "x")]
    if form == "/admin/login/":
        tries.append(("reporter", PASSWORD))
    costs = []
    for name, password in tries:
        before = CountingHasher.hashes
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(form, {"username": name, "password": password, "next": "/"})
        assert answer.status_code == 200
        page = answer.content.decode().replace(f'"{name}"', "")
        page = "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
        costs.append((CountingHasher.hashes - before, len(asked), page))
    assert costs[0][0] == 1
    assert costs == [costs[0]] * len(costs)


@pytest.mark.django_db
class TestPasswordChange:
    def test_counts_the_old_password_before_checking_it(self, settings: Any) -> None:
        settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
        user = User.objects.create_user("editor", password=PASSWORD, is_staff=True)
        desk = Client()
        desk.force_login(user)
        new = {"new_password1": "another-long-one", "new_password2": "another-long-one"}
        for _time in range(TRIES):
            desk.post("/admin/password_change/", {"old_password": "wrong", **new})
        before = CountingHasher.hashes
        closed = desk.post("/admin/password_change/", {"old_password": PASSWORD, **new})
        assert (closed.status_code, CountingHasher.hashes) == (429, before)
        assert "Too many wrong passwords. Wait until" in closed.content.decode()
        unlock("editor", by=None)
        changed = desk.post("/admin/password_change/", {"old_password": PASSWORD, **new})
        assert changed.status_code == 302
        user.refresh_from_db()
        assert user.check_password("another-long-one")


@pytest.mark.django_db
def test_unlock_deletes_only_the_accounts_counters() -> None:
    user = nights.user("ann")
    phone = known_device_of("ann")
    guess(phone, times=TRIES)
    guess(asked_from("192.0.2.7"), times=TRIES)
    for _time in range(TRIES):
        second_factor_attempt(asked_from("192.0.2.7"), user).failed()
    guess(asked_from("192.0.2.7"), "bob", TRIES)
    assert locked_until("ANN")
    unlock("ann", by=None)
    assert locked_until("ann") is None
    for request in (phone, asked_from("192.0.2.7")):
        guess(request)
        second_factor_attempt(request, user).failed()
    assert locked_until("bob")


@pytest.mark.services
def test_processes_share_counters_and_need_no_redis(
    make_desk: Callable[..., Server], postgres_url: str, redis_server: Redis
) -> None:
    both = [make_desk(database_url=postgres_url, redis_url=redis_server.url) for _one in range(2)]
    both[0].seed(sign_in.reporters, "ann", "bob")
    for desk in both:
        desk.start()
    redis_server.stop()
    for number in range(TRIES):
        phone = Phone(both[number % 2])
        phone.get("/count/sign-in/")
        response = phone.post("/count/sign-in/", {"username": "ann", "password": "wrong"})
        assert "Too many" not in response.text
    for desk in both:
        phone = Phone(desk)
        phone.get("/count/sign-in/")
        right = {"username": "ann", "password": PASSWORD}
        assert "Too many tries" in phone.post("/count/sign-in/", right).text
        other = Phone(desk)
        other.get("/count/sign-in/")
        in_again = other.post("/count/sign-in/", {**right, "username": "bob"})
        assert in_again.path == "/count/"

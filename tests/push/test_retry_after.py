"""Push services that say when to come back (429 and 503 with Retry-After) are obeyed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from results.models import Contest, PushMessage, PushRetry
from results.push import deliveries
from results.push.follower import PushFollower
from tests.push.conftest import Device, PushService
from tests.push.test_readers import declare, follow, seat, send

__all__ = ["seat"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that answers 503 is heard before the next browser's turn."""
    monkeypatch.setattr(deliveries, "CONCURRENT", 1)


def follower_for(client: Client, device: Device) -> PushFollower:
    """A follower that has begun, after this device has subscribed."""
    follow(client, device, "seats:vale")
    follower = PushFollower()
    follower.poll()
    return follower


def wait_of(retry: PushRetry) -> timedelta:
    return retry.due_at - timezone.now()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_next_attempt_is_when_the_service_says(
    client: Client, service: PushService, seat: Contest, time_machine: Any, status: int, form: str
) -> None:
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    in_ten_minutes = (timezone.now() + timedelta(minutes=10)).timestamp()
    service.answers["/phone"] = status
    service.retry_after["/phone"] = "600" if form == "seconds" else http_date(in_ten_minutes)
    declare(seat, 100, 200)
    send()
    assert wait_of(PushRetry.objects.get()) == timedelta(minutes=10)
    time_machine.shift(timedelta(minutes=9))
    send()
    assert len(phone.bodies) == 1
    del service.answers["/phone"]
    time_machine.shift(timedelta(minutes=1, seconds=1))
    send()
    assert len(phone.bodies) == 2
    assert not PushRetry.objects.exists()
    assert PushMessage.objects.get().delivered == 1


@pytest.mark.parametrize(
    ("status", "asked"),
    [(429, ""), (503, "0"), (503, "-5"), (503, "soon"), (429, "5"), (500, "600")],
)
def test_wait_is_never_shorter_than_usual(
    client: Client, service: PushService, seat: Contest, time_machine: Any, status: int, asked: str
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    follow(client, Device(service, "phone"), "seats:vale")
    service.answers["/phone"], service.retry_after["/phone"] = status, asked
    declare(seat, 100, 200)
    send()
    assert wait_of(PushRetry.objects.get()) == deliveries.BACKOFF[0]


def test_unavailable_service_is_left_alone_for_all_its_browsers(
    client: Client, service: PushService, seat: Contest, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    first, second = Device(service, "first"), Device(service, "second")
    follow(client, first, "seats:vale")
    follow(client, second, "seats:vale")
    service.answers["/first"], service.retry_after["/first"] = 503, "600"
    declare(seat, 100, 200)
    send()
    assert (len(first.bodies), len(second.bodies)) == (1, 0)
    retries = PushRetry.objects.order_by("subscription")
    assert [(each.attempts, wait_of(each)) for each in retries] == [
        (1, timedelta(minutes=10)),
        (0, timedelta(minutes=10)),  # it was not asked
    ]
    service.answers.clear()
    time_machine.shift(timedelta(minutes=10, seconds=1))
    send()
    assert (len(first.bodies), len(second.bodies)) == (2, 1)
    assert PushMessage.objects.get().delivered == 2


def test_limit_of_one_browser_holds_up_no_other(
    client: Client, service: PushService, seat: Contest
) -> None:
    first, second = Device(service, "first"), Device(service, "second")
    follow(client, first, "seats:vale")
    follow(client, second, "seats:vale")
    service.answers["/first"], service.retry_after["/first"] = 429, "600"
    declare(seat, 100, 200)
    send()
    assert len(second.read) == 1


def test_what_would_be_too_late_then_is_given_up(
    client: Client, service: PushService, seat: Contest
) -> None:
    follow(client, Device(service, "phone"), "seats:vale")
    service.answers["/phone"], service.retry_after["/phone"] = 503, "7200"
    declare(seat, 100, 200)
    send()
    assert not PushRetry.objects.exists()
    assert PushMessage.objects.get().failed == 1


@pytest.mark.parametrize("status", [500, 503])
def test_waits_no_longer_once_the_clock_is_set_back(
    client: Client, service: PushService, seat: Contest, time_machine: Any, status: int
) -> None:
    now, phone = timezone.now(), Device(service, "phone")
    follower = follower_for(client, phone)
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    service.answers["/phone"], service.retry_after["/phone"] = status, "600"
    declare(seat, 100, 200)
    follower.poll()
    del service.answers["/phone"]
    time_machine.move_to(now, tick=False)
    follower.poll()
    assert len(phone.bodies) == 2
    assert PushMessage.objects.get().delivered == 1


def test_batch_of_a_worker_that_died_waits_no_longer(
    client: Client, service: PushService, seat: Contest, time_machine: Any
) -> None:
    """It was to be sent again five minutes later, by a clock that was set back meanwhile."""
    now, phone = timezone.now(), Device(service, "phone")
    follower = follower_for(client, phone)
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    declare(seat, 100, 200)
    deliveries.create_messages()
    PushMessage.objects.update(due_at=timezone.now() + deliveries.LEASE)
    follower.poll()
    assert phone.bodies == []
    time_machine.move_to(now, tick=False)
    follower.poll()
    assert len(phone.bodies) == 1

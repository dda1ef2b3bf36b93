"""A receiver that does not answer holds up no other."""

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from results.models import Election, Webhook, WebhookDelivery
from results.webhooks import deliveries, pauses
from results.webhooks.follower import WebhookFollower
from tests import nights
from tests.webhooks.receiver import SilentServer, receiving, silent_server

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State


@pytest.fixture
def silent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentServer]:
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    monkeypatch.setattr(deliveries, "CONCURRENT", 1)
    pauses.forget()  # a port may be that of an earlier test
    with silent_server(monkeypatch) as server:
        yield server


@pytest.fixture
def night() -> Election:
    return nights.election()


def hook(url: str) -> Webhook:
    made = Webhook.objects.create(name=url, url=url, events=list(Webhook.Event.values))
    deliveries.start_from_now(made)
    return made


def declare(night: Election, number: int) -> None:
    seat = nights.contest(night, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 200, 100)


def test_is_soon_left_alone(night: Election, silent: SilentServer) -> None:
    silence = hook(silent.origin)
    with receiving() as receiver:
        works = hook(receiver.url)
        for number in range(6):
            declare(night, number)
        deliveries.create_deliveries()
        deliveries.send_due()
        assert silent.connections == pauses.MOST_UNANSWERED
        delivered = WebhookDelivery.objects.filter(webhook=works, state=State.DELIVERED)
        assert delivered.count() == len(receiver.received) == 6
    attempts = WebhookDelivery.objects.filter(webhook=silence).order_by("pk")
    assert list(attempts.values_list("attempts", flat=True)) == [1, 1, 1, 0, 0, 0]


def test_is_asked_once_after_a_minute(
    night: Election, silent: SilentServer, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    hook(silent.origin)
    for number in range(6):
        declare(night, number)
    deliveries.create_deliveries()
    deliveries.send_due()
    time_machine.shift(pauses.UNANSWERED_PAUSE)
    deliveries.send_due()
    assert silent.connections == pauses.MOST_UNANSWERED + 1
    assert not WebhookDelivery.objects.exclude(state=State.WAITING).exists()


def test_receiver_that_is_busy_is_not_silent(night: Election, silent: SilentServer) -> None:
    """A status is an answer: each delivery waits for itself only."""
    with receiving() as receiver:
        receiver.statuses, receiver.retry_after = [503], "600"
        hook(receiver.url)
        for number in range(6):
            declare(night, number)
        deliveries.create_deliveries()
        deliveries.send_due()
        assert len(receiver.received) == 6


def test_pause_ends_once_the_clock_is_set_back(
    night: Election, silent: SilentServer, time_machine: Any
) -> None:
    """It would last for an hour more, and every delivery would wait for its end."""
    now = timezone.now()
    follower = WebhookFollower()
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    hook(silent.origin)
    for number in range(6):
        declare(night, number)
    follower.poll()
    assert silent.connections == pauses.MOST_UNANSWERED
    time_machine.move_to(now, tick=False)
    follower.poll()
    assert silent.connections == 2 * pauses.MOST_UNANSWERED

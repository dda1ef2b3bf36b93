"""Deliveries of webhooks that fail: tried again, and given up with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from results.models import AuditEntry, Contest, Webhook, WebhookDelivery
from results.webhooks import deliveries
from results.webhooks.deliveries import BACKOFF, create_deliveries, send_due
from results.webhooks.follower import WebhookFollower
from tests.webhooks.hooks import declare, hook, tell
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State


def test_tries_again_with_longer_pauses_then_gives_up_in_words(
    seat: Contest, receiver: Receiver, time_machine: Any
) -> None:
    receiver.statuses = [500]
    hook(receiver)
    declare(seat)
    create_deliveries()
    for pause in (timedelta(), *BACKOFF):
        assert WebhookDelivery.objects.get().state == State.WAITING
        time_machine.move_to(timezone.now() + pause + timedelta(seconds=1), tick=False)
        assert send_due() == 1
        assert send_due() == 0  # not due yet
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == (State.GIVEN_UP, len(BACKOFF) + 1)
    entry = AuditEntry.objects.get(what="webhook: given up")
    assert (entry.about, entry.election) == ("Desk: 127.0.0.1 answered 500.", "ge")


@pytest.mark.parametrize(("status", "pause"), [(429, 600), (503, 600), (500, 5)])
def test_waits_as_long_as_the_receiver_asks(
    seat: Contest, receiver: Receiver, time_machine: Any, status: int, pause: int
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    receiver.statuses, receiver.retry_after = [status], "600"
    hook(receiver)
    declare(seat)
    tell()
    due_at = WebhookDelivery.objects.get().due_at
    assert due_at - timezone.now() == timedelta(seconds=pause)


@pytest.mark.parametrize("broken", ["post", "body_of"])
def test_one_that_fails_unexpectedly_holds_up_no_other(
    seat: Contest, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Each is settled once: none beside it is sent again a minute later."""
    working = getattr(deliveries, broken)

    def fail_for_the_first(to: Any, *args: Any) -> Any:
        if to in (first.url, first):
            raise RuntimeError("no case that anybody thought of")
        return working(to, *args)

    first, second = hook(receiver), hook(receiver)
    Webhook.objects.filter(pk=first.pk).update(url=receiver.url + "?first")
    first.refresh_from_db()
    monkeypatch.setattr(deliveries, broken, fail_for_the_first)
    declare(seat)
    tell()
    assert len(receiver.received) == 1
    assert WebhookDelivery.objects.get(webhook=second).state == State.DELIVERED
    failed = WebhookDelivery.objects.get(webhook=first)
    assert (failed.state, failed.attempts) == (State.WAITING, 1)
    assert failed.error


def test_a_failed_attempt_is_followed_by_a_delivery(
    seat: Contest, receiver: Receiver, time_machine: Any
) -> None:
    receiver.statuses = [503, 204]
    hook(receiver)
    declare(seat)
    tell()
    time_machine.move_to(timezone.now() + timedelta(seconds=6))
    tell()
    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.received)
    assert first == second  # receivers leave out what they have
    assert WebhookDelivery.objects.get().state == State.DELIVERED


def test_sends_what_waits_by_a_clock_that_was_set_back(
    seat: Contest, receiver: Receiver, time_machine: Any
) -> None:
    """A failed attempt while the clock is an hour ahead, and another once it is right."""
    now = timezone.now()
    receiver.statuses = [500, 200]
    hook(receiver)
    follower = WebhookFollower()
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    declare(seat)
    follower.poll()
    assert WebhookDelivery.objects.get().attempts == 1
    time_machine.move_to(now, tick=False)
    follower.poll()
    assert WebhookDelivery.objects.get().state == State.DELIVERED


def test_a_new_worker_waits_as_long_as_the_last_one_would(
    seat: Contest, receiver: Receiver, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    receiver.statuses = [500, 200]
    hook(receiver)
    declare(seat)
    WebhookFollower().poll()
    time_machine.shift(timedelta(seconds=4))
    WebhookFollower().poll()
    assert WebhookDelivery.objects.get().state == State.WAITING

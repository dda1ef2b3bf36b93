"""System faults on the night dashboard, described with what to do."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from results import desk
from results.models import (
    Contest,
    Declaration,
    Election,
    PushMessage,
    ReviewItem,
    Webhook,
    WebhookDelivery,
)
from results.push.keys import new_private_key
from tests import nights
from tests.editor.conftest import Dashboard, address, staff_with

State = WebhookDelivery.State


def fail(webhook: Webhook, night: Election, number: int, **fields: Any) -> WebhookDelivery:
    fields = {"attempts": 1, "error": "hook.example answered 503."} | fields
    return WebhookDelivery.objects.create(
        webhook=webhook, election=night, event="declared", number=number, **fields
    )


def text_after(dashboard: Dashboard) -> str:
    """The dashboard, rendered anew: what viewers share is kept for some seconds."""
    cache.clear()
    return dashboard()


@pytest.fixture
def webhook(db: None) -> Webhook:
    return Webhook.objects.create(name="Wires", url="https://hook.example/x", events=["declared"])


def test_says_that_a_webhook_fails_and_what_to_do(
    dashboard: Dashboard, webhook: Webhook, seat: Contest, night: Election
) -> None:
    fail(webhook, night, 1, state=State.DELIVERED, error="", settled_at=timezone.now())
    fail(webhook, night, 2, attempts=0, error="")
    assert "Wires" not in dashboard()
    fail(webhook, night, 3)
    fail(webhook, night, 4, error="hook.example answered 500.")
    text = text_after(dashboard)
    assert "hook.example answered 500." in text
    assert "2 messages are tried again by themselves." in text
    given_up = fail(webhook, night, 5, state=State.GIVEN_UP, settled_at=timezone.now())
    WebhookDelivery.objects.filter(state=State.WAITING).delete()
    text = text_after(dashboard)
    assert "1 message was given up: put the address right, then send it again." in text
    assert f"{address('webhookdelivery_changelist')}?webhook__id__exact={webhook.pk}" in text
    # What was given up longer ago is in the list of deliveries only.
    given_up.settled_at = timezone.now() - timedelta(minutes=61)
    given_up.save()
    assert "Wires" not in text_after(dashboard)


def test_failing_webhooks_are_for_those_who_may_see_deliveries(
    client: Client, webhook: Webhook, night: Election
) -> None:
    fail(webhook, night, 1)
    client.force_login(staff_with("view_contest"))
    assert "Wires" not in client.get(address("election_night", night.pk)).content.decode()


def test_says_when_the_channel_layer_does_not_answer(
    dashboard: Dashboard, night: Election, settings: Any
) -> None:
    warning = "not answering: readers hear up to two seconds later"
    assert warning not in dashboard()
    refused = {"address": "redis://127.0.0.1:1", "socket_connect_timeout": 1}
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [refused]},
        }
    }
    text = text_after(dashboard)
    assert warning in text
    assert "Is Redis running?" in text


def test_says_when_messages_to_browsers_are_late(
    dashboard: Dashboard, night: Election, settings: Any
) -> None:
    settings.VAPID_PRIVATE_KEY = new_private_key()
    settings.VAPID_CONTACT = "mailto:desk@example.com"
    waiting = PushMessage.objects.create(election=night, number=1)
    warning = "does the worker run, and does it reach the Internet?"
    assert warning not in dashboard()
    long_ago = timezone.now() - timedelta(minutes=3)
    PushMessage.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    assert warning in text_after(dashboard)


def test_says_nothing_that_is_always_true(dashboard: Dashboard, night: Election) -> None:
    """A page that is rendered at all has asked the database."""
    assert ">Database<" not in dashboard()


def test_time_to_the_page_leaves_out_what_waited_for_a_person(
    dashboard: Dashboard, seat: Contest, editor: User
) -> None:
    """It says how fast phones, network and desk are; not how fast people decide."""
    sent_at = timezone.now().replace(microsecond=1)
    counts = nights.islington_ballot_counts(seat)
    asked = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=nights.user(),
        idempotency_key="r",
        base_revision=0,
        sent_at=sent_at,
    )
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    item = desk.submit_result(seat, counts, asked)
    assert isinstance(item, ReviewItem)
    desk.approve(item, by=editor)
    assert Declaration.objects.get().declared_at == sent_at
    assert "From phone to page" not in dashboard()

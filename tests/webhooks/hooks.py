"""Webhooks of a desk under test, and what is sent to them."""

import json
from typing import Any

from results.models import Contest, Webhook
from results.webhooks.deliveries import create_deliveries, send_due, start_from_now
from tests import nights
from tests.webhooks.receiver import Receiver


def hook(receiver: Receiver, *events: str, **fields: Any) -> Webhook:
    made = Webhook.objects.create(
        name="Desk", url=receiver.url, events=list(events or Webhook.Event.values), **fields
    )
    start_from_now(made)
    return made


def declare(seat: Contest) -> None:
    counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, counts, by=nights.user(), idempotency_key=nights.key())


def correct(seat: Contest) -> None:
    counts = nights.islington_ballot_counts(seat)
    nights.correct(
        seat,
        type(counts)(votes=counts.votes, rejected=228, electorate=counts.electorate),
        by=nights.user(),
        idempotency_key=nights.key(),
        base_revision=1,
        reason="Misheard.",
    )


def tell() -> None:
    create_deliveries()
    send_due()


def documents(receiver: Receiver) -> list[Any]:
    return [json.loads(body) for _path, _headers, body in receiver.received]

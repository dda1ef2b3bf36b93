"""Webhooks of an election that do not arrive, for the night dashboard."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from results.models import Election, Webhook, WebhookDelivery

#: How long a delivery that was given up is shown.
SHOWN_FOR = timedelta(hours=1)
#: At most so many failed deliveries are counted, the newest ones.
MAX_COUNTED = 500


@dataclass(slots=True)
class FailingWebhook:
    """A webhook with deliveries that failed; `error` is what went wrong with the newest of them."""

    webhook: Webhook
    error: str
    waiting: int = 0
    given_up: int = 0


def failing_webhooks(election: Election) -> list[FailingWebhook]:
    """Webhooks whose deliveries failed and are tried again, or were given up lately. One query."""
    state = WebhookDelivery.State
    is_tried_again = Q(state=state.WAITING, attempts__gt=0)
    since = timezone.now() - SHOWN_FOR
    is_given_up = Q(state=state.GIVEN_UP, settled_at__gt=since)
    failed = WebhookDelivery.objects.filter(is_tried_again | is_given_up, election=election)
    found: dict[int, FailingWebhook] = {}
    for each in failed.select_related("webhook").order_by("-pk")[:MAX_COUNTED]:
        failing = found.setdefault(each.webhook_id, FailingWebhook(each.webhook, each.error))
        if each.state == state.GIVEN_UP:
            failing.given_up += 1
        else:
            failing.waiting += 1
    return sorted(found.values(), key=lambda failing: failing.webhook.name)

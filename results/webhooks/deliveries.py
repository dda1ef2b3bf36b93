"""Create a delivery for each event, send what is due, and retry with backoff what failed."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.live.seat_summary import has_gain
from results.models import (
    Bulletin,
    Election,
    Night,
    ReviewItem,
    Webhook,
    WebhookDelivery,
    WebhookPosition,
)
from results.webhooks import pauses
from results.webhooks.messages import body_of, content_of, signed_headers, trial_body
from results.webhooks.sending import SendingFailed, post

logger = logging.getLogger(__name__)

#: How long to wait after each failed attempt; after the last one it is given up.
BACKOFF = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600))
#: How long an attempt may take until another worker may try.
LEASE = timedelta(minutes=1)
#: Deliveries sent at the same time, and in one batch: an address that hangs delays few others.
CONCURRENT = 4
BATCH_SIZE = 20
#: Older events are not sent: the worker did not run, or a file was loaded.
MAX_AGE = timedelta(hours=1)
#: How long after it is settled a delivery is deleted.
RETENTION = timedelta(days=30)

_DECLARED = (
    Bulletin.Kind.DECLARATION,
    Bulletin.Kind.WINNER_ONLY,
    Bulletin.Kind.UNOPPOSED,
)
_CHANGED = (Bulletin.Kind.CORRECTION, Bulletin.Kind.WITHDRAWAL)


def start_from_now(webhook: Webhook) -> None:
    """Start a new webhook at the end of each log: it is sent nothing that happened before it."""
    for night in Night.objects.all():
        WebhookPosition.objects.get_or_create(
            webhook=webhook, election_id=night.pk, defaults=_now(night)
        )


def _now(night: Night) -> dict[str, int]:
    items = ReviewItem.objects.filter(contest__election=night.pk)
    newest = items.order_by("-pk").values_list("pk", flat=True).first()
    return {"sequence": night.sequence, "review_item": newest or 0}


# --- Events ---------------------------------------------------------------------------------


def create_deliveries() -> int:
    """Create a delivery of each new event, once for each webhook; return how many were created.

    Bulletins are numbered, and review items created, under the lock of their night: none with a
    lower number can come later.
    """
    made = 0
    for webhook in Webhook.objects.filter(active=True).select_related("group"):
        for election in _elections_of(webhook):
            made += _follow(webhook, election)
    return made


def _elections_of(webhook: Webhook) -> Iterator[Election]:
    elections = Election.public.select_related("night")
    only = webhook.group.election_id if webhook.group else webhook.election_id
    yield from elections.filter(pk=only) if only else elections


def _follow(webhook: Webhook, election: Election) -> int:
    position, _new = WebhookPosition.objects.get_or_create(webhook=webhook, election=election)
    newest_item = _now(election.night)["review_item"]
    sequence = election.night.sequence
    if (position.sequence, position.review_item) == (sequence, newest_item):
        return 0
    with transaction.atomic():
        found = [
            WebhookDelivery(webhook=webhook, election=election, event=event, number=number)
            for event, number in _events(webhook, election, position)
        ]
        # Two workers may read the log at the same time.
        WebhookDelivery.objects.bulk_create(found, ignore_conflicts=True)
        # Back as well, after a backup was restored.
        own = WebhookPosition.objects.filter(pk=position.pk)
        own.update(sequence=sequence, review_item=newest_item)
    return len(found)


def _events(
    webhook: Webhook, election: Election, position: WebhookPosition
) -> Iterator[tuple[str, int]]:
    since = timezone.now() - MAX_AGE
    log = Bulletin.objects.filter(
        election=election,
        sequence__gt=position.sequence,
        sequence__lte=election.night.sequence,
        published_at__gt=since,
        kind__in=[*_DECLARED, *_CHANGED],
    )
    items = ReviewItem.objects.filter(
        contest__election=election,
        pk__gt=position.review_item,
        created_at__gt=since,
        state=ReviewItem.State.WAITING,
    )
    if webhook.group_id is not None:
        log = log.filter(contest__groups=webhook.group_id)
        items = items.filter(contest__groups=webhook.group_id)
    for bulletin in log.select_related("contest__standing").order_by("sequence"):
        event = _event_of(bulletin, webhook.events)
        if event:
            yield event, bulletin.sequence
    if Webhook.Event.PERSON in webhook.events:
        for pk in items.order_by("pk").values_list("pk", flat=True):
            yield Webhook.Event.PERSON, pk


def _event_of(bulletin: Bulletin, events: list[str]) -> str:
    """The event that the webhook is sent for a bulletin, or "": a gain rather than a result."""
    if bulletin.kind in _CHANGED:
        return Webhook.Event.CORRECTION if Webhook.Event.CORRECTION in events else ""
    standing = getattr(bulletin.contest, "standing", None)
    if Webhook.Event.GAIN in events and standing is not None and has_gain(standing.summary):
        return Webhook.Event.GAIN
    return Webhook.Event.DECLARED if Webhook.Event.DECLARED in events else ""


# --- Sending --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Request:
    """A request, complete, for a thread that has no database connection."""

    delivery: WebhookDelivery
    body: bytes
    headers: dict[str, str]


#: A request in progress, and what will have gone wrong with it.
_Attempt = Future[SendingFailed | None]


def send_due() -> int:
    """Send what is due, some at a time; return how many were tried.

    Each message is written when a thread is free to send it: it says nothing that was withdrawn
    while others waited for their receivers.
    """
    due = WebhookDelivery.objects.filter(
        state=WebhookDelivery.State.WAITING, due_at__lte=timezone.now()
    )
    tried, sending = 0, dict[_Attempt, WebhookDelivery]()
    with ThreadPoolExecutor(CONCURRENT) as pool:
        for delivery in due.order_by("due_at", "pk")[:BATCH_SIZE]:
            if len(sending) == CONCURRENT:
                _settle_first(sending)
            request = _prepare(delivery)
            if request is not None:
                sending[pool.submit(_send, request)] = request.delivery
                tried += 1
        while sending:
            _settle_first(sending)
    return tried


def _settle_first(sending: dict[_Attempt, WebhookDelivery]) -> None:
    """Wait for the first attempts that end, and settle them."""
    ended, _others = wait(sending, return_when=FIRST_COMPLETED)
    for attempt in ended:
        _settle(sending.pop(attempt), attempt.result())


def _prepare(waiting: WebhookDelivery) -> _Request | None:
    """Claim a delivery and write its message; None if there is nothing to send."""
    if not waiting.claim(LEASE):
        return None
    related = WebhookDelivery.objects.select_related("webhook", "election")
    delivery = related.filter(pk=waiting.pk).first()
    if delivery is None:  # deleted meanwhile, with its webhook
        return None
    try:
        request = _request_for(delivery)
    except DatabaseError:
        raise
    except Exception:  # one that cannot be written must not hold up the others
        logger.exception("webhooks: delivery %d cannot be written", delivery.pk)
        _settle(delivery, SendingFailed(_("The message could not be written.")))
        return None
    if request is None:
        _close(delivery, WebhookDelivery.State.OVERTAKEN)
    return request


def _request_for(delivery: WebhookDelivery) -> _Request | None:
    """Build the request; None if it was overtaken, such as by the withdrawal of its election."""
    webhook = delivery.webhook
    is_wanted = webhook.active and delivery.election.is_published
    content = content_of(delivery) if is_wanted else None
    if content is None:
        return None
    body = body_of(webhook, delivery, content)
    headers = signed_headers(webhook, f"msg_{delivery.pk}", int(time.time()), body)
    return _Request(delivery, body, headers)


def _send(request: _Request) -> SendingFailed | None:
    webhook = request.delivery.webhook
    try:
        pauses.require_open(webhook.url)
        post(webhook.url, request.body, request.headers)
        pauses.note_answer(webhook.url)
    except pauses.ReceiverPaused as paused:
        return paused
    except SendingFailed as exc:
        # Retry-After is about this delivery: an editor may have mended the rest.
        pauses.note_answer(webhook.url, None if exc.status else exc)
        return exc
    except Exception as exc:  # or what was sent beside it would never be settled, and go twice
        logger.exception("webhooks: delivery %d failed", request.delivery.pk)
        return SendingFailed(type(exc).__name__)
    return None


def _settle(delivery: WebhookDelivery, failure: SendingFailed | None) -> None:
    if isinstance(failure, pauses.ReceiverPaused):  # no attempt
        delivery.due_at = timezone.now() + failure.retry_after
        delivery.save(update_fields=["due_at"])
        return
    delivery.attempts += 1
    if failure is None:
        _close(delivery, WebhookDelivery.State.DELIVERED)
        return
    delivery.error = str(failure)[:200]
    if failure.for_good or delivery.attempts > len(BACKOFF):
        _close(delivery, WebhookDelivery.State.GIVEN_UP)
        _report_failure(delivery)
        return
    pause = max(BACKOFF[delivery.attempts - 1], failure.retry_after)
    delivery.due_at = timezone.now() + pause
    delivery.save(update_fields=["attempts", "error", "due_at"])


def _close(delivery: WebhookDelivery, state: WebhookDelivery.State) -> None:
    delivery.state, delivery.settled_at = state, timezone.now()
    if state == WebhookDelivery.State.DELIVERED:
        delivery.error = ""
    delivery.save(update_fields=["state", "settled_at", "attempts", "error"])


def _report_failure(delivery: WebhookDelivery) -> None:
    """Record in the audit log and in the server's log what was not delivered."""
    about = _("%(webhook)s: %(error)s") % {"webhook": delivery.webhook, "error": delivery.error}
    logger.warning("webhook given up: %s", delivery.webhook.name)
    desk.record_action(None, "webhook: given up", election=delivery.election, about=about)


def make_due() -> None:
    """Have every delivery that waits sent now: its next attempt is by a clock that was set back."""
    waiting = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING)
    waiting.update(due_at=timezone.now())


def send_trial_message(webhook: Webhook) -> str:
    """Send a message that says that it is a trial; return what went wrong, or ""."""
    body = trial_body(webhook)
    headers = signed_headers(webhook, f"test_{webhook.pk}_{time.time_ns()}", int(time.time()), body)
    try:
        post(webhook.url, body, headers)
    except SendingFailed as exc:
        return str(exc)
    return ""


def forget_old() -> None:
    """Delete deliveries that were settled long ago."""
    WebhookDelivery.objects.filter(settled_at__lt=timezone.now() - RETENTION).delete()

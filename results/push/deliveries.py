"""Create messages from the log, and send each to all who follow it, a batch at a time."""

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import get_script_prefix
from django.utils import timezone

from results.live.alerts import Alert, alerts_since, may_alert
from results.models import (
    Election,
    Night,
    PushMessage,
    PushPosition,
    PushRetry,
    PushSubscription,
)
from results.models.languages import reading_in
from results.push.keys import origin_of
from results.push.messages import MessageWords, payload, request_for
from results.push.reporters import reporter_words
from results.push.services import is_known_service
from results.webhooks import pauses
from results.webhooks.sending import SendingFailed, post

logger = logging.getLogger(__name__)

#: Browsers in one batch, after which the next message has its turn, and sent to at a time.
BATCH_SIZE = 200
CONCURRENT = 12
#: How long a batch may take until another worker may send it.
LEASE = timedelta(minutes=5)
#: Older messages are not sent: the worker did not run, or a file was loaded.
MAX_AGE = timedelta(hours=1)
#: How long to wait after each failed attempt; after the last one it is given up.
BACKOFF = (timedelta(seconds=30), timedelta(minutes=3), timedelta(minutes=15))
#: How long messages are kept, for the desk's counts.
RETENTION = timedelta(days=3)
#: The push service no longer has the subscription.
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


# --- Messages -------------------------------------------------------------------------------


def create_messages() -> int:
    """Create a message of each new alert that somebody follows; return how many."""
    elections = Election.public.filter(rehearsal=False).select_related("night")
    followed = set(
        PushSubscription.objects.filter(reporter=None).values_list("election", flat=True)
    )
    return sum(_follow(each) for each in elections if each.pk in followed)


def _follow(election: Election) -> int:
    night = Night.objects.select_related("election").get(election=election)
    start = {"sequence": night.sequence}
    position, is_new = PushPosition.objects.get_or_create(election=election, defaults=start)
    if is_new or position.sequence == night.sequence or not may_alert(election):
        _move(position, night)
        return 0
    since = timezone.now() - MAX_AGE
    messages = [
        PushMessage(election=election, about=item.contest, number=item.sequence)
        for item in alerts_since(night, position.sequence)
        if (item.at is None or item.at > since) and _is_followed(item, election)
    ]
    with transaction.atomic():
        # Two workers may read the log at the same time.
        PushMessage.objects.bulk_create(messages, ignore_conflicts=True)
        _move(position, night)
    return len(messages)


def _move(position: PushPosition, night: Night) -> None:
    # Back as well, after a backup was restored.
    PushPosition.objects.filter(pk=position.pk).update(sequence=night.sequence)


def topics_of(item: Alert) -> list[str]:
    """Topics whose followers are sent this alert."""
    topics = [f"parties:{label}" for label in item.parties]
    return [*topics, f"seats:{item.contest}" if item.contest else "night:all"]


def _followers(item: Alert, election: Election) -> Q:
    return Q(reporter=None, election=election, follows__topic__in=topics_of(item))


def _is_followed(item: Alert, election: Election) -> bool:
    return PushSubscription.objects.filter(_followers(item, election)).exists()


# --- Sending --------------------------------------------------------------------------------


def send_due() -> int:
    """Send one batch of each message that is due, and what is to be tried again."""
    sent = 0
    due = PushMessage.objects.filter(state=PushMessage.State.WAITING, due_at__lte=timezone.now())
    for message in due.select_related("election", "reporter").order_by("pk")[:50]:
        if _claim(message):
            sent += _send_batch(message)
    return sent + _send_again()


def _claim(message: PushMessage) -> bool:
    own = PushMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    return bool(own.update(due_at=timezone.now() + LEASE))


def _send_batch(message: PushMessage) -> int:
    found = _words_and_browsers(message)
    if found is None:
        _close(message, PushMessage.State.OVERTAKEN)
        return 0
    words, browsers = found
    batch = list(browsers.filter(pk__gt=message.position).order_by("pk").distinct()[:BATCH_SIZE])
    _send_to(message, words, batch)
    if len(batch) < BATCH_SIZE:
        _close(message, PushMessage.State.SENT)
    else:
        rows = PushMessage.objects.filter(pk=message.pk)
        rows.update(position=batch[-1].pk, due_at=timezone.now())
    return len(batch)


def _words_and_browsers(
    message: PushMessage,
) -> "tuple[dict[str, MessageWords], QuerySet[PushSubscription]] | None":
    """Return the message as it stands now, by language, and its browsers.

    None if there is nothing to send.
    """
    election = message.election
    election.refresh_from_db()
    if not election.is_published or message.created_at < timezone.now() - MAX_AGE:
        return None
    if message.reporter_id is not None:
        return reporter_words(message)
    item = _current(message)
    if item is None:
        return None
    words = {election.language: _reader_words(item, election, election.language)}
    if second := election.second_language:
        with reading_in(second):
            translated = _current(message)
            if translated is None:  # replaced this moment
                return None
            words[second] = _reader_words(translated, election, second)
    browsers = PushSubscription.objects.filter(
        _followers(item, election), sent__lt=settings.PUSH_A_NIGHT
    )
    return words, browsers


def _reader_words(item: Alert, election: Election, language: str) -> MessageWords:
    path = f"{get_script_prefix()}{election.slug}/"
    if item.contest:
        path += f"{item.contest}/"
    return MessageWords(text=item.text, path=path, language=language)


def _current(message: PushMessage) -> Alert | None:
    """The alert as it stands; None once a newer one has replaced it."""
    night = Night.objects.select_related("election").get(election=message.election)
    for item in alerts_since(night, _told_until(message), about=message.about):
        if (item.contest, item.sequence) == (message.about, message.number):
            return item
    return None


def _told_until(message: PushMessage) -> int:
    """The bulletin of the contest that was sent before this one; 0 where none was.

    What came between is still to be told, had it a message of its own or not.
    """
    if not message.about:
        return message.number - 1
    same = PushMessage.objects.filter(
        reporter=None, election=message.election, about=message.about, number__lt=message.number
    )
    told = same.filter(state=PushMessage.State.SENT).order_by("number").last()
    return told.number if told else 0


def _close(message: PushMessage, state: PushMessage.State) -> None:
    PushMessage.objects.filter(pk=message.pk).update(state=state)


def _send_to(
    message: PushMessage, words: Mapping[str, MessageWords], batch: Iterable[PushSubscription]
) -> None:
    """Send to every browser of the batch, several at a time, each within a timeout of its own.

    Each is sent the words in its own language or else in the election's.
    """
    rows = list(batch)
    if not rows:
        return
    limit = settings.PUSH_A_NIGHT
    usual = {each: payload(message, words[each]) for each in words}
    last = {each: payload(message, words[each], last=True) for each in words}

    def send(row: PushSubscription) -> SendingFailed | None:
        is_last = row.reporter_id is None and row.sent + 1 >= limit
        language = row.language.lower()
        bodies = last if is_last else usual
        return _send(row, message, bodies.get(language) or bodies[message.election.language])

    with ThreadPoolExecutor(CONCURRENT) as pool:
        for row, failure in zip(rows, pool.map(send, rows), strict=True):
            _settle(message, row, failure)


def _send(row: PushSubscription, message: PushMessage, body: bytes) -> SendingFailed | None:
    """Send one message; return the failure, or None. Runs in a thread without a connection."""
    service = origin_of(row.endpoint)
    try:
        if not is_known_service(row.endpoint):  # stored before PUSH_SERVICES was as it is
            return SendingFailed("no known push service", status=HTTPStatus.GONE)
        pauses.require_open(service)
        encrypted, headers = request_for(row, message, body)
        post(row.endpoint, encrypted, headers)
        pauses.note_answer(service)
    except pauses.ReceiverPaused as paused:
        return paused
    except SendingFailed as exc:
        pauses.note_answer(service, exc)
        return exc
    except Exception as exc:  # or the rest of the batch would be sent twice
        logger.exception("push: a message could not be sent")
        return SendingFailed(type(exc).__name__, for_good=True)
    return None


def _settle(message: PushMessage, row: PushSubscription, failure: SendingFailed | None) -> None:
    rows = PushMessage.objects.filter(pk=message.pk)
    if failure is None:
        PushSubscription.objects.filter(pk=row.pk).update(sent=F("sent") + 1)
        PushRetry.objects.filter(message=message, subscription=row).delete()
        rows.update(delivered=F("delivered") + 1)
        return
    if failure.status in GONE:
        row.delete()
        return
    if not _schedule(message, row, failure):
        PushRetry.objects.filter(message=message, subscription=row).delete()
        rows.update(failed=F("failed") + 1)


def _schedule(message: PushMessage, row: PushSubscription, failure: SendingFailed) -> bool:
    """Arrange another attempt; False where there is none, or none in time.

    The push service says when (Retry-After), but no sooner than `BACKOFF`; waiting for one that is
    paused is no attempt.
    """
    retry = PushRetry.objects.filter(message=message, subscription=row).first()
    attempts, wait = retry.attempts if retry else 0, failure.retry_after
    if not isinstance(failure, pauses.ReceiverPaused):
        if failure.for_good or attempts >= len(BACKOFF):
            return False
        wait, attempts = max(BACKOFF[attempts], wait), attempts + 1
    due = timezone.now() + wait
    if due > message.created_at + MAX_AGE:
        return False
    # It may have been deleted meanwhile; the rest of the batch must not be sent again for that.
    with suppress(IntegrityError), transaction.atomic():
        PushRetry.objects.update_or_create(
            message=message, subscription=row, defaults={"attempts": attempts, "due_at": due}
        )
    return True


def _send_again() -> int:
    due = PushRetry.objects.filter(due_at__lte=timezone.now()).select_related(
        "message__election", "message__reporter", "subscription"
    )
    by_message: dict[int, list[PushRetry]] = {}
    for retry in due.order_by("due_at", "pk")[:BATCH_SIZE]:
        by_message.setdefault(retry.message_id, []).append(retry)
    for retries in by_message.values():
        message = retries[0].message
        found = _words_and_browsers(message)
        if found is None:
            PushRetry.objects.filter(message=message).delete()
            continue
        allowed = set(found[1].values_list("pk", flat=True))
        still = [each.subscription for each in retries if each.subscription_id in allowed]
        _send_to(message, found[0], still)
        gone = [each.pk for each in retries if each.subscription_id not in allowed]
        PushRetry.objects.filter(pk__in=gone).delete()
    return sum(map(len, by_message.values()))


def make_due() -> None:
    """Have everything that waits sent now: it is due by a clock that was set back."""
    now = timezone.now()
    PushMessage.objects.filter(state=PushMessage.State.WAITING).update(due_at=now)
    PushRetry.objects.update(due_at=now)


def forget_old() -> None:
    """Delete messages that are done with."""
    old = timezone.now() - RETENTION
    PushMessage.objects.filter(created_at__lt=old).delete()

"""Messages between the desk and its reporters. Readers see none of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from results.desk.audit import record_action
from results.desk.changes import Change, ChangeKind
from results.desk.errors import TakenBack
from results.desk.publishing import find_record
from results.models import (
    Assignment,
    IdempotencyRecord,
    Message,
    MessageAnswer,
    MessageReading,
)

#: Number of messages that a phone shows.
NEWEST = 10


def messages_to(reporter: User) -> list[tuple[Message, MessageReading | None]]:
    """Return the newest messages to a reporter, newest first, with the reporter's readings."""
    newest = list(_all_to(reporter)[:NEWEST])
    own = MessageReading.objects.filter(reporter=reporter, message__in=newest)
    by_message = {reading.message_id: reading for reading in own}
    return [(message, by_message.get(message.pk)) for message in newest]


def message_to(reporter: User, pk: int) -> Message | None:
    """Return the message with this id if it is to the reporter; it may be an older one."""
    return _all_to(reporter).filter(pk=pk).first()


def _all_to(reporter: User) -> QuerySet[Message]:
    elections = Assignment.objects.filter(reporter=reporter).values("contest__election")
    rows = Message.objects.filter(Q(to=reporter) | Q(to=None), election__in=elections)
    return rows.select_related("by", "election")


def mark_read(messages: Iterable[Message], reporter: User) -> None:
    """Store that the reporter's phone has shown the messages. Repeating it is harmless."""
    MessageReading.objects.bulk_create(
        [MessageReading(message=message, reporter=reporter) for message in messages],
        ignore_conflicts=True,
    )


def answer_message(
    message: Message, text: str, *, reporter: User, idempotency_key: str, written_at: datetime
) -> MessageReading:
    """Store the reporter's answer; the one written last replaces the others.

    The audit trail has all of them. The same key again changes nothing. Raises TakenBack where the
    reporter took it back before it arrived.
    """
    with _locked_reading(message, reporter) as reading:
        if not reading.answers.filter(idempotency_key=idempotency_key).exists():
            find_record(reporter, idempotency_key)  # raises where it was taken back
            before = reading.answer
            is_newest = not reading.answers.filter(written_at__gt=written_at).exists()
            reading.answers.create(
                text=text, written_at=written_at, idempotency_key=idempotency_key
            )
            if is_newest:
                reading.answer, reading.answered_at = text, timezone.now()
                reading.save()
            record_action(
                reporter,
                "message answered",
                election=message.election,
                about=str(message),
                before=before,
                after=text,
                change=Change(ChangeKind.MESSAGE, message.election_id, users=(reporter.pk,)),
            )
    return reading


def take_back_answer(message: Message, *, reporter: User, idempotency_key: str) -> bool:
    """Take back an answer that may not have arrived; return False where the desk has it.

    The answer stays then, as the desk may have acted on it. Otherwise it is refused if it arrives
    later.
    """
    with _locked_reading(message, reporter) as reading:
        if reading.answers.filter(idempotency_key=idempotency_key).exists():
            return False
        with suppress(TakenBack):
            if find_record(reporter, idempotency_key) is None:
                IdempotencyRecord.objects.create(
                    by=reporter, idempotency_key=idempotency_key, bulletin=None
                )
                change = Change(ChangeKind.MESSAGE, message.election_id, users=(reporter.pk,))
                record_action(reporter, "taken back", election=message.election, change=change)
    return True


def find_answer(reporter: User, idempotency_key: str) -> MessageAnswer | None:
    """Return the answer with this key; None if there is none."""
    answers = MessageAnswer.objects.filter(reading__reporter=reporter)
    return answers.filter(idempotency_key=idempotency_key).first()


@contextmanager
def _locked_reading(message: Message, reporter: User) -> Iterator[MessageReading]:
    with transaction.atomic():
        mark_read([message], reporter)
        readings = MessageReading.objects.select_for_update()
        yield readings.get(message=message, reporter=reporter)

"""Messages between the desk and its reporters. Readers see none of them."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from results.desk.audit import record_action
from results.desk.changes import Change, Kind
from results.models import Assignment, Message, MessageReading

#: Messages that a phone shows.
NEWEST = 10


def messages_to(reporter: User) -> list[tuple[Message, MessageReading | None]]:
    """The newest messages to a reporter, newest first, each with the reporter's own reading."""
    newest = list(_all_to(reporter)[:NEWEST])
    own = MessageReading.objects.filter(reporter=reporter, message__in=newest)
    by_message = {reading.message_id: reading for reading in own}
    return [(message, by_message.get(message.pk)) for message in newest]


def message_to(reporter: User, pk: int) -> Message | None:
    """The message with this id, if it is to the reporter: a phone may answer an older one."""
    return _all_to(reporter).filter(pk=pk).first()


def _all_to(reporter: User) -> QuerySet[Message]:
    elections = Assignment.objects.filter(reporter=reporter).values("contest__election")
    rows = Message.objects.filter(Q(to=reporter) | Q(to=None), election__in=elections)
    return rows.select_related("by", "election")


def mark_read(messages: Iterable[Message], reporter: User) -> None:
    """Store that the reporter's phone has shown the messages. Once is enough."""
    MessageReading.objects.bulk_create(
        [MessageReading(message=message, reporter=reporter) for message in messages],
        ignore_conflicts=True,
    )


def answer_message(
    message: Message, text: str, *, reporter: User, idempotency_key: str
) -> MessageReading:
    """Store the reporter's answer. Another answer takes the place of the one before.

    The audit trail keeps both. The same key again changes nothing.
    """
    with transaction.atomic():
        mark_read([message], reporter)
        readings = MessageReading.objects.select_for_update()
        reading = readings.get(message=message, reporter=reporter)
        if reading.idempotency_key != idempotency_key:
            before, reading.answer = reading.answer, text
            reading.idempotency_key = idempotency_key
            reading.answered_at = timezone.now()
            reading.save()
            record_action(
                reporter,
                "message answered",
                election=message.election,
                about=str(message),
                before=before,
                after=text,
                change=Change(Kind.MESSAGE, message.election_id, users=(reporter.pk,)),
            )
    return reading

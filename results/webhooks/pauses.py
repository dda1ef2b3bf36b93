"""Pauses of receivers that answer 503 with Retry-After (RFC 9110), or do not answer.

A receiver is a push service or a webhook. Kept in this process only: another worker asks a receiver
itself, and gets the same answer.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.utils import timezone

from results.webhooks.sending import SendingFailed

#: Requests in a row that a receiver does not answer until it is paused, and for how long. Each of
#: them waits for its timeout, and what is sent to others with it.
MOST_UNANSWERED = 3
UNANSWERED_PAUSE = timedelta(minutes=1)

#: End of the pause, by receiver.
_until: dict[str, datetime] = {}
#: Requests in a row that were not answered, by receiver.
_unanswered: dict[str, int] = {}


class ReceiverPaused(SendingFailed):
    """Nothing was sent: the receiver is paused for another `retry_after`."""


def note_answer(receiver: str, failure: SendingFailed | None = None) -> None:
    """Note the outcome of a request; pause the receiver where it is unavailable.

    One that does not answer is asked once after its pause. A 429 is about one browser only.
    """
    if failure is not None and failure.status == 0:
        unanswered = _unanswered.get(receiver, 0) + 1
        _unanswered[receiver] = unanswered
        if unanswered >= MOST_UNANSWERED:
            _until[receiver] = timezone.now() + UNANSWERED_PAUSE
        return
    _unanswered.pop(receiver, None)
    if failure is not None and failure.status == HTTPStatus.SERVICE_UNAVAILABLE:
        _until[receiver] = timezone.now() + failure.retry_after


def require_open(receiver: str) -> None:
    """Raise ReceiverPaused while this receiver is paused."""
    until, now = _until.get(receiver), timezone.now()
    if until is not None and until > now:
        raise ReceiverPaused(receiver, retry_after=until - now)
    _until.pop(receiver, None)


def forget() -> None:
    """Forget every pause."""
    _until.clear()
    _unanswered.clear()

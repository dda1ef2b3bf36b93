"""Pauses of push services that answer 503 with Retry-After (RFC 9110).

Kept in this process only: another worker asks a service once, and gets the same answer.
"""

from datetime import datetime
from http import HTTPStatus

from django.utils import timezone

from results.push.keys import origin_of
from results.webhooks.sending import SendingFailed

#: End of the pause, by the origin of the service.
_until: dict[str, datetime] = {}


class ServicePaused(SendingFailed):
    """Nothing was sent: the service is paused for another `retry_after`."""


def note(endpoint: str, failure: SendingFailed) -> None:
    """Pause the whole service where it is unavailable; a 429 is about one browser."""
    if failure.status == HTTPStatus.SERVICE_UNAVAILABLE and failure.retry_after:
        _until[origin_of(endpoint)] = timezone.now() + failure.retry_after


def require_open(endpoint: str) -> None:
    """Raise ServicePaused while the service of this endpoint is paused."""
    origin, now = origin_of(endpoint), timezone.now()
    until = _until.get(origin)
    if until is not None and until > now:
        raise ServicePaused(origin, retry_after=until - now)
    _until.pop(origin, None)


def forget() -> None:
    """Forget every pause."""
    _until.clear()

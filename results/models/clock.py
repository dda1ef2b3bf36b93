"""The time that what is published now carries: the real one, or that of a night told afterwards.

A past night that is loaded or replayed has its bulletins at its own times, as its declarations
have. Receipts and the record of who did what carry the real time always.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("time_of_the_night", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Publish as of ``moment``; None is the real time."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)

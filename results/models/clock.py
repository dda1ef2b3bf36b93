"""Clock of publication: the present, or a past time while a night is loaded or replayed.

Idempotency records and audit entries always have the real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_override: ContextVar[datetime | None] = ContextVar("publication_time", default=None)


def now() -> datetime:
    return _override.get() or timezone.now()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Publish as of `moment`; None is the present."""
    token = _override.set(moment)
    try:
        yield
    finally:
        _override.reset(token)

"""Which moment a local time means on the nights on which the clocks change."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _


def is_skipped(moment: datetime) -> bool:
    """Whether no clock shows this time: the clocks go forward over it."""
    first, second = _readings(moment)
    return first.utcoffset() < second.utcoffset()  # type: ignore[operator]  # both are aware


def skipped_text(text: str) -> str:
    return _("“%(text)s” does not exist: the clocks go forward then.") % {"text": text}


def nearest_reading(moment: datetime, to: datetime, *, expected: bool | None = None) -> datetime:
    """Return which of two moments a local time means in the hour that clocks going back repeat.

    It is the one nearest to the moment `to`, which is now or what is stored already: of something
    `expected` the nearest that has not passed, of something that has happened (False) the nearest
    that has. It is returned in UTC: Python never finds a time of that hour equal to one of another
    time zone. Any other time is returned as it is.
    """
    first, second = _readings(moment)
    if first.utcoffset() <= second.utcoffset():  # type: ignore[operator]  # both are aware
        return moment
    first, second, to = (each.astimezone(UTC) for each in (first, second, to))
    if expected:
        return second if first < to else first
    if expected is False:
        return first if second > to else second
    return min(first, second, key=lambda reading: abs(reading - to))


def _readings(moment: datetime) -> tuple[datetime, datetime]:
    return moment.replace(fold=0), moment.replace(fold=1)

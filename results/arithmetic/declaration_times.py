"""Check the time at which a result was declared: after the close of poll, and not in the future."""

from datetime import datetime, timedelta

from results.arithmetic.messages import BLOCK, ValidationMessage

#: How far a phone's clock may be ahead of the server's.
CLOCK_TOLERANCE = timedelta(minutes=5)


def time_as_sent(sent_at: datetime, *, polls_close: datetime, now: datetime) -> datetime:
    """Return the time of a result without a typed one: the time at which it was sent.

    Never before the close of poll, and never after now: a clock may have been put right since.
    """
    return max(min(sent_at, now), polls_close)


def check_declared_at(
    declared_at: datetime | None, *, polls_close: datetime, now: datetime
) -> tuple[ValidationMessage, ...]:
    """Return a blocking message for an impossible declaration time. None means not known.

    Counting begins after the close of poll. Source: Representation of the People Act 1983,
    schedule 1, rules 44 and 45; for councils the rules are the same.
    """
    if declared_at is None:
        return ()
    if declared_at < polls_close:
        return (ValidationMessage("declared_early", BLOCK, "declared_at"),)
    if declared_at > now + CLOCK_TOLERANCE:
        return (ValidationMessage("declared_later", BLOCK, "declared_at"),)
    return ()

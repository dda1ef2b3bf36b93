"""Find the earlier holders of a contest's seats: one or several, of one or several parties."""

from collections.abc import Sequence

from results.arithmetic.inputs import INDEPENDENT, Holder


def holders_up(holders: Sequence[Holder], seats: int) -> tuple[Holder, ...] | None:
    """Return those of the area's holders whose seats are up; None if not known.

    Where fewer seats are up than were filled last time, as in a council elected by thirds or a
    by-election, only holders of one party can stand for each other: which of several parties'
    seats is up follows from no result.
    """
    if not holders:
        return None
    if len(holders) <= seats:
        return tuple(holders)
    labels = {holder.label for holder in holders}
    return tuple(holders[:seats]) if len(labels) == 1 and INDEPENDENT not in labels else None

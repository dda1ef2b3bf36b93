"""Who held the seats of a contest before: several holders, who may be of several parties."""

from collections.abc import Sequence

from results.arithmetic.inputs import INDEPENDENT, Holder


def holders_up(holders: Sequence[Holder], seats: int) -> tuple[Holder, ...] | None:
    """Return the holders of the seats that are up, of those who hold the area's; None if not known.

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

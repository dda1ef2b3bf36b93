"""Compute net changes of seats, the national swing so far, and the ends of the bar of seats."""

from collections.abc import Mapping
from dataclasses import dataclass

from results.arithmetic.comparison import Swing
from results.arithmetic.tally import Tally

#: Complete contests below which no national swing is given.
SWING_FROM = 10
#: Net seats below which a party is neither up nor down.
CHANGED_FROM = 3
#: Seats by which a third party passes one of last time's two largest.
PASSED_BY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NetChange:
    """A party's seats gained minus those lost: never 0."""

    label: str
    net: int


def largest_net_changes(tally: Tally) -> tuple[NetChange | None, NetChange | None]:
    """Return the party that is up most, and the one that is down most, of three seats or more.

    Of two alike, the one with more seats, then more votes, then by label.
    """

    def order(label: str) -> tuple[int, int, str]:
        party = tally.parties[label]
        return -party.seats, -party.votes, label

    labels = sorted(tally.parties, key=order)
    return largest_changes({label: tally.parties[label].net for label in labels})


def largest_changes(nets: Mapping[str, int]) -> tuple[NetChange | None, NetChange | None]:
    """Return the largest rise and fall of net seats by label, of three seats or more.

    Of two alike, the one that comes first.
    """
    changes = [NetChange(label=label, net=net) for label, net in nets.items()]
    changes = [change for change in changes if abs(change.net) >= CHANGED_FROM]
    up = max((one for one in changes if one.net > 0), key=lambda one: one.net, default=None)
    down = min((one for one in changes if one.net < 0), key=lambda one: one.net, default=None)
    return up, down


def national_swing(tally: Tally, first: str, second: str) -> Swing | None:
    """Return the Butler swing between two parties over the contests with full figures.

    None below ten of them, or where a change of share is not known. It is half of one's rise
    and the other's fall of share. Source: House of Commons Library, SN02608.
    """
    if tally.complete < SWING_FROM:
        return None
    rise, other = tally.share_change(first), tally.share_change(second)
    if rise is None or other is None:
        return None
    points = (rise - other) / 2
    if points < 0:
        first, second = second, first
    return Swing(from_label=second, to_label=first, points=abs(points))


def ends_of_bar(
    tally: Tally, before: Mapping[str, int], ranked: list[str]
) -> tuple[str | None, str | None]:
    """Return the parties at the left and right end of a bar of seats.

    The two with most seats `before`, by label, so that neither jumps during a night. A third that
    has passed the smaller of them by ten seats takes its end. Where nobody held a seat before, and
    for an end that is left, the first of the `ranked`.
    """
    held = sorted((label for label in before if before[label]), key=lambda one: (-before[one], one))
    ends = [*held[:2], *(label for label in ranked if label not in held[:2])][:2]

    def seats(label: str) -> int:
        return tally.parties[label].seats if label in tally.parties else 0

    third = next((label for label in ranked if label not in ends), None)
    if third is not None and ends:
        smaller = min(ends, key=lambda end: (seats(end), ends.index(end) == 0))
        if seats(third) >= seats(smaller) + PASSED_BY:
            ends[ends.index(smaller)] = third
    left, right = (*ends, None, None)[:2]
    return left, right

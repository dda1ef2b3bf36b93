"""Milestones of an election night: facts about the tally, never forecasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from results.arithmetic.control import NO_OVERALL_CONTROL, BodySeats
from results.arithmetic.tally import Tally, majority_threshold, still_possible


class MilestoneKind(StrEnum):
    """The kinds of milestone. The values are stored."""

    FIRST = "first"
    """The first declaration of the night."""
    HALF = "half"
    """Half of all seats have declared."""
    MAJORITY = "line"
    """A party holds more than half of all seats."""
    NO_MAJORITY = "no-majority"
    """No party can reach a majority any more, whatever is still to come."""
    ALL = "all"
    """Every seat has declared whose poll is not postponed."""


@dataclass(frozen=True, slots=True, order=True)
class ReachedMilestone:
    """One milestone; `label` is the party that reached it, or empty."""

    kind: MilestoneKind
    label: str = ""


def reached_milestones(
    tally: Tally, seats: int, *, whole_house: bool
) -> frozenset[ReachedMilestone]:
    """Return the milestones reached by this tally, of an election for `seats` seats.

    `whole_house` says whether these seats are a whole legislature, so that a majority exists.
    """
    return frozenset(_milestones(tally, seats, whole_house=whole_house))


def _milestones(tally: Tally, seats: int, *, whole_house: bool) -> Iterator[ReachedMilestone]:
    # Unopposed elections do not count, as they are known days before the first declaration.
    if tally.seats <= tally.unopposed or seats <= 2:
        return
    yield ReachedMilestone(MilestoneKind.FIRST)
    if tally.declared * 2 >= seats:
        yield ReachedMilestone(MilestoneKind.HALF)
    if tally.to_come(seats) == 0:
        yield ReachedMilestone(MilestoneKind.ALL)
    if whole_house:
        yield from _majority_milestones(tally, seats)


def _majority_milestones(tally: Tally, seats: int) -> Iterator[ReachedMilestone]:
    threshold = majority_threshold(seats)
    for label, party in tally.parties.items():
        if party.seats >= threshold:
            yield ReachedMilestone(MilestoneKind.MAJORITY, label)
    if all(still_possible(tally, label, seats) < threshold for label in tally.parties):
        yield ReachedMilestone(MilestoneKind.NO_MAJORITY)


def body_milestones(body: BodySeats) -> frozenset[ReachedMilestone]:
    """Return what one body's tally has reached: a party that controls it, or that none can.

    There is none before a poll has declared: unopposed elections are known days before.
    """
    if body.tally.seats <= body.tally.unopposed or not body.control.decided:
        return frozenset()
    by = body.control.by or ""
    if by == NO_OVERALL_CONTROL:
        return frozenset({ReachedMilestone(MilestoneKind.NO_MAJORITY)})
    return frozenset({ReachedMilestone(MilestoneKind.MAJORITY, by)})

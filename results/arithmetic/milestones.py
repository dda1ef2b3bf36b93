"""What a night has reached: seats passed that readers wait for. Facts of the tally, no forecast."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from results.arithmetic.tally import Tally, majority_threshold


class MilestoneKind(StrEnum):
    FIRST = "first"
    """The first declaration of the night."""
    HALF = "half"
    """Half of all seats have declared."""
    MAJORITY = "line"
    """A party holds more than half of all seats."""
    NO_MAJORITY = "no-majority"
    """No party can reach the line any more, whatever is still to come."""
    ALL = "all"
    """Every seat has declared."""


@dataclass(frozen=True, slots=True, order=True)
class ReachedMilestone:
    """One thing reached; ``label`` is the party that reached it, or empty."""

    kind: MilestoneKind
    label: str = ""


def reached_milestones(
    tally: Tally, seats: int, *, whole_house: bool
) -> frozenset[ReachedMilestone]:
    """All that is reached at this tally of ``seats`` seats.

    ``whole_house``: whether a majority can be read off these seats.
    """
    return frozenset(_marks(tally, seats, whole_house=whole_house))


def _marks(tally: Tally, seats: int, *, whole_house: bool) -> Iterator[ReachedMilestone]:
    if tally.seats == 0 or seats <= 2:
        return
    yield ReachedMilestone(MilestoneKind.FIRST)
    if tally.seats * 2 >= seats:
        yield ReachedMilestone(MilestoneKind.HALF)
    if tally.seats >= seats:
        yield ReachedMilestone(MilestoneKind.ALL)
    if whole_house:
        yield from _of_the_house(tally, seats)


def _of_the_house(tally: Tally, seats: int) -> Iterator[ReachedMilestone]:
    line, left = majority_threshold(seats), max(seats - tally.seats, 0)
    for label, one in tally.parties.items():
        if one.seats >= line:
            yield ReachedMilestone(MilestoneKind.MAJORITY, label)
    if all(one.seats + left < line for one in tally.parties.values()):
        yield ReachedMilestone(MilestoneKind.NO_MAJORITY)

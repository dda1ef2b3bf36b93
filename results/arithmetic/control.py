"""Compute who controls a council from seats not up, seats won so far and seats to come.

Control is more than half of all the seats of a body, those not up this time included. A tie of
halves is no overall control, whoever has the casting vote. Source: House of Commons Library,
“Local elections 2023: Results and analysis” (CBP-9798), which counts councils in this way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from results.arithmetic.tally import Tally, majority_threshold

#: Used in place of a label where nobody has more than half of the seats.
NO_OVERALL_CONTROL = "no-overall-control"


class ControlChange(StrEnum):
    """The change of a body's control since before the poll."""

    HOLD = "hold"
    """The party that controlled it still does."""
    GAIN = "gain"
    """A party controls it that did not, from another party or from no overall control."""
    LOSE = "lose"
    """The party that controlled it does not any more, nor does another."""
    NONE = "none"
    """No overall control, as before."""
    WIN = "win"
    """A party controls it, and who did before is not known."""
    NOBODY = "nobody"
    """No overall control, and who controlled it before is not known."""
    UNDECIDED = "undecided"
    """Seats to come, or postponed ones, may still decide."""
    UNKNOWN = "unknown"
    """Who holds the seats that are not up, or how many there are, is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The present control of a body, its change, and the parties that can still gain it.

    `by` and `before` are labels or `NO_OVERALL_CONTROL`; None is not decided or not known.
    `possible` are labels that can still reach control, while it is undecided; `anybody` says that
    one without a seat so far can as well. `waits` says that only postponed polls may decide.
    """

    change: ControlChange
    by: str | None = None
    before: str | None = None
    possible: tuple[str, ...] = ()
    anybody: bool = False
    waits: bool = False

    @property
    def decided(self) -> bool:
        return self.by is not None


@dataclass(frozen=True, kw_only=True)
class BodySeats:
    """All seats of one body, before this poll and as it stands now, by label.

    `seats` is how many there are in all from now on, None where that is not known; `up` is how many
    of them this poll fills. `composition` is who held the seats when the poll was held, and `left`
    who holds those that are not up; {} where nobody has entered them. `holders` held the seats that
    are up, of which `vacated` are those of by-elections; `holders_known` is whether every contest's
    are known. `tally` is the body's. `control_before` is
    a label or `NO_OVERALL_CONTROL` as somebody has entered it, else "". `winnable` is how many of
    the seats to come each label can win at most, by who stands; None counts all as anybody's.
    """

    seats: int | None
    up: int
    composition: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    holders: Mapping[str, int] = field(default_factory=dict)
    vacated: Mapping[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    control_before: str = ""
    holders_known: bool = True
    winnable: Mapping[str, int] | None = None

    @property
    def all_up(self) -> bool:
        return self.seats is not None and self.up >= self.seats

    @cached_property
    def before(self) -> dict[str, int]:
        """Seats by label before the poll, those of by-elections included; {} if not known.

        Without a composition, where all seats are up, they are those of its contests' holders, if
        the holders of every contest are known: a part of them would make every party's net too
        high. In a composition in which the seats of by-elections are vacant, they are their last
        holders'.
        """
        if not self.composition:
            all_held = sum(self.holders.values()) >= self.up
            is_known = self.holders_known if self.all_up else self.left and all_held
            return sum_of([self.left, self.holders]) if is_known else {}
        before = Counter(self.composition)
        vacant = (self.seats or 0) - before.total()
        if not self.all_up:
            for label in sorted(Counter(self.vacated).elements())[: max(vacant, 0)]:
                before[label] += 1
        return _positive(before)

    @cached_property
    def not_up(self) -> dict[str, int] | None:
        """Seats by label that are not up; None where they are not known.

        They are as entered, else the seats before less the holders of those up. They are not known
        either where these do not fit: more holders of a party than it had seats, or more seats left
        than are not up.
        """
        if self.all_up:
            return {}
        if self.seats is not None and self.left:
            return _positive(self.left)
        if self.seats is None or not self.before or sum(self.holders.values()) < self.up:
            return None
        left = Counter(self.before)
        left.subtract(self.holders)
        if min(left.values()) < 0 or left.total() > self.seats - self.up:
            return None
        return _positive(left)

    @cached_property
    def now(self) -> dict[str, int]:
        """Seats by label that are not up or won so far; `still_held` has those to come."""
        seats = Counter(self.not_up or {})
        seats.update({label: party.seats for label, party in self.tally.parties.items()})
        return _positive(seats)

    @cached_property
    def still_held(self) -> dict[str, int]:
        """Seats by their last holders' label that are up and have no result yet."""
        held = Counter(self.holders)
        held.subtract({label: party.before for label, party in self.tally.parties.items()})
        return _positive(held)

    @property
    def to_come(self) -> int:
        return self.tally.to_come(self.up)

    @property
    def postponed(self) -> int:
        return self.tally.postponed

    def most(self, label: str) -> int:
        """Return the most seats that the label can have once all have declared.

        For a postponed poll other people may be nominated.
        """
        winnable = self.to_come if self.winnable is None else self.winnable.get(label, 0)
        return self.now.get(label, 0) + winnable + self.postponed

    @property
    def vacant(self) -> int:
        """The number of seats that nobody holds: unfilled by this poll, or vacant and not up."""
        if self.seats is None or self.not_up is None:
            return self.tally.vacant
        return self.seats - self.up - sum(self.not_up.values()) + self.tally.vacant

    @property
    def finished(self) -> bool:
        """Whether every seat up has a result, none postponed."""
        return self.to_come + self.postponed == 0

    @property
    def majority_threshold(self) -> int | None:
        """The smallest number of seats that controls the body; None where that is not known."""
        return None if self.seats is None else majority_threshold(self.seats)

    @property
    def labels(self) -> list[str]:
        """Every label with a seat before or now, sorted by seats now, seats before, label."""
        labels = {*self.before, *self.now, *self.still_held}
        return sorted(
            labels,
            key=lambda label: (-self.now.get(label, 0), -self.before.get(label, 0), label),
        )

    def net(self, label: str) -> int | None:
        """Return seats now less seats before, over the contests with a result.

        Where the earlier holders are not known, None until all contests have a result; where the
        seats that are not up are not, None.
        """
        if self.not_up is None:
            return None
        up_before = Counter(self.before)
        up_before.subtract(self.not_up)
        if _positive(up_before) == _positive(self.holders) and self.holders:
            party = self.tally.parties.get(label)
            return party.seats - party.before if party else 0
        if self.before and self.finished:
            return self.now.get(label, 0) - self.before.get(label, 0)
        return None

    @property
    def controlled_before(self) -> str | None:
        """The label that controlled the body, as entered or by seats before; None if not known."""
        if self.control_before:
            return self.control_before
        if not self.before:
            return None
        held = sum(self.before.values())
        # Where all seats are up, the body may have had fewer or more seats before.
        seats = held if self.all_up else max(self.seats or 0, held)
        return _over(self.before, majority_threshold(seats)) or NO_OVERALL_CONTROL

    @cached_property
    def control(self) -> Control:
        return control_of(self)


def control_of(body: BodySeats) -> Control:
    """Compute a body's control; decided once no result to come can change it."""
    before, threshold = body.controlled_before, body.majority_threshold
    if threshold is None or body.not_up is None:
        return Control(change=ControlChange.UNKNOWN, before=before)
    by = _over(body.now, threshold)
    if by is not None:
        return decided_control(by, before)
    open_seats = body.to_come + body.postponed
    labels = {*body.now, *body.tally.parties}
    possible = [label for label in labels if body.most(label) >= threshold]
    anybody = open_seats >= threshold
    if possible or anybody:
        return Control(
            change=ControlChange.UNDECIDED,
            before=before,
            possible=tuple(sorted(possible, key=lambda label: (-body.now.get(label, 0), label))),
            anybody=anybody,
            waits=body.to_come == 0,
        )
    return decided_control(NO_OVERALL_CONTROL, before)


def decided_control(by: str, before: str | None) -> Control:
    """Return the decided control of `by`, a label or `NO_OVERALL_CONTROL`, with its change."""
    return Control(change=_change(by, before), by=by, before=before)


def _change(by: str, before: str | None) -> ControlChange:
    if by == NO_OVERALL_CONTROL:
        if before is None:
            return ControlChange.NOBODY
        return ControlChange.NONE if before == by else ControlChange.LOSE
    if before is None:
        return ControlChange.WIN
    return ControlChange.HOLD if before == by else ControlChange.GAIN


def _over(seats: Mapping[str, int], threshold: int) -> str | None:
    return next((label for label, number in seats.items() if number >= threshold), None)


def _positive(seats: Mapping[str, int]) -> dict[str, int]:
    return {label: seats[label] for label in sorted(seats) if seats[label] > 0}


def sum_of(bodies: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up seats by label over several bodies, such as all councils of a night."""
    total: Counter[str] = Counter()
    for seats in bodies:
        total.update(seats)
    return _positive(total)

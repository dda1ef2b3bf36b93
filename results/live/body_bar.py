"""The bar of all seats of a body: those won, those not up this time, and those still to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from results.live.bodies import BodyRow, BodySnapshot
from results.words.party_names import PartyName


@dataclass(frozen=True, slots=True)
class BodyBarPart:
    """One party's stretch of the bar, in seats from the left; `not_up` if no poll was held."""

    party_name: PartyName
    start: int
    seats: int
    not_up: bool


@dataclass(frozen=True, slots=True)
class BodyBar:
    """The parts of a bar as long as `seats`; `gap` is where the open seats begin, and how many."""

    parts: list[BodyBarPart]
    seats: int
    gap: tuple[int, int]
    line: int | None

    @property
    def has_not_up(self) -> bool:
        return any(part.not_up for part in self.parts)


def body_bar(body: BodySnapshot) -> BodyBar:
    """The largest party from the left, the others from the right.

    Seats not up stand outermost, so that a party's own are together.
    """
    rows = [row for row in body.rows if row.now]
    filled = sum(row.now for row in rows)
    seats = max(body.seats.seats or body.facts.up, filled, 1)
    left, *others = rows or [None]
    parts = _from_left(left) if left else []
    parts += _from_right(others, seats)
    start = left.now if left else 0
    return BodyBar(parts, seats, (start, seats - filled), body.seats.line)


def _from_left(row: BodyRow) -> list[BodyBarPart]:
    not_up = BodyBarPart(row.party_name, 0, row.not_up, True)
    won = BodyBarPart(row.party_name, row.not_up, row.now - row.not_up, False)
    return [part for part in (not_up, won) if part.seats]


def _from_right(rows: Sequence[BodyRow], end: int) -> list[BodyBarPart]:
    parts: list[BodyBarPart] = []
    for row in rows:
        for seats, not_up in ((row.not_up, True), (row.now - row.not_up, False)):
            end -= seats
            if seats:
                parts.append(BodyBarPart(row.party_name, end, seats, not_up))
    return parts

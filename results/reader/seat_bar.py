"""The bar of seats as walls and share cards draw it: parts, line, and ticks of last time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from results.live.bodies import BodySnapshot
from results.live.body_board import body_bar
from results.live.election_snapshot import ElectionSnapshot
from results.live.party_table import PartyRow
from results.words.party_names import PartyName

#: Which side of a tick its words stand on.
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True)
class BarEnd:
    """A party that is named at an end of the bar; `net` is None where it is not known."""

    party_name: PartyName
    seats: int
    net: int | None


@dataclass(frozen=True, slots=True)
class BarStretch:
    """The seats of one party, from the left; `not_up` where no poll was held for them."""

    label: str
    start: int
    seats: int
    not_up: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """The seats that a party had last time, `at` so many seats from the left."""

    party_name: PartyName
    held: int
    at: int
    side: str


@dataclass(frozen=True, slots=True)
class BarSpan:
    """A stretch of a drawn bar: where it begins and how long it is, as the drawing's units."""

    x: float
    width: float
    label: str = ""
    not_up: bool = False


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar of some width in units of a drawing. `ticks` are `(x, tick)`."""

    spans: tuple[BarSpan, ...]
    gap: BarSpan
    line: float | None
    ticks: tuple[tuple[float, Tick], ...]


@dataclass(frozen=True, slots=True)
class SeatBar:
    """A bar of `seats` seats; `gap` is (first open seat, number of open seats).

    `threshold` is the number of seats of a majority, None where it means nothing.
    """

    seats: int
    left: BarEnd | None
    right: BarEnd | None
    stretches: tuple[BarStretch, ...]
    gap: tuple[int, int]
    threshold: int | None
    ticks: tuple[Tick, ...]

    def drawn(self, width: int) -> DrawnBar:
        def along(seats: int) -> float:
            return round(seats * width / self.seats, 1)

        return DrawnBar(
            spans=tuple(
                BarSpan(along(each.start), along(each.seats), each.label, each.not_up)
                for each in self.stretches
            ),
            gap=BarSpan(along(self.gap[0]), along(self.gap[1])),
            line=None if self.threshold is None else along(self.threshold),
            ticks=tuple((along(tick.at), tick) for tick in self.ticks),
        )


def bar_of(snapshot: ElectionSnapshot, tick_width: float = 0.25) -> SeatBar:
    """The bar of a house, or of the contests that are added up.

    `tick_width` is the length of a tick's words, as a part of the bar's. There are no ticks if
    holders of some seats are not on record, such as of lists: part of a party's would mislead.
    """
    held = snapshot.held if snapshot.whole_house and snapshot.holders_complete else {}
    seats = snapshot.seats or 1
    left, right = (
        BarEnd(row.party_name, row.party_tally.seats, net_of(snapshot, row)) if row else None
        for row in snapshot.ends
    )
    threshold = snapshot.majority_threshold if snapshot.whole_house else None
    return SeatBar(
        seats=seats,
        left=left,
        right=right,
        stretches=tuple(
            BarStretch(part.party_name.label, part.start, part.seats) for part in snapshot.bar
        ),
        gap=snapshot.gap,
        threshold=threshold,
        ticks=_ticks(
            [(end, held.get(end.party_name.label, 0) if end else 0) for end in (left, right)],
            seats,
            threshold,
            tick_width,
        ),
    )


def net_of(snapshot: ElectionSnapshot, row: PartyRow) -> int | None:
    """A party's net change of seats; None where it is known of no seat, or of a part of them."""
    is_known = not snapshot.holders_unknown and snapshot.seats_compared is None
    return row.party_tally.net if is_known else None


def bar_of_council(council: BodySnapshot, tick_width: float = 0.25) -> SeatBar:
    """The bar of all seats of a council, those that are not up with their parties."""
    bar = body_bar(council)
    ends = [BarEnd(row.party_name, row.now, row.net) for row in bar.ends]
    left, right = (*ends, None, None)[:2]
    before = {row.party_name.label: row.before for row in council.rows}
    return SeatBar(
        seats=bar.seats,
        left=left,
        right=right,
        stretches=tuple(
            BarStretch(part.party_name.label, part.start, part.seats, part.not_up)
            for part in bar.parts
        ),
        gap=bar.gap,
        threshold=bar.majority_threshold,
        ticks=_ticks(
            [(end, before.get(end.party_name.label, 0) if end else 0) for end in (left, right)],
            bar.seats,
            bar.majority_threshold,
            tick_width,
        ),
    )


def _ticks(
    ends: Sequence[tuple[BarEnd | None, int]], seats: int, threshold: int | None, width: float
) -> tuple[Tick, ...]:
    """A tick for each end that had seats: from the left for the left one, else from the right."""
    places = [
        (end, held, held if number == 0 else seats - held)
        for number, (end, held) in enumerate(ends)
        if end is not None and 0 < held <= seats
    ]
    line = (threshold or seats / 2) / seats
    sides = tick_sides([at / seats for _end, _held, at in places], line, width)
    return tuple(
        Tick(end.party_name, held, at, side)
        for (end, held, at), side in zip(places, sides, strict=False)
        if side
    )


def tick_sides(places: Sequence[float], line: float, width: float) -> list[str]:
    """Choose the side of each tick for its words: away from the line where there is room.

    Places, the line and the width of the words are parts of the bar's length. Words stay within
    the bar and off each other's; a tick whose words have no room at all gets none ("").
    """
    best: tuple[int, list[str]] | None = None
    for sides in product((LEFT, RIGHT, ""), repeat=len(places)):
        cost = _cost(places, sides, line, width)
        if cost is not None and (best is None or cost < best[0]):
            best = cost, list(sides)
    return best[1] if best else []


def _cost(places: Sequence[float], sides: Sequence[str], line: float, width: float) -> int | None:
    """Cost of a choice of sides; None if words overlap or leave the bar."""
    spans = list(_spans(places, sides, width))
    if any(start < 0 or end > 1 for start, end in spans):
        return None
    ordered = sorted(spans)
    if any(first[1] > second[0] for first, second in pairwise(ordered)):
        return None
    away = [LEFT if place < line else RIGHT for place in places]
    wrong = sum(side != best for side, best in zip(sides, away, strict=True) if side)
    return wrong + 10 * sum(not side for side in sides)


def _spans(
    places: Sequence[float], sides: Sequence[str], width: float
) -> Iterator[tuple[float, float]]:
    for place, side in zip(places, sides, strict=True):
        if side == LEFT:
            yield place - width, place
        elif side == RIGHT:
            yield place, place + width

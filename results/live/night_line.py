"""The chart of seats through the night: its data, and the positions of lines and labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from results.arithmetic.night_line import DeclaredByMinute, NightLine, SeatsDeclared, TimeSpan
from results.live.seat import Seat
from results.models import WITH_RESULT, Election, Standing
from results.words.party_names import PartyName, PartyNames
from results.words.times import clock

#: In pixels: height of the plot, distance of two labels, and of a label's base line from its
#: middle.
HEIGHT, APART, HALF_A_LABEL = 132, 16, 4
#: The chart's height in multiples of the majority threshold.
ABOVE = 1.045
#: Part of the width beyond which labels are left of the lines' end, over the lines: on a phone,
#: with the spacing that a reader may set, the longest that is not shortened takes 0.43 of it.
TURNS = 0.55
#: The same in a wide window, where from TURNS on long names are shortened.
TURNS_WHERE_WIDE = 0.78
#: The part of the width that the time of a majority needs, on a phone.
ROOM_FOR_A_TIME = 0.15


@dataclass(frozen=True, slots=True)
class DeclaredSeats:
    """The seats that each contest has filled, by key, updated with each bulletin."""

    by_contest: Mapping[int, SeatsDeclared]
    by_minute: DeclaredByMinute

    @classmethod
    def of(cls, by_contest: Mapping[int, SeatsDeclared]) -> Self:
        return cls(by_contest, DeclaredByMinute.of(by_contest.values()))

    @classmethod
    def read(cls, election: Election) -> Self:
        rows = Standing.objects.filter(
            contest__election=election, contest__part_of=None, status__in=WITH_RESULT
        ).values_list("contest", "first_declared_at", "first_sequence", "summary")
        return cls.of({contest: seats_declared(*row) for contest, *row in rows})

    def after(self, seat: Seat) -> "DeclaredSeats":
        """Return the seats after a bulletin about `seat`."""
        contest, standing = seat.contest, seat.standing
        if contest.is_counting_area:
            return self
        by_contest, now = dict(self.by_contest), None
        before = by_contest.pop(contest.pk, None)
        if standing.has_result:
            now = by_contest[contest.pk] = seats_declared(
                standing.first_declared_at, standing.first_sequence, standing.summary
            )
        return DeclaredSeats(by_contest, self.by_minute.after(before, now))


def seats_declared(
    at: datetime | None, number: int | None, summary: Mapping[str, Any]
) -> SeatsDeclared:
    """Return the seats of a contest with a result, without a time where there was no poll."""
    labels = tuple(row["label"] for row in summary.get("elected", ()))
    if summary.get("unopposed"):
        at = None
    # In one zone, as they are stored: comparing thousands of times of different zones is slow.
    at = at.astimezone(UTC) if at is not None else None
    return SeatsDeclared(at=at, number=number or 0, labels=labels)


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One party's line: `path` in minutes and seats, its end and its label in pixels."""

    party_name: PartyName
    seats: int
    path: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An hour on the axis: `every_other` is left out where there is little room.

    `edge` is “start” or “end” at the chart's edges, beyond which its label does not reach.
    """

    x: str
    at: datetime
    every_other: bool
    edge: str


@dataclass(frozen=True, slots=True)
class HourRow:
    """The seats of each line at one time."""

    at: datetime
    seats: list[int]


@dataclass(frozen=True, kw_only=True)
class NightChart:
    """The chart of a night's line, in which parties with more seats are drawn above others.

    `threshold` is the seats of a majority, None where that means nothing.
    """

    line: NightLine
    span: TimeSpan
    labels: tuple[str, ...]
    party_names: PartyNames
    threshold: int | None
    seats: int

    @property
    def minutes(self) -> int:
        return self.span.minutes

    @property
    def top(self) -> int:
        """The seats at the upper edge, the same until a party passes the threshold."""
        most = max([self.line.seats(label) for label in self.labels], default=0)
        line = self.threshold or (self.seats + 1) // 2
        return max(round(max(line, most) * ABOVE), 2)

    def _y(self, seats: int) -> float:
        return HEIGHT - seats / self.top * HEIGHT

    def _x(self, at: datetime) -> str:
        return f"{self.span.minute(at) / self.minutes * 100:.2f}%"

    @property
    def threshold_y(self) -> str:
        return f"{self._y(self.threshold):.1f}" if self.threshold else ""

    @property
    def now(self) -> str:
        """The x position of the lines' end."""
        return self._x(self.line.end) if self.line.end else "0%"

    @property
    def remaining(self) -> str:
        """The width of the time still to come."""
        end = self.span.minute(self.line.end) if self.line.end else 0
        return f"{(self.minutes - end) / self.minutes * 100:.2f}%"

    @property
    def is_turned(self) -> bool:
        """Whether labels are left of the lines' end, unless the window is wide."""
        return self._ends_after(TURNS)

    @property
    def is_turned_wide(self) -> bool:
        """Whether labels are left of the lines' end in every window."""
        return self._ends_after(TURNS_WHERE_WIDE)

    def _ends_after(self, part: float) -> bool:
        end = self.span.minute(self.line.end) if self.line.end else 0
        return end > part * self.minutes

    @property
    def marks(self) -> list[Mark]:
        hours = self.span.hours()
        edges = {self.span.first: "start", self.span.last: "end"}
        return [
            Mark(self._x(at), at, number % 2 == 1, edges.get(at, ""))
            for number, at in enumerate(hours)
        ]

    @property
    def lines(self) -> list[ChartLine]:
        """The lines, the one with fewest seats first."""
        if self.line.end is None:
            return []
        ends = {label: self._y(self.line.seats(label)) for label in self.labels}
        places = pushed_apart(ends)
        drawn = sorted(self.labels, key=lambda label: self.line.seats(label))
        return [
            ChartLine(
                self.party_names[label],
                self.line.seats(label),
                self._path(label),
                f"{ends[label]:.1f}",
                f"{places[label] + HALF_A_LABEL:.1f}",
            )
            for label in drawn
        ]

    def _path(self, label: str) -> str:
        """Return an SVG path of steps in minutes and seats, each relative to the one before."""
        line = self.line
        seats, minute = line.start.get(label, 0), 0
        parts = [f"M0 {seats}"]
        for at, now in line.steps.get(label, ()):
            to = self.span.minute(at)
            parts.append(f"h{to - minute}v{now - seats}")
            seats, minute = now, to
        end = self.span.minute(line.end) if line.end else 0
        return "".join([*parts, f"h{end - minute}" if end > minute else ""])

    @property
    def reached(self) -> "tuple[str, datetime] | None":
        """The x position and time at which a majority was reached; None if it was not."""
        if not self.threshold:
            return None
        times = (self.line.reached(label, self.threshold) for label in self.labels)
        at = next((at for at in times if at), None)
        return (self._x(at), at) if at else None

    @property
    def reached_is_left(self) -> bool:
        """Whether that time is written left of its point: at the right are names until later."""
        if self.reached is None or self.line.end is None:
            return False
        since = self.span.minute(self.line.end) - self.span.minute(self.reached[1])
        return since < ROOM_FOR_A_TIME * self.minutes

    @property
    def parties(self) -> list[PartyName]:
        """The parties drawn, the one with most seats first."""
        ranked = sorted(self.labels, key=lambda label: -self.line.seats(label))
        return [self.party_names[label] for label in ranked]

    @property
    def rows(self) -> list[HourRow]:
        """The seats at every full hour that has passed, and at the end."""
        end = self.line.end
        if end is None:
            return []
        count = int((end - self.span.first).total_seconds() // 3600)
        every = self.span.hours(most=count + 2)
        times = [at for at in every if at < end and (at > self.span.first)]
        labels = [name.label for name in self.parties]
        return [
            HourRow(at, [self.line.seats(label, at) for label in labels]) for at in (*times, end)
        ]

    @property
    def sentence(self) -> str:
        """A description of the chart for those who cannot see it."""
        if self.line.end is None:
            return _("Seats through the night: none declared yet.")
        seats = [f"{name.name} {self.line.seats(name.label)}" for name in self.parties]
        return _("Seats through the night. At %(at)s: %(seats)s.") % {
            "at": clock(localtime(self.line.end)),
            "seats": ", ".join(seats),
        }


def pushed_apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Return y positions of labels beside their lines' ends, in pixels, without overlaps."""
    order = sorted(ends, key=lambda label: ends[label])
    places: list[float] = []
    for label in order:
        lowest = places[-1] + APART if places else HALF_A_LABEL + 2
        places.append(max(ends[label], lowest))
    floor = float(HEIGHT - HALF_A_LABEL)
    for number in reversed(range(len(places))):
        places[number] = min(places[number], floor)
        floor = places[number] - APART
    return dict(zip(order, places, strict=True))

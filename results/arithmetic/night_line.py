"""Compute each label's seats through a night, in steps, for a line chart.

It is a pure function of the results: one that is corrected or withdrawn changes it from the time it
was declared. In an election of more than a hundred seats it moves once in three minutes of the
night, not with every result, so that open pages are sent it no more often: of the newest three
minutes only the first result is counted, until later ones have a result, or every result is in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Self

#: Minutes at least between two states of a line, and the seats up to which each result moves it: a
#: chart of few seats would visibly differ from the table beside it.
PACE, PACED_FROM_SEATS = 3, 101
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
#: Hours that a chart shows from its first on; its right end moves out where a night runs on.
HOURS = 7
#: The most hours that a chart shows: later declarations, such as after a week, stand at its end.
MOST_HOURS = 36
#: A night whose first result comes later after the close of poll counts on another day.
SAME_NIGHT = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsDeclared:
    """The labels of the seats that one contest filled, one label for each seat.

    `at` is when the first of them were declared, None where that is not known or they were
    unopposed; `number` is the order of publication.
    """

    at: datetime | None
    number: int
    labels: tuple[str, ...]

    @property
    def minute(self) -> datetime | None:
        return self.at.replace(second=0, microsecond=0) if self.at else None


@dataclass(frozen=True, slots=True)
class DeclaredMinute:
    """The results declared within one minute, their seats by label, and the first published."""

    results: tuple[SeatsDeclared, ...]
    seats: Mapping[str, int]
    first: SeatsDeclared

    @classmethod
    def of(cls, results: Sequence[SeatsDeclared]) -> Self:
        seats = Counter(label for result in results for label in result.labels)
        return cls(tuple(results), seats, min(results, key=attrgetter("number")))

    def and_also(self, result: SeatsDeclared) -> "DeclaredMinute":
        seats = Counter(self.seats)
        seats.update(result.labels)
        first = min(self.first, result, key=attrgetter("number"))
        return DeclaredMinute((*self.results, result), seats, first)


@dataclass(frozen=True, slots=True)
class DeclaredByMinute:
    """Every result by the minute in which it was declared, None for those without a time.

    A bulletin changes one minute or two: what it costs does not grow with the results before it.
    """

    minutes: Mapping[datetime | None, DeclaredMinute]

    @classmethod
    def of(cls, results: Iterable[SeatsDeclared]) -> Self:
        """Sort results by minute."""
        by_minute: dict[datetime | None, list[SeatsDeclared]] = {}
        for result in results:
            by_minute.setdefault(result.minute, []).append(result)
        return cls({minute: DeclaredMinute.of(some) for minute, some in by_minute.items()})

    def after(self, before: SeatsDeclared | None, now: SeatsDeclared | None) -> "DeclaredByMinute":
        """Return the results after one contest's changed; None is no result."""
        minutes = dict(self.minutes)
        if before:
            others = list(minutes.pop(before.minute).results)
            others.remove(before)
            if others:
                minutes[before.minute] = DeclaredMinute.of(others)
        if now:
            known = minutes.get(now.minute)
            minutes[now.minute] = known.and_also(now) if known else DeclaredMinute.of([now])
        return DeclaredByMinute(minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightLine:
    """Seats by label as of `end`, a full minute: `start` is before any result with a time.

    `steps` has, by label, (minute, seats from then on), in order.
    """

    end: datetime | None
    start: Mapping[str, int]
    steps: Mapping[str, tuple[tuple[datetime, int], ...]] = field(default_factory=dict)

    def seats(self, label: str, at: datetime | None = None) -> int:
        """Return the label's seats at a time, by default at the end."""
        steps = self.steps.get(label, ())
        reached = [seats for minute, seats in steps if at is None or minute <= at]
        return reached[-1] if reached else self.start.get(label, 0)

    def reached(self, label: str, seats: int) -> datetime | None:
        """Return the minute from which on the label had so many seats; None if it has not."""
        since: datetime | None = None
        for minute, now in self.steps.get(label, ()):
            if now < seats:
                since = None
            elif since is None:
                since = minute
        return since

    def largest(self, first: Iterable[str], most: int = 3) -> tuple[str, ...]:
        """Return the labels to draw: `first`, then those with most seats, by label if equal."""
        labels = {*self.start, *self.steps}
        ranked = sorted(labels, key=lambda label: (-self.seats(label), label))
        chosen = dict.fromkeys([*first, *(label for label in ranked if self.seats(label))])
        return tuple(chosen)[:most]


def night_line(declared: DeclaredByMinute, *, finished: bool, seats: int) -> NightLine:
    """Compute the night's line from these results.

    `finished` is whether no more are to come, `seats` how many are filled at this election: then,
    or where they are few, all results are counted.
    """
    without_time = declared.minutes.get(None)
    start = dict(without_time.seats) if without_time else {}
    times = sorted(at for at in declared.minutes if at)
    timed = [(at, declared.minutes[at]) for at in times]
    if not timed:
        return NightLine(end=None, start=start)
    if not finished and seats >= PACED_FROM_SEATS:
        timed = _until_the_newest(timed)
    now, steps = dict(start), dict[str, list[tuple[datetime, int]]]()
    for at, minute in timed:
        for label, filled in minute.seats.items():
            now[label] = now.get(label, 0) + filled
            steps.setdefault(label, []).append((at, now[label]))
    return NightLine(
        end=timed[-1][0],
        start=start,
        steps={label: tuple(made) for label, made in steps.items()},
    )


def _until_the_newest(
    timed: list[tuple[datetime, DeclaredMinute]],
) -> list[tuple[datetime, DeclaredMinute]]:
    """Leave out the newest minutes' results, but for the one published first."""
    newest = _step_of(timed[-1][0])
    earlier = [(at, minute) for at, minute in timed if at < newest]
    at, last = min(timed[len(earlier) :], key=lambda one: one[1].first.number)
    return [*earlier, (at, DeclaredMinute.of([last.first]))]


def _step_of(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % PACE, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """The time that a chart shows, in full hours."""

    first: datetime
    last: datetime

    @property
    def minutes(self) -> int:
        return int((self.last - self.first) / MINUTE)

    def minute(self, at: datetime) -> int:
        """Return how many minutes after the first a time is, within the chart."""
        return min(max(int((at - self.first) / MINUTE), 0), self.minutes)

    def hours(self, most: int = 8) -> tuple[datetime, ...]:
        """Return the hours to mark, at most so many, evenly spaced from the first."""
        count = int((self.last - self.first) / HOUR)
        every = next(step for step in (1, 2, 3, 6, 12, 24, count + 1) if count // step < most)
        return tuple(self.first + HOUR * hour for hour in range(0, count + 1, every))


def span_of(line: NightLine, polls_close: datetime) -> TimeSpan:
    """Return the hours to show: seven from the hour after the close of poll, to 36 if needed.

    From the hour of the first result, where it is earlier, or is counted on another day.
    """
    close = polls_close.replace(minute=0, second=0, microsecond=0)
    minutes = [minute for steps in line.steps.values() for minute, _seats in steps[:1]]
    first = close + HOUR
    if minutes and not close <= min(minutes) < close + SAME_NIGHT:
        first = min(minutes).replace(minute=0)
    elif minutes:
        first = min(first, min(minutes).replace(minute=0))
    hours = HOURS
    if line.end is not None:
        hours = min(max(hours, (line.end - first) // HOUR + 1), MOST_HOURS)
    return TimeSpan(first, first + HOUR * hours)

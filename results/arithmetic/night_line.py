"""Compute each label's seats through a night, in steps, for a line chart.

It is a pure function of the results: one that is corrected or withdrawn changes it from the time it
was declared. In an election of more than a hundred seats it moves once in three minutes of the
night, not with every result, so that open pages are sent it no more often: of the newest three
minutes only the first result is counted, until later ones have a result, or every result is in.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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


def night_line(results: Collection[SeatsDeclared], *, finished: bool, seats: int) -> NightLine:
    """Compute the night's line from these results.

    `finished` is whether no more are to come, `seats` how many are filled at this election: then,
    or where they are few, all results are counted.
    """
    start = Counter(label for result in results if result.at is None for label in result.labels)
    timed = [(result.at, result) for result in results if result.at is not None]
    if not timed:
        return NightLine(end=None, start=start)
    if not finished and seats >= PACED_FROM_SEATS:
        timed = _until_the_newest(timed)
    by_minute: dict[datetime, list[str]] = {}
    for at, result in timed:
        by_minute.setdefault(at.replace(second=0, microsecond=0), []).extend(result.labels)
    now, steps = Counter(start), dict[str, list[tuple[datetime, int]]]()
    for minute in sorted(by_minute):
        moved = Counter(by_minute[minute])
        now.update(moved)
        for label in moved:
            steps.setdefault(label, []).append((minute, now[label]))
    return NightLine(
        end=max(by_minute),
        start=start,
        steps={label: tuple(made) for label, made in steps.items()},
    )


def _until_the_newest(
    timed: list[tuple[datetime, SeatsDeclared]],
) -> list[tuple[datetime, SeatsDeclared]]:
    """Leave out the newest minutes' results, but for the one published first."""
    newest = _step_of(max(at for at, _result in timed))
    last = [(at, result) for at, result in timed if at >= newest]
    earlier = [(at, result) for at, result in timed if at < newest]
    return [*earlier, min(last, key=lambda one: one[1].number)]


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

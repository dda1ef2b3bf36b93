"""The contests expected next and the result declared last, updated with each bulletin.

Reading either looks at every contest of the election. Updating them looks only at the contest that
a bulletin is about, so that it costs the same in a night of 3,000 contests as in one of 60.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.db.models import F

from results.live.seat import Seat
from results.models import NOT_AWAITED, WITH_RESULT, Contest, Election, Standing

#: Contests read at a time, so that all contests are queried only once in so many declarations.
WINDOW = 60
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The first contests in the order of their expected declaration; those without a time last.

    `times` has their expected times by primary key, in this order; `is_all` says that no others
    are expected.
    """

    times: Mapping[int, datetime | None]
    is_all: bool

    @classmethod
    def read(cls, election: Election) -> Self:
        waiting = Contest.objects.filter(election=election, part_of=None).exclude(
            standing__status__in=NOT_AWAITED
        )
        soonest_first = waiting.order_by(F("expected_at").asc(nulls_last=True), "sort_key", "pk")
        rows = list(soonest_first.values_list("pk", "expected_at")[: WINDOW + 1])
        return cls(dict(rows[:WINDOW]), is_all=len(rows) <= WINDOW)

    def after(self, seat: Seat, wanted: int) -> "Upcoming | None":
        """Return it after a bulletin about `seat`; None where it has to be read again.

        `wanted` is the number of contests that are shown.
        """
        contest = seat.contest
        if contest.is_counting_area:
            return self
        is_here = contest.pk in self.times
        if seat.standing.status not in NOT_AWAITED:
            if is_here:
                return self if self.times[contest.pk] == contest.expected_at else None
            return None if self.is_all or not self._is_later(contest.expected_at) else self
        if not is_here:
            return self
        times = {pk: at for pk, at in self.times.items() if pk != contest.pk}
        return Upcoming(times, self.is_all) if self.is_all or len(times) >= wanted else None

    def _is_later(self, expected_at: datetime | None) -> bool:
        """Whether a contest expected at that time certainly comes after all of these."""
        last = list(self.times.values())[-1]
        return last is not None and (expected_at is None or expected_at > last)


@dataclass(frozen=True, slots=True)
class FirstResult:
    """The first published result of a contest with a poll."""

    contest: int
    first_sequence: int
    name: str
    summary: Mapping[str, Any]

    @classmethod
    def read(cls, election: Election) -> Self | None:
        declared = Contest.objects.filter(
            election=election, part_of=None, standing__status__in=WITH_RESULT
        ).exclude(standing__status=Standing.Status.UNOPPOSED)
        for contest in declared.order_by("standing__first_sequence").select_related("standing")[:1]:
            return cls.of(contest)
        return None

    @classmethod
    def of(cls, contest: Contest) -> Self:
        """Make it from a contest with a result."""
        standing = contest.standing
        sequence = standing.first_sequence or 0
        return cls(contest.pk, sequence, contest.full_name, standing.summary)

    def after(self, seat: Seat) -> "FirstResult | None":
        """Return it after a bulletin about `seat`; None where it has to be read again."""
        if seat.contest.pk != self.contest:
            return self
        is_same = seat.standing.has_result and seat.standing.first_sequence == self.first_sequence
        return FirstResult.of(seat.contest) if is_same else None


@dataclass(frozen=True, slots=True)
class LatestResult:
    """The result declared last: by time of declaration, then by publication."""

    contest: int
    declared_at: datetime | None
    first_sequence: int
    name: str
    summary: Mapping[str, Any]

    @classmethod
    def read(cls, election: Election) -> Self | None:
        newest_first = Contest.objects.filter(
            election=election, part_of=None, standing__status__in=WITH_RESULT
        ).order_by(
            F("standing__first_declared_at").desc(nulls_last=True),
            F("standing__first_sequence").desc(),
        )
        # Sorted by key alone: sorting whole rows takes ten times as long.
        latest = Contest.objects.filter(pk=newest_first.values("pk")[:1])
        for contest in latest.select_related("standing"):
            return cls.of(contest)
        return None

    @classmethod
    def of(cls, contest: Contest) -> Self:
        """Make it from a contest with a result."""
        standing = contest.standing
        return cls(
            contest.pk,
            standing.first_declared_at,
            standing.first_sequence or 0,
            contest.full_name,
            standing.summary,
        )

    def after(self, seat: Seat) -> "LatestResult | None":
        """Return it after a bulletin about `seat`; None where it has to be read again."""
        if seat.contest.is_counting_area:
            return self
        other = LatestResult.of(seat.contest) if seat.standing.has_result else None
        if seat.contest.pk != self.contest:
            return self if other is None or other._sort_key < self._sort_key else other
        # Another result may be the latest if this one was withdrawn or given an earlier time.
        return None if other is None or other._sort_key < self._sort_key else other

    @property
    def _sort_key(self) -> tuple[datetime, int]:
        return self.declared_at or _BEFORE_ALL, self.first_sequence

"""Recompute an election's results from its rows, for the checks of `verify`."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch

from results.arithmetic import Undecided
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat, with_results
from results.live.seat_summary import summary_of_seat
from results.models import Contest, Declaration, Election, Total

T = TypeVar("T")

#: Exceptions raised by a stored value whose form is not that of the publishing API.
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(AssertionError, ObjectDoesNotExist, RecursionError, Undecided),
)


class Recomputed:
    """One election as stored, each part read once. Its seats compute their results again.

    `seats` are those that can be computed; `errors` has a sentence for each of the others.
    """

    def __init__(self, election: Election) -> None:
        self.election = election
        self.errors: list[str] = []

    @cached_property
    def snapshot(self) -> ElectionSnapshot:
        return ElectionSnapshot(self.election)

    @cached_property
    def seats(self) -> list[Seat]:
        computed = []
        for contest in with_results(Contest.objects.filter(election=self.election)):
            seat = self.snapshot.seat(contest)
            error = self._error_of(seat)
            if error:
                self.errors.append(f"{contest.full_name}: {error}")
            else:
                computed.append(seat)
        return computed

    @cached_property
    def published(self) -> list[Seat]:
        """Seats of which anything was published, and which therefore have a standing."""
        return [
            seat
            for seat in self.seats
            if seat.contest.pk in self.revisions or hasattr(seat.contest, "standing")
        ]

    @cached_property
    def revisions(self) -> dict[int, list[Declaration]]:
        """Every revision by the key of its contest, in order of revision."""
        found: dict[int, list[Declaration]] = {}
        rows = Declaration.objects.filter(contest__election=self.election)
        rows = rows.select_related("bulletin", "contest__election").prefetch_related(
            Prefetch("totals", Total.objects.select_related("candidate"))
        )
        for declaration in rows.order_by("contest", "revision"):
            found.setdefault(declaration.contest_id, []).append(declaration)
        return found

    def _error_of(self, seat: Seat) -> str:
        """Why a seat cannot be computed, or has votes for others' candidates; empty if it can."""
        for declaration in self.revisions.get(seat.contest.pk, ()):
            others = names_of_other_contests(declaration)
            if others:
                return (
                    f"votes of revision {declaration.revision} are for {', '.join(others)}, "
                    "who is not on its ballot paper"
                )
        _summary, error = read(
            lambda: (summary_of_seat(seat), seat.contribution, seat.turnout_change)
        )
        return f"its result cannot be computed: {error}" if error else ""


def names_of_other_contests(declaration: Declaration) -> list[str]:
    """Names of candidates of another contest for whom a revision has votes."""
    return [
        total.candidate.name
        for total in declaration.totals.all()
        if total.candidate.contest_id != declaration.contest_id
    ]


def values_that_differ(
    stored: Any, computed: Any, name: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (name, as stored, as computed) of each value that differs within two JSON values.

    A value that one of them does not have is “nothing” in it.
    """
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        for key in {**stored, **computed}:
            pair = (stored.get(key, "nothing"), computed.get(key, "nothing"))
            yield from values_that_differ(*pair, f"{name} {key}".lstrip())
    elif isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for place, (before, now) in enumerate(zip(stored, computed, strict=True), 1):
            yield from values_that_differ(before, now, f"{name} {place}".lstrip())
    elif stored != computed:
        yield name, stored, computed


def read(value: Callable[[], T]) -> tuple[T | None, str]:
    """Return the value and "", or None and the reason why it cannot be read."""
    try:
        return value(), ""
    except UNREADABLE as exc:
        return None, f"{exc}" or type(exc).__name__

"""Compare each contest's standing with what its revisions give it, computed again."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from results.desk.regions import reallocated
from results.desk.standings import begins_entry, status_after
from results.exchange.recomputed import Recomputed, read, values_that_differ
from results.live.seat import Seat
from results.live.seat_summary import summary_of_seat
from results.models import WITHOUT_RESULT, Declaration, Standing

#: A time of declaration and the number of a bulletin.
First = tuple[datetime | None, int | None]


def check_seats(night: Recomputed) -> Iterator[str]:
    """Check each contest's standing: its revision, status, result and share of the tally."""
    for seat in night.published:
        for finding in _check_seat(seat, night.revisions.get(seat.contest.pk, [])):
            yield f"{seat.contest.full_name}: {finding}"
    yield from night.errors


def check_regions(night: Recomputed) -> Iterator[str]:
    """Check that each region was published with the present results of its constituencies."""
    for seat in night.published:
        if seat.system.region and reallocated(seat) is not None:
            yield f"{seat.contest.full_name}: its constituencies stand otherwise than it counts"


def _check_seat(seat: Seat, revisions: list[Declaration]) -> Iterator[str]:
    standing, newest = seat.standing, revisions[-1] if revisions else None
    if newest != seat.declaration:
        yield f"stands at {seat.declaration}, the newest is {newest}"
    if standing.revision != (newest.revision if newest else 0):
        yield f"revision {standing.revision} is not the newest"
    yield from _check_status(standing, newest)
    for name, stored, computed in values_that_differ(standing.summary, summary_of_seat(seat)):
        yield f"{name or 'its result'} is stored as {stored}, its revisions give {computed}"
    added, error = read(lambda: standing.added_to_tally)
    if error:
        yield f"what it adds to the totals cannot be read: {error}"
    elif added != seat.contribution:
        expected = seat.contribution.to_json()
        for name, stored, computed in values_that_differ(standing.contribution, expected):
            yield f"adds {stored} to {name or 'the totals'}, not {computed}"
    if standing.turnout_change != seat.turnout_change:
        yield (
            f"the change of turnout, in tenths of a point, is {standing.turnout_change}, "
            f"not {seat.turnout_change}"
        )
    yield from _check_first(standing, revisions)


def _check_status(standing: Standing, newest: Declaration | None) -> Iterator[str]:
    """Check the status; a count may go on after a withdrawal or some totals, and so change it."""
    status, expected = standing.status, [*WITHOUT_RESULT]
    if newest is not None:
        goes_on = newest.withdrawn or newest.incomplete
        expected = [status_after(newest), *(WITHOUT_RESULT if goes_on else ())]
    is_incomplete = newest is not None and newest.incomplete
    if standing.incomplete != is_incomplete:
        yield f"is {'' if standing.incomplete else 'not '}incomplete, its revisions say otherwise"
    if status not in expected:
        yield f"is {status}, not {' or '.join(expected[:1] if newest else expected)}"


def _check_first(standing: Standing, revisions: Iterable[Declaration]) -> Iterator[str]:
    """Check the time and bulletin of the first declaration, by which lists are ordered."""
    declared_at, sequence = first_of(revisions)
    if standing.first_declared_at != declared_at:
        yield f"first declared at {standing.first_declared_at}, its revisions say {declared_at}"
    if standing.first_sequence != sequence:
        yield f"first bulletin is {standing.first_sequence}, its revisions say {sequence}"


def first_of(revisions: Iterable[Declaration]) -> First:
    """Time of a result's declaration, and the bulletin with which its entry of the feed begins.

    A result that is declared again after a withdrawal begins another entry. A correction may have
    another time.
    """
    declared_at: Any = None
    sequence: int | None = None
    incomplete = False
    for revision in revisions:
        if begins_entry(revision, after_totals=incomplete):
            sequence = revision.sequence
        if not revision.withdrawn and revision.kind != Declaration.Kind.UPDATE:
            declared_at = None if revision.incomplete else revision.declared_at
        incomplete = revision.incomplete
    return declared_at, sequence

"""Determine the polling day of a file of results, and check that it suits the election."""

from collections import Counter
from datetime import date, timedelta

from results.exchange.commons_library import CLOSE_OF_POLL, Edition, LibrarySeat
from results.exchange.elections import in_full
from results.exchange.errors import FileError, FileErrors
from results.models import Election

#: The last count of a poll is declared within four days of its close.
LAST_COUNT = timedelta(days=4)


def polling_day_of(edition: Edition, expected: date | None) -> date | None:
    """The polling day of a file: its own, else that of its declarations; None if it has neither.

    `expected` is the day of the election that it is loaded into. It is returned if the declarations
    were made within four days of it, since a single count may go on for days.
    """
    stated = {seat.polling_day for seat in edition.seats if seat.polling_day}
    if stated:
        return min(stated)
    days = sorted(map(_day_before, (s for s in edition.seats if s.declared_at)))
    if not days:
        return None
    if expected is not None and expected <= days[0] and days[-1] <= expected + LAST_COUNT:
        return expected
    # One wrong date among hundreds is not the day of the poll.
    return Counter(days).most_common(1)[0][0]


def _day_before(seat: LibrarySeat) -> date:
    assert seat.declared_at is not None
    return (seat.declared_at - CLOSE_OF_POLL).date()


def require_later_than_close(election: Election, edition: Edition) -> None:
    """Raise FileErrors for each seat that the file says was declared before the close of poll."""
    errors = [
        FileError(
            seat.file,
            seat.line,
            "declaration_time",
            f"{seat.name} cannot have been declared before the close of poll on "
            f"{in_full(election.date)}",
        )
        for seat in edition.seats
        if seat.declared_at and seat.declared_at < election.polls_close
    ]
    if errors:
        raise FileErrors(errors)


def require_earlier_poll(election: Election, edition: Edition) -> None:
    """Raise FileErrors if a file that is to be last time's is not of an earlier poll."""
    polling_day = polling_day_of(edition, election.date)
    if polling_day is None or polling_day < election.date:
        return
    first = edition.seats[0]
    reason = (
        f"these are results of {in_full(polling_day)}, which was not before the polling "
        f"day of “{election.slug}”, {in_full(election.date)}. To declare them, give --as declared"
    )
    raise FileErrors([FileError(first.file, 0, "", reason)])

"""Select the areas of a file that are to be loaded: of one polling day and one kind."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from results.exchange.commons_library import LibrarySeat
from results.exchange.elections import in_full
from results.exchange.errors import FileError, FileErrors
from results.exchange.kinds_of_files import of_one_kind
from results.exchange.options import ReadOptions


def select(
    seats: Sequence[LibrarySeat], files: Sequence[Path], options: ReadOptions
) -> list[LibrarySeat]:
    """Return the areas of the poll and the kind that `options` name.

    Raises FileErrors for files without results, or with those of several days or kinds.
    """
    if not seats:
        reason = "has no results, only headings" if len(files) == 1 else "have no results"
        raise FileErrors([FileError(files[0], 0, "", reason)])
    for seat in seats:
        # A file without a day of its own is of the day given to the command.
        seat.polling_day = seat.polling_day or options.poll
    first: dict[date, LibrarySeat] = {}
    for seat in seats:
        if seat.polling_day is not None:
            first.setdefault(seat.polling_day, seat)
    if len(first) > 1:
        (day, one), (other_day, other) = list(first.items())[:2]
        reason = (
            f"{other.name} is of the poll of {in_full(other_day)}, and {one.name} "
            f"({one.file.name}, line {one.line}) of {in_full(day)}: load one at a time"
        )
        raise FileErrors([other.error("election_date", reason)])
    return of_one_kind(seats, files, options.kind, options.notes)

"""Tell constituencies and regional lists apart in a list of candidates without ids.

The ids of Democracy Club say it of each ballot. Elsewhere nothing does: places on a list and a
number of seats are not in every table, and lists that are taken for candidates elect others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from results.arithmetic import ElectionKind, Method
from results.exchange import columns
from results.exchange.ballot_identity import BallotIdentity
from results.exchange.democracy_club import Nomination
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.table import Row, Table

#: Kinds of election that elect from constituencies and from regional lists.
WITH_BOTH = frozenset({ElectionKind.SCOTTISH_PARLIAMENT, ElectionKind.LONDON_ASSEMBLY})
#: What the column may hold, as `columns.plain` writes it.
WORDS = {
    Method.VOTES: frozenset("constituency constituencies constituency_seat".split()),
    Method.LISTS: frozenset(
        "list lists region regional regional_list regional_lists region_list party_list "
        "party_lists london_wide london_wide_list london_list london".split()
    ),
}
NOT_SAID = (
    "the list does not say which rows are of regional lists: add a column “ballot”, with “list” "
    "in those rows and “constituency” in the others; --columns ballot= if all are of constituencies"
)
NO_SEATS = (
    "the list does not say how many seats the lists of each region fill: add a column “seats”, or "
    "give a table with the columns constituency and seats after it"
)


def require_ballots(table: Table) -> None:
    """Raise FileErrors for a table that does not say which rows are of regional lists."""
    if not table.has("ballot") and table.options.columns.get("ballot") != "":
        raise FileErrors([FileError(table.file, 0, "ballot", NOT_SAID)])


def method_of(row: Row) -> Method:
    """How the seats of a row's ballot are filled, by its cell. Raises FileErrors."""
    text = row.text("ballot")
    method = next((each for each, words in WORDS.items() if columns.plain(text) in words), None)
    if text and method is None:
        reason = f"“{text}” is neither “constituency” nor “list”"
        raise FileErrors([row.error("ballot", reason)])
    if method is None and row.text("party_list_position"):
        who = row.text("person_name") or row.text("surname") or "the row"
        reason = f"is empty, and {who} has a place on a list"
        hint = "write “list” in each row of a regional list"
        raise FileErrors([row.error("ballot", f"{reason}: {hint}")])
    return method or Method.VOTES


def area_of(row: Row) -> str:
    """The name of a row's area; a list without one is of its region."""
    area = row.text("constituency_name")
    if not area and method_of(row) is Method.LISTS:
        area = row.text("electoral_region") or row.text("region_name")
    return area or row.required("constituency_name")


def with_seats_of_lists(table: Table, nominations: Sequence[Nomination]) -> list[Nomination]:
    """Return the nominations with one method and one number of seats for each ballot.

    Raises FileErrors where the rows of a ballot differ, and for lists without seats.
    """
    lists = [each for each in nominations if each.own_method is Method.LISTS]
    if lists and not table.has("seats"):
        raise FileErrors([FileError(table.file, 0, "seats", NO_SEATS)])
    collected = Collected()
    seats: dict[BallotIdentity, int | None] = {}
    ballots: dict[BallotIdentity, list[Nomination]] = {}
    for nomination in nominations:
        ballots.setdefault(nomination.ballot, []).append(nomination)
    for ballot, rows in ballots.items():
        with collected:
            seats[ballot] = _seats_of(rows)
    collected.raise_if_any()
    return [replace(each, seats=seats[each.ballot]) for each in nominations]


def require_same_method(nominations: Iterable[Nomination]) -> None:
    """Raise FileErrors for each ballot that is a constituency in one row, and lists in another."""
    first: dict[BallotIdentity, Nomination] = {}
    errors: dict[BallotIdentity, FileError] = {}
    for each in nominations:
        if each.own_method is not first.setdefault(each.ballot, each).own_method:
            reason = (
                f"the rows of {each.ballot.name} differ: is it a constituency, or a region with "
                "lists? Where both have one name, call the region otherwise"
            )
            errors.setdefault(each.ballot, each.row.error("ballot", reason))
    if errors:
        raise FileErrors(list(errors.values()))


def _seats_of(rows: Sequence[Nomination]) -> int | None:
    """The seats of a ballot: it is enough that one row of it has them. Raises FileErrors."""
    given = {each.seats: each for each in reversed(rows) if each.seats is not None}
    if len(given) > 1:
        numbers = " and ".join(map(str, sorted(given)))
        other = next(each for each in rows if each.seats not in (None, rows[0].seats))
        reason = f"the rows of {other.ballot.name} differ: {numbers}"
        raise FileErrors([other.row.error("seats_contested", reason)])
    if not given and rows[0].own_method is Method.LISTS:
        reason = f"is empty: give how many seats the lists of {rows[0].ballot.name} fill"
        raise FileErrors([rows[0].row.error("seats_contested", reason)])
    return next(iter(given), None)

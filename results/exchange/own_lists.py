"""Tell constituencies and regional lists apart in a list of candidates without ids.

The ids of Democracy Club say it of each ballot. Elsewhere nothing does: places on a list and a
number of seats are not in every table, and lists that are taken for candidates elect others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from results.arithmetic import ElectionKind, Method
from results.exchange import columns
from results.exchange.ballot_identity import AmbiguousBallotError, BallotRows, group_rows
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.nominations import Nomination
from results.exchange.row_kinds import LISTS
from results.exchange.table import Row, Table
from results.models.party_alias import spelling_key

#: Kinds of election that elect from constituencies and from regional lists.
WITH_BOTH = frozenset({ElectionKind.SCOTTISH_PARLIAMENT, ElectionKind.LONDON_ASSEMBLY})
#: What the column may hold, as `columns.plain` writes it.
WORDS = {
    Method.VOTES: frozenset("constituency constituencies constituency_seat".split()),
    Method.LISTS: LISTS,
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


def ballots_of(nominations: Iterable[Nomination]) -> list[BallotRows[Nomination]]:
    """The rows of each ballot of each day, in the order of the file, as they are loaded.

    Raises FileErrors for a row that may belong to several.
    """
    of_days: dict[date, list[Nomination]] = {}
    for nomination in nominations:
        of_days.setdefault(nomination.poll.polling_day, []).append(nomination)
    ballots: list[BallotRows[Nomination]] = []
    for rows in of_days.values():
        try:
            ballots += group_rows((each.ballot, each) for each in rows)
        except AmbiguousBallotError as exc:
            error = FileError(rows[0].row.file, 0, "post_label", str(exc))
            raise FileErrors([error]) from None
    for ballot in ballots:
        ballot.rows.sort(key=lambda each: each.row.line)
    return ballots


def with_seats_of_lists(table: Table, nominations: Sequence[Nomination]) -> list[Nomination]:
    """Return the nominations with one method and one number of seats for each ballot.

    Raises FileErrors where the rows of a ballot differ, and for lists without seats.
    """
    lists = [each for each in nominations if each.own_method is Method.LISTS]
    if lists and not table.has("seats"):
        raise FileErrors([FileError(table.file, 0, "seats", NO_SEATS)])
    collected = Collected()
    with_seats: list[Nomination] = []
    for ballot in ballots_of(nominations):
        with collected:
            seats = seats_given(ballot.rows)
            if seats is None and ballot.rows[0].own_method is Method.LISTS:
                row = ballot.rows[0].row
                given = f"is {row.text('seats_contested') or 'empty'}"
                reason = f"{given}: give how many seats the lists of {ballot.ballot.name} fill"
                raise FileErrors([row.error("seats_contested", reason)])
            with_seats += [replace(each, seats=seats) for each in ballot.rows]
    collected.raise_if_any()
    return with_seats


def require_same_method(ballots: Iterable[BallotRows[Nomination]]) -> None:
    """Raise FileErrors for each ballot that is a constituency in one row, and lists in another."""
    errors: list[FileError] = []
    for rows in (ballot.rows for ballot in ballots):
        other = next((each for each in rows if each.own_method is not rows[0].own_method), None)
        if other is not None:
            reason = (
                f"the rows of {other.ballot.name} differ: is it a constituency, or a region with "
                "lists? Where both have one name, call the region otherwise"
            )
            errors.append(other.row.error("ballot", reason))
    if errors:
        raise FileErrors(errors)


def require_same_region(ballots: Iterable[BallotRows[Nomination]]) -> None:
    """Raise FileErrors for each constituency whose rows name several regions."""
    errors: list[FileError] = []
    for rows in (ballot.rows for ballot in ballots):
        named = [each for each in rows if each.own_method is Method.VOTES and each.region_of_lists]
        regions = {spelling_key(each.region_of_lists): each for each in reversed(named)}
        if len(regions) > 1:
            first, other, *_more = sorted(regions.values(), key=lambda each: each.row.line)
            names = f"{first.region_of_lists} or {other.region_of_lists}"
            reason = f"the rows of {other.ballot.name} differ: is its region {names}?"
            column = "electoral_region" if other.list_region else "region_name"
            errors.append(other.row.error(column, reason))
    if errors:
        raise FileErrors(errors)


def require_one_seat(row: Row, seats: int | None, name: str) -> None:
    """Raise FileErrors for a row that gives a constituency several seats."""
    if seats not in (None, 1):
        reason = (
            f"is {seats}, and the constituency {name} elects one: leave it empty, and give the "
            "seats that a region’s lists fill in rows of these lists only"
        )
        raise FileErrors([row.error("seats_contested", reason)])


def seats_given(rows: Sequence[Nomination]) -> int | None:
    """The seats that the rows of a ballot give; any one of them is enough. Raises FileErrors.

    A constituency of a chamber with regional lists elects one. A column that is filled down for
    each region has the seats of its lists in rows of constituencies too.
    """
    if rows[0].own_method is Method.VOTES:
        for each in rows:
            require_one_seat(each.row, each.seats, each.ballot.name)
        return 1
    given = {each.seats: each for each in reversed(rows) if each.seats is not None}
    if len(given) > 1:
        numbers = " and ".join(map(str, sorted(given)))
        other = next(each for each in rows if each.seats not in (None, rows[0].seats))
        reason = f"the rows of {other.ballot.name} differ: {numbers}"
        raise FileErrors([other.row.error("seats_contested", reason)])
    return next(iter(given), None)

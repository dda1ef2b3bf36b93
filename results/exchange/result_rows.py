"""Read the rows of a table of results into seats and candidates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from results.arithmetic import ElectionKind
from results.exchange import columns
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity, plain_area
from results.exchange.candidate_cells import (
    candidate_of,
    in_small_letters,
    note_slips,
    refuse_repeated,
    says_uncontested,
)
from results.exchange.commons_library import (
    EditionSeats,
    LibrarySeat,
    has_votes_elsewhere,
    is_by_candidate,
)
from results.exchange.dates import DateColumn, date_column
from results.exchange.democracy_club_ids import bodies_of, is_by_election
from results.exchange.elections import in_full
from results.exchange.errors import Choice, FileErrors, FileQuestions, Question, counted
from results.exchange.kinds_of_files import kind_of_body, kind_of_headings, kind_of_row
from results.exchange.table import Row, Table

#: Statuses in our own export of contests without a result.
WITHOUT_RESULT = frozenset(
    "awaiting under_way bundle_check recount on_stage incomplete withdrawn".split()
)
#: Statuses in our own export of contests without a poll.
WITHOUT_POLL = frozenset({"postponed", "unopposed"})
#: No contest elects more on one ballot paper.
MAX_SEATS = 1000
#: Areas that one note names.
NAMED = 10
#: Totals of an area, which a table by candidate repeats in each row: field and column.
TOTALS = {
    "electorate": "electorate",
    "valid": "valid_votes",
    "rejected": "invalid_votes",
    "papers": "papers",
    "valid_papers": "valid_papers",
    "majority": "majority",
    "seats": "seats",
}


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table with what is known of its columns as a whole.

    `missing` are the rows without votes, with their seat, and `polled_rows` those with votes.
    """

    table: Table
    by_candidate: bool
    notional: bool
    parties: Mapping[str, str]
    declared: DateColumn | None
    polled: DateColumn | None
    kind: ElectionKind | None
    by_elections: bool
    missing: list[tuple[LibrarySeat, Row]] = field(default_factory=list)
    polled_rows: list[tuple[LibrarySeat, Row]] = field(default_factory=list)


def read_rows(areas: EditionSeats, table: Table, zone: ZoneInfo) -> Iterator[FileErrors]:
    """Add the rows of a table to the areas; yield the errors of each row that cannot be read."""
    results = _described(table, zone)
    _note_unused(results)
    _note_capitals(results)
    note_slips(table)
    skipped = 0
    seats: list[LibrarySeat] = []
    errors: list[FileErrors] = []
    for row in _of_one_poll(results):
        if row.text("status") in WITHOUT_RESULT and not row.text("votes"):
            skipped += 1
            continue
        try:
            seats.append(_read_row(areas, row, results))
        except FileErrors as exc:
            errors.append(exc)
    if skipped:
        table.note(0, f"{counted(skipped, 'row')} of contests without a result, skipped")
    if results.by_candidate:
        _mark_winners(seats)
        if not errors:  # an area may seem to have no votes because its rows cannot be read
            _skip_undeclared(areas, results)
        errors += _without_votes(results)
    yield from sorted(errors, key=lambda exc: exc.errors[0].line)


def _described(table: Table, zone: ZoneInfo) -> ResultTable:
    dates = {
        name: date_column(table, name, zone)
        for name in ("declaration_time", "election_date")
        if table.has(name) and table.rows
    }
    by_candidate = is_by_candidate(table)
    headings = frozenset(map(columns.plain, table.headings.texts))
    return ResultTable(
        table=table,
        by_candidate=by_candidate,
        notional=_is_notional(table),
        parties={} if by_candidate else _party_columns(table),
        declared=dates.get("declaration_time"),
        polled=dates.get("election_date"),
        kind=kind_of_headings(headings),
        by_elections="by_election_date" in headings,
    )


def _mark_winners(seats: Iterable[LibrarySeat]) -> None:
    """Set on each seat whether the table states who was elected, even if nobody was."""
    seats = list({id(seat): seat for seat in seats}.values())
    any_marked = any(candidate.elected for seat in seats for candidate in seat.candidates)
    for seat in seats:
        marks = [candidate.elected for candidate in seat.candidates]
        seat.marks_winners = any_marked or any(mark is not None for mark in marks)
        if seat.marks_winners:
            for candidate in seat.candidates:
                candidate.elected = bool(candidate.elected)


def _skip_undeclared(areas: EditionSeats, results: ResultTable) -> None:
    """Leave out areas without figures, if others have votes; note which.

    A newsroom's own table is filled ward by ward through the night.
    """
    if not results.polled_rows:
        return
    lines = {id(seat): row.line for seat, row in reversed(results.missing)}
    skipped = {id(seat): seat for seat, _row in results.missing if _is_undeclared(seat)}
    if not skipped:
        return
    results.missing[:] = [each for each in results.missing if id(each[0]) not in skipped]
    areas.leave_out(skipped)
    named = [f"{seat.name} (line {lines[key]})" for key, seat in skipped.items()]
    if len(named) > NAMED:
        named[NAMED:] = [f"and {len(named) - NAMED} more"]
    reason = f"{counted(len(skipped), 'area')} without any votes, skipped: {', '.join(named)}"
    results.table.note(0, reason)


def _is_undeclared(seat: LibrarySeat) -> bool:
    totals = (seat.valid, seat.valid_papers, seat.rejected, seat.majority)
    return (
        not seat.cancelled
        and not seat.by_party
        and all(total is None for total in totals)
        and all(each.votes is None and not each.elected for each in seat.candidates)
    )


def _without_votes(results: ResultTable) -> Iterator[FileErrors]:
    """Yield an error for each row without votes, unless no poll was held or a winner is known.

    And for each with votes where no poll was held.
    """
    for seat, row in results.polled_rows:
        if seat.cancelled:
            reason = f"{seat.name} has votes, and its poll is marked as not held: correct one"
            yield FileErrors([row.error("votes", reason)])
    for seat, row in results.missing:
        winners_only = all(each.votes is None for each in seat.candidates) and any(
            each.elected for each in seat.candidates
        )
        of_lists = results.table.options.lists and has_votes_elsewhere(seat, row.line)
        if seat.cancelled or winners_only or of_lists:
            continue
        try:
            row.required_count("votes")
        except FileErrors as exc:
            yield exc


def _is_notional(table: Table) -> bool:
    if table.options.notional:
        return True
    if source := table.notional_by:
        table.note(0, f"its {source} says that it is notional: marked so")
        return True
    return False


def _party_columns(table: Table) -> dict[str, str]:
    """The columns of parties' votes, with the party as `Parties` finds it."""
    found: dict[str, str] = {}
    for name in table.columns:
        party = None if name in columns.FIELDS else columns.party_of(name)
        if party is not None and party not in found.values():
            found[name] = party
    return found


def _note_unused(results: ResultTable) -> None:
    table = results.table
    unused = [
        text
        for text, name in zip(table.headings.texts, table.columns, strict=False)
        if text and name not in columns.FIELDS and name not in results.parties
    ]
    if unused:
        table.note(0, f"columns not used: {', '.join(unused)[:300]}")


def _note_capitals(results: ResultTable) -> None:
    """Note that names in capitals are changed, with the first of them."""
    for row in results.table.rows:
        texts = [row.cells.get(name, "") for name in ("surname", "person_name")]
        words = (word for text in texts for word in text.split(","))
        for word in words:
            if in_small_letters(word) != word:
                name = in_small_letters(word)
                results.table.note(row.line, f"names in capitals are written as “{name}”")
                return


def _of_one_poll(results: ResultTable) -> list[Row]:
    """The rows of the poll that was asked for.

    Raises FileQuestions for a table of several polls, FileErrors for one that has none of that day.
    """
    table, options = results.table, results.table.options
    days: dict[date | None, list[Row]] = {}
    for row in table.rows:
        days.setdefault(_polling_day(row, results), []).append(row)
    known = sorted(day for day in days if day is not None)
    if options.poll and known and options.poll not in days:
        listed = ", ".join(map(in_full, known))
        reason = f"has no results of {in_full(options.poll)} (--poll), but of {listed}"
        raise FileErrors([table.rows[0].error("election_date", reason)])
    if len(known) < 2:
        return table.rows  # rows that do not say are of the day that others say
    wanted = options.poll or options.polling_day
    if wanted in days:
        others = sum(len(rows) for day, rows in days.items() if day != wanted)
        table.note(0, f"{counted(others, 'row')} of other polling days, skipped")
        return days[wanted]
    if None in days:
        row = days[None][0]
        raise FileErrors([row.error("election_date", "is empty, and other rows have several days")])
    reason = f"has results of {len(known)} polling days: which are to be loaded?"
    choices = [
        Choice(option=f"--poll {day}", label=counted(len(days[day]), "row")) for day in known
    ]
    about = table.rows[0].error("election_date", reason)
    raise FileQuestions([Question(about=about, name="poll", choices=choices)])


def _ballot(row: Row, results: ResultTable) -> BallotIdentity:
    """The ballot of a row. Raises FileErrors without an area."""
    ballot_paper_id = row.text("ballot_paper_id")
    body, new_body = bodies_of(
        ballot_paper_id, row.text("election_id"), row.text("organisation_name")
    )
    code = re.search(r"\b[EWSN]\d{8}\b", row.text("post_id"))
    by_election = is_by_election(ballot_paper_id)
    if row.cells.get("by_election"):
        by_election = row.flag("by_election")
    elif by_election is None and results.by_elections:
        by_election = True
    return BallotIdentity(
        name=row.required("constituency_name"),
        code=row.text("ons_id") or (code.group() if code else ""),
        body=body,
        new_body=new_body,
        ballot_paper_id=ballot_paper_id,
        by_election=by_election,
    )


def _read_row(areas: EditionSeats, row: Row, results: ResultTable) -> LibrarySeat:
    ballot = _ballot(row, results)
    try:
        seat = areas.find(ballot)
    except AmbiguousBallotError as exc:
        raise FileErrors([row.error("constituency_name", str(exc))]) from None
    if seat is None:
        seat = _new_seat(ballot, row, results)
    elif not results.by_candidate:
        raise FileErrors([row.error("constituency_name", f"{ballot.name} is there twice")])
    else:
        _require_same_name(seat, ballot, row)
    _add_totals(seat, row, results)
    seat.name_cy = seat.name_cy or row.text("constituency_name_cy")
    if results.by_candidate and not (seat.cancelled and _names_nobody(row)):
        candidate = candidate_of(row, nameless=results.notional or results.table.options.lists)
        refuse_repeated(seat, candidate, row)
        seat.candidates.append(candidate)
        rows = results.missing if candidate.votes is None else results.polled_rows
        rows.append((seat, row))
    areas.add(ballot, seat)
    return seat


def _new_seat(ballot: BallotIdentity, row: Row, results: ResultTable) -> LibrarySeat:
    return LibrarySeat(
        code=ballot.code,
        name=ballot.name,
        body=ballot.body,
        new_body=ballot.new_body,
        ballot_paper_id=ballot.ballot_paper_id,
        by_election=ballot.by_election,
        kind=kind_of_row(row, ballot),
        likely_kind=kind_of_body(ballot.body) or results.kind,
        region=row.text("region_name"),
        nation=row.text("country_name"),
        file=row.file,
        line=row.line,
        sheet=row.sheet,
        headings=row.headings or {},
        notional=results.notional,
    )


def _require_same_name(seat: LibrarySeat, ballot: BallotIdentity, row: Row) -> None:
    """Raise FileErrors if one table gives the same code or id to areas of two names."""
    same_table = (seat.file, seat.sheet) == (row.file, row.sheet)
    if same_table and plain_area(seat.name) != plain_area(ballot.name):
        column, text = ("ons_id", ballot.code)
        if ballot.ballot_paper_id:
            column, text = ("ballot_paper_id", ballot.ballot_paper_id)
        reason = f"{text} is of {seat.name} on line {seat.line}, and of {ballot.name} here"
        raise FileErrors([row.error(column, reason)])


def _names_nobody(row: Row) -> bool:
    """Whether the row is that of a contest in which nobody stands."""
    return not any(map(row.text, ("person_name", "surname", "person_id")))


def _add_totals(seat: LibrarySeat, row: Row, results: ResultTable) -> None:
    """Add the area's totals from a row. Raises FileErrors if an earlier row has others."""
    errors = []
    for name, column in TOTALS.items():
        value, known = row.count(column), getattr(seat, name)
        if name == "valid" and value is None and not results.by_candidate:
            continue
        if value is not None and known is not None and value != known:
            errors.append(
                row.error(column, f"{value}, and {known} in an earlier row of {seat.name}")
            )
        elif value is not None and name == "seats" and not 1 <= value <= MAX_SEATS:
            errors.append(row.error(column, f"{value} is not a number of seats of one contest"))
        elif value is not None:
            setattr(seat, name, value)
    if errors:
        raise FileErrors(errors)
    texts: dict[str, Any] = {
        "declared_at": results.declared.read(row) if results.declared else None,
        "polling_day": _polling_day(row, results),
        "first_party": row.text("first_party"),
        "result": row.text("result"),
        "source": row.text("source"),
        "turnout_announced": row.percentage("turnout_percentage"),
        "cancelled": _is_cancelled(row),
    }
    for name, text in texts.items():
        if text and not getattr(seat, name):
            setattr(seat, name, text)
    if row.cells.get("notional") and row.flag("notional"):
        seat.notional = True
    for column, party in results.parties.items():
        if votes := row.count(column):
            seat.by_party[party] = votes


def _is_cancelled(row: Row) -> bool:
    """Whether no poll was held: as Democracy Club's column or our own export's status says."""
    if row.text("status") in WITHOUT_POLL or says_uncontested(row):
        return True
    return bool(row.cells.get("cancelled_poll") and row.flag("cancelled_poll"))


def _polling_day(row: Row, results: ResultTable) -> date | None:
    """The day of the row's own column, else that in Democracy Club's id of the ballot."""
    if results.polled and (day := results.polled.day(row)):
        return day
    match = re.search(r"\.(\d{4}-\d\d-\d\d)$", row.text("ballot_paper_id"))
    try:
        return datetime.fromisoformat(match[1]).date() if match else None
    except ValueError:
        return None

"""Read the rows of a table of results into seats and candidates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from results.exchange import columns
from results.exchange.commons_library import Candidate, Seat, is_by_candidate
from results.exchange.dates import DateColumn, date_column
from results.exchange.errors import Choice, FileErrors, FileQuestions, Question
from results.exchange.table import Row, Table

#: Statuses in our own export of contests without votes: nothing of them is a result.
WITHOUT_VOTES = frozenset(
    "awaiting under_way bundle_check recount on_stage rush withdrawn postponed unopposed".split()
)
#: Totals of an area, which a table by candidate repeats in each row: field and column.
TOTALS = {
    "electorate": "electorate",
    "valid": "valid_votes",
    "rejected": "invalid_votes",
    "majority": "majority",
    "seats": "seats",
}


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table with what is known of its columns as a whole."""

    table: Table
    by_candidate: bool
    notional: bool
    parties: Mapping[str, str]
    declared: DateColumn | None
    polled: DateColumn | None


def read_rows(seats: dict[str, Seat], table: Table, zone: ZoneInfo) -> Iterator[FileErrors]:
    """Add the rows of a table to the seats; yield the errors of each row that cannot be read."""
    names = {"declaration_time": None, "election_date": None} | {
        name: date_column(table, name, zone)
        for name in ("declaration_time", "election_date")
        if table.has(name) and table.rows
    }
    by_candidate = is_by_candidate(table)
    results = ResultTable(
        table=table,
        by_candidate=by_candidate,
        notional=_is_notional(table),
        parties={} if by_candidate else _party_columns(table),
        declared=names["declaration_time"],
        polled=names["election_date"],
    )
    _note_unused(results)
    rows, skipped = _of_one_poll(results), 0
    for row in rows:
        if row.text("status") in WITHOUT_VOTES and not row.text("votes"):
            skipped += 1
            continue
        try:
            _read_row(seats, row, results)
        except FileErrors as exc:
            yield exc
    if skipped:
        table.note(0, f"{skipped} candidates of contests without a result, skipped")
    for seat in seats.values():
        if seat.winners_are_known:
            for candidate in seat.candidates:
                candidate.elected = bool(candidate.elected)


def _is_notional(table: Table) -> bool:
    if table.options.notional:
        return True
    if "notional" in f"{table.file.name} {table.title} {table.sheet}".lower():
        table.note(0, "its name or title says that it is notional: marked so")
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


def _of_one_poll(results: ResultTable) -> list[Row]:
    """The rows of the poll that was asked for. Raises FileQuestions for a file of several polls."""
    table, polled = results.table, results.polled
    if polled is None:
        return table.rows
    days: dict[date | None, list[Row]] = {}
    for row in table.rows:
        days.setdefault(polled.day(row), []).append(row)
    if len(days) == 1:
        return table.rows
    wanted = table.options.polling_day
    if wanted in days:
        others = sum(len(rows) for day, rows in days.items() if day != wanted)
        table.note(0, f"{others} rows of other polling days, skipped")
        return days[wanted]
    known = sorted(day for day in days if day is not None)
    if None in days:
        row = days[None][0]
        raise FileErrors([row.error("election_date", "is empty, and other rows have several days")])
    reason = f"has results of {len(known)} polling days: which are to be loaded?"
    choices = [Choice(option=f"--poll {day}", label=f"{len(days[day])} rows") for day in known]
    about = table.rows[0].error("election_date", reason)
    raise FileQuestions([Question(about=about, name="poll", choices=choices)])


def _read_row(seats: dict[str, Seat], row: Row, results: ResultTable) -> None:
    name = row.required("constituency_name")
    code, body = row.text("ons_id"), row.text("organisation_name")
    key = row.text("ballot_paper_id") or f"{slugify(body)}/{code or slugify(name)}"
    earlier = seats.get(key)
    if earlier is not None and not results.by_candidate:
        raise FileErrors([row.error("constituency_name", f"{name} is there twice")])
    seat = earlier or Seat(
        code=code,
        name=name,
        body=body,
        ballot_paper_id=row.text("ballot_paper_id"),
        region=row.text("region_name"),
        nation=row.text("country_name"),
        file=row.file,
        line=row.line,
        sheet=row.sheet,
        notional=results.notional,
    )
    _add_totals(seat, row, results)
    if results.by_candidate:
        candidate = _candidate(row, results)
        _refuse_repeated(seat, candidate, row)
        seat.candidates.append(candidate)
    seats[key] = seat


def _add_totals(seat: Seat, row: Row, results: ResultTable) -> None:
    """Take the area's totals from a row. Raises FileErrors where an earlier row has others."""
    errors = []
    for name, column in TOTALS.items():
        value, known = row.count(column), getattr(seat, name)
        if name == "valid" and value is None and not results.by_candidate:
            continue
        if value is not None and known is not None and value != known:
            errors.append(
                row.error(column, f"{value}, and {known} in an earlier row of {seat.name}")
            )
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
    }
    for name, text in texts.items():
        if text and not getattr(seat, name):
            setattr(seat, name, text)
    if row.cells.get("notional") and row.flag("notional"):
        seat.notional = True
    for column, party in results.parties.items():
        if votes := row.count(column):
            seat.by_party[party] = votes


def _polling_day(row: Row, results: ResultTable) -> date | None:
    """The day of the row's own column, else that in Democracy Club's id of the ballot."""
    if results.polled and (day := results.polled.day(row)):
        return day
    match = re.search(r"\.(\d{4}-\d\d-\d\d)$", row.text("ballot_paper_id"))
    try:
        return datetime.fromisoformat(match[1]).date() if match else None
    except ValueError:
        return None


def _candidate(row: Row, results: ResultTable) -> Candidate:
    name, surname = _names(row, results)
    party = row.text("party_name")
    if row.cells.get("is_speaker") and row.flag("is_speaker"):
        party = "Speaker"
    elif row.cells.get("is_independent") and row.flag("is_independent"):
        party = "Independent"
    return Candidate(
        line=row.line,
        name=name,
        surname=surname,
        party=party,
        abbreviation=row.text("party_abbreviation"),
        commission=row.text("ec_party_id"),
        votes=row.required_count("votes"),
        sitting=row.text("sitting_mp").lower() in ("yes", "true", "t", "1"),
        democracy_club_id=row.count("person_id"),
        elected=_elected(row),
        by_lot=bool(row.cells.get("by_lot") and row.flag("by_lot")),
    )


def _names(row: Row, results: ResultTable) -> tuple[str, str]:
    """The name as people say it, and the surname. Only notional results have no names."""
    if results.table.has("surname") and not row.text("person_name"):
        surname = row.text("surname") if _nameless(row, results) else row.required("surname")
        return f"{row.text('firstname')} {surname}".strip(), surname
    name = row.text("person_name") if _nameless(row, results) else row.required("person_name")
    surname, comma, forenames = name.partition(",")
    if comma:
        return f"{forenames.strip()} {surname.strip()}".strip(), surname.strip()
    return name, row.text("surname") or (name.split() or [""])[-1]


def _nameless(row: Row, results: ResultTable) -> bool:
    return results.notional or bool(row.cells.get("notional") and row.flag("notional"))


def _elected(row: Row) -> bool | None:
    if row.cells.get("elected"):
        return row.flag("elected")
    outcome = row.cells.get("result", "").casefold().strip(" *.")
    return {"elected": True, "not elected": False}.get(outcome)


def _refuse_repeated(seat: Seat, candidate: Candidate, row: Row) -> None:
    """Raises FileErrors for the same candidate again: a row that was pasted twice."""
    for other in seat.candidates:
        same_person = candidate.democracy_club_id and (
            candidate.democracy_club_id == other.democracy_club_id
        )
        same_row = candidate.name and (
            (candidate.name, candidate.party, candidate.votes)
            == (other.name, other.party, other.votes)
        )
        if same_person or same_row:
            column = "person_id" if same_person else "votes"
            reason = (
                f"{candidate.name} is there already, on line {other.line}: leave one of the two"
            )
            raise FileErrors([row.error(column, reason)])

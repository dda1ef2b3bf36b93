"""Read the House of Commons Library's files of a general election: by constituency, by candidate.

Editions (2015 to 2024) differ in case, order and columns, so a file is recognised by its columns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from results.exchange.errors import FileError, FileErrors
from results.exchange.table import Row, Table

#: Columns of party totals in the file by constituency.
PARTY_COLUMNS = "con lab ld brexit ruk ukip green snp pc dup sf sdlp uup alliance".split()
#: Polls close at 22:00, and the first seat declares within a day of that.
CLOSE_OF_POLL = timedelta(hours=22)
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One row of the file by candidate; `line` is its line number."""

    line: int
    name: str
    surname: str
    party: str
    abbreviation: str
    commission: str
    votes: int
    sitting: bool
    democracy_club_id: int | None


@dataclass(slots=True, kw_only=True)
class Seat:
    """One constituency, from one file or both; `line` is that of its first row."""

    code: str
    name: str
    region: str
    nation: str
    file: Path
    line: int
    body: str = ""
    ballot_paper_id: str = ""
    polling_day: date | None = None
    declared_at: datetime | None = None
    electorate: int | None = None
    valid: int | None = None
    rejected: int | None = None
    majority: int | None = None
    result: str = ""
    first_party: str = ""
    by_party: dict[str, int] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return slugify(self.name)

    @property
    def counted(self) -> int:
        return sum(candidate.votes for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class Edition:
    """All constituencies of one general election, by code (or by address where there is none)."""

    files: tuple[Path, ...]
    seats: dict[str, Seat]

    @property
    def in_order(self) -> list[Seat]:
        """The seats in order of declaration; those without a time last, in the file's order."""
        seats = enumerate(self.seats.values())
        late = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
        return [seat for _at, seat in sorted(seats, key=lambda s: (s[1].declared_at or late, s[0]))]

    @property
    def polling_day(self) -> date | None:
        """Polling day, from the first declaration time; None where the file has no times."""
        times = (seat.declared_at for seat in self.seats.values() if seat.declared_at)
        first = min(times, default=None)
        return (first - CLOSE_OF_POLL).date() if first else None


def read(files: Sequence[Path], zone: ZoneInfo) -> Edition:
    """Read an edition from its file or files. Raises FileErrors with every error in them."""
    seats: dict[str, Seat] = {}
    errors: list[FileError] = []
    tables = [Table(file) for file in files]
    for table in sorted(tables, key=_is_by_candidate):
        try:
            rows = _rows_of(table)
        except FileErrors as exc:
            errors += exc.errors
            continue
        for row in rows:
            try:
                _read_row(seats, row, by_candidate=_is_by_candidate(table), zone=zone)
            except FileErrors as exc:
                errors += exc.errors
    if not errors:
        errors += _without_candidates(seats, tables)
    if errors:
        raise FileErrors(errors)
    return Edition(tuple(files), seats)


def _is_by_candidate(table: Table) -> bool:
    return table.has("votes", "surname")


def _rows_of(table: Table) -> list[Row]:
    if _is_by_candidate(table):
        table.require_columns("constituency_name", "party_name", "votes", "surname")
    elif table.has("valid_votes") or table.has("electorate"):
        table.require_columns("constituency_name", "electorate", "valid_votes")
    else:
        reason = "has neither the columns of results by constituency nor of results by candidate"
        raise FileErrors([FileError(table.file, 1, "", reason)])
    return table.rows


def _read_row(seats: dict[str, Seat], row: Row, *, by_candidate: bool, zone: ZoneInfo) -> None:
    name = row.required("constituency_name")
    code = row.text("ons_id") or slugify(name)
    earlier = seats.get(code)
    seat = earlier or Seat(
        code=row.text("ons_id"),
        name=name,
        region=row.text("region_name"),
        nation=row.text("country_name"),
        file=row.file,
        line=row.line,
        **({} if by_candidate else _totals(row, zone)),
    )
    if by_candidate:
        seat.candidates.append(_candidate(row))
    elif earlier is not None:
        raise FileErrors([row.error("constituency_name", f"{name} is there twice")])
    seats[code] = seat


def _totals(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the file by constituency has of a seat, by field."""
    counts = ((column, row.count(column)) for column in PARTY_COLUMNS if column in row.cells)
    return {
        "declared_at": _time(row, zone),
        "electorate": row.count("electorate"),
        "valid": row.count("valid_votes"),
        "rejected": row.count("invalid_votes"),
        "majority": row.count("majority"),
        "result": row.text("result"),
        "first_party": row.text("first_party"),
        "by_party": {column: votes for column, votes in counts if votes},
    }


def _candidate(row: Row) -> Candidate:
    surname = row.required("surname")
    return Candidate(
        line=row.line,
        name=f"{row.text('firstname')} {surname}".strip(),
        surname=surname,
        party=row.text("party_name"),
        abbreviation=row.text("party_abbreviation"),
        commission=row.text("ec_party_id"),
        votes=row.required_count("votes"),
        sitting=row.text("sitting_mp").lower() in ("yes", "true", "1"),
        democracy_club_id=row.count("democracy_club_id"),
    )


def _time(row: Row, zone: ZoneInfo) -> datetime | None:
    text = row.text("declaration_time")
    if not text:
        return None
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise FileErrors([row.error("declaration_time", f"“{text}” is not a time we know how to read")])


def _without_candidates(seats: dict[str, Seat], tables: Iterable[Table]) -> list[FileError]:
    """Return an error for each seat without candidates, if a file by candidate was given."""
    if not any(_is_by_candidate(table) for table in tables):
        return []
    return [
        FileError(seat.file, seat.line, "constituency_name", f"{seat.name} has no candidates")
        for seat in seats.values()
        if not seat.candidates
    ]

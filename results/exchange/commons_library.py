"""Read results: the House of Commons Library's, Parliament's, councils', and our own exports.

A table has one row for each constituency or ward, or one for each candidate, or for each candidate
with the area's totals beside. Which it is, and which column is which, is told by the headings.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from results.arithmetic import ElectionKind
from results.exchange import columns
from results.exchange.ballot_identity import (
    AmbiguousBallotError,
    BallotIdentity,
    BallotIndex,
    several,
)
from results.exchange.columns import plain
from results.exchange.errors import Collected, FileError
from results.exchange.headings import unknown_answers
from results.exchange.options import ReadOptions
from results.exchange.sources import source_of
from results.exchange.table import Table, read_tables

#: Polls close at 22:00, and the first seat declares within a day of that.
CLOSE_OF_POLL = timedelta(hours=22)


@dataclass(slots=True, kw_only=True)
class CandidateRow:
    """One row of a table by candidate; `line` is its line number.

    `elected` is as the file has it, None where it does not say. `by_lot` is whether a lot decided.
    `votes` are None where no poll was held, or only the winners are known. `gender` is one of those
    of `models.Candidate`, empty where it is not known.
    """

    line: int
    name: str
    surname: str
    party: str
    abbreviation: str
    commission: str
    votes: int | None
    sitting: bool
    democracy_club_id: int | None
    gender: str = ""
    elected_before: bool | None = None
    elected: bool | None = None
    by_lot: bool = False
    description: str | None = None
    file: Path | None = None
    sheet: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    party_cy: str = ""

    def error(self, column: str, reason: str) -> FileError | None:
        """An error in the candidate's row; None of one that was not read from a file."""
        if self.file is None:
            return None
        return FileError(
            self.file, self.line, self.headings.get(column, column), reason, self.sheet
        )


@dataclass(slots=True, kw_only=True)
class LibrarySeat:
    """One constituency or ward, from one table or two; `line` is that of its first row.

    `new_body` is the body that a new contest gets where the file does not name one. `kind` is the
    kind of election by an id or a code; `likely_kind` is for a new election, by a body's name or
    the headings. `cancelled` is whether no poll was held. `marks_winners` is whether the file says
    who was elected, even if nobody was.
    """

    code: str
    name: str
    region: str
    nation: str
    file: Path
    line: int
    sheet: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    new_body: str = ""
    ballot_paper_id: str = ""
    by_election: bool | None = None
    kind: ElectionKind | None = None
    likely_kind: ElectionKind | None = None
    cancelled: bool = False
    marks_winners: bool = False
    polling_day: date | None = None
    notional: bool = False
    declared_at: datetime | None = None
    seats: int | None = None
    electorate: int | None = None
    valid: int | None = None
    rejected: int | None = None
    papers: int | None = None
    valid_papers: int | None = None
    majority: int | None = None
    turnout_announced: Decimal | None = None
    result: str = ""
    first_party: str = ""
    source: str = ""
    name_cy: str = ""
    by_party: dict[str, int] = field(default_factory=dict)
    candidates: list[CandidateRow] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return slugify(self.name)

    @property
    def counted(self) -> int:
        return sum(candidate.votes or 0 for candidate in self.candidates)

    @property
    def all_papers(self) -> int | None:
        """The ballot papers at verification: as the file says, else those valid and rejected."""
        if self.papers is not None or self.valid_papers is None or self.rejected is None:
            return self.papers
        return self.valid_papers + self.rejected

    @property
    def has_votes(self) -> bool:
        """Whether the votes of every candidate are known."""
        return all(candidate.votes is not None for candidate in self.candidates)

    def error(self, column: str, reason: str, row: CandidateRow | None = None) -> FileError:
        """An error in a candidate's row, which another file may have, or in the area's own."""
        heading = self.headings.get(column, column)
        own = row.error(column, reason) if row else None
        return own or FileError(self.file, self.line, heading, reason, self.sheet)


@dataclass(frozen=True, slots=True)
class Edition:
    """All constituencies of one poll.

    Each has its `source`: where its figures come from, as readers see it.
    """

    files: tuple[Path, ...]
    seats: list[LibrarySeat]

    @property
    def in_order(self) -> list[LibrarySeat]:
        """The seats in order of declaration; those without a time last, in the file's order."""
        seats = enumerate(self.seats)
        late = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
        return [seat for _at, seat in sorted(seats, key=lambda s: (s[1].declared_at or late, s[0]))]

    @property
    def polling_day(self) -> date | None:
        """Polling day: the file's own, else from its first declaration; None where it has neither.

        A file of several polls has none: `read` refuses it unless it is told which to read.
        """
        days = {seat.polling_day for seat in self.seats if seat.polling_day}
        if days:
            return min(days)
        times = (seat.declared_at for seat in self.seats if seat.declared_at)
        first = min(times, default=None)
        return (first - CLOSE_OF_POLL).date() if first else None


def read(files: Sequence[Path], zone: ZoneInfo, options: ReadOptions | None = None) -> Edition:
    """Read an edition from its file or files. Raises FileErrors with every error in them.

    Raises FileQuestions, before any other error, for what the files do not say by themselves.
    """
    from results.exchange.result_rows import read_rows
    from results.exchange.selection import select

    options = options or ReadOptions()
    collected = Collected()
    tables: list[Table] = []
    for file in files:
        with collected:
            tables += read_tables(file, options)
    if tables and (unknown := unknown_answers(options, [table.headings for table in tables])):
        collected.add(unknown)
    areas = EditionSeats()
    any_by_candidate = any(map(is_by_candidate, tables)) or len(tables) < len(files)
    for table in sorted(tables, key=is_by_candidate):
        with collected:
            require(table, any_by_candidate=any_by_candidate)
            for error in read_rows(areas, table, zone):
                collected.add(error)
    if not collected.errors:
        collected.errors += _without_candidates(areas.seats, tables)
    collected.raise_if_any()
    edition = Edition(tuple(files), select(areas.seats, tuple(files), options))
    _attribute(edition, tables, options.source)
    return edition


def _attribute(edition: Edition, tables: Sequence[Table], source: str) -> None:
    """Set the source of each seat: `source` if given, or else by the file, or by its format."""
    day = edition.polling_day
    headings = [{*table.columns, *map(plain, table.headings.texts)} for table in tables]
    common = source_of(edition.files, headings, day.year if day else None)
    for seat in edition.seats:
        seat.source = source or seat.source or common


def has_votes_elsewhere(seat: LibrarySeat, line: int) -> bool:
    """Whether the votes of a row's party are in another row, as our own exports have lists."""
    own = next((row for row in seat.candidates if row.line == line), None)
    return own is not None and any(
        row.party == own.party and row.votes is not None for row in seat.candidates
    )


class EditionSeats:
    """The seats of an edition's tables, found by what identifies their ballots."""

    def __init__(self) -> None:
        self.seats: list[LibrarySeat] = []
        self._ids: set[int] = set()
        self._index: BallotIndex[LibrarySeat] = BallotIndex()
        self._exact: dict[BallotIdentity, LibrarySeat] = {}

    def find(self, ballot: BallotIdentity) -> LibrarySeat | None:
        """Return the seat that the ballot is. Raises AmbiguousBallotError if it may be several."""
        if ballot not in self._exact:
            found = self._index.find(ballot)
            if len(found) > 1:
                raise AmbiguousBallotError(several(ballot.name, map(ballot_of, found)))
            if not found:
                return None
            self.add(ballot, found[0])
        return self._exact[ballot]

    def add(self, ballot: BallotIdentity, seat: LibrarySeat) -> None:
        """Add a ballot by which the seat is found, and complete the seat's own identity."""
        self._exact[ballot] = seat
        if id(seat) not in self._ids:
            self._ids.add(id(seat))
            self.seats.append(seat)
        seat.code = seat.code or ballot.code
        seat.body = seat.body or ballot.body
        seat.ballot_paper_id = seat.ballot_paper_id or ballot.ballot_paper_id
        if seat.by_election is None:
            seat.by_election = ballot.by_election
        self._index.add(ballot_of(seat), seat)

    def leave_out(self, ids: Container[int]) -> None:
        """Remove seats, by `id()`, from the edition; they can still be found."""
        self.seats[:] = [seat for seat in self.seats if id(seat) not in ids]


def ballot_of(seat: LibrarySeat) -> BallotIdentity:
    """Return the ballot that a file of results identifies for a seat."""
    return BallotIdentity(
        name=seat.name,
        code=seat.code,
        body=seat.body,
        new_body=seat.new_body,
        ballot_paper_id=seat.ballot_paper_id,
        by_election=seat.by_election,
    )


def is_by_candidate(table: Table) -> bool:
    """Whether each row is a candidate’s: it has names, and votes or none of the totals."""
    names = ("surname", "person_name", "party_name", "party_abbreviation")
    if any(map(table.has, names)):
        return table.has("votes") or not table.has("valid_votes")
    return not _has_totals(table) and _repeats_areas(table)


#: Columns of an area as a whole.
OF_AREAS = (
    *("valid_votes", "electorate", "invalid_votes", "majority", "seats", "valid_papers", "papers"),
    "first_party",
)


def _has_totals(table: Table) -> bool:
    """Whether a column, or an answer about one, is of an area as a whole."""
    of_areas = (*map(table.has, OF_AREAS), *(name in table.options.columns for name in OF_AREAS))
    return any(of_areas) or any(map(columns.party_of, table.headings.texts))


def _repeats_areas(table: Table) -> bool:
    """Whether areas have several rows; so too if no column of areas is known."""
    areas = [row.text("constituency_name") for row in table.rows]
    return len({*areas}) < len(areas) or not table.has("constituency_name")


def require(table: Table, *, any_by_candidate: bool) -> None:
    """Raise FileQuestions for columns that a table of results must have."""
    if is_by_candidate(table):
        named = any(map(table.has, ("surname", "person_name", "notional"))) or (
            table.options.notional or bool(table.notional_by) or table.options.lists
        )
        party = [] if table.has("party_abbreviation") else ["party_name"]
        table.require_columns(
            "constituency_name", "votes", *party, *([] if named else ["person_name"])
        )
        return
    if table.has("votes") and not table.has("valid_votes"):
        # One row for each area: its votes are those of all candidates, as the Electoral
        # Commission’s tables have them.
        table.note(0, f"“{table.headings.shown['votes']}” is read as all valid votes")
        table.rename("votes", "valid_votes")
    # A council’s table of wards says how many seats each has, and seldom the sum of the votes.
    by_ward = any(map(table.has, ("seats", "valid_papers", "papers")))
    totals = [] if any_by_candidate or by_ward else ["valid_votes"]
    table.require_columns("constituency_name", "electorate", *totals)


def _without_candidates(seats: Iterable[LibrarySeat], tables: Iterable[Table]) -> list[FileError]:
    """Return an error for each seat without candidates, if a file by candidate was given."""
    if not any(map(is_by_candidate, tables)):
        return []
    return [
        seat.error("constituency_name", f"{seat.name} has no candidates")
        for seat in seats
        if not seat.candidates and not seat.cancelled
    ]

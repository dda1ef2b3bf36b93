"""Read a pasted table of expected times and venues, and compare it with what is stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import clean_text
from results.models import Contest, Election
from results.models.contest_lookup import ContestNames, plain_name
from results.tables.rows import join_rows, split_rows
from results.words.typed_times import (
    UnreadableTime,
    looks_like_time,
    read_day,
    read_night_time,
)

MAX_VENUE = 200
#: Rows that are looked at to tell which column is which.
SAMPLE = 60
#: Cells that remove a time or a venue.
NOTHING = {"-", "–", "—", "none", "tbc", "tba", "tbd"}
#: Headings, as `plain_name` writes them.
HEADINGS = {
    "contest": {
        *("contest", "constituency", "seat", "ward", "division", "area", "council-area", "name"),
        *("constituency-name", "ward-name", "count", "post-label", "code", "ons-id", "gss-code"),
        *("electoral-division", "counting-area", "mayoralty", "ballot-paper-id", "address"),
    },
    "time": {
        *("time", "expected", "expected-time", "declaration", "declaration-time", "estimated-time"),
        *("expected-declaration", "expected-declaration-time", "estimated-declaration-time"),
        *("estimated-declaration", "declaration-expected", "eta", "time-expected", "estimate"),
    },
    "day": {"day", "date", "declaration-date", "declaration-day", "day-of-count", "count-day"},
    "venue": {
        *("venue", "count-venue", "count-location", "location", "where", "place", "hall"),
        *("venue-name", "counting-venue", "count-centre", "counted-at"),
    },
}


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """A row that could not be parsed, and how to correct it."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimetableChange:
    """A changed row of the table. A time or venue that it does not change equals the stored one."""

    contest: Contest
    expected_at: datetime | None
    venue: str

    @property
    def changes_time(self) -> bool:
        return self.expected_at != self.contest.expected_at

    @property
    def changes_venue(self) -> bool:
        return self.venue != self.contest.venue


@dataclass(slots=True)
class Timetable:
    """Changes that a pasted table would make, and its invalid rows.

    `left_out` is the text of those rows, under the table's headings.
    """

    changes: list[TimetableChange] = field(default_factory=list)
    invalid_rows: list[InvalidRow] = field(default_factory=list)
    unchanged: int = 0
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The number of each column; None where there is none. `header` is the heading's row."""

    contest: int | None = None
    time: int | None = None
    day: int | None = None
    venue: int | None = None
    header: int | None = None


class _RowError(ValueError):
    """A row cannot be parsed; the text gives the reason."""


def read_timetable(election: Election, text: str) -> Timetable:
    """Compare a pasted table with the contests as they are stored. Publishes nothing."""
    names = ContestNames(election)
    delimiter, rows = split_rows(text)
    if _is_column_of_times(rows, election):
        return _read_column(names, rows, election)
    rows = [_name_put_together(row, names, delimiter) for row in rows]
    columns = _find_columns(rows, names, election)
    reader = _RowReader(election, names, columns)
    table, seen = Timetable(), dict[int, tuple[int, TimetableChange]]()
    left_out = [rows[columns.header]] if columns.header is not None else []
    for number, row in enumerate(rows):
        if not row or number == columns.header:
            continue
        try:
            change = reader.read(row)
            _require_once(seen, change, number + 1)
        except _RowError as exc:
            table.invalid_rows.append(
                InvalidRow(number + 1, ", ".join(filter(None, row)), str(exc))
            )
            left_out.append(row)
    table.left_out = join_rows(left_out) if table.invalid_rows else ""
    return _compared(table, [change for _line, change in seen.values()])


def timetable_text(election: Election, contests: Sequence[Contest]) -> str:
    """The contests with their times and venues as stored, to be edited or pasted again."""
    rows = [[_("Contest"), _("Expected"), _("Venue")]]
    names = ContestNames(election)
    for contest in contests:
        name = contest.full_name if len(names.match(contest.full_name)) == 1 else contest.slug
        at = contest.expected_at
        local = at.astimezone(election.zone).strftime("%Y-%m-%d %H:%M") if at else "–"
        rows.append([name, local, contest.venue or "–"])
    return join_rows(rows)


def _compared(table: Timetable, rows: Sequence[TimetableChange]) -> Timetable:
    for change in sorted(rows, key=lambda row: (row.contest.sort_key, row.contest.pk)):
        if change.changes_time or change.changes_venue:
            table.changes.append(change)
        else:
            table.unchanged += 1
    return table


def _require_once(
    seen: dict[int, tuple[int, TimetableChange]], change: TimetableChange, line: int
) -> None:
    earlier = seen.setdefault(change.contest.pk, (line, change))
    if (earlier[1].expected_at, earlier[1].venue) != (change.expected_at, change.venue):
        words = {"contest": change.contest.full_name, "line": earlier[0]}
        raise _RowError(_("line %(line)d says something else of %(contest)s: keep one.") % words)


# --- A column of times only -------------------------------------------------------------------


def _is_column_of_times(rows: Sequence[Sequence[str]], election: Election) -> bool:
    filled = [row for row in rows if any(row)]
    single = [row[0] for row in filled if len(list(filter(None, row))) == 1]
    if not filled or len(single) != len(filled):
        return False
    return all(_is_nothing(cell) or looks_like_time(cell, election) for cell in single) and any(
        looks_like_time(cell, election) for cell in single
    )


def _read_column(
    names: ContestNames, rows: Sequence[Sequence[str]], election: Election
) -> Timetable:
    """Read a column of times only: one for each contest, in the order of the page."""
    contests = sorted(names.contests, key=lambda contest: (contest.sort_key, contest.pk))
    if len(rows) != len(contests):
        reason = ngettext(
            "A column of times alone needs a line for the %(all)d contest; this has %(n)d. "
            "Paste the names beside the times.",
            "A column of times alone needs a line for each of the %(all)d contests, in the order "
            "of the list below; this has %(n)d. Paste the names beside the times.",
            len(contests),
        )
        invalid = InvalidRow(1, rows[0][0], reason % {"all": len(contests), "n": len(rows)})
        return Timetable(invalid_rows=[invalid], left_out=join_rows(rows))
    table, changes = Timetable(), []
    reader = _RowReader(election, names, _Columns(time=0))
    for number, (contest, row) in enumerate(zip(contests, rows, strict=True), start=1):
        try:
            changes.append(TimetableChange(contest, reader.time(contest, row), contest.venue))
        except _RowError as exc:
            table.invalid_rows.append(
                InvalidRow(number, f"{contest.full_name}: {row[0]}", str(exc))
            )
    # Left out by name: without the other lines, the order says nothing.
    by_number = [
        [contests[each.line - 1].slug, *rows[each.line - 1]] for each in table.invalid_rows
    ]
    table.left_out = join_rows(by_number)
    return _compared(table, changes)


# --- Which column is which --------------------------------------------------------------------


def _name_put_together(row: list[str], names: ContestNames, delimiter: str) -> list[str]:
    """Join a name that its own commas split into cells, or split off the time after a name.

    “Ayr, Carrick and Cumnock, 01:30” and “Aford 01:30” are two cells each.
    """
    if delimiter == ",":
        for length in range(len(row), 1, -1):
            whole = ", ".join(row[:length])
            if names.match(whole):
                return [whole, *row[length:]]
    if len(list(filter(None, row))) == 1 and not names.match(row[0]):
        words = row[0].split()
        for length in range(len(words) - 1, 0, -1):
            name = " ".join(words[:length]).rstrip(" ,;:–-")
            if names.match(name):
                return [name, " ".join(words[length:]).lstrip("–- ")]
    return row


def _find_columns(
    rows: Sequence[Sequence[str]], names: ContestNames, election: Election
) -> _Columns:
    header = _header_of(rows, names)
    found = _by_heading(rows[header]) if header is not None else {}
    body = [row for number, row in enumerate(rows) if any(row) and number != header][:SAMPLE]

    def best(role: str, fits: Callable[[str], bool]) -> None:
        width = max(map(len, body), default=0)
        free = [at for at in range(width) if at not in found.values()]
        scores = {at: sum(at < len(row) and fits(row[at]) for row in body) for at in free}
        at = max(scores, key=lambda each: (scores[each], -each), default=None)
        if role not in found and at is not None and scores[at]:
            found[role] = at

    best("contest", lambda cell: bool(names.match(cell)))
    best("time", lambda cell: looks_like_time(cell, election))
    if header is None:
        best("day", lambda cell: read_day(cell, election) is not None)
        best("venue", lambda cell: any(map(str.isalpha, cell)) and not _is_nothing(cell))
    return _Columns(**found, header=header)


def _header_of(rows: Sequence[Sequence[str]], names: ContestNames) -> int | None:
    """The number of the row of headings: the first with something, if it names no contest."""
    for number, row in enumerate(rows):
        if any(row):
            is_header = _by_heading(row) and not any(names.match(cell) for cell in row)
            return number if is_header else None
    return None


def _by_heading(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        for role, headings in HEADINGS.items():
            if plain_name(cell.replace("_", " ")) in headings:
                found.setdefault(role, at)
    return found


def _is_nothing(cell: str) -> bool:
    return cell.casefold() in NOTHING


# --- One row ----------------------------------------------------------------------------------


class _RowReader:
    def __init__(self, election: Election, names: ContestNames, columns: _Columns) -> None:
        self.election, self._names, self._columns = election, names, columns

    def read(self, row: Sequence[str]) -> TimetableChange:
        """Parse a row. Raises _RowError."""
        contest = self._contest(row)
        if not any(self._cell(row, at) for at in (self._columns.time, self._columns.venue)):
            raise _RowError(_("there is no time and no venue on this line: add one."))
        return TimetableChange(contest, self.time(contest, row), self._venue(contest, row))

    def _cell(self, row: Sequence[str], at: int | None) -> str:
        return row[at] if at is not None and at < len(row) else ""

    def _contest(self, row: Sequence[str]) -> Contest:
        cell = self._cell(row, self._columns.contest) or next(filter(None, row), "")
        found = self._names.match(cell)
        if len(found) == 1:
            return found[0]
        if found:
            words = {"name": cell, "choices": ", ".join(each.slug for each in found)}
            raise _RowError(
                _("several contests are called “%(name)s”: write one of %(choices)s.") % words
            )
        similar = [f"“{contest.full_name}”" for contest in self._names.similar(cell)]
        if similar:
            words = {"name": cell, "choices": _(" or ").join(similar)}
            raise _RowError(
                _("no contest is called “%(name)s”. Is it %(choices)s? Write that.") % words
            )
        raise _RowError(
            _("no contest is called “%(name)s”: write its name or its code.") % {"name": cell}
        )

    def time(self, contest: Contest, row: Sequence[str]) -> datetime | None:
        cell = self._cell(row, self._columns.time)
        if not cell:
            return contest.expected_at
        if _is_nothing(cell):
            return None
        typed_day = self._cell(row, self._columns.day)
        day = read_day(typed_day, self.election) if typed_day else None
        if typed_day and day is None:
            raise _RowError(_("“%(day)s” is not a day: write it as 5 July.") % {"day": typed_day})
        try:
            return read_night_time(cell, self.election, day)
        except UnreadableTime as exc:
            raise _RowError(exc.args[0]) from None

    def _venue(self, contest: Contest, row: Sequence[str]) -> str:
        at = self._columns.venue
        # Unquoted commas can split the last column only: join its cells again.
        last = max(each for each in self._numbers() if each is not None)
        cell = ", ".join(filter(None, row[at:])) if at == last else self._cell(row, at)
        venue = clean_text(cell).strip()
        if not venue:
            return contest.venue
        if _is_nothing(venue):
            return ""
        if len(venue) > MAX_VENUE:
            raise _RowError(
                _("the venue has more than %(most)d characters: shorten it.") % {"most": MAX_VENUE}
            )
        return venue

    def _numbers(self) -> Iterator[int | None]:
        columns = self._columns
        yield from (-1, columns.contest, columns.time, columns.day, columns.venue)

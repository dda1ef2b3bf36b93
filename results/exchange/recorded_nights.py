"""Read the results of a past night from any of the known tables, without a database.

For measuring the checks: a contest is joined to its last result by code, or by name, and parties
are told apart by the main words of their names. Columns are found by name.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from results.arithmetic import (
    INDEPENDENT,
    SPEAKER,
    InvalidNumber,
    LastTime,
    LastVote,
    read_count,
)
from results.exchange.errors import FileError, FileErrors

#: Names of columns, the first that a row has is read.
CODE = ("ons_id", "ons_code", "pcon_code", "ward_code", "gss", "ballot_paper_id", "contest_id")
NAME = ("constituency_name", "constituency", "ward", "post_label", "contest", "seat", "ward_name")
VOTES = ("votes", "number_of_votes", "votes_cast")
PARTY = ("party_name", "party", "description")
SEATS = ("seats", "ward_seats", "winner_count")
ELECTORATE = ("electorate", "total_electorate")
REJECTED = ("invalid_votes", "rejected_votes", "ballots_rejected", "spoilt_ballots", "rejected")
VALID = ("valid_votes", "valid")
VALID_PAPERS = ("ballots_valid",)
PAPERS = ("verified_ballot_papers_total", "papers")
REGION = ("region_name", "council", "region")
TIME = ("declaration_time", "declared_at")
#: Words of a party's name by which it is the same in every spelling.
WORDS = {
    "socialist labour": "slp",
    "labour party": "lab",
    "labour and co": "lab",
    "conservative": "con",
    "liberal democrat": "ld",
    "brexit": "reform",
    "reform uk": "reform",
    "scottish national": "snp",
    "plaid": "pc",
    "sinn f": "sf",
    "green": "green",
    "speaker": SPEAKER,
    "independent": INDEPENDENT,
}


@dataclass(slots=True, kw_only=True)
class RecordedCandidate:
    name: str
    label: str
    votes: int


@dataclass(slots=True, kw_only=True)
class RecordedContest:
    """True result of one contest. `papers` are all ballot papers, valid and rejected."""

    key: str
    name: str
    region: str = ""
    seats: int = 1
    electorate: int | None = None
    rejected: int | None = None
    papers: int | None = None
    declared: str = ""
    candidates: list[RecordedCandidate] = field(default_factory=list)

    @property
    def valid(self) -> int:
        return sum(candidate.votes for candidate in self.candidates)

    @property
    def as_last_time(self) -> LastTime:
        """This result as the last one of another night's contest."""
        return LastTime(
            votes=tuple(LastVote(label=each.label, votes=each.votes) for each in self.candidates),
            valid=self.valid,
            rejected=self.rejected,
            electorate=self.electorate,
            seats=self.seats,
        )


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One row of a table; cells by plain names of the columns, as the file has them."""

    file: Path
    line: int
    cells: dict[str, str]

    def count(self, column: str) -> int | None:
        """Read a whole number. Raises FileErrors."""
        text = re.sub(r"\.0+$", "", self.cells.get(column, ""))
        if not text:
            return None
        try:
            return read_count(text)
        except InvalidNumber:
            reason = f"“{text}” is not a whole number"
            raise FileErrors([FileError(self.file, self.line, column, reason)]) from None


def _read_rows(file: Path) -> list[RecordedRow]:
    """Read a CSV file, in UTF-8 or Windows-1252. Raises FileErrors."""
    try:
        raw = file.read_bytes()
    except OSError as exc:
        raise FileErrors([FileError(file, 0, "", f"cannot be read: {exc.strerror}")]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    rows = csv.reader(text.splitlines())
    header = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in next(rows, [])]
    return [
        RecordedRow(file, rows.line_num, dict(zip(header, map(str.strip, cells), strict=False)))
        for cells in rows
        if any(cells)
    ]


def read_night(files: Sequence[Path]) -> list[RecordedContest]:
    """Return the contests with candidates in the files, in order of declaration where known.

    Raises FileErrors for a file without names of contests, or without votes or an electorate.
    """
    contests: dict[str, RecordedContest] = {}
    for file in files:
        rows = _read_rows(file)
        for row in rows:
            contest = _contest_of(row, contests)
            votes = _count(row, VOTES)
            if votes is not None:
                contest.candidates.append(_candidate(row, votes))
            _fill(contest, row)
        columns = rows[0].cells if rows else {}
        if not any(name in columns for name in (*VOTES, *ELECTORATE)):
            reason = "has a column of neither votes nor electorates"
            raise FileErrors([FileError(file, 1, "", reason)])
    for contest in contests.values():
        contest.candidates.sort(key=lambda candidate: candidate.name.casefold())
    night = [contest for contest in contests.values() if contest.candidates]
    return sorted(night, key=lambda contest: contest.declared or "9")


def _contest_of(row: RecordedRow, contests: dict[str, RecordedContest]) -> RecordedContest:
    name = _text(row, NAME)
    key = _text(row, CODE) or f"{_text(row, REGION)} {name}".casefold().strip()
    if not key:
        reason = "names no constituency or ward"
        raise FileErrors([FileError(row.file, row.line, "", reason)])
    if key not in contests:
        contests[key] = RecordedContest(key=key, name=name or key)
    return contests[key]


def _fill(contest: RecordedContest, row: RecordedRow) -> None:
    """Fill in the row's facts about the whole contest."""
    contest.seats = _count(row, SEATS) or contest.seats
    contest.region = _text(row, REGION) or contest.region
    contest.declared = _text(row, TIME) or contest.declared
    contest.electorate = _count(row, ELECTORATE) or contest.electorate
    contest.rejected = _first(_count(row, REJECTED), contest.rejected)
    valid = _count(row, VALID_PAPERS) or _count(row, VALID)
    papers = valid + (contest.rejected or 0) if valid else None
    contest.papers = _count(row, PAPERS) or papers or contest.papers


def _candidate(row: RecordedRow, votes: int) -> RecordedCandidate:
    names = ("surname", "name_on_ballot", "firstname", "other_names", "person_name", "name")
    name = " ".join(filter(None, (row.cells.get(column, "") for column in names)))
    party = _text(row, PARTY)
    return RecordedCandidate(name=name, label=label_of(party), votes=votes)


def label_of(party: str) -> str:
    """A label that is the same for every spelling of a party's name."""
    plain = " ".join(re.sub(r"[^a-z]+", " ", party.casefold()).split())
    if plain == "labour":
        return "lab"
    for words, label in WORDS.items():
        if words in plain:
            return label
    return re.sub(r"\b(the|party)\b|\s+", "", plain) or INDEPENDENT


def _text(row: RecordedRow, names: Iterable[str]) -> str:
    return next(filter(None, (row.cells.get(name, "") for name in names)), "")


def _count(row: RecordedRow, names: Iterable[str]) -> int | None:
    return next((row.count(name) for name in names if row.cells.get(name)), None)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)

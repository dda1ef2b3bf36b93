"""Read a list of candidates without Democracy Club's ids, as a council publishes its own.

Such a list says who stands where and for which party. Polling day, kind and the number of seats
are asked for where nothing says them: a ward of three seats taken for one of one elects too few.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from results.arithmetic import ElectionKind, Method, kind_of_area, same_family
from results.exchange import columns, democracy_club, own_lists
from results.exchange.ballot_identity import BallotIdentity, BallotIndex, BallotRows, several
from results.exchange.candidate_cells import names_of, note_slips
from results.exchange.contests import Contests, ballot_of
from results.exchange.dates import DateColumn, date_column
from results.exchange.democracy_club import EXTRA
from results.exchange.democracy_club_ids import PollingDay
from results.exchange.elections import UK_ZONE
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.kinds_of_files import kind_of_headings
from results.exchange.nominations import Nomination
from results.exchange.options import ReadOptions
from results.exchange.polls import BallotInFile as PollOfContest
from results.exchange.table import Row, Table
from results.models import Election

#: Columns that Democracy Club's files have, and lists of others do not.
IDS = ("person_id", "ballot_paper_id", "election_id", "post_id")
NO_SEATS = (
    "the list does not say how many seats each ward has: add a column “seats”, or give a table "
    "with the columns ward and seats after it; --columns seats= if each ward elects one"
)
NO_SEATS_OF_CONSTITUENCIES = (
    "the list does not say how many seats each constituency has: add a column “seats”, or give a "
    "table with the columns constituency and seats after it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateList:
    """The nominations of a file; `likely_kind` is that of a new election, as far as it tells."""

    nominations: list[Nomination]
    likely_kind: ElectionKind | None = None
    has_ids: bool = True


#: Kinds whose every contest elects one.
ONE_SEAT = frozenset(
    {
        ElectionKind.UK_PARLIAMENT,
        ElectionKind.UK_PARLIAMENT_BY_ELECTION,
        ElectionKind.MAYOR,
        ElectionKind.COMMISSIONER,
    }
)


class Wards:
    """A table of each area's seats, region and electorate, beside a list of candidates.

    It must say the seats only of areas that may have several. It may say of an area that its poll
    is cancelled (`cancelled_poll`).
    """

    def __init__(self, file: Path, options: ReadOptions) -> None:
        self.file = file
        table = Table(file, options)
        wanted = ["constituency_name"]
        if options.kind not in ONE_SEAT:
            wanted.append("seats")
        table.require_columns(*wanted)
        self.has_seats = table.has("seats")
        self._index: BallotIndex[Row] = BallotIndex()
        for row in table.rows:
            self._index.add(_ballot(row), row)

    def row_of(self, ballot: BallotIdentity) -> Row | None:
        """The row of a ballot. Raises FileErrors if several may be it."""
        rows = self._index.find(ballot)
        if len(rows) > 1:
            reason = several(ballot.name, map(_ballot, rows))
            raise FileErrors([rows[0].error("constituency_name", reason)])
        return rows[0] if rows else None


def read(
    file: Path, options: ReadOptions, wards: Wards | None = None, *, known_kind: str = ""
) -> CandidateList:
    """Read Democracy Club's file, or anybody's list. Raises FileErrors or FileQuestions.

    `known_kind` is that of an election that exists.
    """
    table = Table(file, options, extra=EXTRA)
    if any(map(table.has, IDS)):
        with_ids = democracy_club.read_table(table)
        return CandidateList(nominations=_with_cancelled(with_ids, wards) if wards else with_ids)
    likely = kind_of_headings({columns.plain(text) for text in table.headings.texts})
    kind = options.kind or likely or ""
    # Every candidate to the Senedd stands on a list.
    _require_columns(table, asks_places=kind == ElectionKind.SENEDD)
    if wards is None:
        _require_seats(table, kind)
    note_slips(table)
    has_both = (options.kind or known_kind) in own_lists.WITH_BOTH
    if has_both:
        own_lists.require_ballots(table)
    nominations = _nominations(table, has_both=has_both)
    if wards is not None and wards.has_seats:
        nominations = _with_seats(nominations, wards)
    elif has_both:
        nominations = own_lists.with_seats_of_lists(table, nominations)
    if wards is not None:
        nominations = _with_cancelled(nominations, wards)
    return CandidateList(nominations=nominations, likely_kind=likely, has_ids=False)


def complete_areas(election: Election, ballots: Sequence[PollOfContest], wards: Wards) -> None:
    """Store each area's electorate, and the region of one without, where the table has it."""
    contests = Contests(election)
    for contest in (ballot.contest for ballot in ballots):
        row = wards.row_of(ballot_of(contest))
        if row is None:
            continue
        contests.set_missing_region(contest, row.text("region_name"), row.text("country_name"))
        contests.set_missing_welsh_name(contest, row.text("constituency_name_cy"))
        democracy_club.set_electorate(contest, row)


def _require_columns(table: Table, *, asks_places: bool) -> None:
    """Raise FileQuestions for missing columns."""
    wanted = ["constituency_name", "party_name"]
    if not table.has("surname"):
        wanted.append("person_name")
    if asks_places:
        wanted.append("party_list_position")
    table.require_columns(*wanted)


def _require_seats(table: Table, kind: str) -> None:
    """Raise FileErrors if a list of areas that may elect several does not say how many."""
    if table.has("seats") or table.options.columns.get("seats") == "":
        return
    if same_family(kind, ElectionKind.COUNCIL):
        raise FileErrors([FileError(table.file, 0, "seats", NO_SEATS)])
    if kind in (ElectionKind.SENEDD, ElectionKind.NI_ASSEMBLY):
        raise FileErrors([FileError(table.file, 0, "seats", NO_SEATS_OF_CONSTITUENCIES)])


def _nominations(table: Table, *, has_both: bool) -> list[Nomination]:
    """Return every nomination of the table. Raises FileErrors with every error in it."""
    days = date_column(table, "election_date", UK_ZONE) if table.has("election_date") else None
    if days is None and table.options.polling_day is None:
        reason = "does not say the day of the poll: give --date, such as --date 2026-05-07"
        raise FileErrors([FileError(table.file, 0, "", reason)])
    nominations: list[Nomination] = []
    collected = Collected()
    for row in table.rows:
        with collected:
            nominations.append(_nomination(row, days, table.options, has_both=has_both))
    if not nominations and not collected.errors:
        collected.errors.append(FileError(table.file, 0, "", "has no candidates"))
    with collected:
        ballots = own_lists.ballots_of(nominations)
        collected.errors += _repeated(ballots)
        own_lists.require_same_method(ballots)
        own_lists.require_same_region(ballots)
    collected.raise_if_any()
    return nominations


def _nomination(
    row: Row, days: DateColumn | None, options: ReadOptions, *, has_both: bool
) -> Nomination:
    day = (days.day(row) if days else None) or options.polling_day
    if day is None:
        raise FileErrors([row.error("election_date", "is empty")])
    name, surname = names_of(row, nameless=False)
    ballot = _ballot(row, own_lists.area_of(row) if has_both else "")
    return Nomination(
        row=row,
        person_id=None,
        name=name,
        sort_name=f"{surname} {name}".casefold(),
        party=row.required("party_name"),
        party_id=row.text("ec_party_id"),
        description=row.text("party_description_text"),
        ballot=ballot,
        region=row.text("region_name"),
        seats=democracy_club.seats_of(row),
        poll=PollingDay(day, kind=kind_of_area(ballot.code)),
        cancelled=democracy_club.is_true(row, "cancelled_poll"),
        list_position=row.count("party_list_position") or None,
        list_region=row.text("electoral_region"),
        own_method=own_lists.method_of(row) if has_both else None,
    )


def _ballot(row: Row, area: str = "") -> BallotIdentity:
    return BallotIdentity(
        name=area or row.required("constituency_name"),
        code=democracy_club.code_of(row),
        body=row.text("organisation_name"),
        by_election=democracy_club.is_true(row, "by_election") or None,
    )


def _repeated(ballots: Sequence[BallotRows[Nomination]]) -> list[FileError]:
    """Return an error for each row that repeats a person of the same party."""
    seen: set[tuple[object, ...]] = set()
    errors: list[FileError] = []
    for position, nomination in (
        (ballot.position, each) for ballot in ballots for each in ballot.rows
    ):
        key = (
            position,
            nomination.poll.polling_day,
            nomination.name.casefold(),
            nomination.party.casefold(),
        )
        if key in seen:
            reason = (
                f"{nomination.name} is nominated twice in {nomination.ballot.name}: give both in "
                "full, or take one row out"
            )
            errors.append(nomination.row.error("person_name", reason))
        seen.add(key)
    return errors


def _with_cancelled(nominations: Sequence[Nomination], wards: Wards) -> list[Nomination]:
    """Mark the nominations of wards whose poll the table lists as cancelled."""
    cancelled: dict[BallotIdentity, bool] = {}
    for ballot in {nomination.ballot for nomination in nominations}:
        row = wards.row_of(ballot)
        cancelled[ballot] = row is not None and democracy_club.is_true(row, "cancelled_poll")
    return [
        replace(each, cancelled=each.cancelled or cancelled[each.ballot]) for each in nominations
    ]


def _with_seats(nominations: Sequence[Nomination], wards: Wards) -> list[Nomination]:
    """The nominations with the seats of their wards. Raises FileErrors for wards without any."""
    with_seats: list[Nomination] = []
    collected = Collected()
    for ballot in own_lists.ballots_of(nominations):
        with collected:
            seats = _seats_of(ballot, wards)
            with_seats += [replace(each, seats=seats) for each in ballot.rows]
    collected.raise_if_any()
    return with_seats


def _seats_of(ballot: BallotRows[Nomination], wards: Wards) -> int:
    """The seats of a ballot by its rows, or else by the table. Raises FileErrors."""
    row, first = wards.row_of(ballot.ballot), ballot.rows[0]
    of_table = democracy_club.seats_of(row) if row else None
    # Of a chamber with regions the table may have these only: a constituency elects one.
    if row and first.own_method is Method.VOTES:
        own_lists.require_one_seat(row, of_table, ballot.ballot.name)
    seats = own_lists.seats_given(ballot.rows) or of_table
    if seats is None:
        reason = f"{wards.file.name} has no seats of {ballot.ballot.name}"
        raise FileErrors([first.row.error("constituency_name", reason)])
    return seats

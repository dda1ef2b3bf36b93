"""Load contests and candidates from Democracy Club's candidates file.

Today's export and that of 2019 are both read; columns are found by name.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from results.arithmetic import INDEPENDENT, ElectionKind, Method
from results.arithmetic.sorting import sort_key
from results.desk.counting_areas import follow_ballot_paper
from results.exchange import polls
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity, group_rows
from results.exchange.ballots import (
    BallotRefused,
    Listed,
    People,
    load_ballot,
    prefetch_candidates,
)
from results.exchange.candidate_cells import gender_of
from results.exchange.contests import Contests
from results.exchange.dates import DateColumn, date_column
from results.exchange.democracy_club_ids import (
    bodies_of,
    is_by_election,
    poll_of,
)
from results.exchange.elections import UK_ZONE
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.nominations import Nomination, election_id_of
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.exchange.progress import counted_off
from results.exchange.table import Row, Table
from results.models import Contest, Election

#: Headings of this kind of file only.
EXTRA = {"id": "person_id", "name": "person_name", "election": "election_id"}
#: No contest elects more on one ballot paper.
MAX_SEATS = 1000
#: What boolean columns hold.
TRUE = frozenset({"t", "true", "1", "yes"})
FALSE = frozenset({"f", "false", "0", "no", ""})


def read(file: Path, options: ReadOptions | None = None) -> list[Nomination]:
    """Read every nomination of the file. Raises FileErrors with every error in it."""
    return read_table(Table(file, options, extra=EXTRA))


def read_table(table: Table) -> list[Nomination]:
    """Read every nomination of a table. Raises FileErrors with every error in it."""
    table.require_columns("person_id", "person_name", "party_id", "party_name", "election_date")
    table.require_columns("post_label")
    days = date_column(table, "election_date", UK_ZONE)
    nominations: list[Nomination] = []
    collected = Collected()
    for row in table.rows:
        with collected:
            nominations.append(_nomination(row, days))
    if not nominations and not collected.errors:
        collected.errors.append(FileError(table.file, 0, "", "has no candidates"))
    collected.errors += _duplicates(nominations)
    collected.raise_if_any()
    return nominations


def _nomination(row: Row, days: DateColumn) -> Nomination:
    name = row.required("person_name")
    last = row.text("sopn_last_name") or name.split()[-1]
    first = row.text("sopn_first_names") or name
    return Nomination(
        row=row,
        person_id=row.required_count("person_id"),
        name=name,
        sort_name=f"{last} {first}".casefold(),
        party=row.required("party_name"),
        party_id=row.text("party_id"),
        description=row.text("party_description_text"),
        ballot=_ballot(row),
        region=row.text("nuts1"),
        seats=seats_of(row) or 1,
        poll=poll_of(election_id_of(row), _day(row, days), code=code_of(row)),
        earlier_ids=tuple(map(int, re.findall(r"\b\d{1,9}\b", row.text("old_person_ids")))),
        cancelled=is_true(row, "cancelled_poll"),
        list_position=row.count("party_list_position") or None,
        list_region=row.text("electoral_region"),
    )


def _ballot(row: Row) -> BallotIdentity:
    ballot_paper_id = row.text("ballot_paper_id")
    election_id = row.text("election_id") or row.text("election")
    body, new_body = bodies_of(ballot_paper_id, election_id, row.text("organisation_name"))
    return BallotIdentity(
        name=row.required("post_label"),
        code=code_of(row),
        body=body,
        new_body=new_body,
        ballot_paper_id=ballot_paper_id,
        by_election=_is_by_election(row, ballot_paper_id),
    )


def _is_by_election(row: Row, ballot_paper_id: str) -> bool | None:
    """Whether it is a by-election by the row's column, or else by the id; None if unknown."""
    if row.text("by_election"):
        return is_true(row, "by_election")
    return is_by_election(ballot_paper_id)


def is_true(row: Row, column: str) -> bool:
    """Read a column of “t” and “f”, or of “True” and “False”; false where it is empty."""
    text = row.text(column).lower()
    if text not in TRUE | FALSE:
        raise FileErrors([row.error(column, f"“{text}” is neither t nor f")])
    return text in TRUE


def seats_of(row: Row) -> int | None:
    """The number of seats to be filled. Raises FileErrors if there are too many for one contest."""
    seats = row.count("seats_contested") or None
    if seats is not None and seats > MAX_SEATS:
        raise FileErrors([row.error("seats_contested", f"{seats} are too many for one contest")])
    return seats


def code_of(row: Row) -> str:
    """Return the official code, from a column of its own or from “WMC:E14000793”; or ""."""
    text = row.text("gss") or row.text("gss_code") or row.text("post_id")
    match = re.search(r"\b[EWSN]\d{8}\b", text)
    return match.group() if match else ""


def _day(row: Row, days: DateColumn) -> date:
    row.required("election_date")
    day = days.day(row)
    if day is None:
        raise FileErrors([row.error("election_date", "is empty")])
    return day


def _duplicates(nominations: Iterable[Nomination]) -> list[FileError]:
    seen: set[tuple[object, ...]] = set()
    errors = []
    for nomination in nominations:
        ballot = nomination.ballot
        identity = ballot.ballot_paper_id or (ballot.body, ballot.code or ballot.name)
        key = (identity, ballot.by_election, nomination.poll, nomination.person_id)
        if key in seen:
            reason = f"{nomination.name} is nominated twice"
            errors.append(nomination.row.error("person_id", reason))
        seen.add(key)
    return errors


def of_one_poll(nominations: list[Nomination], election_id: str = "") -> list[Nomination]:
    """Return the rows of one election: all of them, or those that `election_id` names.

    Raises FileErrors that list the elections of the file, if it has several or none of that id.
    """
    wanted = election_id.strip().lower()
    selected = [row for row in nominations if not wanted or wanted in row.ids]
    polls = {row.poll for row in selected or nominations}
    if selected and len(polls) == 1:
        return selected
    names = ", ".join(sorted(poll.election_id for poll in polls))
    how = f"has nothing of “{election_id}”" if election_id else "has several elections"
    reason = f"{how}: {names}. Give the one to load with --election-id"
    raise FileErrors([FileError(nominations[0].row.file, 0, "election_id", reason)])


def kind_of(nominations: list[Nomination]) -> ElectionKind | None:
    """The kind of election that the rows of one poll are of; None where they do not say."""
    kinds = {row.poll.kind for row in nominations}
    kind = (
        ElectionKind.COUNCIL
        if kinds == {ElectionKind.COUNCIL, ElectionKind.COUNCIL_STV}
        else nominations[0].poll.kind
    )
    if kind == ElectionKind.UK_PARLIAMENT and all(row.ballot.by_election for row in nominations):
        return ElectionKind.UK_PARLIAMENT_BY_ELECTION
    return kind


@transaction.atomic
def load(election: Election, nominations: list[Nomination]) -> list[polls.BallotInFile]:
    """Create or update contests and candidates; return each contest, and whether its poll is off.

    Raises FileErrors if a candidate who has votes already is no longer in the file, if others stand
    or the seats differ where some are published as elected unopposed, and if the rows of one ballot
    differ in whether the poll is off.
    """
    parties = Parties()
    ballots = _contests_of(election, nominations)
    people = People(row.person_id for row in nominations if row.person_id is not None)
    prefetch_candidates([contest for contest, _ballot in ballots])
    for contest, ballot in counted_off(ballots):
        contest.election = election
        _set_method(contest, ballot[0])
        set_electorate(contest, ballot[0].row)
        by_name = sorted(ballot, key=lambda row: sort_key(row.sort_name))
        listed = _listed(contest, by_name, parties)
        _load_ballot(contest, by_name, listed, people)
    follow_ballot_paper(contest for contest, _ballot in ballots)
    return [
        polls.BallotInFile(
            contest,
            len(ballot),
            cancelled=_is_cancelled(ballot),
            region=next(filter(None, (each.region_of_lists for each in ballot)), ""),
        )
        for contest, ballot in ballots
    ]


def _set_method(contest: Contest, nomination: Nomination) -> None:
    """Store how the contest's seats are filled, where that is not as usual in its election."""
    wanted = nomination.method
    method = "" if wanted in (None, contest.election.rules.method) else str(wanted)
    is_silent = not method and nomination.own_method is None
    if contest.method == method or (contest.method and is_silent):
        return
    if contest.declarations.exists():
        reason = f"{contest.full_name} has a result: its seats cannot be filled another way now"
        column = "ballot_paper_id" if nomination.own_method is None else "ballot"
        raise FileErrors([nomination.row.error(column, reason)])
    contest.method = method
    if contest.elects_lists:
        contest.region_contest = None
    contest.save(update_fields=["method", "region_contest"])


def set_electorate(contest: Contest, row: Row) -> None:
    """Store the electorate that a row has of its contest, if any. Raises FileErrors."""
    electorate = row.count("electorate")
    if electorate and electorate != contest.electorate:
        contest.electorate = electorate
        contest.save(update_fields=["electorate"])


def _is_cancelled(ballot: list[Nomination]) -> bool:
    for nomination in ballot:
        if nomination.cancelled != ballot[0].cancelled:
            reason = f"the rows of {nomination.ballot.name} differ: is the poll cancelled or not?"
            raise FileErrors([nomination.row.error("cancelled_poll", reason)])
    return ballot[0].cancelled


def _contests_of(
    election: Election, nominations: list[Nomination]
) -> list[tuple[Contest, list[Nomination]]]:
    """Return each contest of the file, created if it is missing, with its rows."""
    contests = Contests(election)
    try:
        groups = group_rows((nomination.ballot, nomination) for nomination in nominations)
        known = contests.match([group.ballot for group in groups])
    except AmbiguousBallotError as exc:
        raise FileErrors([FileError(nominations[0].row.file, 0, "post_label", str(exc))]) from None
    new = [group for group in groups if group.ballot not in known]
    for group in groups:
        if group.ballot in known:
            contests.complete(known[group.ballot], group.ballot)
    created = contests.create([g.ballot for g in new], [g.rows[0].seats or 1 for g in new])
    known |= dict(zip((group.ballot for group in new), created, strict=True))
    contests.tell_apart()
    for group in groups:
        region = next(filter(None, (each.region for each in group.rows)), "")
        contests.set_missing_region(known[group.ballot], region, "")
        welsh = (each.row.text("constituency_name_cy") for each in group.rows)
        contests.set_missing_welsh_name(known[group.ballot], next(filter(None, welsh), ""))
    return [(known[group.ballot], group.rows) for group in groups]


def _load_ballot(
    contest: Contest,
    ballot: list[Nomination],
    listed: list[Listed],
    people: People,
) -> None:
    try:
        load_ballot(contest, listed, people)
    except BallotRefused as exc:
        column = "person_name" if ballot[0].person_id is None else "person_id"
        raise FileErrors([ballot[0].row.error(column, str(exc))]) from None


def _listed(contest: Contest, ballot: list[Nomination], parties: Parties) -> list[Listed]:
    """Set the contest's seats, and return its candidates in the order of the ballot paper."""
    seats = ballot[0].seats or contest.seats
    if contest.seats != seats:
        if polls.is_unopposed(contest):
            reason = f"{contest.full_name} is published as elected unopposed: withdraw that first"
            raise FileErrors([ballot[0].row.error("seats_contested", reason)])
        contest.seats = seats
        contest.save(update_fields=["seats"])
    listed = [
        Listed(
            person_id=nomination.person_id,
            name=nomination.name,
            description=nomination.description,
            standing=_standing(nomination, parties),
            list_position=nomination.list_position,
            earlier_ids=nomination.earlier_ids,
            gender=gender_of(nomination.row),
        )
        for nomination in ballot
    ]
    if contest.elected_by is Method.LISTS:
        listed = _in_lists(contest, ballot, listed)
    return listed


def _in_lists(contest: Contest, ballot: list[Nomination], listed: list[Listed]) -> list[Listed]:
    """The candidates list by list, independents last, as on a ballot paper of lists.

    Raises FileErrors where the order of a party's list is not in the file.
    """
    sizes = Counter(entry.label for entry in listed)
    positions: set[tuple[str, int | None]] = set()
    for nomination, entry in zip(ballot, listed, strict=True):
        if entry.label == INDEPENDENT or sizes[entry.label] == 1:
            continue
        position = (entry.label, entry.list_position)
        if entry.list_position is None or position in positions:
            error = "is empty" if entry.list_position is None else "is another candidate’s too"
            reason = (
                f"{error}: the list of {nomination.party} in {contest.full_name} needs an order, "
                "counted from 1"
            )
            raise FileErrors([nomination.row.error("party_list_position", reason)])
        positions.add(position)
    names = {entry.label: sort_key(row.party) for row, entry in zip(ballot, listed, strict=True)}
    return sorted(
        listed,
        key=lambda entry: (
            entry.label == INDEPENDENT,
            "" if entry.label == INDEPENDENT else names[entry.label],
            entry.list_position or 0,
        ),
    )


def _standing(nomination: Nomination, parties: Parties) -> dict[str, Any]:
    row = nomination.row
    abbreviation = "" if nomination.party_id else row.text("party_abbreviation")
    try:
        return parties.standing(
            nomination.party,
            abbreviation,
            nomination.party_id,
            name_cy=row.text("party_name_cy"),
        )
    except AmbiguousParty as exc:
        raise FileErrors([row.error("party_name", str(exc))]) from None

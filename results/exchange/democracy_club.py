"""Democracy Club's candidates file: contests and candidates before the poll.

Both today's export and that of 2019 are read; columns by name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from results.exchange.errors import FileError, FileErrors
from results.exchange.parties import Parties
from results.exchange.setting_up import Contests
from results.exchange.table import Row, Table
from results.models import Candidate, Contest, Election, Person, Total

#: More are elected nowhere on one ballot paper.
MOST_SEATS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """One line: one candidate of one contest."""

    row: Row
    person_id: int
    name: str
    sort_name: str
    party: str
    party_id: str
    description: str
    contest: str
    code: str
    region: str
    seats: int
    polling_day: date


def read(file: Path) -> list[Nomination]:
    """Every nomination of the file. Raises BadFile with every fault in it."""
    table = Table(file)
    for ours, others in {"person_id": "id", "person_name": "name"}.items():
        _rename(table, others, ours)
    table.require_columns("person_id", "person_name", "party_id", "party_name", "election_date")
    table.require_columns("post_label")
    nominations: list[Nomination] = []
    errors: list[FileError] = []
    for row in table.rows:
        try:
            nominations.append(_nomination(row))
        except FileErrors as bad:
            errors += bad.errors
    if not nominations and not errors:
        errors.append(FileError(file, 0, "", "has no candidates"))
    errors += _twice(nominations)
    if errors:
        raise FileErrors(errors)
    return nominations


def _rename(table: Table, old: str, new: str) -> None:
    if table.has(new) or not table.has(old):
        return
    table.columns[table.columns.index(old)] = new
    for row in table.rows:
        row.cells[new] = row.cells.pop(old)


def _nomination(row: Row) -> Nomination:
    name = row.needed("person_name")
    last = row.text("sopn_last_name") or name.split()[-1]
    first = row.text("sopn_first_names") or name
    return Nomination(
        row=row,
        person_id=row.needed_count("person_id"),
        name=name,
        sort_name=f"{last} {first}".casefold(),
        party=row.needed("party_name"),
        party_id=row.text("party_id"),
        description=row.text("party_description_text"),
        contest=row.needed("post_label"),
        code=_code(row),
        region=row.text("nuts1"),
        seats=_seats(row),
        polling_day=_day(row),
    )


def _seats(row: Row) -> int:
    seats = row.count("seats_contested") or 1
    if seats > MOST_SEATS:
        raise FileErrors([row.error("seats_contested", f"{seats} are too many for one contest")])
    return seats


def _code(row: Row) -> str:
    """“WMC:E14000793” or a column of its own: the official code, where there is one."""
    given = row.text("gss") or row.text("gss_code") or row.text("post_id")
    found = re.search(r"\b[EWSN]\d{8}\b", given)
    return found.group() if found else ""


def _day(row: Row) -> date:
    text = row.needed("election_date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FileErrors([row.error("election_date", f"“{text}” is not a date")]) from None


def _twice(nominations: Iterable[Nomination]) -> list[FileError]:
    seen: set[tuple[str, int]] = set()
    errors = []
    for one in nominations:
        key = (one.code or one.contest, one.person_id)
        if key in seen:
            errors.append(one.row.error("person_id", f"{one.name} is nominated twice"))
        seen.add(key)
    return errors


@transaction.atomic
def load(election: Election, nominations: list[Nomination]) -> tuple[int, int]:
    """Contests and candidates as nominated: (contests, candidates). Loading again updates.

    Raises BadFile where a candidate who has votes already is no longer in the file.
    """
    contests, parties = Contests(election), Parties()
    ballots: dict[int, tuple[Contest, list[Nomination]]] = {}
    for one in nominations:
        contest = contests.find_or_make(one.code, one.contest, region=one.region, seats=one.seats)
        ballots.setdefault(contest.pk, (contest, []))[1].append(one)
    for contest, ballot in ballots.values():
        _load_ballot(contest, sorted(ballot, key=lambda one: one.sort_name), parties)
    return len(ballots), len(nominations)


def _load_ballot(contest: Contest, ballot: list[Nomination], parties: Parties) -> None:
    there = {one.person_id: one for one in contest.candidates.all() if one.person_id}
    people = [_person(one) for one in ballot]
    gone = contest.candidates.exclude(person__in=people)
    counted = Total.objects.filter(candidate__in=gone).select_related("candidate").first()
    if counted is not None:
        reason = f"{counted.candidate.name} has votes in {contest.name} and is not in the file"
        raise FileErrors([ballot[0].row.error("person_id", reason)])
    gone.delete()
    if contest.seats != ballot[0].seats:
        contest.seats = ballot[0].seats
        contest.save(update_fields=["seats"])
    # Places are unique: move everyone out of the way before the new order is written.
    for at, known in enumerate(there.values()):
        Candidate.objects.filter(pk=known.pk).update(ballot_order=10_000 + at)
    for place, (one, person) in enumerate(zip(ballot, people, strict=True), start=1):
        fields = {
            "name": one.name,
            "ballot_order": place,
            "description": one.description,
            **parties.standing(one.party, "", one.party_id),
        }
        Candidate.objects.update_or_create(contest=contest, person=person, defaults=fields)


def _person(one: Nomination) -> Person:
    return Person.objects.get_or_create(
        democracy_club_id=one.person_id, defaults={"name": one.name}
    )[0]

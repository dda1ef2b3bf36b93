"""Results of the House of Commons Library as last time's figures, and as contests to declare."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from results import desk
from results.arithmetic import INDEPENDENT, SPEAKER, BallotCounts
from results.exchange import commons_library as library
from results.exchange.errors import FileError, FileErrors
from results.exchange.parties import Parties
from results.exchange.preview import seen_of
from results.exchange.setting_up import Contests
from results.models import (
    Candidate,
    Contest,
    Election,
    LastResult,
    LastVotes,
    Person,
)

Standing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToDeclare:
    """A contest with the figures that a file gives for it."""

    contest: Contest
    seat: library.Seat
    ballot_counts: BallotCounts


def label_of(standing: Standing) -> str:
    party = standing["party"]
    return party.label if party is not None else str(standing["standing_as"])


# --- This time ------------------------------------------------------------------------------


@transaction.atomic
def set_up_contests(election: Election, edition: library.Edition) -> list[ToDeclare]:
    """Contests and candidates of an edition, made where they are not there, in order of
    declaration; open pages load themselves afresh where any was made.

    Raises BadFile where a candidate of the file cannot be told apart on the ballot.
    """
    parties, contests = Parties(), Contests(election)
    before = seen_of(election.slug)
    errors: list[FileError] = []
    found: list[ToDeclare] = []
    for seat in edition.in_order:
        if not seat.candidates:
            reason = "the file by candidate is needed to declare a result"
            raise FileErrors([FileError(seat.file, seat.line, "", reason)])
        contest = contests.find_or_make(
            seat.code, seat.name, region=seat.region, nation=seat.nation
        )
        try:
            votes = match_candidates(contest, seat, parties)
        except FileErrors as bad:
            errors += bad.errors
            continue
        ballot_counts = BallotCounts(
            votes=votes, rejected=seat.rejected, electorate=seat.electorate
        )
        found.append(ToDeclare(contest, seat, ballot_counts))
    if errors:
        raise FileErrors(errors)
    if seen_of(election.slug) != before:
        desk.start_new_epoch(election)  # every page lists the contests
    return found


def match_candidates(contest: Contest, seat: library.Seat, parties: Parties) -> dict[int, int]:
    """Votes by candidate id. A contest without candidates gets those of the file."""
    lines = sorted(seat.candidates, key=lambda one: (one.surname.casefold(), one.name.casefold()))
    standings = [parties.standing(one.party, one.abbreviation, one.commission) for one in lines]
    there = list(contest.candidates.select_related("party__tallied_with"))
    if not there:
        there = _make_candidates(contest, lines, standings)
        return {made.pk: line.votes for made, line in zip(there, lines, strict=True)}
    votes: dict[int, int] = {}
    for line, standing in zip(lines, standings, strict=True):
        candidate = _same_candidate(line, standing, there)
        if candidate is None or candidate.pk in votes:
            reason = f"{line.name} is not on the ballot paper of {contest.name}"
            raise FileErrors([FileError(seat.file, line.line, "surname", reason)])
        votes[candidate.pk] = line.votes
    missing = [one.name for one in there if one.pk not in votes]
    if missing:
        reason = f"{contest.name}: no votes for {', '.join(missing)}"
        raise FileErrors([FileError(seat.file, seat.line, "surname", reason)])
    return votes


def _make_candidates(
    contest: Contest, lines: list[library.Candidate], standings: list[Standing]
) -> list[Candidate]:
    people = [_person(line) for line in lines]
    return Candidate.objects.bulk_create(
        Candidate(
            contest=contest,
            person=person,
            name=line.name,
            ballot_order=place,
            description=line.party if label_of(standing) not in (INDEPENDENT, SPEAKER) else "",
            sitting_member=line.sitting,
            **standing,
        )
        for place, (line, standing, person) in enumerate(
            zip(lines, standings, people, strict=True), start=1
        )
    )


def _person(line: library.Candidate) -> Person:
    if line.democracy_club_id:
        return Person.objects.get_or_create(
            democracy_club_id=line.democracy_club_id, defaults={"name": line.name}
        )[0]
    return Person.objects.create(name=line.name)


def _same_candidate(
    line: library.Candidate, standing: Standing, there: list[Candidate]
) -> Candidate | None:
    """By Democracy Club's id, then by label where one candidate carries it, then by name.

    Names alone are never enough between sources: one in six is spelt differently.
    """
    if line.democracy_club_id:
        for one in there:
            if one.person and one.person.democracy_club_id == line.democracy_club_id:
                return one
    same = [one for one in there if one.label == label_of(standing)]
    if len(same) == 1:
        return same[0]
    named = [one for one in same if _same_name(one.name, line.name)]
    surnamed = [one for one in same if _surname(one.name) == _surname(line.name)]
    return next((only[0] for only in (named, surnamed) if len(only) == 1), None)


def _same_name(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _surname(name: str) -> str:
    return name.split()[-1].casefold() if name.split() else ""


# --- Last time ------------------------------------------------------------------------------


@transaction.atomic
def set_last_time(election: Election, edition: library.Edition) -> int:
    """Replace what the election's contests compare with; the number of contests that were found.

    Raises BadFile for a constituency of the file that the election does not have.
    """
    contests, parties = Contests(election), Parties()
    if not len(contests):
        reason = f"“{election.slug}” has no contests yet: load its candidates first"
        raise FileErrors([FileError(edition.files[0], 0, "", reason)])
    errors = []
    for seat in edition.seats.values():
        contest = contests.find(seat.code, seat.name)
        if contest is None:
            reason = f"{seat.name} is not a contest of “{election.slug}”"
            errors.append(FileError(seat.file, seat.line, "constituency_name", reason))
        elif not errors:
            _replace_last_result(contest, seat, edition, parties)
    if errors:
        raise FileErrors(errors)
    return len(edition.seats)


def _replace_last_result(
    contest: Contest, seat: library.Seat, edition: library.Edition, parties: Parties
) -> None:
    LastResult.objects.filter(contest=contest).delete()
    result = LastResult.objects.create(
        contest=contest,
        date=edition.polling_day,
        electorate=seat.electorate,
        valid=seat.counted if seat.candidates else seat.valid,
        rejected=seat.rejected,
        source="House of Commons Library",
    )
    if seat.candidates:
        rows = _votes_by_candidate(contest, result, seat, parties)
    else:
        rows = _votes_by_party(result, seat, parties)
    LastVotes.objects.bulk_create(rows)


def _votes_by_candidate(
    contest: Contest, result: LastResult, seat: library.Seat, parties: Parties
) -> list[LastVotes]:
    most = max(line.votes for line in seat.candidates)
    now = list(contest.candidates.select_related("party__tallied_with"))
    rows = []
    for line in seat.candidates:
        standing = parties.standing(line.party, line.abbreviation, line.commission)
        rows.append(
            LastVotes(
                last_result=result,
                name=line.name,
                person_id=_same_person(line, standing, now, seat),
                votes=line.votes,
                elected=line.votes == most,
                **standing,
            )
        )
    return rows


def _same_person(
    line: library.Candidate, standing: Standing, now: list[Candidate], seat: library.Seat
) -> int | None:
    """Who of this time's candidates this is: the same name in the same seat, once both times.

    A label may differ: people leave parties, and then it is the person who is compared.
    """
    names = Counter(one.name.casefold() for one in seat.candidates)
    same = [one for one in now if _same_name(one.name, line.name)]
    if len(same) != 1 or names[line.name.casefold()] != 1:
        return None
    return same[0].person_id


def _votes_by_party(result: LastResult, seat: library.Seat, parties: Parties) -> list[LastVotes]:
    """Where the file by candidate is not there: the totals of the parties that have a column."""
    rows = []
    first = label_of(parties.standing("", seat.first_party)) if seat.first_party else ""
    for column, votes in seat.by_party.items():
        standing = parties.standing("", column)
        elected = label_of(standing) == first
        rows.append(LastVotes(last_result=result, votes=votes, elected=elected, **standing))
    if first and not any(row.elected for row in rows):
        standing = parties.standing("", seat.first_party)
        rows.append(LastVotes(last_result=result, elected=True, **standing))
    return rows

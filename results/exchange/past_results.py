"""Use results of the House of Commons Library as last time's votes, or as results to declare."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from results import desk
from results.arithmetic import INDEPENDENT, SPEAKER, BallotCounts
from results.arithmetic.sorting import sort_key
from results.exchange import commons_library as library
from results.exchange.ballot_identity import AmbiguousBallotError, Ballot
from results.exchange.ballots import paired
from results.exchange.elections import Contests, find_or_create_person
from results.exchange.errors import FileError, FileErrors
from results.exchange.holders import tie_sentence, winners_of
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.exchange.preview import visible_state
from results.models import (
    Candidate,
    Contest,
    Election,
    LastResult,
    LastVotes,
)

Standing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeatResult:
    """A contest and the ballot counts that a file gives for it."""

    contest: Contest
    seat: library.Seat
    ballot_counts: BallotCounts


def ballot_of(seat: library.Seat) -> Ballot:
    """How a file of results identifies a seat's ballot."""
    return Ballot(
        name=seat.name, code=seat.code, body=seat.body, ballot_paper_id=seat.ballot_paper_id
    )


def last_ballot_of(seat: library.Seat) -> Ballot:
    """The same for last time's results: the ballot paper id is that of the earlier ballot."""
    return Ballot(name=seat.name, code=seat.code, body=seat.body)


def label_of(standing: Standing) -> str:
    party = standing["party"]
    return party.label if party is not None else str(standing["standing_as"])


def standing_of(row: library.Candidate, seat: library.Seat, parties: Parties) -> Standing:
    """Return how a row's candidate stands. Raises FileErrors for a name of several parties."""
    try:
        return parties.standing(row.party, row.abbreviation, row.commission)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error("party_name", str(exc), row.line)]) from None


def column_standing(abbreviation: str, seat: library.Seat, parties: Parties) -> Standing:
    """Return the party of a column or a cell. Raises FileErrors for one of several parties."""
    try:
        return parties.standing("", abbreviation)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error(abbreviation, str(exc))]) from None


# --- This time ------------------------------------------------------------------------------


@transaction.atomic
def set_up_contests(
    election: Election, edition: library.Edition, options: ReadOptions | None = None
) -> list[SeatResult]:
    """Return the results of an edition in order of declaration.

    Creates contests and candidates that are missing; open pages then reload. A tie that the file
    does not settle is noted, and left out. Raises FileErrors if a candidate of the file cannot be
    matched with one on the ballot paper.
    """
    options = options or ReadOptions()
    parties, contests = Parties(), Contests(election)
    contests.expect(map(ballot_of, edition.in_order))
    before = visible_state(election.slug)
    errors: list[FileError] = []
    results: list[SeatResult] = []
    for seat in _own(edition.in_order, contests, options):
        if not seat.candidates or any(not row.name for row in seat.candidates):
            reason = "the file by candidate, with names, is needed to declare a result"
            raise FileErrors([seat.error("", reason)])
        elected = sum(bool(row.elected) for row in seat.candidates)
        try:
            contest = contests.find_or_create(
                ballot_of(seat),
                region=seat.region,
                nation=seat.nation,
                seats=seat.seats or elected or 1,
            )
            votes = match_rows(contest, seat, parties)
        except AmbiguousBallotError as exc:
            errors.append(seat.error("constituency_name", str(exc)))
            continue
        except FileErrors as exc:
            errors += exc.errors
            continue
        errors += _refuse_second_row(results, contest, seat)
        winners = winners_of(seat, contest.seats)
        if winners.tied:
            options.notes.append(tie_sentence(seat, winners))
            continue
        drawn = {row.line for row in winners.by_lot}
        results.append(SeatResult(contest, seat, _ballot_counts(seat, votes, drawn)))
    if errors:
        raise FileErrors(errors)
    if visible_state(election.slug) != before:
        desk.start_new_epoch(election)  # every page lists the contests
    return results


def _ballot_counts(
    seat: library.Seat, votes: dict[int, library.Candidate], drawn: set[int]
) -> BallotCounts:
    """The counts of a seat, with the rows by candidate id; `drawn` are the lines drawn by lot."""
    return BallotCounts(
        votes={candidate: row.votes for candidate, row in votes.items()},
        rejected=seat.rejected,
        electorate=seat.electorate,
        lot=tuple(candidate for candidate, row in votes.items() if row.line in drawn),
    )


def _refuse_second_row(
    results: list[SeatResult], contest: Contest, seat: library.Seat
) -> list[FileError]:
    """An error if the file has results of the contest already: no seat is declared twice."""
    for other in results:
        if other.contest == contest:
            reason = f"{seat.name} has a result on line {other.seat.line} already: leave one"
            return [seat.error("constituency_name", reason)]
    return []


def _own(seats: list[library.Seat], contests: Contests, options: ReadOptions) -> list[library.Seat]:
    """All areas of the file, or only those that the election has, with a note of the others.

    Raises FileErrors if only its own were asked for, and the file has none of them.
    """
    if not options.only_own:
        return seats
    own = [seat for seat in seats if _find(seat, contests) is not None]
    if not own and seats:
        reason = f"none of its {len(seats)} areas is a contest of “{contests.election.slug}”"
        raise FileErrors([FileError(seats[0].file, 0, "", reason)])
    if len(own) < len(seats):
        options.notes.append(f"{len(seats) - len(own)} areas of the file are not of this election")
    return own


def _find(seat: library.Seat, contests: Contests) -> Contest | None:
    """Return the contest of an area's earlier result. Raises FileErrors if it may be several."""
    try:
        return contests.find_ballot(last_ballot_of(seat))
    except AmbiguousBallotError as exc:
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None


def match_candidates(contest: Contest, seat: library.Seat, parties: Parties) -> dict[int, int]:
    """Return votes by candidate id. A contest without candidates gets those of the file."""
    return {key: row.votes for key, row in match_rows(contest, seat, parties).items()}


def match_rows(
    contest: Contest, seat: library.Seat, parties: Parties
) -> dict[int, library.Candidate]:
    """Return the file's rows by candidate id; otherwise as `match_candidates`."""
    rows = sorted(seat.candidates, key=lambda row: (sort_key(row.surname), sort_key(row.name)))
    standings = [standing_of(row, seat, parties) for row in rows]
    candidates = list(contest.candidates.select_related("party__tallied_with", "person"))
    if not candidates:
        candidates = _create_candidates(contest, rows, standings)
        return {created.pk: row for created, row in zip(candidates, rows, strict=True)}
    entries = list(zip(rows, standings, strict=True))
    found = paired(candidates, entries, _rules_for(candidates))
    for number, row in enumerate(rows):
        if number not in found:
            reason = f"{row.name} is not on the ballot paper of {contest.full_name}"
            raise FileErrors([seat.error("surname", reason, row.line)])
    votes = {found[number].pk: row for number, row in enumerate(rows)}
    missing = [candidate.name for candidate in candidates if candidate.pk not in votes]
    if missing:
        reason = f"{contest.full_name}: no votes for {', '.join(missing)}"
        raise FileErrors([seat.error("surname", reason)])
    return votes


def _create_candidates(
    contest: Contest, rows: list[library.Candidate], standings: list[Standing]
) -> list[Candidate]:
    people = [find_or_create_person(row.democracy_club_id or None, row.name) for row in rows]
    return Candidate.objects.bulk_create(
        Candidate(
            contest=contest,
            person=person,
            name=row.name,
            ballot_order=order,
            description=row.party if label_of(standing) not in (INDEPENDENT, SPEAKER) else "",
            sitting_member=row.sitting,
            **standing,
        )
        for order, (row, standing, person) in enumerate(
            zip(rows, standings, people, strict=True), start=1
        )
    )


Entry = tuple[library.Candidate, Standing]
SameCandidate = Callable[[Candidate, Entry], bool]


def _rules_for(candidates: list[Candidate]) -> tuple[SameCandidate, ...]:
    """Match by Democracy Club's id, by name and label, by a label of one candidate, by name.

    One name in six is spelt differently between sources, and so is a party without a number: the
    name counts beside another label, the label beside another name.
    """
    often = Counter(candidate.label for candidate in candidates)

    def same_id(candidate: Candidate, entry: Entry) -> bool:
        number = candidate.person.democracy_club_id if candidate.person else None
        return number is not None and number == entry[0].democracy_club_id

    def same_label(candidate: Candidate, entry: Entry) -> bool:
        return candidate.label == label_of(entry[1])

    def only_label(candidate: Candidate, entry: Entry) -> bool:
        return same_label(candidate, entry) and often[candidate.label] == 1

    def same_name(candidate: Candidate, entry: Entry) -> bool:
        return _same_name(candidate.name, entry[0].name)

    def same_surname(candidate: Candidate, entry: Entry) -> bool:
        return _surname(candidate.name) == _surname(entry[0].name)

    return (
        same_id,
        lambda candidate, entry: same_label(candidate, entry) and same_name(candidate, entry),
        only_label,
        lambda candidate, entry: same_label(candidate, entry) and same_surname(candidate, entry),
        same_name,
        same_surname,
    )


def _same_name(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()


def _surname(name: str) -> str:
    return name.split()[-1].casefold() if name.split() else ""


# --- Last time ------------------------------------------------------------------------------


@transaction.atomic
def set_last_time(
    election: Election, edition: library.Edition, options: ReadOptions | None = None
) -> int:
    """Replace last time's results of the election's contests; return how many it has now.

    A contest without a region gets that of the file. A tie that the file does not settle is noted,
    and leaves the last seat without a holder. Raises FileErrors for areas of the file that the
    election does not have, unless only its own were asked for.
    """
    options = options or ReadOptions()
    contests, parties = Contests(election), Parties()
    if not Contest.objects.filter(election=election).exists():
        reason = f"“{election.slug}” has no contests yet: load its candidates first"
        raise FileErrors([FileError(edition.files[0], 0, "", reason)])
    found = [
        (seat, _find(seat, contests))
        for seat in _own(list(edition.seats.values()), contests, options)
    ]
    if unknown := [seat for seat, contest in found if contest is None]:
        raise FileErrors(_unknown(unknown, len(found), election))
    for seat, contest in found:
        if contest is not None:
            contests.set_missing_region(contest, seat.region, seat.nation)
            _replace_last_result(contest, seat, edition, parties, options)
    return len(found)


#: Areas that an election does not have are listed up to this number.
MAX_UNKNOWN = 5


def _unknown(seats: list[library.Seat], total: int, election: Election) -> list[FileError]:
    """Errors for areas that are no contests of the election, with how to load the others."""
    errors = [
        seat.error("constituency_name", f"{seat.name} is not a contest of “{election.slug}”")
        for seat in seats[:MAX_UNKNOWN]
    ]
    reason = (
        f"{len(seats)} of its {total} areas are not contests of “{election.slug}”: to load only "
        "those that are, add --seats own"
    )
    return [*errors, FileError(seats[0].file, 0, "", reason)]


def _replace_last_result(
    contest: Contest,
    seat: library.Seat,
    edition: library.Edition,
    parties: Parties,
    options: ReadOptions,
) -> None:
    up = seat.seats or sum(bool(row.elected) for row in seat.candidates) or contest.seats
    LastResult.objects.filter(contest=contest).delete()
    result = LastResult.objects.create(
        contest=contest,
        date=seat.polling_day or edition.polling_day,
        notional=seat.notional,
        seats=up,
        electorate=seat.electorate,
        valid=seat.counted if seat.candidates else seat.valid,
        rejected=seat.rejected,
        source=seat.source,
    )
    if seat.candidates:
        winners = winners_of(seat, up)
        if winners.tied:
            options.notes.append(tie_sentence(seat, winners))
        elected = {row.line for row in winners.elected}
        rows = _votes_by_candidate(contest, result, seat, parties, elected)
    else:
        rows = _votes_by_party(result, seat, parties)
    LastVotes.objects.bulk_create(rows)


def _votes_by_candidate(
    contest: Contest,
    result: LastResult,
    seat: library.Seat,
    parties: Parties,
    elected: set[int],
) -> list[LastVotes]:
    """Return the rows of the file; `elected` are the lines of those who were elected."""
    candidates = list(contest.candidates.select_related("party__tallied_with"))
    return [
        LastVotes(
            last_result=result,
            name=row.name,
            person_id=_same_person(row, candidates, seat),
            votes=row.votes,
            elected=row.line in elected,
            **standing_of(row, seat, parties),
        )
        for row in seat.candidates
    ]


def _same_person(
    row: library.Candidate, candidates: list[Candidate], seat: library.Seat
) -> int | None:
    """Return the person of this time's candidate with the same name, if it is unique both times.

    The label may differ: people leave parties, and then the person is compared.
    """
    names = Counter(other.name.casefold() for other in seat.candidates)
    same = [candidate for candidate in candidates if _same_name(candidate.name, row.name)]
    if len(same) != 1 or names[row.name.casefold()] != 1:
        return None
    return same[0].person_id


def _votes_by_party(result: LastResult, seat: library.Seat, parties: Parties) -> list[LastVotes]:
    """Return totals of the parties that have a column, for an edition without candidates."""
    named = seat.first_party or _largest_party(seat)
    first = column_standing(named, seat, parties) if named else None
    rows = [
        LastVotes(last_result=result, votes=votes, **column_standing(column, seat, parties))
        for column, votes in seat.by_party.items()
    ]
    if first is not None:
        # Labour and Co-operative may have a column of its own: one of the two has the seat.
        same = [row for row in rows if row.label == label_of(first)]
        if not same:
            rows += (same := [LastVotes(last_result=result, **first)])
        max(same, key=lambda row: row.votes or 0).elected = True
    return rows


def _largest_party(seat: library.Seat) -> str:
    """The party with most votes, if none without a column can have as many; or ""."""
    order = sorted(seat.by_party, key=lambda party: -seat.by_party[party])
    if not order or seat.valid is None:
        return ""
    most = seat.by_party[order[0]]
    others = seat.valid - sum(seat.by_party.values())
    second = seat.by_party[order[1]] if len(order) > 1 else 0
    return order[0] if most > max(second, others) else ""

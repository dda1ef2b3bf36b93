"""Use results of an earlier poll as last time's votes of an election's contests."""

from collections import Counter

from django.db import transaction

from results.arithmetic import Method
from results.exchange import commons_library as library
from results.exchange.areas import (
    column_standing,
    find_last_contest,
    label_of,
    other_code,
    own_areas,
    standing_of,
)
from results.exchange.contests import Contests
from results.exchange.errors import FileError, FileErrors, counted
from results.exchange.holders import Winners, doubt_sentence, winners_of
from results.exchange.matched_candidates import same_name
from results.exchange.options import ReadOptions
from results.exchange.parties import Parties
from results.exchange.progress import counted_off
from results.models import Candidate, Contest, Election, LastResult, LastVotes


@transaction.atomic
def set_last_time(
    election: Election, edition: library.Edition, options: ReadOptions | None = None
) -> int:
    """Replace last time's results of the election's contests; return how many it has now.

    A contest without a region gets that of the file. Where the file contradicts itself on who was
    elected, or leaves a tie, that is noted, and the last seat may have no holder. Raises FileErrors
    for areas of the file that the election does not have, unless only its own were asked for, and
    for a second row of a contest.
    """
    options = options or ReadOptions()
    contests, parties = Contests(election), Parties()
    if not Contest.objects.filter(election=election).exists():
        reason = f"“{election.slug}” has no contests yet: load its candidates first"
        raise FileErrors([FileError(edition.files[0], 0, "", reason)])
    areas = [seat for seat in edition.seats if not _is_postponed(seat, options)]
    found = [
        (seat, find_last_contest(seat, contests))
        for seat in own_areas(areas, contests, options, find_last_contest)
    ]
    if unknown := [seat for seat, contest in found if contest is None]:
        raise FileErrors(_unknown(unknown, len(found), contests))
    known = [(seat, contest) for seat, contest in found if contest is not None]
    if errors := _second_areas(known):
        raise FileErrors(errors)
    for seat, contest in counted_off(known):
        contests.set_missing_region(contest, seat.region, seat.nation)
        contests.set_missing_welsh_name(contest, seat.name_cy)
        _replace_last_result(contest, seat, edition, parties, options)
    return len(known)


def _seats_up(seat: library.LibrarySeat) -> int:
    return seat.seats or sum(bool(row.elected) for row in seat.candidates) or 1


def _is_postponed(seat: library.LibrarySeat, options: ReadOptions) -> bool:
    """Note and skip an area whose poll was postponed: it has no result."""
    postponed = seat.cancelled and len(seat.candidates) > _seats_up(seat)
    if postponed:
        options.notes.append(f"{seat.name}: its poll was postponed, skipped")
    return postponed


def _second_areas(found: list[tuple[library.LibrarySeat, Contest]]) -> list[FileError]:
    """An error for each area whose contest another area of the file is already."""
    first: dict[int, library.LibrarySeat] = {}
    return [
        seat.error(
            "constituency_name",
            f"{seat.name} is {contest.full_name}, as {other.name} on line {other.line} is: "
            "leave one of the two",
        )
        for seat, contest in found
        if (other := first.setdefault(contest.pk, seat)) is not seat
    ]


#: Areas that an election does not have are listed up to this number.
MAX_UNKNOWN = 5


def _unknown(seats: list[library.LibrarySeat], total: int, contests: Contests) -> list[FileError]:
    """Errors for areas that are not contests of the election, with how to load the others."""
    slug = contests.election.slug
    errors = []
    for seat in seats[:MAX_UNKNOWN]:
        code = other_code(seat, contests.all)
        reason = f"{seat.name} {code}" if code else f"{seat.name} is not a contest of “{slug}”"
        errors.append(seat.error("ons_id" if code else "constituency_name", reason))
    verb = "is not a contest" if len(seats) == 1 else "are not contests"
    reason = (
        f"{len(seats)} of its {counted(total, 'area')} {verb} of “{slug}”: to load only those "
        "that are, add --seats own"
    )
    return [*errors, FileError(seats[0].file, 0, "", reason)]


def _replace_last_result(
    contest: Contest,
    seat: library.LibrarySeat,
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
        valid=seat.counted if seat.candidates and seat.has_votes else seat.valid,
        rejected=seat.rejected,
        source=seat.source,
    )
    is_by_lists = contest.elected_by is Method.LISTS
    if is_by_lists and not any(row.elected for row in seat.candidates):
        options.notes.append(doubt_sentence(seat, _NO_LISTS, _what_follows(_NO_LISTS, up)))
    if seat.candidates:
        winners = winners_of(seat, up, contest.elected_by)
        if seat.cancelled:
            winners = Winners(seat.candidates)
        if winners.doubt:
            options.notes.append(doubt_sentence(seat, winners, _what_follows(winners, up)))
        elected = {id(row) for row in winners.elected}
        rows = _votes_by_candidate(contest, result, seat, parties, elected)
    else:
        rows = _votes_by_party(result, seat, parties, by_lists=is_by_lists)
    LastVotes.objects.bulk_create(rows)


_NO_LISTS = Winners(
    [],
    doubt="nobody is marked as elected from its lists, so that their seats are in no gains and "
    "losses; a column “elected” would say it",
    column="elected",
)


def _what_follows(winners: Winners, up: int) -> str:
    if not winners.elected:
        return "Nobody is stored as having held it"
    if len(winners.elected) < up:
        return "The last seat has no holder"
    return "Its holders are as marked"


def _votes_by_candidate(
    contest: Contest,
    result: LastResult,
    seat: library.LibrarySeat,
    parties: Parties,
    elected: set[int],
) -> list[LastVotes]:
    """Return the rows of the file; `elected` are the ids of rows of those who were elected."""
    candidates = list(contest.candidates.select_related("party__tallied_with"))
    return [
        LastVotes(
            last_result=result,
            name=row.name,
            person_id=_same_person(row, candidates, seat),
            votes=row.votes,
            elected=id(row) in elected,
            **standing_of(row, seat, parties),
        )
        for row in seat.candidates
    ]


def _same_person(
    row: library.CandidateRow, candidates: list[Candidate], seat: library.LibrarySeat
) -> int | None:
    """Return the person of this time's candidate with the same name, if it is unique both times.

    The label may differ: people leave parties, and then the person is compared.
    """
    names = Counter(other.name.casefold() for other in seat.candidates)
    same = [candidate for candidate in candidates if same_name(candidate.name, row.name)]
    if len(same) != 1 or names[row.name.casefold()] != 1:
        return None
    return same[0].person_id


def _votes_by_party(
    result: LastResult, seat: library.LibrarySeat, parties: Parties, *, by_lists: bool
) -> list[LastVotes]:
    """Return totals of the parties that have a column, for an edition without candidates.

    The first has the seat, but for lists, whose seats are several parties'.
    """
    named = seat.first_party or _largest_party(seat)
    first = column_standing(named, seat, parties) if named else None
    rows = [
        LastVotes(last_result=result, votes=votes, **column_standing(column, seat, parties))
        for column, votes in seat.by_party.items()
    ]
    if first is not None and not by_lists:
        # Labour and Co-operative may have a column of its own: one of the two has the seat.
        same = [row for row in rows if row.label == label_of(first)]
        if not same:
            rows += (same := [LastVotes(last_result=result, **first)])
        max(same, key=lambda row: row.votes or 0).elected = True
    return rows


def _largest_party(seat: library.LibrarySeat) -> str:
    """The party with most votes; "" if one without a column could have as many."""
    order = sorted(seat.by_party, key=lambda party: -seat.by_party[party])
    if not order or seat.valid is None:
        return ""
    most = seat.by_party[order[0]]
    others = seat.valid - sum(seat.by_party.values())
    second = seat.by_party[order[1]] if len(order) > 1 else 0
    return order[0] if most > max(second, others) else ""

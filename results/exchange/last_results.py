"""Use results of an earlier poll as last time's votes of an election's contests."""

from collections import Counter

from django.db import transaction

from results.exchange import commons_library as library
from results.exchange.areas import column_standing, find_contest, label_of, own_areas, standing_of
from results.exchange.elections import Contests
from results.exchange.errors import FileError, FileErrors
from results.exchange.holders import tie_sentence, winners_of
from results.exchange.matched_candidates import same_name
from results.exchange.options import ReadOptions
from results.exchange.parties import Parties
from results.models import Candidate, Contest, Election, LastResult, LastVotes


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
        (seat, find_contest(seat, contests))
        for seat in own_areas(list(edition.seats.values()), contests, options)
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
    same = [candidate for candidate in candidates if same_name(candidate.name, row.name)]
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

"""Prepare the results of a past night for declaring: contests, candidates and ballot counts."""

from dataclasses import dataclass

from django.db import transaction

from results import desk
from results.arithmetic import BallotCounts
from results.exchange import commons_library as library
from results.exchange.areas import ballot_of, own_areas
from results.exchange.ballot_identity import AmbiguousBallotError
from results.exchange.elections import Contests
from results.exchange.errors import FileError, FileErrors
from results.exchange.holders import tie_sentence, winners_of
from results.exchange.matched_candidates import match_rows
from results.exchange.options import ReadOptions
from results.exchange.parties import Parties
from results.exchange.preview import visible_state
from results.models import Contest, Election


@dataclass(frozen=True, slots=True)
class SeatResult:
    """A contest and the ballot counts that a file gives for it."""

    contest: Contest
    seat: library.Seat
    ballot_counts: BallotCounts


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
    for seat in own_areas(edition.in_order, contests, options):
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
    else:
        desk.state_facts(election)
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

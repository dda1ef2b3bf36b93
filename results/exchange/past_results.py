"""Prepare the results of a past night for declaring: contests, candidates and ballot counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import prefetch_related_objects

from results import desk
from results.arithmetic import BallotCounts, Method
from results.exchange import commons_library as library
from results.exchange.areas import (
    column_standing,
    find_contest,
    label_of,
    other_code,
    own_areas,
    require_own_areas,
)
from results.exchange.contests import Contests
from results.exchange.errors import Collected, FileErrors, counted
from results.exchange.holders import Winners, doubt_sentence, winners_of
from results.exchange.loaded_corrections import publish_loaded
from results.exchange.matched_candidates import CANDIDATES, complete_candidates, match_rows
from results.exchange.matched_lists import by_list
from results.exchange.named_bodies import name_body
from results.exchange.options import ReadOptions
from results.exchange.parties import Parties
from results.exchange.preview import visible_state
from results.models import Contest, Election


@dataclass(frozen=True, slots=True)
class SeatResult:
    """A contest and the ballot counts that a file gives for it."""

    contest: Contest
    seat: library.LibrarySeat
    ballot_counts: BallotCounts
    #: The file's rows by candidate id.
    rows: dict[int, library.CandidateRow] = field(default_factory=dict)


#: Consequence for a contest on whose winners the file contradicts itself.
LEFT = "It is left to the desk to declare; the rest is loaded"


@transaction.atomic
def set_up_contests(
    election: Election,
    edition: library.Edition,
    options: ReadOptions | None = None,
    *,
    body: str = "",
) -> list[SeatResult]:
    """Return the results of an edition in order of declaration; `body` is as in `LoadRequest`.

    Creates contests and candidates that are missing; open pages then reload. Where the file does
    not settle who is elected, or contradicts itself on it, that is noted and the result left out.
    Raises FileErrors if a candidate of the file cannot be matched with one on the ballot paper.
    """
    before = visible_state(election.slug)
    ballots = map(library.ballot_of, edition.seats)
    name_body(election, ballots, wanted=body, file=edition.files[0])
    setting_up = _SettingUp(election, edition, options or ReadOptions())
    collected = Collected()
    results: dict[int, SeatResult] = {}
    for seat in setting_up.areas(edition):
        with collected:
            result = setting_up.result_of(seat)
            _require_first(results, result)
            if setting_up.is_settled(result):
                results[result.contest.pk] = result
    collected.raise_if_any()
    if visible_state(election.slug) != before:
        # Every page lists the contests.
        publish_loaded(
            election, file=edition.in_order[0].file, reason=options.reason if options else ""
        )
    else:
        desk.state_facts(election)
    return list(results.values())


class _SettingUp:
    """The contests and parties that an edition's results are set up with."""

    def __init__(self, election: Election, edition: library.Edition, options: ReadOptions) -> None:
        self.options = options
        self.parties, self.contests = Parties(), Contests(election)
        self.contests.expect(map(library.ballot_of, edition.seats))
        self._known = list(self.contests.all)
        prefetch_related_objects(self._known, CANDIDATES, "standing")
        self._codes = {seat.code for seat in edition.seats}

    def areas(self, edition: library.Edition) -> list[library.LibrarySeat]:
        """The areas to declare. Raises FileErrors if some would create unexpected contests."""
        if self._known and not (self.options.only_own or self.options.all_areas):
            require_own_areas(edition.in_order, self.contests)
        return own_areas(edition.in_order, self.contests, self.options, find_contest)

    def result_of(self, seat: library.LibrarySeat) -> SeatResult:
        """Return an area's result, with the contest created if it is missing. Raises FileErrors."""
        if not seat.cancelled and not all(row.name for row in seat.candidates or [_NOBODY]):
            contest = find_contest(seat, self.contests)
            if contest is None or not (contest.elects_lists and seat.candidates):
                reason = "the file by candidate, with names, is needed to declare a result"
                raise FileErrors([seat.error("", reason)])
        contest = self._contest(seat)
        seat = by_list(contest, seat)
        rows = match_rows(contest, seat, self.parties)
        complete_candidates(contest, rows)
        return SeatResult(contest, seat, _ballot_counts(seat, rows, contest), rows)

    def _contest(self, seat: library.LibrarySeat) -> Contest:
        contest = find_contest(seat, self.contests)
        if contest is None:
            others = (each for each in self._known if each.code not in self._codes)
            if reason := other_code(seat, others):
                advice = "correct one of the two, or give the area another name"
                raise FileErrors([seat.error("ons_id", f"{seat.name} {reason}: {advice}")])
        elected = sum(bool(row.elected) for row in seat.candidates)
        return self.contests.find_or_create(
            library.ballot_of(seat),
            region=seat.region,
            nation=seat.nation,
            seats=seat.seats or elected or 1,
            name_cy=seat.name_cy,
        )

    def is_settled(self, result: SeatResult) -> bool:
        """Whether the file determines who is elected; otherwise a note is added."""
        seat, contest = result.seat, result.contest
        winners = winners_in(seat, contest)
        if seat.seats is not None and seat.seats != contest.seats:
            here = counted(contest.seats, "seat")
            doubt = f"the file has {counted(seat.seats, 'seat')}, and the contest {here}"
            winners = Winners([], doubt=doubt, column="seats")
        elif not (seat.cancelled or seat.has_votes) and len(result.rows) <= contest.seats:
            doubt = "nobody has votes, and no more stand than there are seats; a column"
            winners = Winners([], doubt=f"{doubt} “cancelled_poll” would say that no poll was held")
        elif not winners.doubt and seat.first_party and len(winners.elected) == 1:
            winners = self._by_first_party(result, winners)
        if winners.doubt:
            self.options.notes.append(doubt_sentence(seat, winners, LEFT))
        return not winners.doubt

    def _by_first_party(self, result: SeatResult, winners: Winners) -> Winners:
        """The winners; in doubt if the file's column of the winning party contradicts them."""
        seat, (winner,) = result.seat, winners.elected
        first = label_of(column_standing(seat.first_party, seat, self.parties))
        candidates = {each.pk: each for each in result.contest.candidates.all()}
        elected = next(key for key, row in result.rows.items() if row is winner)
        if candidates[elected].label == first:
            return winners
        doubt = f"the file says that {seat.first_party} won, and {winner.name} has most votes"
        return Winners([], doubt=doubt, row=winner, column="first_party")


_NOBODY = library.CandidateRow(
    line=0, name="", surname="", party="", abbreviation="", commission="", votes=None,
    sitting=False, democracy_club_id=None,
)  # fmt: skip


def _require_first(results: Mapping[int, SeatResult], result: SeatResult) -> None:
    """Raise FileErrors if the file has results of the contest already: none is declared twice."""
    if (other := results.get(result.contest.pk)) is not None:
        seat = result.seat
        reason = f"{seat.name} has a result on line {other.seat.line} already: leave one"
        raise FileErrors([seat.error("constituency_name", reason)])


def winners_in(seat: library.LibrarySeat, contest: Contest) -> Winners:
    """The winners according to the file; empty if there was no poll."""
    if seat.cancelled:
        return Winners([])
    return winners_of(seat, contest.seats, contest.elected_by)


def _ballot_counts(
    seat: library.LibrarySeat, rows: dict[int, library.CandidateRow], contest: Contest
) -> BallotCounts:
    """The counts of a seat, with the rows by candidate id."""
    drawn = winners_in(seat, contest).by_lot
    counts = BallotCounts(
        votes={candidate: row.votes for candidate, row in rows.items()},
        rejected=seat.rejected,
        electorate=seat.electorate,
        papers=seat.all_papers,
        turnout_announced=seat.turnout_announced,
        lot=tuple(
            candidate
            for candidate, row in rows.items()
            if row in drawn or (contest.elects_lists and row.by_lot)
        ),
    )
    if seat.has_votes and contest.elected_by is not Method.DECLARED:
        return counts
    return replace(counts, winners=tuple(key for key, row in rows.items() if row.elected))

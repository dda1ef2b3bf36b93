"""Compute a contest's result by its electoral system: most votes, lists, or as declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from results.arithmetic.allocation import (
    Allocation,
    PartyList,
    TieRule,
    allocate,
    list_votes,
    lists_of,
)
from results.arithmetic.inputs import BallotCounts, Candidacy
from results.arithmetic.kinds import ONE_IN_TWENTY, ElectionKind, Method, rules_of
from results.arithmetic.outcome import (
    CandidateResult,
    Outcome,
    announced_outcome,
    fraction,
    outcome_by_votes,
    turnouts,
    unopposed_outcome,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectoralSystem:
    """The electoral system of one contest.

    `lists` are what is voted for by the method of lists. Those of a `region` count the seats of its
    constituencies and wait for them, and with `open_ties` the seats that lists tie for are left to
    fill. A list has no seat below the `threshold` of all votes. A
    list's deposit is lost with `list_deposit` of the votes or less, unless it has a seat.
    """

    method: Method = Method.VOTES
    lists: tuple[PartyList, ...] = ()
    region: bool = False
    threshold: Fraction | None = None
    tie_rule: TieRule = TieRule.LOT
    open_ties: bool = False
    list_deposit: Fraction = ONE_IN_TWENTY

    @property
    def votes_per_paper(self) -> int | None:
        """How many votes a ballot paper has; None for as many as there are seats."""
        return None if self.method is Method.VOTES else 1

    def with_votes(self, ballot_order: Sequence[int]) -> tuple[int, ...]:
        """The candidates whose votes are asked for; only the first of each list."""
        if self.method is Method.LISTS:
            return tuple(each.id for each in self.lists)
        return tuple(ballot_order)


BY_VOTES = ElectoralSystem()

#: A list needs one London vote in twenty, and loses its deposit with one in forty or fewer. Source:
#: Greater London Authority Act 1999, Schedule 2, paragraphs 7 and 8; Electoral Commission, guidance
#: for candidates and agents at London Assembly elections.
_LONDON = ElectoralSystem(
    method=Method.LISTS,
    threshold=ONE_IN_TWENTY,
    tie_rule=TieRule.ONE_VOTE_MORE,
    list_deposit=Fraction(1, 40),
)
_LISTS = {ElectionKind.LONDON_ASSEMBLY: _LONDON}


def method_of(kind: str, method: str) -> Method:
    """A contest's own method, or else, if that is "", its kind's. Raises ValueError."""
    return Method(method) if method else rules_of(kind).method


def system_of(kind: str, method: str, candidacies: Sequence[Candidacy]) -> ElectoralSystem:
    """The system of a contest: by its own `method`, or else, if that is "", by its kind's.

    Lists are those of a region where the kind's other contests are filled by votes. `candidacies`
    are in ballot-paper order. Raises ValueError for an unknown kind or method.
    """
    usual = rules_of(kind).method
    own = method_of(kind, method)
    if own is Method.VOTES:
        return BY_VOTES
    if own in (Method.DECLARED, Method.ANSWERS):
        return ElectoralSystem(method=own)
    found = _LISTS.get(ElectionKind(kind), ElectoralSystem(method=own))
    region = usual is Method.VOTES
    # A constituency's result must not be held up by a tie in its region.
    return replace(found, lists=lists_of(candidacies), region=region, open_ties=region)


def compute_outcome(
    ballot_counts: BallotCounts,
    *,
    seats: int,
    ballot_order: Sequence[int],
    deposits: bool = True,
    system: ElectoralSystem = BY_VOTES,
) -> Outcome:
    """Compute the result of one contest.

    By votes, the `seats` candidates with most votes are elected (`outcome_by_votes`). By lists,
    each seat goes to the list with the highest figure (`allocate`), and to nobody while
    constituencies of the region are awaited. As declared, those are elected whom the counts name
    as `winners`; seats that nobody is named for are to fill, and votes are first preferences, from
    which nothing is inferred. In a counting area nobody is elected, whatever the votes.

    Raises Undecided where a tie has no lot for exactly the tied seats, and ValueError where a
    winner-only result does not name its winners, `seats` is less than 1, more are declared elected
    than there are seats, the counts name a candidate who is not in `ballot_order`, or more stand
    unopposed than there are seats.
    """
    named = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners}
    unknown = named - set(ballot_order)
    if unknown:
        raise ValueError(f"not the candidates of this contest: {sorted(unknown)}")
    if seats < 1:
        raise ValueError(f"{seats} seats to fill")
    if ballot_counts.unopposed:
        return unopposed_outcome(ballot_counts, ballot_order, seats)
    if system.method is Method.LISTS:
        return _by_lists(ballot_counts, seats, system, deposits)
    if system.method is Method.DECLARED:
        return _as_declared(ballot_counts, seats, ballot_order)
    if system.method is Method.COUNTED:
        return _counted(ballot_counts, ballot_order)
    if system.method is Method.ANSWERS and ballot_counts.complete:
        return _approved(_counted(ballot_counts, ballot_order))
    return outcome_by_votes(
        ballot_counts, seats=seats, ballot_order=ballot_order, deposits=deposits
    )


# --- By lists -------------------------------------------------------------------------------


def _by_lists(
    ballot_counts: BallotCounts, seats: int, system: ElectoralSystem, deposits: bool
) -> Outcome:
    votes = list_votes(system.lists, ballot_counts.votes)
    if not system.lists or len(votes) < len(system.lists):
        return _announced_from_lists(ballot_counts, seats, system, votes)
    constituencies = ballot_counts.constituencies
    awaited = system.region and (constituencies is None or constituencies.awaited > 0)
    allocation = (
        None
        if awaited
        else allocate(
            system.lists,
            votes,
            seats=seats,
            constituencies=constituencies,
            threshold=system.threshold,
            tie_rule=system.tie_rule,
            lot=ballot_counts.lot,
            open_ties=system.open_ties,
        )
    )
    return _allocated(ballot_counts, seats, system, votes, allocation, deposits)


def _allocated(
    ballot_counts: BallotCounts,
    seats: int,
    system: ElectoralSystem,
    votes: Mapping[int, int],
    allocation: Allocation | None,
    deposits: bool,
) -> Outcome:
    """Return the outcome of all lists' votes; without an allocation every seat is to fill."""
    valid = sum(votes.values())
    papers, turnout_valid, turnout_ballots = turnouts(ballot_counts, 1, valid)
    return Outcome(
        candidate_results=_results_of_lists(system, votes, allocation, deposits),
        elected=tuple(seat.candidate for seat in allocation.seats) if allocation else (),
        valid=valid,
        papers=papers,
        by_lot=allocation is not None
        and any(seat.settled_by is TieRule.LOT for seat in allocation.seats),
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
        vacancies=allocation.vacant if allocation else 0,
        to_fill=allocation.undecided if allocation else seats,
        allocation=allocation,
    )


def _results_of_lists(
    system: ElectoralSystem,
    votes: Mapping[int, int],
    allocation: Allocation | None,
    deposits: bool,
) -> tuple[CandidateResult, ...]:
    """Return the results of every list's candidates, most votes first; only the first has votes."""
    valid = sum(votes.values())
    seats = allocation.seats if allocation else ()
    elected = {seat.candidate for seat in seats}
    with_seats = {seat.list_id for seat in seats}

    def result_of(party_list: PartyList, candidate: int) -> CandidateResult:
        is_first = candidate == party_list.id
        total = votes[party_list.id]
        lost = party_list.id not in with_seats and total <= system.list_deposit * valid
        return CandidateResult(
            candidate=candidate,
            votes=total if is_first else None,
            share=fraction(total, valid) if is_first else None,
            rank=1 + sum(other > total for other in votes.values()) if is_first else None,
            elected=candidate in elected,
            lost_deposit=lost if is_first and deposits and allocation else None,
        )

    ordered = sorted(system.lists, key=lambda each: -votes[each.id])
    return tuple(result_of(each, candidate) for each in ordered for candidate in each.candidates)


def _announced_from_lists(
    ballot_counts: BallotCounts, seats: int, system: ElectoralSystem, votes: Mapping[int, int]
) -> Outcome:
    """Return the outcome where candidates are announced before all votes are known."""
    order = [candidate for each in system.lists for candidate in each.candidates]
    shown = {candidate: votes.get(candidate) for candidate in order}
    return _announced(ballot_counts, shown, seats, may_leave_seats=False)


# --- In a counting area ---------------------------------------------------------------------


def _counted(ballot_counts: BallotCounts, ballot_order: Sequence[int]) -> Outcome:
    """Return one area's outcome: votes and shares, no majority or deposit, and nobody elected."""
    votes = {candidate: ballot_counts.votes.get(candidate) for candidate in ballot_order}
    known = [total for total in votes.values() if total is not None]
    valid = sum(known) if known and len(known) == len(votes) else None
    papers, turnout_valid, turnout_ballots = (
        turnouts(ballot_counts, 1, valid)
        if valid is not None
        else (ballot_counts.papers, None, None)
    )
    order = sorted(votes, key=lambda candidate: -(votes[candidate] or 0))
    return Outcome(
        candidate_results=tuple(
            CandidateResult(
                candidate=candidate,
                votes=votes[candidate],
                share=fraction(votes[candidate], valid),
                rank=None,
                elected=False,
                lost_deposit=None,
            )
            for candidate in order
        ),
        elected=(),
        winner_only=valid is None,
        valid=valid,
        papers=papers,
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
    )


def _approved(counted: Outcome) -> Outcome:
    """Elect the answer with most votes; none where the votes are equal, as there is no lot.

    Source: Neighbourhood Planning (Referendums) Regulations 2012, and Political Parties, Elections
    and Referendums Act 2000, section 128: the officer certifies the votes for each answer.
    """
    first, *others = counted.candidate_results
    second = others[0].votes or 0 if others else 0
    majority = (first.votes or 0) - second
    if not majority:
        return replace(counted, majority=0, majority_share=fraction(0, counted.valid))
    return replace(
        counted,
        candidate_results=(replace(first, elected=True), *others),
        elected=(first.candidate,),
        majority=majority,
        majority_share=fraction(majority, counted.valid),
        runner_up=others[0].candidate if others else None,
    )


# --- As declared ----------------------------------------------------------------------------


def _as_declared(ballot_counts: BallotCounts, seats: int, ballot_order: Sequence[int]) -> Outcome:
    """Return the outcome with those declared elected so far, in the order of their stages."""
    votes = {candidate: ballot_counts.votes.get(candidate) for candidate in ballot_order}
    outcome = _announced(ballot_counts, votes, seats, may_leave_seats=True)
    valid = sum(total or 0 for total in votes.values())
    complete = bool(votes) and all(total is not None for total in votes.values())
    if not complete:
        return replace(outcome, first_preferences=True, quota=ballot_counts.quota)
    papers, turnout_valid, turnout_ballots = turnouts(ballot_counts, 1, valid)
    results = tuple(
        replace(
            result,
            share=fraction(result.votes, valid),
            rank=1 + sum((other or 0) > (result.votes or 0) for other in votes.values()),
        )
        for result in outcome.candidate_results
    )
    return replace(
        outcome,
        candidate_results=results,
        winner_only=False,
        valid=valid,
        papers=papers,
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
        first_preferences=True,
        quota=ballot_counts.quota,
    )


def _announced(
    ballot_counts: BallotCounts,
    votes: Mapping[int, int | None],
    seats: int,
    *,
    may_leave_seats: bool,
) -> Outcome:
    """Return the outcome with those announced as elected, by stage where it is known.

    With `may_leave_seats` fewer may be named than there are seats.
    """
    stages, winners = ballot_counts.stages or {}, set(ballot_counts.winners)
    most = min(seats, len(votes))
    too_few = not may_leave_seats and len(winners) < most
    if len(ballot_counts.winners) != len(winners) or len(winners) > most or too_few:
        raise ValueError(f"{seats} to be elected, {len(ballot_counts.winners)} announced")
    in_order = {candidate: place for place, candidate in enumerate(votes)}
    elected = sorted(winners, key=lambda pk: (pk not in stages, stages.get(pk, 0), in_order[pk]))
    others = sorted(votes.keys() - winners, key=lambda pk: (-(votes[pk] or 0), in_order[pk]))
    return announced_outcome(
        ballot_counts,
        votes,
        [*elected, *others],
        vacancies=seats - most if may_leave_seats else 0,
        to_fill=most - len(winners),
    )

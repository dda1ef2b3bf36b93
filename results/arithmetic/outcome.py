"""Compute who won one contest, by how much and on what turnout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.allocation import Allocation
from results.arithmetic.inputs import BallotCounts
from results.arithmetic.kinds import ONE_IN_TWENTY
from results.arithmetic.undecided import Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateResult:
    """One candidate's result. Equal votes share a rank; `share` is a fraction of one.

    A winner-only outcome has no rank, share or lost deposit: each depends on unknown votes. Nor has
    one without a poll. Where lists are voted for, the votes of a list are with its first candidate.
    `stage` is the stage of the count at which the candidate was declared elected.
    """

    candidate: int
    votes: int | None
    share: Fraction | None
    rank: int | None
    elected: bool
    lost_deposit: bool | None
    stage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A contest's result. Turnouts and shares are fractions of one; None is not known.

    `candidate_results` and `elected` are in order of votes. `valid` counts votes and `papers`
    ballot papers, which differ where a ballot paper has several votes. `vacancies` are seats that
    nobody takes. `unopposed`: all who stood are elected without a poll, so that there are no votes,
    majority or turnout.

    `to_fill` seats are open: it is not declared yet who takes them, or lists wait for the
    constituencies of their region. An `allocation` lists its seats in the order of their award, and
    so does `elected`.
    Where the votes are `first_preferences` they elect nobody by themselves, and `quota` does.
    """

    candidate_results: tuple[CandidateResult, ...]
    elected: tuple[int, ...]
    winner_only: bool = False
    valid: int | None = None
    papers: int | None = None
    majority: int | None = None
    majority_share: Fraction | None = None
    by_lot: bool = False
    runner_up: int | None = None
    turnout_valid: Fraction | None = None
    turnout_ballots: Fraction | None = None
    vacancies: int = 0
    unopposed: bool = False
    to_fill: int = 0
    allocation: Allocation | None = None
    first_preferences: bool = False
    quota: int | None = None

    @property
    def to_be_completed(self) -> bool:
        """Whether votes or elected candidates are to follow; missing first preferences are not."""
        return self.to_fill > 0 or (self.winner_only and not self.first_preferences)


def tie_at_the_last_seat(
    votes: Mapping[int, int], seats: int, ballot_order: Sequence[int]
) -> tuple[tuple[int, ...], int]:
    """Return the candidates who tie across the last seat, and for how many seats; or ((), 0)."""
    if seats < 1 or len(votes) <= seats:
        return (), 0
    ordered = sorted(votes.values(), reverse=True)
    last = ordered[seats - 1]
    if ordered[seats] != last:
        return (), 0
    tied = tuple(candidate for candidate in ballot_order if votes[candidate] == last)
    return tied, seats - sum(1 for total in ordered if total > last)


def outcome_by_votes(
    ballot_counts: BallotCounts, *, seats: int, ballot_order: Sequence[int], deposits: bool = True
) -> Outcome:
    """Compute the result of one contest: the `seats` candidates with the most votes are elected.

    A tie across the last seat is decided by lot, which counts as one additional vote (Electoral
    Commission, “Equality of votes”); the majority is then 0. A tie elsewhere needs no lot, and a
    lot without a tie decides nothing. Where a candidate's votes are not known the outcome is
    `winner_only`, by `ballot_counts.winners`.

    Raises Undecided where a tie has no lot for exactly the tied seats, and ValueError where a
    winner-only result does not name its winners.
    """
    votes = {candidate: ballot_counts.votes.get(candidate) for candidate in ballot_order}
    known = {candidate: total for candidate, total in votes.items() if total is not None}
    if not votes or len(known) < len(votes):
        return _winner_only_outcome(ballot_counts, votes, seats)
    return _full_outcome(ballot_counts, known, seats, deposits)


def unopposed_outcome(
    ballot_counts: BallotCounts, ballot_order: Sequence[int], seats: int
) -> Outcome:
    """Return the outcome of an uncontested election; seats that are left over are vacant.

    Raises ValueError where more stand than there are seats. Source: Electoral Commission, guidance
    for (Acting) Returning Officers, “Uncontested elections”.
    """
    elected = tuple(each for each in ballot_order if each in ballot_counts.winners)
    if len(elected) > seats:
        raise ValueError(f"{len(elected)} stand for {seats} seats: there is a poll")
    return Outcome(
        candidate_results=tuple(
            CandidateResult(
                candidate=candidate,
                votes=None,
                share=None,
                rank=None,
                elected=True,
                lost_deposit=None,
            )
            for candidate in elected
        ),
        elected=elected,
        vacancies=seats - len(elected),
        unopposed=True,
    )


def _full_outcome(
    ballot_counts: BallotCounts, votes: Mapping[int, int], seats: int, deposits: bool
) -> Outcome:
    """Compute the outcome from every candidate's votes, given in ballot order."""
    order, by_lot = _rank(ballot_counts.lot, votes, seats)
    elected = tuple(order[:seats])
    valid = sum(votes.values())
    runner_up = order[seats] if len(order) > seats else None
    majority = votes[elected[-1]] - votes[runner_up] if runner_up is not None else None
    papers, turnout_valid, turnout_ballots = turnouts(ballot_counts, seats, valid)

    def result_of(candidate: int) -> CandidateResult:
        total = votes[candidate]
        lost_deposit = candidate not in elected and total <= ONE_IN_TWENTY * valid
        return CandidateResult(
            candidate=candidate,
            votes=total,
            share=fraction(total, valid),
            rank=1 + sum(other > total for other in votes.values()),
            elected=candidate in elected,
            lost_deposit=lost_deposit if deposits else None,
        )

    return Outcome(
        candidate_results=tuple(result_of(candidate) for candidate in order),
        elected=elected,
        valid=valid,
        papers=papers,
        majority=majority,
        majority_share=fraction(majority, valid),
        by_lot=by_lot,
        runner_up=runner_up,
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
    )


def _rank(lot: Sequence[int], votes: Mapping[int, int], seats: int) -> tuple[list[int], bool]:
    """Sort candidates by votes, then lot, then ballot order; and say whether a lot decided.

    Raises Undecided.
    """
    tied, tied_seats = tie_at_the_last_seat(votes, seats, tuple(votes))
    drawn = set(lot) if tied else set()
    if tied and (len(drawn) != tied_seats or not drawn <= set(tied)):
        raise Undecided(tied, tied_seats)
    # Sorting is stable: candidates without a difference stay in ballot order.
    order = sorted(votes, key=lambda candidate: (-votes[candidate], candidate not in drawn))
    return order, bool(tied)


def _winner_only_outcome(
    ballot_counts: BallotCounts, votes: Mapping[int, int | None], seats: int
) -> Outcome:
    """Return the winners and the votes known so far, without shares, majority or turnout."""
    winners = set(ballot_counts.winners)
    if len(ballot_counts.winners) != len(winners) or len(winners) != min(seats, len(votes)):
        raise ValueError(f"{seats} to be elected, {len(ballot_counts.winners)} announced")

    def rank(candidate: int) -> tuple[bool, bool, int]:
        return candidate not in winners, votes[candidate] is None, -(votes[candidate] or 0)

    return announced_outcome(ballot_counts, votes, sorted(votes, key=rank))


def announced_outcome(
    ballot_counts: BallotCounts,
    votes: Mapping[int, int | None],
    order: Sequence[int],
    *,
    vacancies: int = 0,
    to_fill: int = 0,
) -> Outcome:
    """Return an outcome of announced winners: no share, majority or deposit."""
    winners, stages = set(ballot_counts.winners), ballot_counts.stages or {}
    return Outcome(
        candidate_results=tuple(
            CandidateResult(
                candidate=candidate,
                votes=votes[candidate],
                share=None,
                rank=None,
                elected=candidate in winners,
                lost_deposit=None,
                stage=stages.get(candidate),
            )
            for candidate in order
        ),
        elected=tuple(candidate for candidate in order if candidate in winners),
        winner_only=True,
        papers=ballot_counts.papers,
        turnout_ballots=fraction(ballot_counts.papers, ballot_counts.electorate),
        vacancies=vacancies,
        to_fill=to_fill,
    )


def turnouts(
    ballot_counts: BallotCounts, seats: int, valid: int
) -> tuple[int | None, Fraction | None, Fraction | None]:
    """Return the ballot papers, the turnout of valid votes and the turnout of ballots.

    With several seats a ballot paper has several votes, so both turnouts are computed from the
    papers at verification.
    """
    electorate, rejected = ballot_counts.electorate, ballot_counts.rejected
    if seats > 1:
        papers = ballot_counts.papers
        good = papers - rejected if papers is not None and rejected is not None else None
        return papers, fraction(good, electorate), fraction(papers, electorate)
    papers = valid + rejected if rejected is not None else ballot_counts.papers
    return papers, fraction(valid, electorate), fraction(papers, electorate)


def fraction(part: int | None, whole: int | None) -> Fraction | None:
    return Fraction(part, whole) if part is not None and whole else None

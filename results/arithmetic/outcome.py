"""Who has won, by how much, on what turnout: from the figures of one contest alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.count import Figures

#: A deposit is lost at 5% of the valid votes or less: one vote in twenty, in whole numbers.
#: Source: Electoral Commission, guidance for candidates and agents, “Submitting your deposit”.
DEPOSIT = 20


class Undecided(Exception):
    """Votes tie across the last seat and no lot says who takes it."""

    def __init__(self, tied: tuple[int, ...], places: int) -> None:
        self.tied = tied
        self.places = places
        super().__init__(f"{tied} tie for {places}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One candidate's place. Equal votes share a rank; None where votes are unknown."""

    candidate: int
    votes: int | None
    share: Fraction | None
    rank: int | None
    elected: bool
    lost_deposit: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A contest's result. Turnouts and shares are fractions of one."""

    places: tuple[Place, ...]
    elected: tuple[int, ...]
    partial: bool
    valid: int | None
    papers: int | None
    majority: int | None
    majority_share: Fraction | None
    by_lot: bool
    runner_up: int | None
    turnout_valid: Fraction | None
    turnout_ballots: Fraction | None


def tie_at_the_last_seat(
    votes: Mapping[int, int], seats: int, ballot_order: Sequence[int]
) -> tuple[tuple[int, ...], int]:
    """Those whose equal votes straddle the last seat, and for how many places; ((), 0) if none."""
    if len(votes) <= seats:
        return (), 0
    ordered = sorted(votes.values(), reverse=True)
    last = ordered[seats - 1]
    if ordered[seats] != last:
        return (), 0
    tied = tuple(one for one in ballot_order if votes[one] == last)
    return tied, seats - sum(1 for total in ordered if total > last)


def outcome_of(
    figures: Figures, *, seats: int, ballot_order: Sequence[int], deposits: bool = True
) -> Outcome:
    """The result of one contest.

    A tie across the last seat is settled by lot, which counts as one additional vote (Electoral
    Commission, “Equality of votes”); the majority is then 0. Raises Undecided where it is not
    settled, and ValueError where a partial result does not name its winners.
    """
    unknown = set(figures.votes) ^ set(ballot_order)
    if unknown or not set(figures.lot) | set(figures.winners) <= set(ballot_order):
        raise ValueError(f"not the candidates of this contest: {sorted(unknown)}")
    if not figures.complete:
        return _partial(figures, seats, ballot_order)
    votes = {one: total for one, total in figures.votes.items() if total is not None}
    tied, places = tie_at_the_last_seat(votes, seats, ballot_order)
    drawn = [one for one in figures.lot if one in tied]
    if tied and len(drawn) != places:
        raise Undecided(tied, places)
    at = {one: place for place, one in enumerate(ballot_order)}
    order = sorted(ballot_order, key=lambda one: (-votes[one], one not in drawn, at[one]))
    elected = tuple(order[:seats])
    valid = sum(votes.values())
    runner_up = order[seats] if len(order) > seats else None
    majority = votes[elected[-1]] - votes[runner_up] if runner_up is not None else None
    by_rank = {one: 1 + sum(v > votes[one] for v in votes.values()) for one in order}
    papers, turnout_valid, turnout_ballots = _turnouts(figures, seats, valid)
    return Outcome(
        places=tuple(
            Place(
                candidate=one,
                votes=votes[one],
                share=Fraction(votes[one], valid) if valid else None,
                rank=by_rank[one],
                elected=one in elected,
                lost_deposit=one not in elected and votes[one] * DEPOSIT <= valid
                if deposits
                else None,
            )
            for one in order
        ),
        elected=elected,
        partial=False,
        valid=valid,
        papers=papers,
        majority=majority,
        majority_share=Fraction(majority, valid) if majority is not None and valid else None,
        by_lot=bool(tied),
        runner_up=runner_up,
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
    )


def _partial(figures: Figures, seats: int, ballot_order: Sequence[int]) -> Outcome:
    """Who won, and the totals known so far: no share, no majority, no turnout of valid votes."""
    winners = figures.winners
    if len(set(winners)) != min(seats, len(ballot_order)) or len(winners) != len(set(winners)):
        raise ValueError(f"{seats} to be elected, {len(winners)} announced")
    at = {one: place for place, one in enumerate(ballot_order)}

    def rank(one: int) -> tuple[bool, bool, int, int]:
        votes = figures.votes[one]
        return one not in winners, votes is None, -(votes or 0), at[one]

    order = sorted(ballot_order, key=rank)
    return Outcome(
        places=tuple(
            Place(
                candidate=one,
                votes=figures.votes[one],
                share=None,
                rank=None,
                elected=one in winners,
                lost_deposit=None,
            )
            for one in order
        ),
        elected=tuple(one for one in order if one in winners),
        partial=True,
        valid=None,
        papers=figures.papers,
        majority=None,
        majority_share=None,
        by_lot=False,
        runner_up=None,
        turnout_valid=None,
        turnout_ballots=_over(figures.papers, figures.electorate),
    )


def _turnouts(
    figures: Figures, seats: int, valid: int
) -> tuple[int | None, Fraction | None, Fraction | None]:
    """Ballot papers, valid-vote turnout, ballot turnout.

    With several seats the votes are not ballots, so both come from the papers at verification.
    """
    electorate, rejected = figures.electorate, figures.rejected
    if seats > 1:
        papers = figures.papers
        good = papers - rejected if papers is not None and rejected is not None else None
        return papers, _over(good, electorate), _over(papers, electorate)
    papers = valid + rejected if rejected is not None else figures.papers
    return papers, _over(valid, electorate), _over(papers, electorate)


def _over(part: int | None, whole: int | None) -> Fraction | None:
    return Fraction(part, whole) if part is not None and whole else None

"""Who has won, by how much, on what turnout: from the figures of one contest alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from results.arithmetic.inputs import BallotCounts

#: A deposit is lost at 5% of the valid votes or less: one vote in twenty, in whole numbers.
#: Source: Electoral Commission, guidance for candidates and agents, “Submitting your deposit”.
DEPOSIT = 20


class Undecided(Exception):
    """Votes tie across the last seat and no lot says who takes it.

    ``tied`` are candidate ids in ballot order, ``places`` how many of them are to be drawn.
    """

    def __init__(self, tied: tuple[int, ...], places: int) -> None:
        self.tied = tied
        self.places = places
        super().__init__(f"{tied} tie for {places}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateResult:
    """One candidate's place. Equal votes share a rank; None where votes are unknown.

    ``share`` is a fraction of one. In a partial result nobody has a rank, a share or a deposit
    to lose: each depends on votes that are not known yet.
    """

    candidate: int
    votes: int | None
    share: Fraction | None
    rank: int | None
    elected: bool
    lost_deposit: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A contest's result. Turnouts and shares are fractions of one; None is not known.

    ``places`` in order of votes; ``elected`` in that order too. ``valid`` counts votes, ``papers``
    ballot papers: with several seats these differ.
    """

    candidate_results: tuple[CandidateResult, ...]
    elected: tuple[int, ...]
    winner_only: bool
    valid: int | None
    papers: int | None
    majority: int | None
    majority_share: Fraction | None
    by_lot: bool
    runner_up: int | None
    turnout_valid: Fraction | None
    turnout_ballots: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; a fraction is text such as “34603/53805”."""
        data = {
            name: _written(value)
            for name, value in asdict(self).items()
            if name != "candidate_results"
        }
        places = [
            asdict(place) | {"share": _written(place.share)} for place in self.candidate_results
        ]
        return {"places": places} | data | {"elected": list(self.elected)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outcome":
        """The outcome that ``to_json`` wrote. Raises TypeError where a key is missing."""
        places = (
            CandidateResult(**{**place, "share": _read(place["share"])}) for place in data["places"]
        )
        fractions = {
            name: _read(data[name])
            for name in ("majority_share", "turnout_valid", "turnout_ballots")
        }
        data = {name: value for name, value in data.items() if name != "places"}
        rest = {"candidate_results": tuple(places), "elected": tuple(data["elected"])}
        return cls(**{**data, **fractions, **rest})


def _written(value: Any) -> Any:
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def _read(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def tie_at_the_last_seat(
    votes: Mapping[int, int], seats: int, ballot_order: Sequence[int]
) -> tuple[tuple[int, ...], int]:
    """Those whose equal votes straddle the last seat, and for how many places; ((), 0) if none."""
    if seats < 1 or len(votes) <= seats:
        return (), 0
    ordered = sorted(votes.values(), reverse=True)
    last = ordered[seats - 1]
    if ordered[seats] != last:
        return (), 0
    tied = tuple(one for one in ballot_order if votes[one] == last)
    return tied, seats - sum(1 for total in ordered if total > last)


def compute_outcome(
    ballot_counts: BallotCounts, *, seats: int, ballot_order: Sequence[int], deposits: bool = True
) -> Outcome:
    """The result of one contest: the first ``seats`` by votes, never by rounded share.

    A tie across the last seat is settled by lot, which counts as one additional vote (Electoral
    Commission, “Equality of votes”); the majority is then 0. A tie elsewhere needs no lot, and a
    lot recorded where there is no such tie decides nothing. With any vote unknown, or a candidate
    left out of ``figures.votes``, the result is partial, and ``figures.winners`` says who won.

    Raises Undecided where a tie is not settled by a lot of exactly the places tied for, and
    ValueError where a partial result does not name its winners, ``seats`` is less than 1, or
    someone is named who is not on the ballot paper.
    """
    strangers = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners} - set(
        ballot_order
    )
    if strangers:
        raise ValueError(f"not the candidates of this contest: {sorted(strangers)}")
    if seats < 1:
        raise ValueError(f"{seats} seats to fill")
    votes = {one: ballot_counts.votes.get(one) for one in ballot_order}
    known = {one: total for one, total in votes.items() if total is not None}
    if not votes or len(known) < len(votes):
        return _partial(ballot_counts, votes, seats)
    return _whole(ballot_counts, known, seats, deposits)


def _whole(
    ballot_counts: BallotCounts, votes: Mapping[int, int], seats: int, deposits: bool
) -> Outcome:
    """The result where every vote is known; ``votes`` is in ballot order."""
    order, by_lot = _in_order(ballot_counts.lot, votes, seats)
    elected = tuple(order[:seats])
    valid = sum(votes.values())
    runner_up = order[seats] if len(order) > seats else None
    majority = votes[elected[-1]] - votes[runner_up] if runner_up is not None else None
    papers, turnout_valid, turnout_ballots = _turnouts(ballot_counts, seats, valid)

    def place(one: int) -> CandidateResult:
        lost = one not in elected and votes[one] * DEPOSIT <= valid
        return CandidateResult(
            candidate=one,
            votes=votes[one],
            share=_over(votes[one], valid),
            rank=1 + sum(more > votes[one] for more in votes.values()),
            elected=one in elected,
            lost_deposit=lost if deposits else None,
        )

    return Outcome(
        candidate_results=tuple(place(one) for one in order),
        elected=elected,
        winner_only=False,
        valid=valid,
        papers=papers,
        majority=majority,
        majority_share=_over(majority, valid),
        by_lot=by_lot,
        runner_up=runner_up,
        turnout_valid=turnout_valid,
        turnout_ballots=turnout_ballots,
    )


def _in_order(lot: Sequence[int], votes: Mapping[int, int], seats: int) -> tuple[list[int], bool]:
    """Candidates by votes, those drawn before those they tied with, then as on the ballot paper;
    and whether a lot decided. Raises Undecided."""
    tied, places = tie_at_the_last_seat(votes, seats, tuple(votes))
    drawn = set(lot) if tied else set()
    if tied and (len(drawn) != places or not drawn <= set(tied)):
        raise Undecided(tied, places)
    # Sorting keeps the order of the ballot paper where nothing else tells two apart.
    return sorted(votes, key=lambda one: (-votes[one], one not in drawn)), bool(tied)


def _partial(ballot_counts: BallotCounts, votes: Mapping[int, int | None], seats: int) -> Outcome:
    """Who won, and the totals known so far: no share, no majority, no turnout of valid votes."""
    winners = set(ballot_counts.winners)
    if len(ballot_counts.winners) != len(winners) or len(winners) != min(seats, len(votes)):
        raise ValueError(f"{seats} to be elected, {len(ballot_counts.winners)} announced")

    def rank(one: int) -> tuple[bool, bool, int]:
        return one not in winners, votes[one] is None, -(votes[one] or 0)

    order = sorted(votes, key=rank)
    return Outcome(
        candidate_results=tuple(
            CandidateResult(
                candidate=one,
                votes=votes[one],
                share=None,
                rank=None,
                elected=one in winners,
                lost_deposit=None,
            )
            for one in order
        ),
        elected=tuple(one for one in order if one in winners),
        winner_only=True,
        valid=None,
        papers=ballot_counts.papers,
        majority=None,
        majority_share=None,
        by_lot=False,
        runner_up=None,
        turnout_valid=None,
        turnout_ballots=_over(ballot_counts.papers, ballot_counts.electorate),
    )


def _turnouts(
    ballot_counts: BallotCounts, seats: int, valid: int
) -> tuple[int | None, Fraction | None, Fraction | None]:
    """Ballot papers, valid-vote turnout, ballot turnout.

    With several seats the votes are not ballots, so both come from the papers at verification.
    """
    electorate, rejected = ballot_counts.electorate, ballot_counts.rejected
    if seats > 1:
        papers = ballot_counts.papers
        good = papers - rejected if papers is not None and rejected is not None else None
        return papers, _over(good, electorate), _over(papers, electorate)
    papers = valid + rejected if rejected is not None else ballot_counts.papers
    return papers, _over(valid, electorate), _over(papers, electorate)


def _over(part: int | None, whole: int | None) -> Fraction | None:
    return Fraction(part, whole) if part is not None and whole else None

"""Find the candidates, or lists, between whom a lot decides."""

from collections.abc import Collection
from dataclasses import replace

from results.arithmetic import BallotCounts, Undecided, compute_outcome
from results.desk.regions import with_constituencies
from results.live.seat import Seat


def tied_candidates(seat: Seat, ballot_counts: BallotCounts) -> Collection[int]:
    """Return the ids of those who tie for the last seats by these votes; empty without a tie."""
    undrawn = replace(with_constituencies(seat, ballot_counts), lot=())
    order = [candidacy.id for candidacy in seat.contest.candidacies]
    try:
        system = replace(seat.system, open_ties=False)
        compute_outcome(undrawn, seats=seat.contest.seats, ballot_order=order, system=system)
    except Undecided as tie:
        return tie.tied
    except ValueError:  # some votes are not known
        return ()
    return ()

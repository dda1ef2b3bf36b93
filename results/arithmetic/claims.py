"""Decide whether a new revision completes the published result or takes something of it back."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from results.arithmetic.decisions import RevisionKind
from results.arithmetic.electoral_systems import BY_VOTES, ElectoralSystem, compute_outcome
from results.arithmetic.inputs import BallotCounts
from results.arithmetic.undecided import Undecided

#: Parts of a result that belong to candidates or to other contests; its own figures are the others,
#: each known or None.
NOT_FIGURES = ("votes", "lot", "winners", "stages", "constituencies")
FIGURES = tuple(each.name for each in fields(BallotCounts) if each.name not in NOT_FIGURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What readers are told of one contest: its counts, and the ids of whom they elect.

    `elected` is empty where the counts do not decide it. While there are seats `to_fill`, more may
    be elected without anything being taken back.
    """

    ballot_counts: BallotCounts
    elected: frozenset[int]
    to_fill: int = 0


def claim_of(
    ballot_counts: BallotCounts,
    *,
    seats: int,
    ballot_order: Sequence[int],
    system: ElectoralSystem = BY_VOTES,
) -> Claim:
    """The claim that these counts make for a contest of `seats`."""
    try:
        outcome = compute_outcome(
            ballot_counts, seats=seats, ballot_order=ballot_order, system=system
        )
    except (Undecided, ValueError):
        return Claim(ballot_counts=ballot_counts, elected=frozenset())
    return Claim(
        ballot_counts=ballot_counts,
        elected=frozenset(outcome.elected),
        to_fill=outcome.to_fill,
    )


def kind_of_revision(published: Claim | None, new: Claim) -> RevisionKind:
    """The kind of a revision that follows `published`, whoever makes it; None is no result.

    It is an update only where everything that was published still stands: the same candidates
    elected, or more of them where seats were to fill, and each known figure the same. Some totals
    elect nobody, so that anybody may be elected after them. A claim that is different, or lower
    (a figure that was known and is not any more), is a correction.
    """
    if published is None:
        complete = new.ballot_counts.complete
        return RevisionKind.DECLARATION if complete else RevisionKind.WINNER_ONLY
    nobody_named = not published.elected and not published.ballot_counts.complete
    stands = published.elected == new.elected or (
        (bool(published.to_fill) or nobody_named) and published.elected < new.elected
    )
    if not stands or changed_figures(published, new):
        return RevisionKind.CORRECTION
    return RevisionKind.UPDATE


def changed_figures(published: Claim, new: Claim) -> tuple[str, ...]:
    """Names of published figures that the new claim does not repeat: votes, lot, rejected, …"""
    before, after = published.ballot_counts, new.ballot_counts
    changed = [
        name
        for name in FIGURES
        if getattr(before, name) is not None and getattr(before, name) != getattr(after, name)
    ]
    if any(
        votes is not None and votes != after.votes.get(candidate)
        for candidate, votes in before.votes.items()
    ):
        changed.insert(0, "votes")
    stages = after.stages or {}
    if any(stages.get(pk) != stage for pk, stage in (before.stages or {}).items()):
        changed.append("stages")
    if before.lot and sorted(before.lot) != sorted(after.lot):
        changed.append("lot")
    return tuple(changed)

"""Decide whether a new revision completes the published result or takes something of it back."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from results.arithmetic.decisions import RevisionKind
from results.arithmetic.electoral_systems import BY_VOTES, ElectoralSystem, compute_outcome
from results.arithmetic.inputs import BallotCounts
from results.arithmetic.undecided import Undecided

#: Parts of a result that belong to candidates or to other contests; `FIGURES` are the others,
#: each known or None.
NOT_FIGURES = ("votes", "lot", "winners", "stages", "constituencies")
FIGURES = tuple(each.name for each in fields(BallotCounts) if each.name not in NOT_FIGURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One contest's counts, as published or sent, and the ids of the candidates they elect.

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
    """Return the claim of these counts, with whom they elect in a contest of `seats`."""
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
    """Return the kind of a revision that follows `published`; None means no result yet.

    The kind does not depend on who makes it.

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


def contradictions(first: Claim, second: Claim) -> tuple[str, ...]:
    """Return the names of the figures in which two records of one announcement conflict.

    They are “elected”, “votes-7” for a candidate's id, a figure, “stages” or “lot”, and none
    where both records may be true. A figure that only one of them has is no conflict: a winner
    on its own may precede the votes that elect the same candidate.
    """
    names = ["elected"] if _elect_others(first, second) else []
    ours, theirs = first.ballot_counts, second.ballot_counts
    for candidate in sorted({*ours.votes, *theirs.votes}):
        if _differ(ours.votes.get(candidate), theirs.votes.get(candidate)):
            names.append(f"votes-{candidate}")
    names += [name for name in FIGURES if _differ(getattr(ours, name), getattr(theirs, name))]
    stages = theirs.stages or {}
    if any(_differ(stage, stages.get(pk)) for pk, stage in (ours.stages or {}).items()):
        names.append("stages")
    if ours.lot and theirs.lot and sorted(ours.lot) != sorted(theirs.lot):
        names.append("lot")
    return tuple(names)


def _elect_others(first: Claim, second: Claim) -> bool:
    """Whether both name winners and neither set can still grow into the other."""
    if not first.elected or not second.elected:
        return False
    grows = first.to_fill and first.elected < second.elected
    grows = grows or (second.to_fill and second.elected < first.elected)
    return first.elected != second.elected and not grows


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def changed_figures(published: Claim, new: Claim) -> tuple[str, ...]:
    """Return the names of published figures that the new claim changes or lacks."""
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

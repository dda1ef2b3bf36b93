"""Store milestones when a bulletin makes the tally reach them or fall below them."""

from datetime import datetime

from results.arithmetic import ReachedMilestone, reached_milestones
from results.live.election_snapshot import ElectionSnapshot
from results.models import Milestone


def update_milestones(
    snapshot: ElectionSnapshot, at: datetime | None
) -> tuple[bool, list[Milestone]]:
    """Store which milestones the tally has reached; whether any was reached, and those undone.

    `at` is when the declaration was made that reached them; None is not known.
    """
    stored = {row.reached_milestone: row for row in snapshot.milestones}
    reached = _reached(snapshot)
    undone = [row for milestone, row in stored.items() if milestone not in reached]
    new = sorted(reached - stored.keys())
    if undone:
        keys = [row.pk for row in undone]
        Milestone.objects.filter(pk__in=keys).update(undone_by=snapshot.night.sequence)
    Milestone.objects.bulk_create(
        Milestone(
            election=snapshot.election,
            reached=milestone.kind,
            label=milestone.label,
            seats=snapshot.tally.declared,
            sequence=snapshot.night.sequence,
            at=at,
        )
        for milestone in new
    )
    if undone or new:
        del snapshot.milestones  # read again, as stored now
    return bool(new), undone


def _reached(snapshot: ElectionSnapshot) -> frozenset[ReachedMilestone]:
    """The milestones of the tally; none where results are not added up."""
    if snapshot.has_separate_results:
        return frozenset()
    return reached_milestones(snapshot.tally, snapshot.seats, whole_house=snapshot.whole_house)

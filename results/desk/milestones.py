"""What the night has reached, written down when a bulletin takes the tally there or back."""

from datetime import datetime

from results.arithmetic import reached_milestones
from results.live.election_snapshot import ElectionSnapshot
from results.models import Milestone


def update_milestones(snapshot: ElectionSnapshot, at: datetime) -> bool:
    """Let the milestones be those of the tally; whether any was reached or undone."""
    standing = {
        one.reached_milestone: one
        for one in Milestone.objects.filter(election=snapshot.election, undone_by__isnull=True)
    }
    reached = reached_milestones(snapshot.tally, snapshot.seats, whole_house=snapshot.whole_house)
    gone = [one.pk for milestone, one in standing.items() if milestone not in reached]
    new = sorted(reached - standing.keys())
    Milestone.objects.filter(pk__in=gone).update(undone_by=snapshot.night.sequence)
    Milestone.objects.bulk_create(
        Milestone(
            election=snapshot.election,
            reached=milestone.kind,
            label=milestone.label,
            seats=snapshot.tally.seats,
            sequence=snapshot.night.sequence,
            at=at,
        )
        for milestone in new
    )
    return bool(gone or new)

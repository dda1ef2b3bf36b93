"""What the night has reached, written down when a bulletin takes the tally there or back."""

from datetime import datetime

from results.arithmetic import marks_of
from results.live.election_snapshot import ElectionSnapshot
from results.models import Milestone


def update_milestones(snapshot: ElectionSnapshot, at: datetime) -> bool:
    """Let the milestones be those of the tally; whether any was reached or undone."""
    standing = {
        one.mark: one
        for one in Milestone.objects.filter(election=snapshot.election, undone_by__isnull=True)
    }
    reached = marks_of(snapshot.tally, snapshot.seats, whole_house=snapshot.whole_house)
    gone = [one.pk for mark, one in standing.items() if mark not in reached]
    new = sorted(reached - standing.keys())
    Milestone.objects.filter(pk__in=gone).update(undone_by=snapshot.night.sequence)
    Milestone.objects.bulk_create(
        Milestone(
            election=snapshot.election,
            reached=mark.reached,
            label=mark.label,
            seats=snapshot.tally.seats,
            sequence=snapshot.night.sequence,
            at=at,
        )
        for mark in new
    )
    return bool(gone or new)

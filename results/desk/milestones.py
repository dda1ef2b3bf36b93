"""What the night has reached, written down when a bulletin takes the tally there or back."""

from datetime import datetime

from results.arithmetic import marks_of
from results.live.scene import Scene
from results.models import Milestone


def settle(scene: Scene, at: datetime) -> bool:
    """Let the milestones be those of the tally; whether any was reached or undone."""
    standing = {
        one.mark: one
        for one in Milestone.objects.filter(election=scene.election, undone_by__isnull=True)
    }
    reached = marks_of(scene.tally, scene.seats, whole_house=scene.whole_house)
    gone = [one.pk for mark, one in standing.items() if mark not in reached]
    new = sorted(reached - standing.keys())
    Milestone.objects.filter(pk__in=gone).update(undone_by=scene.night.sequence)
    Milestone.objects.bulk_create(
        Milestone(
            election=scene.election,
            reached=mark.reached,
            label=mark.label,
            seats=scene.tally.seats,
            sequence=scene.night.sequence,
            at=at,
        )
        for mark in new
    )
    return bool(gone or new)

"""Status of an election's Web Push, for the night dashboard."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Q, Sum
from django.utils import timezone

from results.models import Election, PushMessage, PushSubscription
from results.push.keys import is_on

#: A message that has waited this long is late: the worker or the network is down.
LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class PushStatus:
    """Number of subscribed browsers of readers, and of messages to browsers and phones."""

    browsers: int
    delivered: int
    failed: int
    is_late: bool


def push_status(election: Election) -> PushStatus | None:
    """Read the status, in two queries; None if Web Push is off."""
    if not is_on():
        return None
    waiting = Q(state=PushMessage.State.WAITING)
    sums = PushMessage.objects.filter(election=election).aggregate(
        delivered=Sum("delivered"), failed=Sum("failed"), oldest=Min("created_at", filter=waiting)
    )
    oldest = sums["oldest"]
    return PushStatus(
        browsers=PushSubscription.objects.filter(election=election).count(),
        delivered=sums["delivered"] or 0,
        failed=sums["failed"] or 0,
        is_late=oldest is not None and timezone.now() - oldest > LATE,
    )

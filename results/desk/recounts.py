"""Another recount of the same votes, reported while the count is in recount.

A candidate may have the votes “re-counted or again re-counted”. Source: Representation of the
People Act 1983, Sch. 1, rule 46; the rules of local elections say the same.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk.errors import DeskError
from results.live.seat import read_seats
from results.live.seat_history import recounts, status_reports
from results.models import Standing
from results.words.times import clock

#: Two people who report a recount within this time have heard of the same one.
SAME_RECOUNT = timedelta(minutes=5)


class RecountReported(DeskError):
    """Raised where another recount is reported moments after the one before."""

    def __init__(self, at: str) -> None:
        super().__init__(
            _(
                "A recount was reported at %(time)s. If another was called since, report it again "
                "in a few minutes."
            )
            % {"time": at}
        )


def is_another_recount(
    standing: Standing, status: Standing.Status, *, sent_at: datetime | None
) -> bool:
    """Whether a recount follows another with nothing between; raise RecountReported too soon."""
    if standing.status != status:
        return False
    (seat,) = read_seats([standing.contest])
    reported = [report.at for report in recounts(status_reports(seat))]
    if reported and (sent_at or timezone.now()) - reported[-1] < SAME_RECOUNT:
        raise RecountReported(clock(reported[-1], standing.contest.election.zone))
    return True

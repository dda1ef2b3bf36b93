"""Keep a status or expected time that a phone held back from replacing a newer one of others."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk.errors import DeskError
from results.models import Bulletin, Standing
from results.words.times import clock, expected_time

#: What was on its way for longer is compared with what was published meanwhile. Of two people who
#: report within moments, the last to arrive is published.
LATE = timedelta(minutes=1)

STATUSES = Q(kind=Bulletin.Kind.STATUS) | Q(declaration__isnull=False)
#: Expected times of several counts are one bulletin, of no contest.
TIMES = Q(kind__in=[Bulletin.Kind.STATUS, Bulletin.Kind.DETAILS])


class ReportedSince(DeskError):
    """Raised where another person has published a newer status, or may have a newer time."""


def require_newest(
    standing: Standing,
    status: Standing.Status | None,
    expected_at: datetime | None,
    *,
    by: User,
    sent_at: datetime | None,
) -> None:
    """Raise ReportedSince where what was reported at `sent_at` would replace something newer.

    A `status` of None was not reported, and only the time is compared. One's own never is: a phone
    sends in order what it held back, and all of it arrives late.
    """
    if sent_at is None or timezone.now() - sent_at <= LATE:
        return
    contest = standing.contest
    since = Bulletin.objects.filter(published_at__gt=sent_at).exclude(by=by)
    newest = since.filter(STATUSES, contest=contest).order_by("-sequence").first()
    if newest is not None and status not in (None, standing.status):
        words = {
            "time": clock(newest.published_at, contest.election.zone),
            "status": standing.status_name,
        }
        raise ReportedSince(
            _(
                "The count was reported again at %(time)s, after you reported this: %(status)s. "
                "Yours is older and was not published. Report it again if it is right now."
            )
            % words
        )
    known = contest.expected_at
    if expected_at is None or known in (None, expected_at):
        return
    about = Q(contest=contest) | Q(contest=None, election=contest.election)
    if since.filter(TIMES, about).exists():
        words = {"time": expected_time(known, contest.election)}
        raise ReportedSince(
            _(
                "It is expected at %(time)s now, which may be newer. Nothing was published: leave "
                "the time empty, or send it again."
            )
            % words
        )

"""Format times for readers."""

from datetime import datetime, timedelta, tzinfo

from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from results.models import Election

#: Beyond this the time of a declaration is said besides that of its publication.
APART = timedelta(minutes=5)
DAY = timedelta(days=1)


def declared_before(declared_at: datetime | None, published_at: datetime) -> datetime | None:
    """Return when a result was declared if it was published well after that, else None."""
    is_apart = declared_at is not None and published_at - declared_at > APART
    return declared_at if is_apart else None


def clock(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return “03:18”, in the given time zone or else in the active one."""
    return localtime(moment, zone).strftime("%H:%M")


def time_and_day(moment: datetime, zone: tzinfo) -> str:
    """Return “22:00 on 12 December”."""
    day = dateformat.format(localtime(moment, zone), "j F")
    return _("%(time)s on %(day)s") % {"time": clock(moment, zone), "day": day}


def expected_time(moment: datetime, election: Election) -> str:
    """Return when a declaration is expected, or was made: “01:30”, or with its day “Sat 14:00”.

    The day stands beside a time that is a day or more after the close of poll, and the date beside
    one of another week.
    """
    later = moment - election.polls_close
    pattern = "H:i" if later < DAY else "D H:i" if later < 6 * DAY else "D j M, H:i"
    return dateformat.format(moment.astimezone(election.zone), pattern)


def time_of(moment: datetime, election: Election) -> str:
    """Return “03:18” in the election's time zone; outside its night, “26 Nov 2026, 14:05”."""
    local = moment.astimezone(election.zone)
    in_the_night = local.date() >= election.date and moment < election.night_ends
    return dateformat.format(local, "H:i" if in_the_night else "j M Y, H:i")

"""Formats times for readers."""

from datetime import datetime, tzinfo

from django.utils import dateformat
from django.utils.timezone import localtime

from results.models import Election


def clock(moment: datetime, zone: tzinfo | None = None) -> str:
    """“03:18”, in the given time zone or else in the active one."""
    return localtime(moment, zone).strftime("%H:%M")


def time_of(moment: datetime, election: Election) -> str:
    """“03:18” in the election's time zone; “26 Nov 2026, 14:05” outside the election's night."""
    local = moment.astimezone(election.zone)
    in_the_night = local.date() >= election.date and moment < election.night_ends
    return dateformat.format(local, "H:i" if in_the_night else "j M Y, H:i")

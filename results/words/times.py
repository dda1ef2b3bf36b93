"""Formats times for readers."""

from datetime import datetime

from django.utils import dateformat

from results.models import Election


def time_of(moment: datetime, election: Election) -> str:
    """“03:18” in the election's time zone; “26 Nov 2026, 14:05” outside the election's night."""
    local = moment.astimezone(election.zone)
    in_the_night = local.date() >= election.date and moment < election.night_ends
    return dateformat.format(local, "H:i" if in_the_night else "j M Y, H:i")

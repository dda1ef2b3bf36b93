"""Times of day as readers of a night see them."""

from datetime import datetime

from django.utils import dateformat

from results.models import Election


def time_of(moment: datetime, election: Election) -> str:
    """“03:18” in the election's own zone; “26 Nov 2026, 14:05” where that is not of its night."""
    local = moment.astimezone(election.zone)
    of_the_night = local.date() >= election.date and moment < election.night_ends
    return dateformat.format(local, "H:i" if of_the_night else "j M Y, H:i")

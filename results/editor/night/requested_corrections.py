"""What a requested correction changes beside figures: the time of declaration, or nothing."""

from datetime import datetime

from django.utils.translation import gettext as _

from results.live.seat import Seat
from results.models import Election, ReviewItem
from results.words.times import expected_time


def is_of_words(item: ReviewItem, seat: Seat) -> bool:
    """Whether a requested correction has the figures that are published, and their time."""
    declaration = seat.declaration
    if item.kind != ReviewItem.Kind.CORRECTION or declaration is None or not seat.has_result:
        return False
    return item.ballot_counts == declaration.ballot_counts and not _asked_time(item, seat)


def other_time(item: ReviewItem, seat: Seat, election: Election) -> str:
    """A sentence about the time of declaration that a correction asks for; "" for none."""
    asked = _asked_time(item, seat)
    if asked is None:
        return ""
    published = seat.declaration.declared_at if seat.declaration else None
    if published is None:
        return _("Time of declaration: %(asked)s.") % {"asked": expected_time(asked, election)}
    return _("Time of declaration: %(asked)s, and not %(published)s.") % {
        "asked": expected_time(asked, election),
        "published": expected_time(published, election),
    }


def _asked_time(item: ReviewItem, seat: Seat) -> datetime | None:
    """The time that a correction asks for, if another one is published."""
    text = item.content.get("declared_at")
    if item.kind != ReviewItem.Kind.CORRECTION or not text:
        return None
    if seat.declaration is None or not seat.has_result:
        return None
    asked = datetime.fromisoformat(text)
    return None if asked == seat.declaration.declared_at else asked

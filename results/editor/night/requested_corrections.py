"""What a requested correction changes beside figures: the time of declaration, or nothing."""

from datetime import datetime

from django.utils.translation import gettext as _

from results.desk.revision_requests import is_published
from results.live.seat import Seat
from results.models import Election, ReviewItem
from results.words.times import expected_time


def is_of_words(item: ReviewItem, seat: Seat, election: Election) -> bool:
    """Whether a requested correction has the figures that are published, and their time."""
    if item.kind != ReviewItem.Kind.CORRECTION or other_time(item, seat, election):
        return False
    return is_published(seat, item.ballot_counts)


def other_time(item: ReviewItem, seat: Seat, election: Election) -> str:
    """A sentence about the time of declaration that a correction asks for; "" for none."""
    text, declaration = item.content.get("declared_at"), seat.declaration
    if item.kind != ReviewItem.Kind.CORRECTION or not text:
        return ""
    if declaration is None or not seat.has_result:
        return ""  # what was withdrawn has no time that could be corrected
    asked = expected_time(datetime.fromisoformat(text), election)
    if declaration.declared_at is None:
        return _("Time of declaration: %(asked)s.") % {"asked": asked}
    published = expected_time(declaration.declared_at, election)
    if asked == published:  # but for seconds, which are not shown
        return ""
    words = {"asked": asked, "published": published}
    return _("Time of declaration: %(asked)s, and not %(published)s.") % words

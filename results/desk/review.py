"""Which quotes and photos wait for the desk before readers see them."""

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk.errors import InvalidTransition
from results.models import PUBLISH_UNREVIEWED, Election

#: What somebody of the desk may do, and no reporter.
DESK = ("results.add_quote", "results.add_photo")


def can_publish_unreviewed(by: User, election: Election) -> bool:
    """Whether a quote or photo by this person goes to readers without anybody's approval."""
    if by.has_perms(DESK):
        return True
    return by.has_perm(f"results.{PUBLISH_UNREVIEWED}") and not reason_for_review(election)


def reason_for_review(election: Election) -> str:
    """Why nobody but the desk may publish words or pictures now, in words; empty where they may."""
    if timezone.now() < election.polls_close:
        return _("The polls are still open.")
    return _("The night is closed.") if election.final else ""


def require_time_to_publish(by: User, election: Election) -> None:
    """Raise NotNow for someone who is not of the desk, before the close of poll or after the end.

    An election and not a contest: a quote may be of none.
    """
    reason = "" if by.has_perms(DESK) else reason_for_review(election)
    if reason:
        raise InvalidTransition(f"{reason} {_('The desk decides about this: send it for review.')}")

"""Whether a quote or photo needs review before it is published."""

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk.errors import InvalidTransition, NightClosed
from results.models import PUBLISH_UNREVIEWED, Election

#: Permissions that editors have and reporters do not.
EDITOR_PERMISSIONS = ("results.add_quote", "results.add_photo")


def can_publish_unreviewed(by: User, election: Election) -> bool:
    """Whether this person's quotes and photos are published without review now."""
    return is_editor(by) or (
        by.has_perm(f"results.{PUBLISH_UNREVIEWED}") and not reason_for_review(election)
    )


def reason_for_review(election: Election) -> str:
    """Return why only an editor may publish quotes and photos now; "" where others may.

    Statements about how people voted may not be published before the close of poll (Representation
    of the People Act 1983, s. 66A).
    """
    if timezone.now() < election.polls_close:
        return _("The polls are still open.")
    return _("The night is closed.") if election.final else ""


def is_editor(by: User) -> bool:
    """Whether this person publishes for the desk, and not from a count."""
    return by.has_perms(EDITOR_PERMISSIONS)


def night_closed() -> NightClosed:
    """Return the refusal of a publication from a count, with the offer to send it anyway."""
    text = _(
        "The night was closed before this arrived. If you send it now the desk decides: readers "
        "see nothing of it before."
    )
    return NightClosed(text, _("Send it to the desk"))


def require_time_to_publish(by: User, election: Election) -> None:
    """Raise InvalidTransition for anybody but an editor while submissions need review."""
    reason = "" if is_editor(by) else reason_for_review(election)
    if reason:
        raise InvalidTransition(f"{reason} {_('The desk decides about this: send it for review.')}")

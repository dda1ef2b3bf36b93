"""Delete a rehearsal, with all that was published in it."""

from django.db import transaction

from results import desk
from results.models import Election
from results.rehearsal.setting_up import NotARehearsal


@transaction.atomic
def delete_rehearsal(election: Election) -> None:
    """Delete a rehearsal and all that was published in it. Raises NotARehearsal."""
    fresh = desk.locked_election(election)
    if not fresh.rehearsal:
        raise NotARehearsal(fresh.slug)
    desk.delete_whole(fresh)

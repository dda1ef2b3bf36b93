"""Correct what readers were told if loaded compositions change it."""

import uuid
from collections.abc import Callable
from pathlib import Path

from results import desk
from results.exchange.elections import import_user
from results.exchange.errors import FileError, FileErrors
from results.live.bodies import claims_of_bodies
from results.models import Body, Declaration, Election
from results.words.party_seats import changed_claims


def publish_compositions(
    election: Election, load: Callable[[], list[Body]], *, file: Path, reason: str
) -> list[Body]:
    """Run `load`, and publish a correction once readers have seen results with these seats.

    Raises FileErrors where results are corrected and no reason is given.
    """
    before = claims_of_bodies(election)
    bodies = load()
    changes = [
        change
        for pk, claims in claims_of_bodies(election).items()
        for change in changed_claims(before[pk], claims)
    ]
    is_published = Declaration.objects.filter(contest__election=election).exists()
    if not changes or not is_published:
        # What a result does to a body's control is on pages that may be open already.
        desk.start_new_epoch(election)
        return bodies
    if not reason:
        listed = "; ".join(f"{each}: {was} → {now}" for each, was, now in changes)
        asked = (
            f"changes what readers have seen with results ({listed}): say why it was wrong with "
            "--reason"
        )
        raise FileErrors([FileError(file, 0, "", asked)])
    key = f"composition-{uuid.uuid4()}"
    desk.correct_election(election, changes, by=import_user(), reason=reason, idempotency_key=key)
    return bodies

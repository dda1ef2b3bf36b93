"""Publish the pages again after a load, and what it changes of published results as corrected."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from results import desk
from results.exchange.elections import import_user
from results.exchange.errors import FileError, FileErrors
from results.live.published_details import (
    claims_in,
    details_of,
    differing as differing_claims,
)
from results.live.seat import Seat, read_seats
from results.models import WITH_RESULT, Contest, Election

#: Contests that are named before the others are counted.
LISTED = 3


@transaction.atomic
def publish_loaded(election: Election, *, file: Path, reason: str) -> None:
    """Start a new epoch, and correct each published result whose names, parties or place changed.

    Call it after the load, in its transaction. What follows from last time's results, such as a
    hold that nobody could tell before, is published without a reason. Raises FileErrors where
    results are corrected and no reason is given, which readers see beside them.
    """
    published = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    differing = desk.contests_corrected(published, computed=False)
    corrected = [seat.contest for seat in read_seats(differing) if _takes_back(seat)]
    if corrected and not reason:
        raise FileErrors([FileError(file, 0, "", _asked(corrected))])
    desk.start_new_epoch(election)
    by, key = import_user(), f"load-{election.pk}-{election.night.sequence}"
    if corrected:
        desk.correct_details(election, corrected, by=by, reason=reason, idempotency_key=key)
    desk.follow_regions(election, by=by, idempotency_key=f"{key}-regions")


def _takes_back(seat: Seat) -> bool:
    """Whether something else is known by now, and not only more, such as a missing region."""
    published = claims_in(seat.declaration.details if seat.declaration else None) or {}
    now = claims_in(details_of(seat, seat.declaration.ballot_counts)) if seat.declaration else None
    return any(before for _name, before, _now in differing_claims(published, now or {}))


def _asked(contests: Iterable[Contest]) -> str:
    names = [contest.full_name for contest in contests]
    more = len(names) - LISTED
    listed = ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"changes what was published of {listed}: it is published as a correction, so say why with "
        "--reason, in words for readers"
    )

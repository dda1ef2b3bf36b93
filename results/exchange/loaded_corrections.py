"""Republish the pages after a load, and correct published results that it changes."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from results import desk
from results.exchange.elections import import_user
from results.exchange.errors import FileError, FileErrors
from results.live.fragments import election_locale
from results.live.published_details import details_taken_back
from results.live.seat import Seat, read_seats
from results.live.seat_summary import summary_of_seat
from results.models import WITH_RESULT, Contest, Election, ElectionCorrection

#: Contests that are named before the others are counted.
LISTED = 3


@transaction.atomic
def publish_loaded(election: Election, *, file: Path, reason: str) -> None:
    """Start a new epoch, and correct each published result that the load takes back.

    Call it after the load, in its transaction. What it adds, such as a hold that nobody could tell
    before or a missing region, is published without a reason. Raises FileErrors where results are
    corrected and no reason is given, which readers see beside them.
    """
    published = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    newest = ElectionCorrection.objects.filter(election=election).last()
    differing = read_seats(desk.contests_corrected(published))
    with election_locale(election):
        corrected = [
            seat.contest
            for seat in differing
            if details_taken_back(seat, newest) or _has_other_holders(seat)
        ]
    if corrected and not reason:
        raise FileErrors([FileError(file, 0, "", _asked(corrected))])
    desk.start_new_epoch(election)
    by, key = import_user(), f"load-{election.pk}-{election.night.sequence}"
    if corrected:
        desk.correct_details(election, corrected, by=by, reason=reason, idempotency_key=key)
    desk.follow_regions(election, by=by, idempotency_key=f"{key}-regions", reason=reason)


def _has_other_holders(seat: Seat) -> bool:
    """Whether the published hold or gain of a winner has changed."""
    published, now = (
        [(winner["hold"], winner["gained_from"]) for winner in summary.get("elected", ())]
        for summary in (seat.standing.summary, summary_of_seat(seat))
    )
    return published != now and any(hold or gained_from for hold, gained_from in published)


def _asked(contests: Iterable[Contest]) -> str:
    names = [contest.full_name for contest in contests]
    more = len(names) - LISTED
    listed = ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"changes what was published of {listed}: it is published as a correction, so say why with "
        "--reason, in words for readers"
    )

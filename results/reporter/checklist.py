"""The reporter's checklist: what is missing from each count."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.live.seat import Seat
from results.models import Notice, Quote, ReviewItem, Standing


def is_complete(seat: Seat) -> bool:
    """Whether the full result is published, or none is to come on this night."""
    if seat.as_declared and seat.has_result:
        return not seat.to_fill
    return seat.has_no_poll or (
        seat.has_result and seat.standing.status != Standing.Status.WINNER_ONLY
    )


def missing_from(seats: Iterable[Seat], reporter: User) -> dict[int, list[str]]:
    """Return phrases such as “a quote” by contest id; none of a closed night. Three queries."""
    seats = list(seats)
    contests = [seat.contest.pk for seat in seats]
    waiting = ReviewItem.objects.filter(
        contest__in=contests, kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING
    ).values_list("contest", "by")
    quoted = set(Quote.objects.filter(contest__in=contests).values_list("contest", flat=True))
    noticed = set(Notice.objects.filter(contest__in=contests).values_list("contest", flat=True))
    missing: dict[int, list[str]] = {}
    for seat in seats:
        pk = seat.contest.pk
        senders = {by for contest, by in waiting if contest == pk}
        if seat.has_no_poll or seat.contest.election.final:
            missing[pk] = []
            continue
        missing[pk] = [
            *_missing_of_result(seat, senders, reporter),
            *([_("a quote")] if seat.has_result and pk not in quoted else []),
            *([_("a photo of the notice")] if seat.has_result and pk not in noticed else []),
        ]
    return missing


def _missing_of_result(seat: Seat, senders: set[int], reporter: User) -> list[str]:
    if seat.has_result:
        missing = _("who else is elected") if seat.as_declared else _("full figures")
        return [] if is_complete(seat) else [missing]
    if senders - {reporter.pk}:
        return [_("your confirmation of the result")]
    if senders:
        return [_("a second person’s confirmation")]
    verified = seat.standing.verified_papers or seat.standing.verified_turnout
    return [*([] if verified else [_("turnout at verification")]), _("the result")]

"""What a count still lacks, in a few words each: the reporter's own list of things to do."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.live.seat import Seat
from results.models import Notice, Quote, ReviewItem, Standing


def is_done(seat: Seat) -> bool:
    """Whether every figure of it is published."""
    return seat.has_result and seat.standing.status != Standing.Status.WINNER_ONLY


def missing_from(seats: Iterable[Seat], reporter: User) -> dict[int, list[str]]:
    """By contest key. Three queries, however many counts."""
    seats = list(seats)
    keys = [seat.contest.pk for seat in seats]
    waiting = ReviewItem.objects.filter(
        contest__in=keys, kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING
    ).values_list("contest", "by")
    quoted = set(Quote.objects.filter(contest__in=keys).values_list("contest", flat=True))
    noticed = set(Notice.objects.filter(contest__in=keys).values_list("contest", flat=True))
    found: dict[int, list[str]] = {}
    for seat in seats:
        contest = seat.contest.pk
        senders = {by for at, by in waiting if at == contest}
        found[contest] = [
            *_of_the_result(seat, senders, reporter),
            *([_("a quote")] if seat.has_result and contest not in quoted else []),
            *([_("a photo of the notice")] if seat.has_result and contest not in noticed else []),
        ]
    return found


def _of_the_result(seat: Seat, senders: set[int], reporter: User) -> list[str]:
    if seat.has_result:
        return [_("full figures")] if seat.standing.status == Standing.Status.WINNER_ONLY else []
    if senders - {reporter.pk}:
        return [_("your confirmation of the result")]
    if senders:
        return [_("a second person’s confirmation")]
    verified = seat.standing.verified_papers or seat.standing.verified_turnout
    return [*([] if verified else [_("turnout at verification")]), _("the result")]

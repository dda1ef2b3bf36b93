"""The reporter's checklist: what is missing from each count."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results import desk
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
    """Return phrases such as “a quote” by contest id; none of a closed night.

    Three queries, and those of disagreements where the reporter's own result waits.
    """
    seats = list(seats)
    contests = [seat.contest.pk for seat in seats]
    waiting = list(
        ReviewItem.objects.filter(
            contest__in=contests, kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING
        )
    )
    own = [item for item in waiting if item.by_id == reporter.pk]
    disagreements = desk.find_disagreements(own)
    differing = {item.contest_id for item in own if item.pk in disagreements}
    quoted = set(Quote.objects.filter(contest__in=contests).values_list("contest", flat=True))
    noticed = set(Notice.objects.filter(contest__in=contests).values_list("contest", flat=True))
    missing: dict[int, list[str]] = {}
    for seat in seats:
        pk = seat.contest.pk
        senders = {item.by_id for item in waiting if item.contest_id == pk}
        if seat.has_no_poll or seat.contest.election.final:
            missing[pk] = []
            continue
        missing[pk] = [
            *_missing_of_result(seat, senders, reporter, differs=pk in differing),
            *([_("a quote")] if seat.has_result and pk not in quoted else []),
            *([_("a photo of the notice")] if seat.has_result and pk not in noticed else []),
        ]
    return missing


def _missing_of_result(
    seat: Seat, senders: set[int], reporter: User, *, differs: bool
) -> list[str]:
    """`senders` have a result waiting; the reporter's own contradicts another's if it `differs`."""
    if is_complete(seat):
        return []
    if differs:
        return [_("the same result from both of you")]
    if senders - {reporter.pk}:
        return [_("your confirmation of the result")]
    if senders:
        return [_("a second person’s confirmation")]
    if seat.has_result:
        return [_("who else is elected") if seat.as_declared else _("full figures")]
    verified = seat.standing.verified_papers or seat.standing.verified_turnout
    return [*([] if verified else [_("turnout at verification")]), _("the result")]

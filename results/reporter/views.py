"""My counts, and one count: its state, its result, its voices. Each page takes its own forms."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import Assignment, Bulletin, Contest, ReviewItem
from results.reporter import results, submissions
from results.reporter.access import reporters_only
from results.reporter.checklist import is_done, missing_from
from results.reporter.count_page import show, show_count
from results.reporter.permissions import seat_for, user_of
from results.reporter.responses import from_outbox, not_here, offered_words
from results.words.party_names import load_party_names

Step = Callable[[HttpRequest, Seat], HttpResponse]

#: What a form of the count asks for. Nothing of a result is published before its check.
STEPS: dict[str, Step] = {
    "check": results.check_result,
    "change": results.change,
    "publish": results.publish,
    "flash-check": results.check_winner_only,
    "flash": results.declare_winner,
    "confirm-check": results.check_theirs,
    "confirm": results.confirm,
    "status": submissions.status,
    "count": submissions.count,
    "quote": submissions.quote,
    "photo": submissions.photo,
    "notice": submissions.notice,
    "ask": submissions.ask,
}


@require_safe
@reporters_only
def my_counts(request: HttpRequest) -> HttpResponse:
    """The counts this reporter is sent to, the next expected first, and what each lacks.

    Within an election those that are declared come last: nothing is left to do there.
    """
    mine = Assignment.objects.filter(reporter=user_of(request)).values("contest")
    contests = with_results(
        Contest.objects.filter(pk__in=mine).order_by(
            "-election__date", "election__slug", "expected_at", "name"
        )
    )
    party_names = load_party_names()
    seats = [Seat(contest, party_names) for contest in contests]
    elections = list(dict.fromkeys(seat.contest.election_id for seat in seats))
    seats.sort(key=lambda seat: (elections.index(seat.contest.election_id), is_done(seat)))
    missing = missing_from(seats, user_of(request))
    counts: list[dict[str, Any]] = [
        {"seat": seat, "contest": seat.contest, "missing": missing[seat.contest.pk]}
        for seat in seats
    ]
    return render(request, "reporter/my_counts.html", {"counts": counts})


@require_http_methods(["GET", "HEAD", "POST"])
@reporters_only
def count(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    """One count. What is posted says which step it is."""
    try:
        seat = seat_for(request, election_slug, contest_slug)
    except Http404:
        if request.method == "POST" and from_outbox(request):
            return not_here(request)
        raise
    step = STEPS.get(request.POST.get("step", "")) if request.method == "POST" else None
    with election_locale(seat.contest.election):
        return step(request, seat) if step else show_count(request, seat)


@require_safe
@reporters_only
def published(
    request: HttpRequest, election_slug: str, contest_slug: str, sequence: int
) -> HttpResponse:
    """What the desk answered: the number of the bulletin, and what it says."""
    seat = seat_for(request, election_slug, contest_slug)
    bulletin = get_object_or_404(Bulletin, contest=seat.contest, sequence=sequence)
    with election_locale(seat.contest.election):
        return show(request, seat, "reporter/published.html", {"bulletin": bulletin})


@require_safe
@reporters_only
def offered(request: HttpRequest, election_slug: str, contest_slug: str, pk: int) -> HttpResponse:
    """What became of something that waits for a second person, or for the desk."""
    seat = seat_for(request, election_slug, contest_slug)
    mine = ReviewItem.objects.filter(contest=seat.contest, by=user_of(request))
    offer = get_object_or_404(mine.select_related("bulletin"), pk=pk)
    with election_locale(seat.contest.election):
        context = {
            "offer": offer,
            "words": offered_words(offer),
            "declined": offer.state == ReviewItem.State.DECLINED,
        }
        return show(request, seat, "reporter/offered.html", context)

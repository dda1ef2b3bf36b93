"""Views of the reporters' pages: the list of counts, one count, and the answers to submissions."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from results import desk
from results.live.seat import Seat, with_results
from results.models import Assignment, Bulletin, Contest, ReviewItem
from results.reporter import results, submissions, uploads
from results.reporter.access import reporters_only
from results.reporter.checklist import is_complete, missing_from
from results.reporter.count_page import render_count, render_page
from results.reporter.languages import reporter_locale
from results.reporter.messages import messages_of
from results.reporter.permissions import seat_for, user_of
from results.reporter.read_back import facts_published
from results.reporter.responses import from_outbox, not_assigned, review_text
from results.reporter.second_person import agreement_of, agreement_text
from results.words.party_names import load_party_names

Step = Callable[[HttpRequest, Seat], HttpResponse]

#: What each form of a count's page posts, by its `step`. A result is checked before it is sent.
STEPS: dict[str, Step] = {
    "check": results.check_result,
    "change": results.edit_result,
    "publish": results.submit_result,
    "flash-check": results.check_winner,
    "flash": results.submit_winner,
    "confirm-check": results.compare_result,
    "confirm": results.confirm_result,
    "status": submissions.submit_status,
    "count": submissions.submit_verification,
    "quote": submissions.submit_quote,
    "part": uploads.submit_part,
    "photo": submissions.submit_photo,
    "notice": submissions.submit_notice,
    "ask": submissions.request_correction,
    "take-back": submissions.take_back,
}


@require_safe
@reporters_only
def my_counts(request: HttpRequest) -> HttpResponse:
    """List the reporter's counts and what each lacks, the next expected first.

    Within an election the counts with a full result come last.
    """
    assigned = Assignment.objects.filter(reporter=user_of(request)).values("contest")
    contests = with_results(
        Contest.objects.filter(pk__in=assigned).order_by(
            "-election__date", "election__slug", "expected_at", "name"
        )
    )
    days = {contest.election.date for contest in contests}
    party_names = {on: load_party_names(on) for on in days}
    seats = [Seat(contest, party_names[contest.election.date]) for contest in contests]
    elections = list(dict.fromkeys(seat.contest.election_id for seat in seats))
    seats.sort(key=lambda seat: (elections.index(seat.contest.election_id), is_complete(seat)))
    missing = missing_from(seats, user_of(request))
    counts: list[dict[str, Any]] = [
        {"seat": seat, "contest": seat.contest, "missing": missing[seat.contest.pk]}
        for seat in seats
    ]
    context = {"counts": counts, "messages_from_desk": messages_of(request)}
    return render(request, "reporter/my_counts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reporters_only
def count(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    """Show one count, or run the step that its form posts."""
    try:
        seat = seat_for(request, election_slug, contest_slug)
    except Http404:
        if request.method == "POST" and from_outbox(request):
            return not_assigned(request)
        raise
    step = STEPS.get(request.POST.get("step", "")) if request.method == "POST" else None
    with reporter_locale(seat.contest.election):
        return step(request, seat) if step else render_count(request, seat)


@require_safe
@reporters_only
def published(
    request: HttpRequest, election_slug: str, contest_slug: str, sequence: int
) -> HttpResponse:
    """Show the bulletin that a submission was answered with."""
    seat = seat_for(request, election_slug, contest_slug)
    bulletin = get_object_or_404(Bulletin, contest=seat.contest, sequence=sequence)
    with reporter_locale(seat.contest.election):
        context = {
            "bulletin": bulletin,
            "facts": facts_published(seat.contest, bulletin),
            "agreement": agreement_text(bulletin, user_of(request).pk),
        }
        return render_page(request, seat, "reporter/published.html", context)


@require_safe
@reporters_only
def review_item(
    request: HttpRequest, election_slug: str, contest_slug: str, pk: int
) -> HttpResponse:
    """Show what became of one of the reporter's own review items."""
    seat = seat_for(request, election_slug, contest_slug)
    own = ReviewItem.objects.filter(contest=seat.contest, by=user_of(request))
    item = get_object_or_404(own.select_related("bulletin", "by", "settled_by"), pk=pk)
    with reporter_locale(seat.contest.election):
        context = {
            "item": item,
            "words": review_text(item),
            "differing": item.pk in desk.find_disagreements([item]),
            "agreement": agreement_of(item, item.by_id),
            "declined": item.state == ReviewItem.State.DECLINED,
        }
        return render_page(request, seat, "reporter/review_item.html", context)

"""Views of the reporters' pages: the list of counts, one count, and the answers to submissions."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from results import desk
from results.live.seat import Seat
from results.models import Bulletin, ReviewItem
from results.models.languages import phone_language
from results.reporter import results, submissions, uploads
from results.reporter.access import reporters_only
from results.reporter.count_page import render_count, render_page
from results.reporter.counts_list import counts_of
from results.reporter.languages import counts_locale, reporter_locale
from results.reporter.messages import messages_of
from results.reporter.not_assigned import answer_not_assigned
from results.reporter.permissions import NotAssigned, seat_for, user_of
from results.reporter.read_back import facts_published
from results.reporter.responses import from_outbox, review_text
from results.reporter.second_person import agreement_of, agreement_text
from results.reporter.sent_before import follow_merge

Step = Callable[[HttpRequest, Seat], HttpResponse]

#: What each form of a count's page posts, by its `step`. A result is checked before it is sent.
STEPS: dict[str, Step] = {
    "check": results.check_result,
    "change": results.edit_result,
    "publish": results.submit_result,
    "winner-check": results.check_winner,
    "winner": results.submit_winner,
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


#: Steps by the names that forms had in earlier releases: a phone sends them after the upgrade.
EARLIER_STEPS = {"flash-check": "winner-check", "flash": "winner"}


@require_safe
@reporters_only
def my_counts(request: HttpRequest) -> HttpResponse:
    """List the reporter's counts and what each lacks."""
    user = user_of(request)
    with counts_locale(user):
        context = {
            "counts": counts_of(user),
            "messages_from_desk": messages_of(request),
            "language_chosen": phone_language(),
        }
        return render(request, "reporter/my_counts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reporters_only
def count(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    """Show one count, or run the step that its form posts."""
    try:
        seat = seat_for(request, election_slug, contest_slug)
    except NotAssigned:
        if request.method == "POST" and from_outbox(request):
            return answer_not_assigned(request, election_slug, contest_slug)
        raise
    if request.method == "POST" and contest_slug != seat.contest.slug:
        follow_merge(request, seat)
    name = request.POST.get("step", "") if request.method == "POST" else ""
    step = STEPS.get(EARLIER_STEPS.get(name, name))
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
            "line": desk.summary_in_active_language(seat.contest, bulletin),
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
            "line": (
                desk.summary_in_active_language(seat.contest, item.bulletin)
                if item.bulletin
                else ""
            ),
            "words": review_text(item),
            "differing": item.pk in desk.find_disagreements([item]),
            "agreement": agreement_of(item, item.by_id),
            "declined": item.state == ReviewItem.State.DECLINED,
            "replaced": item.state == ReviewItem.State.REPLACED,
        }
        return render_page(request, seat, "reporter/review_item.html", context)

"""Responses to a submission: a redirect for a person, JSON for the phone's outbox.

The outbox accepts only a response that repeats its idempotency key. Anything else, whatever its
status, may come from the network in between.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from results import desk
from results.live.seat import Seat
from results.models import Bulletin, Contest, Declaration, Election, ReviewItem
from results.reporter.languages import reporter_locale
from results.reporter.read_back import facts_published
from results.reporter.second_person import agreement_text, disagreement_text
from results.words.times import clock

JSON = "application/json"


def from_outbox(request: HttpRequest) -> bool:
    """Whether the phone's outbox sent this, rather than a person's form."""
    return request.headers.get("Accept", "") == JSON


def respond(request: HttpRequest, seat: Seat, answer: desk.SubmitResult, url: str) -> HttpResponse:
    """Report what was published or queued: as JSON to the outbox, else by redirecting to `url`."""
    if not from_outbox(request):
        return HttpResponseRedirect(url)
    election = seat.contest.election
    data: dict[str, Any] = {"key": request.POST.get("key", ""), "address": answer_url(seat, answer)}
    with reporter_locale(election):
        if isinstance(answer, ReviewItem):
            at = answer.created_at
            data |= _waiting(seat, answer)
        else:
            at = answer.bulletin.published_at
            data |= {
                "state": "unchanged" if answer.unchanged else "published",
                "sequence": answer.sequence,
                "line": _line(request, seat.contest, answer.bulletin),
                "facts": facts_published(seat.contest, answer.bulletin),
                "decided": says_who_is_elected(answer.bulletin),
            }
        data |= {"at": clock(at, election.zone), "time": at.timestamp()}
    return JsonResponse(data)


def says_who_is_elected(bulletin: Bulletin) -> bool:
    """Whether it ends what a count's page from before asks: who is elected, and what waits."""
    declaration = bulletin.declaration
    return declaration is not None and declaration.kind != Declaration.Kind.INCOMPLETE


def _waiting(seat: Seat, item: ReviewItem) -> dict[str, Any]:
    """Outbox fields of a waiting item; its differences if another waiting result disagrees."""
    disagreement = desk.find_disagreements([item]).get(item.pk)
    if disagreement is None:
        return {"state": "kept", "words": review_text(item)}
    words = disagreement_text(disagreement, item)
    return {"state": "differs", "words": words, "address": count_url(seat)}


def _line(request: HttpRequest, contest: Contest, bulletin: Bulletin) -> str:
    """Summary of what was published, and who confirmed it."""
    agreement = agreement_text(bulletin, request.user.pk)
    return ". ".join(filter(None, [desk.summary_in_active_language(contest, bulletin), agreement]))


def outbox_response(request: HttpRequest, seat: Seat, status: int, **fields: Any) -> JsonResponse:
    """Answer the outbox: `state` tells it what to do, `words` or `findings` tell the reporter."""
    key = request.POST.get("key", "")
    return JsonResponse({"key": key, "address": count_url(seat), **fields}, status=status)


def stopped(
    request: HttpRequest, seat: Seat, refusal: desk.NightClosed | desk.PollPostponed
) -> JsonResponse:
    """Have the phone ask before it sends this again: nothing is published from the count any more.

    `offer` is the button that sends it for the desk to decide, where that can be done.
    """
    offer = refusal.offer if isinstance(refusal, desk.NightClosed) else ""
    fields = {"words": str(refusal), "offer": offer}
    return outbox_response(request, seat, HTTPStatus.CONFLICT, state="stopped", **fields)


def signed_out() -> JsonResponse:
    """Tell the phone's script that nobody is signed in: it asks to sign in and tries again."""
    return JsonResponse({"state": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)


def count_url(seat: Seat) -> str:
    return reverse("count", args=[seat.contest.election.slug, seat.contest.slug])


def answer_url(seat: Seat, answer: desk.SubmitResult) -> str:
    """Return the URL of the page that reports the outcome of a submission."""
    if isinstance(answer, ReviewItem):
        return answer_address(seat.contest, None, answer)
    url = answer_address(seat.contest, answer.bulletin, None)
    return f"{url}?unchanged" if answer.unchanged else url


def answer_address(contest: Contest, bulletin: Bulletin | None, item: ReviewItem | None) -> str:
    """Return the page about a bulletin, else about a review item, else the count's own."""
    slugs = [contest.election.slug, contest.slug]
    if bulletin is not None:
        return reverse("published", args=[*slugs, bulletin.sequence])
    return reverse("review_item", args=[*slugs, item.pk]) if item else reverse("count", args=slugs)


def review_text(item: ReviewItem) -> str:
    """Sentence for the sender: what a review item waits for, or how it was closed."""
    if not item.waits:
        return str(item.get_state_display())
    if item.kind == ReviewItem.Kind.RESULT and not item.contest.election.final:
        return _("Kept for a second person, who confirms it or enters the same. Not published yet.")
    if item.kind in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION):
        return _("Sent to the desk, which decides. Not published yet.")
    return awaiting_review_text(item.contest.election)


def taken_back_text() -> str:
    """Sentence for a submission that never reached the desk, and never will."""
    return _("You took this back before it arrived.")


def awaiting_review_text(election: Election) -> str:
    """Sentence for a quote or photo that waits for an editor, with the reason if it is the time."""
    words = _("Sent to the desk, which decides. Not published yet.")
    return " ".join(filter(None, [desk.reason_for_review(election), words]))

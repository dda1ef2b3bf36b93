"""What the desk answers to a phone: a page for a person, or the same as JSON for the outbox.

The outbox believes nothing but an answer of ours that repeats its key; anything else, whatever
its status, is the network talking.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from results import desk
from results.live.fragments import election_locale
from results.live.seat import Seat
from results.models import Election, ReviewItem

JSON = "application/json"


def from_outbox(request: HttpRequest) -> bool:
    """Whether the phone's own script asks, rather than a person's form."""
    return request.headers.get("Accept", "") == JSON


def done(
    request: HttpRequest, seat: Seat, outcome: desk.PublishResult | ReviewItem, page: str
) -> HttpResponse:
    """Published, or kept for somebody else; ``page`` is where a person goes on from."""
    if from_outbox(request):
        return _as_json(request, seat, outcome)
    return HttpResponseRedirect(page)


def tell(request: HttpRequest, seat: Seat, status: int, **more: Any) -> JsonResponse:
    """``state`` says what the phone is to do; ``words`` says it to the person."""
    said = {"key": request.POST.get("key", ""), "address": here(seat), **more}
    return JsonResponse(said, status=status)


def not_here(request: HttpRequest) -> JsonResponse:
    """To a phone that is not sent to this count, or no longer: it would ask for ever."""
    words = _("You are not sent to this count any more. Ring the desk.")
    said = {"key": request.POST.get("key", ""), "address": request.path, "words": words}
    return JsonResponse({**said, "state": "refused"}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def signed_out() -> JsonResponse:
    """Tell the phone's script that nobody is signed in: it asks to sign in and tries again."""
    return JsonResponse({"state": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)


def here(seat: Seat) -> str:
    return reverse("count", args=[seat.contest.election.slug, seat.contest.slug])


def page_of(seat: Seat, outcome: desk.PublishResult | ReviewItem) -> str:
    """The page that says what became of a result."""
    slugs = [seat.contest.election.slug, seat.contest.slug]
    if isinstance(outcome, ReviewItem):
        return reverse("offered", args=[*slugs, outcome.pk])
    where = reverse("published", args=[*slugs, outcome.sequence])
    return f"{where}?unchanged" if outcome.unchanged else where


def offered_words(offer: ReviewItem) -> str:
    """What an offer waits for, to the person who made it."""
    if not offer.waits:
        return str(offer.get_state_display())
    if offer.kind == ReviewItem.Kind.RESULT:
        return _("Kept for a second person, who confirms it or enters the same. Not published yet.")
    if offer.kind == ReviewItem.Kind.CORRECTION:
        return _("Sent to the desk, which decides. Not published yet.")
    return kept_words(offer.contest.election)


def kept_words(election: Election) -> str:
    """That a quote or photo waits for the desk, and why, where the time of it is the reason."""
    words = _("Sent to the desk, which decides. Not published yet.")
    return " ".join(filter(None, [desk.reason_for_review(election), words]))


def _as_json(
    request: HttpRequest, seat: Seat, outcome: desk.PublishResult | ReviewItem
) -> JsonResponse:
    election = seat.contest.election
    said: dict[str, Any] = {"key": request.POST.get("key", ""), "address": page_of(seat, outcome)}
    with election_locale(election):
        if isinstance(outcome, ReviewItem):
            at = localtime(outcome.created_at, election.zone)
            said |= {"state": "kept", "words": offered_words(outcome)}
        else:
            at = localtime(outcome.bulletin.published_at, election.zone)
            said |= {
                "state": "unchanged" if outcome.unchanged else "published",
                "sequence": outcome.sequence,
                "line": outcome.bulletin.summary,
            }
        said["at"] = at.strftime("%H:%M")
    return JsonResponse(said)

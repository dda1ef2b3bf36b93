"""The pages that readers open. Each carries the number of the log that it is drawn at."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from results.live.colours import current_stylesheet
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import NIGHT, Fragments, render_night, render_seat
from results.live.seat import with_results
from results.models import Contest, Election
from results.reader.addresses import absolute
from results.reader.compression import compressed
from results.reader.pages import Context, serve
from results.reader.seat_lists import seats_by_region
from results.reader.sharing import live_blog
from results.words.seat_sentences import result_sentence


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """The night now on where there is just one; else the list of elections."""
    elections = list(Election.objects.all())
    now = timezone.now()
    on = [
        election
        for election in elections
        if election.polls_close <= now < election.night_ends and not election.rehearsal
    ]
    if len(on) == 1:
        return HttpResponseRedirect(on[0].get_absolute_url())
    context = {"elections": elections, "language": "en-gb"}
    page = render_to_string("reader/home_page.html", context, request)
    response = compressed(request, page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response


@require_safe
def live_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return live_context(snapshot) | {
            "live_blog": live_blog(request, snapshot),
            "share_title": snapshot.headline,
            "card": absolute(request, reverse("election_card", args=[election.slug])),
        }

    return serve(request, election, "reader/live_page.html", context_of)


def live_context(snapshot: ElectionSnapshot) -> Context:
    return {
        "here": "live",
        "fragments": render_night(snapshot, NIGHT),
        **seats_by_region(snapshot),
    }


@require_safe
def seat_page(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        card = reverse("seat_card", args=[election.slug, contest.slug])
        return {
            "contest": contest,
            "fragments": seat_fragments(snapshot, contest),
            "share_title": _share_title(snapshot, contest),
            "card": absolute(request, card),
        }

    return serve(request, election, "reader/seat_page.html", context_of)


def _share_title(snapshot: ElectionSnapshot, contest: Contest) -> str:
    fresh = Contest.objects.select_related("standing").get(pk=contest.pk)
    standing = getattr(fresh, "standing", None)
    if standing is None or not standing.has_result:
        return contest.name
    return result_sentence(contest.name, standing.summary, snapshot.party_names)


def seat_fragments(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    fresh = with_results(Contest.objects.filter(pk=contest.pk)).get()
    return render_seat(snapshot, snapshot.seat(fresh))


@require_safe
def corrections_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    return serve(request, election, "reader/corrections_page.html", corrections_context)


def corrections_context(snapshot: ElectionSnapshot) -> Context:
    return {"here": "corrections", "fragments": render_night(snapshot, ["corrections"])}


@require_safe
def party_styles(request: HttpRequest, election_slug: str, mark: str) -> HttpResponse:
    """The parties' colours. The address changes with them, so it may be kept for ever."""
    get_object_or_404(Election, slug=election_slug)
    text, current = current_stylesheet()
    response = compressed(request, text, content_type="text/css; charset=utf-8")
    kept = "public, max-age=31536000, immutable" if mark == current else "no-store"
    response.headers["Cache-Control"] = kept
    return response

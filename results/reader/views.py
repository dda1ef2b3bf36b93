"""The pages that readers open: the list of elections, the live page, seats and corrections."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.colours import current_stylesheet
from results.live.fragments import NIGHT
from results.live.house_style import house_context
from results.live.polling_day import shared_nights
from results.models import Election
from results.reader import cards
from results.reader.addresses import origin_of
from results.reader.bodies import council_rows
from results.reader.compression import compressed
from results.reader.maps import asked_mode
from results.reader.moved import contest_or_404, redirect_if_merged
from results.reader.pages import Context, serve, snapshot_page
from results.reader.parts import night_parts, seat_parts
from results.reader.public import public_election
from results.reader.seat_lists import seats_by_region
from results.reader.seat_place import SeatPlace
from results.reader.sharing import live_blog

#: Contests whose rows the live page lists at once. Those of more have a page of their own, since
#: they would be half of what a first visit weighs.
MOST_OPENED = 40


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """Redirect to the night that editors chose, or to the one under way if there is just one.

    Otherwise list the elections.
    """
    elections = list(Election.public.all())
    chosen = [election for election in elections if election.front]
    if chosen:
        return HttpResponseRedirect(chosen[0].get_absolute_url())
    now = timezone.now()
    under_way = [
        election
        for election in elections
        if election.polls_close <= now < election.night_ends and not election.rehearsal
    ]
    if len(under_way) == 1:
        return HttpResponseRedirect(under_way[0].get_absolute_url())
    nights = shared_nights(elections)
    rows = [(election, nights.get(election.pk, "")) for election in elections]
    context = {"elections": rows, "language": get_language(), **house_context()}
    page = render_to_string("reader/home_page.html", context, request)
    response = compressed(request, page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response


@require_safe
def live_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election, mode = public_election(election_slug), asked_mode(request)

    def context_of(snapshot: CachedSnapshot) -> Context:
        return live_context(snapshot, mode) | {
            "live_blog": live_blog(request, snapshot),
            **cards.sharing(request, snapshot, cards.NIGHT, "election_card"),
        }

    variant = f"map={mode}" if mode else ""
    return serve(request, election, "reader/live_page.html", context_of, variant=variant)


def live_context(snapshot: CachedSnapshot, mode: str = "") -> Context:
    places = _places(snapshot, mode)
    return {
        "here": "live",
        "topics": "front-shades" if places.get("mode") else "front",
        "fragments": night_parts(snapshot, NIGHT),
        **places,
    }


def _places(snapshot: CachedSnapshot, mode: str) -> Context:
    """The lists and the map of every seat; of several councils, each has them on its own page."""
    if len(snapshot.shown_councils) > 1:
        return {"council_rows": council_rows(snapshot, snapshot.shown_councils)}
    if snapshot.has_separate_results:
        return {}
    opened = snapshot.shows_wards or snapshot.covered["contests"] <= MOST_OPENED
    return {**seats_by_region(snapshot, mode), "opened": opened, "apart": not opened}


@snapshot_page("reader/seats_page.html")
def seats_page(snapshot: CachedSnapshot) -> Context:
    """Every contest with its result, which the live page of a long list fetches when used."""
    return {"here": "seats", "opened": True, **seats_by_region(snapshot)}


@require_safe
def seat_page(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = public_election(election_slug)
    contest = contest_or_404(election, contest_slug)
    if redirect := redirect_if_merged(request, contest, contest_slug):
        return redirect

    def context_of(snapshot: CachedSnapshot) -> Context:
        source = cards.of_seat(contest)
        parts = seat_parts(snapshot, contest)
        place = SeatPlace(snapshot, snapshot.cached.contests[contest.pk])
        return {
            "contest": contest,
            "topics": place.topics,
            "place": place,
            "host": origin_of(request),
            "fragments": parts.fragments,
            **cards.sharing(
                request, snapshot, source, "seat_card", contest.slug, title=parts.title
            ),
        }

    return serve(request, election, "reader/seat_page.html", context_of)


def corrections_context(snapshot: CachedSnapshot) -> Context:
    return {
        "here": "corrections",
        "topics": "corrections",
        "fragments": night_parts(snapshot, ["corrections"]),
    }


corrections_page = snapshot_page("reader/corrections_page.html")(corrections_context)


@require_safe
def party_styles(request: HttpRequest, election_slug: str, digest: str) -> HttpResponse:
    """The stylesheet of party colours; its URL changes with it, so that it never expires."""
    public_election(election_slug)
    text, current_digest = current_stylesheet()
    response = compressed(request, text, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current_digest else "no-store"
    )
    return response

"""The pages that readers open: the live page, the list of seats, a seat and corrections."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.colours import current_stylesheet
from results.live.fragments import NIGHT
from results.live.scoreboard import split_scoreboard
from results.models import Contest, Election
from results.reader import cards
from results.reader.addresses import origin_of
from results.reader.bodies import council_rows
from results.reader.compression import compressed
from results.reader.maps import asked_mode
from results.reader.moved import contest_view
from results.reader.pages import CACHE_CONTROL, Context, serve, snapshot_page
from results.reader.parts import night_parts, seat_parts
from results.reader.public import public_election
from results.reader.seat_lists import folded_seat_list, seats_by_region, seats_on_map
from results.reader.seat_surroundings import SeatSurroundings
from results.reader.sharing import corrections_collection, live_blog, seat_article

#: Contests whose rows the live page lists at once. Those of more have a page of their own, since
#: they would be half of what a first visit weighs.
MOST_OPENED = 40


@require_safe
def live_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election, mode = public_election(election_slug), asked_mode(request)
    if request.GET.get("display") == "screen":
        # The address for a large screen before there was a wall. Relative, so in either language.
        return HttpResponseRedirect("wall/", headers={"Cache-Control": CACHE_CONTROL})

    def context_of(snapshot: CachedSnapshot) -> Context:
        shared = cards.sharing(request, snapshot, cards.NIGHT, "election_card")
        return live_context(snapshot, mode) | {
            "structured_data": live_blog(request, snapshot, card=shared["card"]),
            **shared,
        }

    variant = f"map={mode}" if mode else ""
    return serve(request, election, "reader/live_page.html", context_of, variant=variant)


def live_context(snapshot: CachedSnapshot, mode: str = "") -> Context:
    places = _places(snapshot, mode)
    fragments = night_parts(snapshot, NIGHT)
    bar, party_table = split_scoreboard(fragments["scoreboard"])
    return {
        "here": "live",
        "topics": "front-shades" if places.get("mode") else "front",
        "fragments": fragments,
        "bar": bar,
        "party_table": party_table,
        **places,
    }


def _places(snapshot: CachedSnapshot, mode: str) -> Context:
    """Context of the lists and the map of seats; for several councils, of the list of councils."""
    if len(snapshot.shown_councils) > 1:
        return {"council_rows": council_rows(snapshot, snapshot.shown_councils)}
    if snapshot.has_separate_results:
        return {}
    places = seats_on_map(snapshot, mode)
    if snapshot.shows_wards or snapshot.covered["contests"] <= MOST_OPENED:
        return {**places, **seats_by_region(snapshot), "opened": True}
    return {**places, "seat_list": folded_seat_list(snapshot)}


@snapshot_page("reader/seats_page.html")
def seats_page(snapshot: CachedSnapshot) -> Context:
    """List every contest with its result; the live page of a long list fetches this when needed."""
    return {"here": "seats", "opened": True, **seats_by_region(snapshot)}


@require_safe
@contest_view
def seat_page(request: HttpRequest, election: Election, contest: Contest) -> HttpResponse:
    def context_of(snapshot: CachedSnapshot) -> Context:
        parts = seat_parts(snapshot, contest)
        shared = cards.sharing(
            request,
            snapshot,
            cards.of_seat(contest),
            "seat_card",
            contest.slug,
            title=parts.title,
        )
        surroundings = SeatSurroundings(snapshot, snapshot.cached.contests[contest.pk])
        return {
            "contest": contest,
            "structured_data": seat_article(
                request, snapshot, contest, headline=parts.title, card=shared["card"]
            ),
            "topics": surroundings.topics,
            "surroundings": surroundings,
            "host": origin_of(request),
            "fragments": parts.fragments,
            **shared,
        }

    return serve(request, election, "reader/seat_page.html", context_of)


def corrections_context(snapshot: CachedSnapshot) -> Context:
    return {
        "here": "corrections",
        "topics": "corrections",
        "fragments": night_parts(snapshot, ["corrections"]),
    }


@require_safe
def corrections_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """List every published figure that was wrong: before, now, when and why."""

    def context_of(snapshot: CachedSnapshot) -> Context:
        structured_data = corrections_collection(request, snapshot)
        return {**corrections_context(snapshot), "structured_data": structured_data}

    election = public_election(election_slug)
    return serve(request, election, "reader/corrections_page.html", context_of)


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

"""The ways into a night: the whole feed, regions, parties, what changed hands, what stands out."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from results.live.area_snapshot import AreaSnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import Entry, FeedQuery, Only, entries
from results.live.fragments import render_row
from results.models import Bulletin, Contest, Election, Group, Night, Region
from results.reader.chamber import chamber_of
from results.reader.pages import CACHE_CONTROL, Context, serve
from results.reader.records import Records
from results.reader.search import find
from results.words.party_names import load_party_names

#: Entries of the feed on a page.
PAGE = 40


@require_safe
def feed_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Everything so far, a page at a time: ``?only=quotes|gains|corrections&before=<bulletin>``."""
    election = get_object_or_404(Election, slug=election_slug)
    only = _only(request.GET.get("only", ""))
    seats = _seats(election, request.GET.get("seats", "")[:2000])
    within = Contest.objects.filter(election=election, slug__in=seats.split(",")) if seats else None
    before = _before(election, request.GET.get("before", ""))

    def context_of(snapshot: ElectionSnapshot) -> Context:
        shown = entries(snapshot, FeedQuery(limit=PAGE, before=before, only=only, within=within))
        last = shown[-1].sequence if shown else 0
        more = bool(entries(snapshot, FeedQuery(limit=1, before=last, only=only, within=within)))
        asked_again = {"only": only or "", "seats": seats, "before": last}
        asked_again = {name: value for name, value in asked_again.items() if value}
        return {
            "seats": seats,
            "here": "feed",
            "only": only or "",
            "before": before,
            "entries": shown,
            "older": urlencode(asked_again) if more else "",
        }

    # What only one person asks for is not kept.
    variant = None if seats else f"only={only or ''}&before={before or ''}"
    return serve(request, election, "reader/feed_page.html", context_of, variant=variant)


def _seats(election: Election, text: str) -> str:
    """Those of the seats named that there are, each once, in one order."""
    named = set(text.replace("\0", "").split(",")) - {""}
    if not named:
        return ""
    found = Contest.objects.filter(election=election, slug__in=named).order_by("slug")
    # Unknown slugs are kept as "-", so that the answer is an empty list rather than every seat.
    return ",".join(found.values_list("slug", flat=True)) or "-"


def _before(election: Election, text: str) -> int | None:
    """The bulletin that entries are to be older than; None where that is all of them."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    number = int(text)
    newest: int = Night.objects.get(election=election).sequence
    return number if 0 < number <= newest else None


@require_safe
def bulletin_page(request: HttpRequest, election_slug: str, sequence: int) -> HttpResponse:
    """What one bulletin brought first, as it stands now: an address to send to somebody.

    Bulletins with other words of it, or with the rest of its figures, redirect to the first; a
    result that was withdrawn redirects to its withdrawal, or to the result declared since.
    """
    election = get_object_or_404(Election, slug=election_slug)
    snapshot = ElectionSnapshot(election)
    if sequence > snapshot.night.sequence:
        raise Http404(sequence)
    if not _of_number(snapshot, sequence):
        return _redirect_to_entry(snapshot, sequence)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        shown = _of_number(snapshot, sequence)
        if not shown:
            raise Http404(sequence)
        return {"here": "feed", "entries": shown, "number": sequence}

    return serve(request, election, "reader/bulletin_page.html", context_of)


def _redirect_to_entry(snapshot: ElectionSnapshot, sequence: int) -> HttpResponse:
    """To the entry that a bulletin is part of now. Raises Http404 where there is none."""
    for entry in _entries_of(snapshot, sequence):
        if entry != sequence and _of_number(snapshot, entry):
            address = reverse("bulletin_page", args=[snapshot.election.slug, entry])
            response = HttpResponseRedirect(address)
            response.headers["Cache-Control"] = CACHE_CONTROL
            return response
    raise Http404(sequence)


def _entries_of(snapshot: ElectionSnapshot, sequence: int) -> Iterator[int]:
    """Numbers of entries that tell of a bulletin: its first wording; how its seat stands now."""
    log = Bulletin.objects.filter(election=snapshot.election, sequence=sequence)
    bulletin = log.defer("fragments").select_related("contest__standing__declaration").first()
    if bulletin is None:
        return
    yield bulletin.first_sequence
    if bulletin.declaration_id and bulletin.contest:
        standing = bulletin.contest.standing
        if standing.has_result:
            yield standing.first_sequence or 0
        elif standing.declaration:
            yield standing.declaration.sequence


def _of_number(snapshot: ElectionSnapshot, sequence: int) -> list[Entry]:
    found = entries(snapshot, FeedQuery(limit=1, before=sequence + 1))
    return [entry for entry in found if entry.sequence == sequence]


def _only(text: str) -> Only | None:
    try:
        return Only(text)
    except ValueError:
        return None


@require_safe
def regions_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {
            "here": "regions",
            "groups": [AreaSnapshot(snapshot, one) for one in snapshot.groups],
            "regions": [
                AreaSnapshot(snapshot, one) for one in Region.objects.filter(election=election)
            ],
        }

    return serve(request, election, "reader/regions_page.html", context_of)


@require_safe
def region_page(request: HttpRequest, election_slug: str, region_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    return _serve_part(
        request, election, get_object_or_404(Region, election=election, slug=region_slug)
    )


@require_safe
def group_page(request: HttpRequest, election_slug: str, group_slug: str) -> HttpResponse:
    """Seats that an editor put together."""
    election = get_object_or_404(Election, slug=election_slug)
    return _serve_part(
        request, election, get_object_or_404(Group, election=election, slug=group_slug)
    )


def _serve_part(request: HttpRequest, election: Election, area: Region | Group) -> HttpResponse:
    def context_of(snapshot: ElectionSnapshot) -> Context:
        area_snapshot = AreaSnapshot(snapshot, area)
        contests = area_snapshot.contests.select_related("standing").order_by("name")
        return {
            "here": "regions",
            "area_snapshot": area_snapshot,
            "about": area.about if isinstance(area, Group) else "",
            "entries": entries(snapshot, FeedQuery(limit=6, within=area_snapshot.contests)),
            "rows": [render_row(snapshot, one)[f"row-{one.slug}"] for one in contests],
        }

    return serve(request, election, "reader/area_page.html", context_of)


@require_safe
def parties_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {
            "here": "parties",
            "chamber": chamber_of(snapshot) if snapshot.whole_house else None,
        }

    return serve(request, election, "reader/parties_page.html", context_of)


@require_safe
def party_page(request: HttpRequest, election_slug: str, label: str) -> HttpResponse:
    """A party, the independents or the Speaker: what they hold, have gained and have lost."""
    election = get_object_or_404(Election, slug=election_slug)
    if label not in load_party_names():
        raise Http404(label)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        records = Records(snapshot)
        return {
            "here": "parties",
            "party_name": snapshot.party_names[label],
            "party_row": next(
                (line for line in snapshot.party_rows if line.party_name.label == label), None
            ),
            "gained": records.gained_by(label),
            "lost": records.lost_by(label),
            "rows": [
                render_row(snapshot, one)[f"row-{one.slug}"]
                for one in sorted(records.won_by(label), key=lambda one: one.name)
            ],
        }

    return serve(request, election, "reader/party_page.html", context_of)


@require_safe
def changes_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {"here": "changes", "records": Records(snapshot)}

    return serve(request, election, "reader/changes_page.html", context_of)


@require_safe
def records_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {"here": "records", "records": Records(snapshot)}

    return serve(request, election, "reader/records_page.html", context_of)


@require_safe
def find_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Seats by name: straight to the seat where just one answers to it."""
    election = get_object_or_404(Election, slug=election_slug)
    query = request.GET.get("q", "")[:100]
    found = find(Contest.objects.filter(election=election), query)
    if len(found) == 1:
        return HttpResponseRedirect(found[0].get_absolute_url())

    def context_of(snapshot: ElectionSnapshot) -> Context:
        contests = Contest.objects.filter(pk__in=[one.pk for one in found])
        return {
            "here": "find",
            "query": query,
            "rows": [
                render_row(snapshot, one)[f"row-{one.slug}"]
                for one in contests.select_related("standing").order_by("name")
            ],
        }

    return serve(request, election, "reader/find_page.html", context_of, variant=None)

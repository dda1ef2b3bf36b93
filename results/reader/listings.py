"""Pages that list seats and entries: the feed, regions, parties, changes, records, search."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.area_snapshot import AreaSnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.contest_lists import Area
from results.live.party_table import folded_rows
from results.live.targets import (
    battleground_of,
    defences_of,
    exit_poll_rows,
    swing_in,
    targets_of,
)
from results.models import Bulletin, Contest, Election, Group, Night, Region
from results.reader import cards, page_cache
from results.reader.chamber import chamber_of
from results.reader.entries import FeedQuery, Only, ReaderEntry, entries
from results.reader.pages import CACHE_CONTROL, Context, serve, snapshot_page
from results.reader.party_addresses import find_party, require_parties
from results.reader.public import public_election, public_or_404
from results.reader.records import Records
from results.reader.seat_lists import rows_of

#: Entries of the feed on a page.
PAGE_SIZE = 40
#: Entries of the feed on the page of a region or group.
AREA_ENTRIES = 6


@require_safe
def feed_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """The feed, a page at a time: `?only=quotes|gains|corrections&seats=<slugs>&before=<n>`.

    With `?after=<n>` what came after a bulletin, oldest first.
    """
    election = public_election(election_slug)
    only = _parse_only(request.GET.get("only", ""))
    seats = _parse_seats(election, request.GET.get("seats", "")[:2000])
    chosen = Contest.objects.filter(election=election, slug__in=seats.split(","))
    within = set(chosen.values_list("pk", flat=True)) if seats else None
    before = parse_sequence(election, request.GET.get("before", ""))
    if after := parse_sequence(election, request.GET.get("after", "")):
        return _read_back(request, election, after)

    def context_of(snapshot: CachedSnapshot) -> Context:
        page = entries(
            snapshot, FeedQuery(limit=PAGE_SIZE, before=before, only=only, within=within)
        )
        last = page[-1].sequence if page else 0
        more = bool(entries(snapshot, FeedQuery(limit=1, before=last, only=only, within=within)))
        params = {"only": only or "", "seats": seats, "before": last}
        older = urlencode({name: value for name, value in params.items() if value})
        return {
            "page_title": _feed_title(snapshot, only, seats=seats),
            "seats": seats,
            "here": "feed",
            "only": only or "",
            "before": before,
            "entries": page,
            "older": older if more else "",
        }

    variant = f"only={only or ''}&seats={seats}&before={before or ''}"
    cache = page_cache.CHOICES if seats else page_cache.PAGES
    template = "reader/feed_page.html"
    return serve(request, election, template, context_of, variant=variant, cache=cache)


def _feed_title(snapshot: CachedSnapshot, only: Only | None, *, seats: str) -> str:
    """The heading of a page of the feed, with which its title begins."""
    if only is Only.QUOTES:
        return _("What was said")
    if only is Only.GAINS:
        return _("Gains")
    if only is Only.CORRECTIONS:
        return _("Corrections")
    if seats:
        return _("From my %(seats)s") % {"seats": snapshot.words.listed.many}
    return _("Everything so far")


def _read_back(request: HttpRequest, election: Election, after: int) -> HttpResponse:
    """Serve the entries of the bulletins after bulletin `after`, oldest first."""

    def context_of(snapshot: CachedSnapshot) -> Context:
        last = after + PAGE_SIZE
        page = entries(snapshot, FeedQuery(limit=2 * PAGE_SIZE, before=last + 1))
        return {
            "page_title": _("Since you last looked"),
            "here": "feed",
            "after": after,
            "entries": [entry for entry in reversed(page) if entry.sequence > after],
            "later": last if last < snapshot.night.sequence else 0,
        }

    return serve(request, election, "reader/feed_page.html", context_of, variant=f"after={after}")


def _parse_only(text: str) -> Only | None:
    try:
        return Only(text)
    except ValueError:
        return None


def _parse_seats(election: Election, text: str) -> str:
    """The slugs in `text` that exist, sorted; "-" if none does, which matches no seat."""
    slugs = set(text.replace("\0", "").split(",")) - {""}
    if not slugs:
        return ""
    existing = Contest.objects.filter(election=election, slug__in=slugs).order_by("slug")
    return ",".join(existing.values_list("slug", flat=True)) or "-"


def parse_sequence(election: Election, text: str) -> int | None:
    """Parse the sequence of an existing bulletin; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    sequence = int(text)
    newest: int = Night.objects.get(election=election).sequence
    return sequence if 0 < sequence <= newest else None


@require_safe
def bulletin_page(request: HttpRequest, election_slug: str, sequence: int) -> HttpResponse:
    """The entries that a bulletin first published, as they are now: a permanent link to them.

    A bulletin that rewords or completes an earlier one redirects to that. One whose result was
    withdrawn redirects to the withdrawal, or to the result declared since. Without any the page
    says so, with 404.
    """
    election = public_election(election_slug)
    snapshot = CachedSnapshot.read(election)
    if not 0 < sequence <= snapshot.night.sequence:
        raise Http404(sequence)

    def context_of(snapshot: CachedSnapshot) -> Context:
        current = _entries_at(snapshot, sequence)
        if not current:
            raise _NoEntriesError
        return {"here": "feed", "entries": current, "number": sequence}

    try:
        return serve(request, election, "reader/bulletin_page.html", context_of)
    except _NoEntriesError:
        address = _address_of_entry(snapshot, sequence)
    if address is None:
        return _without_entry(request, election, sequence)
    return HttpResponseRedirect(address, headers={"Cache-Control": CACHE_CONTROL})


def _without_entry(request: HttpRequest, election: Election, sequence: int) -> HttpResponse:
    def context_of(snapshot: CachedSnapshot) -> Context:
        return {"here": "feed", "entries": [], "number": sequence}

    response = serve(request, election, "reader/bulletin_page.html", context_of, variant="none")
    if response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.NOT_FOUND
    return response


class _NoEntriesError(Exception):
    """No entry of the feed belongs to the bulletin that was asked for."""


def _entries_at(snapshot: CachedSnapshot, sequence: int) -> list[ReaderEntry]:
    newest = entries(snapshot, FeedQuery(limit=1, before=sequence + 1))
    return [entry for entry in newest if entry.sequence == sequence]


def _address_of_entry(snapshot: CachedSnapshot, sequence: int) -> str | None:
    """The address of the entry that a bulletin now belongs to; None if there is none."""
    for other in _related_sequences(snapshot, sequence):
        if other != sequence and _entries_at(snapshot, other):
            return reverse("bulletin_page", args=[snapshot.election.slug, other])
    return None


def _related_sequences(snapshot: CachedSnapshot, sequence: int) -> Iterator[int]:
    """Yield the bulletin's first wording, then the current result or withdrawal of its contest."""
    bulletins = Bulletin.objects.filter(election=snapshot.election, sequence=sequence)
    bulletin = bulletins.defer("fragments").select_related("contest__standing__declaration").first()
    if bulletin is None:
        return
    yield bulletin.first_sequence
    if bulletin.declaration_id and bulletin.contest:
        standing = bulletin.contest.standing
        if standing.has_result:
            yield standing.first_sequence or 0
        elif standing.declaration:
            yield standing.declaration.sequence


@snapshot_page("reader/regions_page.html")
def regions_page(snapshot: CachedSnapshot) -> Context:
    areas: list[Area] = [*snapshot.cached.lists.regions, *snapshot.groups]
    lists = {region.pk for region in snapshot.regional_lists}
    return {
        "here": "regions",
        "rows": rows_of(snapshot, [c for c in snapshot.cached_contests if c.contest.pk in lists]),
        "areas": [_area_row(AreaSnapshot(snapshot, area)) for area in areas],
    }


def _area_row(area_snapshot: AreaSnapshot) -> SafeString:
    """The area on the page of all areas, rendered again when one of its contests has changed."""

    def render() -> SafeString:
        area = area_snapshot.area
        page = "group_page" if isinstance(area, Group) else "region_page"
        context = {
            "area_snapshot": area_snapshot,
            "swing": swing_in(area_snapshot),
            "address": reverse(page, args=[area_snapshot.election.slug, area.slug]),
        }
        return render_to_string("reader/_area_row.html", context)

    return area_snapshot.made("row", render)


@require_safe
def region_page(request: HttpRequest, election_slug: str, region_slug: str) -> HttpResponse:
    regions = Region.objects.select_related("election")
    region = public_or_404(regions, election_slug, slug=region_slug)
    return _serve_area(request, region)


@require_safe
def group_page(request: HttpRequest, election_slug: str, group_slug: str) -> HttpResponse:
    """Seats that an editor has grouped."""
    groups = Group.objects.select_related("election")
    group = public_or_404(groups, election_slug, slug=group_slug)
    return _serve_area(request, group)


def _serve_area(request: HttpRequest, area: Region | Group) -> HttpResponse:
    def context_of(snapshot: CachedSnapshot) -> Context:
        area_snapshot = AreaSnapshot(snapshot, area)
        within = {cached.contest.pk for cached in area_snapshot.cached_contests}
        return {
            "here": "regions",
            "area_snapshot": area_snapshot,
            "topics": f"region:{area.slug}" if isinstance(area, Region) else "listing",
            "about": area.about if isinstance(area, Group) else "",
            "battleground": (
                battleground_of(snapshot, area_snapshot.cached_contests)
                if isinstance(area, Group)
                else []
            ),
            "swing": swing_in(area_snapshot),
            "entries": entries(snapshot, FeedQuery(limit=AREA_ENTRIES, within=within)),
            "rows": rows_of(snapshot, area_snapshot.cached_contests),
            **cards.sharing(
                request,
                snapshot,
                cards.of_area(area),
                "region_card" if isinstance(area, Region) else "group_card",
                area.slug,
            ),
        }

    return serve(request, area.election, "reader/area_page.html", context_of)


@snapshot_page("reader/parties_page.html")
def parties_page(snapshot: CachedSnapshot) -> Context:
    require_parties(snapshot.election)
    shown, folded = folded_rows(snapshot.party_rows)
    return {
        "here": "parties",
        "shown": shown,
        "folded": folded,
        "chamber": chamber_of(snapshot) if snapshot.whole_house else None,
        "exit_poll": exit_poll_rows(snapshot),
    }


@require_safe
def party_page(request: HttpRequest, election_slug: str, label: str) -> HttpResponse:
    """The seats that a party, the independents or the Speaker hold, have gained and have lost."""
    election = public_election(election_slug)
    label, moved = find_party(election, label)
    if moved:
        return moved("party_page")

    def context_of(snapshot: CachedSnapshot) -> Context:
        records = Records(snapshot)
        rows = {row.party_name.label: row for row in snapshot.party_rows}
        won = sorted(records.won_by(label), key=lambda cached: cached.sort_order)
        return {
            "here": "parties",
            "party_name": snapshot.party_names[label],
            "party_row": rows.get(label),
            "gained": records.gained_by(label),
            "lost": records.lost_by(label),
            "targets": targets_of(snapshot, label),
            "defences": defences_of(snapshot, label),
            "rows": rows_of(snapshot, won),
            **cards.sharing(request, snapshot, cards.of_party(label), "party_card", label),
        }

    return serve(request, election, "reader/party_page.html", context_of)


@snapshot_page("reader/changes_page.html")
def changes_page(snapshot: CachedSnapshot) -> Context:
    require_parties(snapshot.election)
    return {"here": "changes", "records": Records(snapshot)}


@snapshot_page("reader/records_page.html")
def records_page(snapshot: CachedSnapshot) -> Context:
    return {"here": "records", "records": Records(snapshot)}

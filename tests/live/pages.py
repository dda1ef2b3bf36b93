"""All pages of a night as `{element id: html}`, rendered as readers are served them."""

from django.db.models import QuerySet

from results.live.cached_snapshot import CachedSnapshot
from results.models import Bulletin, Contest, Election
from results.reader.parts import seat_parts
from results.reader.seat_lists import seats_by_region
from results.reader.views import corrections_context, live_context
from tests.cached_pages import clear_caches
from tests.faults.parts import split_feed

Page = dict[str, str]


def all_pages(election: Election, contests: "QuerySet[Contest] | None" = None) -> Page:
    """The live page with every row, the corrections, and every seat's page or those of `contests`.

    Rendered from nothing, because pages take what bulletins carry. The feed is a list of ids, as
    bulletins carry it.
    """
    clear_caches()
    snapshot = CachedSnapshot.read(election)
    live = live_context(snapshot)
    page: Page = {
        **live["fragments"],
        **corrections_context(CachedSnapshot.read(election))["fragments"],
    }
    parts = [*live.get("council_rows", ())]
    if "map" in live:
        parts += [tile for _region, tiles in live["map"].tiles for tile in tiles]
        regions = seats_by_region(snapshot)["regions"]
        parts += [row for _region, _size, rows in regions for row in rows]
        parts += live["map"].hexes
        # The same seats as a page in another mode has them.
        if live.get("mode") is not None:
            shades = live_context(snapshot, "swing")["map"]
            parts += [*shades.hexes, *(tile for _region, tiles in shades.tiles for tile in tiles)]
    for html in parts:
        page[html.split('id="')[1].split('"')[0]] = html
    for contest in Contest.objects.filter(election=election) if contests is None else contests:
        page |= seat_parts(CachedSnapshot.read(election), contest).fragments
    return split_feed({name: str(html) for name, html in page.items()})


def after(election: Election, sequence: int) -> Page:
    """The bulletins after `sequence`, merged as an open page merges them."""
    merged: Page = {}
    bulletins = Bulletin.objects.filter(election=election, sequence__gt=sequence)
    for bulletin in bulletins.order_by("sequence"):
        merged |= bulletin.fragments
    return merged

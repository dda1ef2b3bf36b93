"""All pages of a night as ``{element id: html}``, drawn as a reader would be served them."""

from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, Contest, Election
from results.reader.views import corrections_context, live_context, seat_fragments

Page = dict[str, str]


def all_pages(election: Election) -> Page:
    """The live page with every row, the corrections, and every seat's page."""
    snapshot = ElectionSnapshot(election)
    live = live_context(snapshot)
    page: Page = {
        **live["fragments"],
        **corrections_context(ElectionSnapshot(election))["fragments"],
    }
    tiles = [tile for _region, some in live["map"].tiles for tile in some]
    listed = [row for _region, rows in live["regions"] for row in rows]
    for part in [*listed, *live["map"].hexes, *tiles]:
        page[part.split('id="')[1].split('"')[0]] = part
    for contest in Contest.objects.filter(election=election):
        page |= seat_fragments(ElectionSnapshot(election), contest)
    return {name: str(html) for name, html in page.items()}


def after(election: Election, sequence: int) -> Page:
    """What an open page has been sent since ``sequence``, merged as the page merges it."""
    merged: Page = {}
    for bulletin in Bulletin.objects.filter(election=election, sequence__gt=sequence).order_by(
        "sequence"
    ):
        merged |= bulletin.fragments
    return merged


def caught_up(page: Page, later: Page) -> Page:
    return {name: later.get(name, html) for name, html in page.items()}

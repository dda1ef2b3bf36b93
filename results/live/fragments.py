"""The parts of the pages that change, each with one fixed id, rendered from an ElectionSnapshot.

A page is made of these and a bulletin carries these, so that applying a bulletin to a page gives
the page that one would get afresh. A fragment states the whole of what is, and nothing personal.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import FeedQuery, entries
from results.live.map import hex_position_of
from results.live.seat import Seat
from results.models import Contest, Election

Fragments = dict[str, SafeString]

#: The parts of the live page that are about the night as a whole, in the order of the page.
NIGHT = ("progress", "headline", "scoreboard", "elsewhere", "groups", "feed", "expected")
#: Entries of the feed on the live page: a frame carries them all.
FEED = 10
#: The parts of a seat's page, and its row in every list of seats.
SEAT = ("seat", "seat-voices")


def render_night(snapshot: ElectionSnapshot, names: Iterable[str] = NIGHT) -> Fragments:
    """``{id: html}`` of parts of the night, among ``NIGHT`` and ``corrections``."""
    drawn: Fragments = {}
    for name in names:
        if name == "feed":
            drawn |= render_feed(snapshot)
        else:
            drawn[name] = _draw(snapshot, _template_of(name), {"id": name})
    return drawn


def _template_of(name: str) -> str:
    # The id of the box for external figures is older than their name, and embeds rely on it.
    return f"reader/_{'external_figures' if name == 'elsewhere' else name}.html"


def render_feed(snapshot: ElectionSnapshot) -> Fragments:
    """``{"feed": html}``: the newest entries of the feed, as the live page has them."""
    shown = entries(snapshot, FeedQuery(limit=FEED))
    return {"feed": _draw(snapshot, "reader/_feed.html", {"id": "feed", "entries": shown})}


def render_seat(snapshot: ElectionSnapshot, seat: Seat) -> Fragments:
    """``{id: html}`` of what only the seat's own page shows."""
    slug = seat.contest.slug
    history = snapshot.history(seat.contest)
    return {
        f"seat-{slug}": _draw(
            snapshot, "reader/_seat.html", {"id": f"seat-{slug}", "seat": seat, "history": history}
        ),
        **render_seat_quotes(snapshot, seat.contest),
    }


def render_seat_quotes(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    element = f"seat-voices-{contest.slug}"
    context = {
        "id": element,
        "contest": contest,
        "quotes": snapshot.quotes_from(contest),
        "photos": snapshot.photos_from(contest),
    }
    return {element: _draw(snapshot, "reader/_seat_quotes.html", context)}


def render_row(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    """``{id: html}`` of a seat's line in a list and its place on the map.

    The contest needs only its standing.
    """
    about = {"contest": contest, "standing": getattr(contest, "standing", None)}
    row, hexagon = f"row-{contest.slug}", f"hex-{contest.slug}"
    position = hex_position_of(contest.hex_q, contest.hex_r, snapshot.election.hex_layout)
    return {
        row: _draw(snapshot, "reader/_row.html", about | {"id": row}),
        hexagon: _draw(snapshot, "reader/_hex.html", about | {"id": hexagon, "position": position}),
    }


@contextmanager
def election_locale(election: Election) -> Iterator[None]:
    """In the election's own zone and language, whatever the thread's: the same for all readers."""
    with timezone.override(election.zone), translation.override(election.language):
        yield


def _draw(snapshot: ElectionSnapshot, template: str, context: dict[str, object]) -> SafeString:
    context |= {
        "snapshot": snapshot,
        "election": snapshot.election,
        "party_names": snapshot.party_names,
    }
    with election_locale(snapshot.election):
        html = render_to_string(template, context)
    # Templates are indented for those who read them; readers' phones need not carry that.
    lines = (line.strip() for line in html.splitlines())
    return mark_safe("\n".join(line for line in lines if line))  # noqa: S308

"""The parts of the pages that change, each with one fixed id, drawn from a Scene.

A page is made of these and a bulletin carries these, so that applying a bulletin to a page gives
the page that one would get afresh. A fragment states the whole of what is, and nothing personal.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from results.live.feed import Wanted, entries
from results.live.map import place_of
from results.live.scene import Scene
from results.live.seat import Seat
from results.models import Contest, Election

Fragments = dict[str, SafeString]

#: The parts of the live page that are about the night as a whole, in the order of the page.
NIGHT = ("progress", "headline", "scoreboard", "elsewhere", "groups", "feed", "expected")
#: Entries of the feed on the live page: a frame carries them all.
FEED = 10
#: The parts of a seat's page, and its row in every list of seats.
SEAT = ("seat", "seat-voices")


def draw_night(scene: Scene, names: Iterable[str] = NIGHT) -> Fragments:
    """``{id: html}`` of parts of the night, among ``NIGHT`` and ``corrections``."""
    drawn: Fragments = {}
    for name in names:
        if name == "feed":
            drawn |= draw_feed(scene)
        else:
            drawn[name] = _draw(scene, f"reader/_{name}.html", {"id": name})
    return drawn


def draw_feed(scene: Scene) -> Fragments:
    """``{"feed": html}``: the newest entries of the feed, as the live page has them."""
    shown = entries(scene, Wanted(limit=FEED))
    return {"feed": _draw(scene, "reader/_feed.html", {"id": "feed", "entries": shown})}


def draw_seat(scene: Scene, seat: Seat) -> Fragments:
    """``{id: html}`` of what only the seat's own page shows."""
    slug = seat.contest.slug
    history = scene.history(seat.contest)
    return {
        f"seat-{slug}": _draw(
            scene, "reader/_seat.html", {"id": f"seat-{slug}", "seat": seat, "history": history}
        ),
        **draw_seat_voices(scene, seat.contest),
    }


def draw_seat_voices(scene: Scene, contest: Contest) -> Fragments:
    element = f"seat-voices-{contest.slug}"
    context = {
        "id": element,
        "contest": contest,
        "quotes": scene.voices_from(contest),
        "photos": scene.photos_from(contest),
    }
    return {element: _draw(scene, "reader/_seat_voices.html", context)}


def draw_row(scene: Scene, contest: Contest) -> Fragments:
    """``{id: html}`` of a seat's line in a list and its place on the map.

    The contest needs only its standing.
    """
    about = {"contest": contest, "standing": getattr(contest, "standing", None)}
    row, hexagon = f"row-{contest.slug}", f"hex-{contest.slug}"
    place = place_of(contest.hex_q, contest.hex_r, scene.election.hex_layout)
    return {
        row: _draw(scene, "reader/_row.html", about | {"id": row}),
        hexagon: _draw(scene, "reader/_hex.html", about | {"id": hexagon, "place": place}),
    }


@contextmanager
def dressed_for(election: Election) -> Iterator[None]:
    """In the election's own zone and language, whatever the thread's: the same for all readers."""
    with timezone.override(election.zone), translation.override(election.language):
        yield


def _draw(scene: Scene, template: str, context: dict[str, object]) -> SafeString:
    context |= {"scene": scene, "election": scene.election, "faces": scene.faces}
    with dressed_for(scene.election):
        html = render_to_string(template, context)
    # Templates are indented for those who read them; readers' phones need not carry that.
    lines = (line.strip() for line in html.splitlines())
    return mark_safe("\n".join(line for line in lines if line))  # noqa: S308

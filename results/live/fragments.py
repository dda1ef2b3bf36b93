"""Render the parts of pages that change, each with a fixed element id, from a snapshot.

Pages are built from fragments and bulletins carry fragments, so that a page with later bulletins
applied equals a fresh page. A fragment states everything its element shows, so that the latest
one is enough, and holds nothing personal, because all readers get the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from results.live.bodies import BodySnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import Entry, entries
from results.live.feed_list import placeholder
from results.live.map import hex_position_of, stripes_of
from results.live.map_marks import SeatMark
from results.live.seat import Seat
from results.live.seat_bars import SeatComparison
from results.live.seat_history import night_here, status_reports
from results.models import Bulletin, Contest, Election

Fragments = dict[str, SafeString]

#: Ids of the live page's fragments about the whole night, in page order.
NIGHT = (
    *("progress", "headline", "scoreboard", "line", "elsewhere", "groups", "feed", "expected"),
    "watch",
)
#: Number of entries of the feed on the live page: as long as its state of the night is beside it.
FEED = 20


@dataclass(frozen=True, slots=True)
class RenderedEntry:
    """One entry of the feed as HTML, which depends on no other entry. `id` is its element's."""

    id: str
    sort_key: tuple[int, str, int]
    html: SafeString


EntryT = TypeVar("EntryT", Entry, RenderedEntry)


def render_night(
    snapshot: ElectionSnapshot,
    names: Iterable[str] = NIGHT,
    newest: Sequence[RenderedEntry] | None = None,
) -> Fragments:
    """Return `{id: html}` of the named fragments, among `NIGHT` and "corrections".

    "feed" includes the fragments of its entries. `newest` are these entries if they are rendered
    already.
    """
    fragments: Fragments = {}
    for name in names:
        if name == "feed":
            newest = newest_entries(snapshot) if newest is None else newest
            fragments |= {entry.id: entry.html for entry in newest}
            fragments |= render_feed_list(snapshot, [entry.id for entry in newest])
        else:
            fragments[name] = _render_part(snapshot, name)
    return fragments


def _render_part(snapshot: ElectionSnapshot, name: str) -> SafeString:
    """Render one of the night's fragments, unless it shows the same as after the last bulletin."""
    shown = _shown_in(snapshot, name)
    known = snapshot.known_parts.get(name)
    if known is not None and known[0] == shown:
        return known[1]
    html = _render(snapshot, _template_of(name), {"id": name})
    if shown is not None:
        # Another snapshot may have the former ones, so that they are not changed in place.
        snapshot.known_parts = {**snapshot.known_parts, name: (shown, html)}
    return html


def _shown_in(snapshot: ElectionSnapshot, name: str) -> Any:
    """Return all that a fragment shows which many bulletins leave as it is; None for others."""
    if name == "line":
        return snapshot.night_chart, bool(snapshot.to_come)
    if name == "watch":
        return snapshot.seats_to_watch
    return None


def _template_of(name: str) -> str:
    # External figures keep their older element id, because embedding pages rely on it.
    return f"reader/_{'external_figures' if name == 'elsewhere' else name}.html"


def render_feed_list(snapshot: ElectionSnapshot, entry_ids: Iterable[str]) -> Fragments:
    """Return `{"feed": html}`: the list of the newest entries, without the entries themselves."""
    placeholders = [placeholder(entry_id) for entry_id in entry_ids]
    return {"feed": _render(snapshot, "reader/_feed.html", {"id": "feed", "entries": placeholders})}


def newest_entries(snapshot: ElectionSnapshot) -> tuple[RenderedEntry, ...]:
    """Read and render the feed's newest entries."""
    return render_entries(snapshot, entries(snapshot, FEED))


def render_entries(snapshot: ElectionSnapshot, some: Iterable[Entry]) -> tuple[RenderedEntry, ...]:
    return tuple(
        RenderedEntry(entry.id, entry.sort_key, _render(snapshot, entry.template, {"entry": entry}))
        for entry in some
    )


def merge_entries(
    newest: Iterable[RenderedEntry], changed: Iterable[RenderedEntry]
) -> tuple[RenderedEntry, ...]:
    """The newest entries after some were added or rendered again, and none removed."""
    return tuple(newest_of((*newest, *changed)))


def newest_of(some: Iterable[EntryT]) -> list[EntryT]:
    """Return the feed's newest of these entries; the last version of each counts."""
    by_key = {entry.sort_key: entry for entry in some}
    ordered = [by_key[key] for key in sorted(by_key, reverse=True)]
    # As in `entries`, those of the last bulletin stay together.
    last = ordered[:FEED][-1].sort_key[0] if ordered else 0
    return [entry for entry in ordered if entry.sort_key[0] >= last]


def render_seat(
    snapshot: ElectionSnapshot, seat: Seat, unstored: Iterable[Bulletin] = ()
) -> Fragments:
    """Return `{id: html}` of the seat's own page, without its quotes and photos.

    `unstored` are the bulletins that the present transaction has not stored yet.
    """
    element_id = f"seat-{seat.contest.slug}"
    history = snapshot.history(seat)
    reports = status_reports(seat, unstored)
    with election_locale(snapshot.election):
        steps = night_here(seat, reports, history)
    context: dict[str, object] = {"id": element_id, "seat": seat, "history": history}
    context |= {"steps": steps, "comparison": SeatComparison(seat)}
    return {element_id: _render(snapshot, "reader/_seat.html", context)}


def render_seat_quotes(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    element_id = f"seat-voices-{contest.slug}"
    context = {
        "id": element_id,
        "contest": contest,
        "quotes": snapshot.quotes_from(contest),
        "photos": snapshot.photos_from(contest),
    }
    return {element_id: _render(snapshot, "reader/_seat_quotes.html", context)}


def render_row(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    """Return `{id: html}` of a seat's row in lists, its hexagon, and its hexagon in map modes.

    The contest needs the standing and the holders that `with_results` prefetches.
    """
    return render_row_and_hexagon(snapshot, contest) | render_shade(snapshot, contest)


def render_row_and_hexagon(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    """Return `{id: html}` of a seat's row in lists and its hexagon on the map of winners."""
    elements = f"row-{contest.slug}", f"hex-{contest.slug}"
    names, context = ("_row.html", "_hex.html"), _placed(snapshot, contest)
    if snapshot.shows_wards:
        ward = context["ward"] = snapshot.ward(contest)
        names = ("_ward_row.html", "_ward_tile.html")
        context["tile_classes"] = f"{'hex' if context['position'] else 'tile'} {ward.classes}"
        if context["position"]:
            names = ("_ward_row.html", "_ward_hex.html")
            parts = ward.parts
            context["stripes"] = list(zip(parts, stripes_of(len(parts)), strict=True))
    return {
        element: _render(snapshot, f"reader/{name}", context | {"id": element})
        for element, name in zip(elements, names, strict=True)
    }


def render_shade(snapshot: ElectionSnapshot, contest: Contest) -> Fragments:
    """Return `{id: html}` of a seat's hexagon in the map's other modes; none for a ward.

    It is separate from the hexagon of the map of winners, because the codes of 650 would be a part
    in forty of a first visit: pages show it, and are sent it, once a reader has chosen a mode.
    """
    if snapshot.shows_wards or snapshot.has_separate_results:
        return {}
    element, context = shade_id(contest.slug), _placed(snapshot, contest)
    context |= {"id": element, "code": context["mark"].code}
    return {element: _render(snapshot, "reader/_hex.html", context)}


def _placed(snapshot: ElectionSnapshot, contest: Contest) -> dict[str, Any]:
    standing = getattr(contest, "standing", None)
    defender = "" if standing and standing.has_result else snapshot.defender_of(contest)
    return {
        "contest": contest,
        "standing": standing,
        "position": hex_position_of(contest.hex_q, contest.hex_r, snapshot.election.hex_layout),
        "mark": SeatMark(standing, snapshot.swing_pair, defender),
    }


def shade_id(contest_slug: str) -> str:
    return f"shade-{contest_slug}"


def render_body(snapshot: ElectionSnapshot, body: BodySnapshot) -> Fragments:
    """Return `{id: html}` of one council: its own state, and its row among others."""
    element, row = body_id(body.slug), body_row_id(body.slug)
    return {
        element: _render(snapshot, "reader/_body.html", {"id": element, "body": body}),
        row: _render(snapshot, "reader/_body_row.html", {"id": row, "body": body}),
    }


def body_id(slug: str) -> str:
    return f"body-{slug}"


def body_row_id(slug: str) -> str:
    return f"council-{slug}"


def ward_id(body_slug: str, contest_slug: str) -> str:
    """Return the id of the empty fragment that signals a change in a body's contest.

    No element has it. The topic of the body finds the contest's row and tile by it, and its page
    fetches the feed again.
    """
    return f"ward.{body_slug}.{contest_slug}"


def region_id(slug: str) -> str:
    """Return the id of the empty fragment that signals a change in a region.

    No element has it: pages of the region are lists, which are fetched again.
    """
    return f"region-{slug}"


@contextmanager
def election_locale(election: Election) -> Iterator[None]:
    """Activate the election's own time zone and language, which are the same for all readers."""
    with timezone.override(election.zone), translation.override(election.page_language):
        yield


def _render(snapshot: ElectionSnapshot, template: str, context: dict[str, object]) -> SafeString:
    context |= {
        "snapshot": snapshot,
        "election": snapshot.election,
        "party_names": snapshot.party_names,
    }
    with election_locale(snapshot.election):
        html = render_to_string(template, context)
    return mark_safe(without_indentation(html))  # noqa: S308


def without_indentation(html: str) -> str:
    """Remove indentation and blank lines, to save bytes in every frame and page."""
    # Not splitlines: a reader's words may contain a line separator, and JSON must keep it.
    lines = [line.strip(" \t\r") for line in html.split("\n")]
    return "\n".join([line for line in lines if line])

"""Every seat of a night twice: as a row in a list by region, and on the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from results.live.cached_snapshot import CachedSnapshot
from results.live.map import Extent, HexPosition, extent_of, hex_position_of
from results.live.night_cache import CachedContest
from results.models import Election, Region
from results.reader.html import Html
from results.reader.pages import Context


@dataclass(frozen=True, slots=True)
class Map:
    """Seats with a position as hexagons; the others as tiles under their region's name."""

    hexes: Html
    extent: Extent | None
    by_row: bool
    tiles: list[tuple[str, Html]]


def seats_by_region(snapshot: CachedSnapshot) -> Context:
    """`regions`: `[(region, rows), …]` in order of name; `map`: the same seats."""
    regions = [
        (seats[0].contest.region, seats)
        for _region, keys in snapshot.cached.lists.by_region
        if (seats := snapshot.cached.some(keys))
    ]
    return {
        "regions": [(region, rows_of(snapshot, seats)) for region, seats in regions],
        "map": _map(snapshot, regions),
    }


def _map(
    snapshot: CachedSnapshot, regions: Sequence[tuple[Region | None, list[CachedContest]]]
) -> Map:
    layout = snapshot.election.hex_layout
    placed = [seat for _region, seats in regions for seat in seats if _position(seat, layout)]
    positions = [position for seat in placed if (position := _position(seat, layout))]
    tiles = [
        (region.name if region else "", [seat for seat in seats if not _position(seat, layout)])
        for region, seats in regions
    ]
    return Map(
        hexes=_hexagons(snapshot, placed),
        extent=extent_of(positions) if positions else None,
        by_row=layout in (Election.HexLayout.ODD_R, Election.HexLayout.EVEN_R),
        tiles=[(region, _hexagons(snapshot, seats)) for region, seats in tiles if seats],
    )


def _position(cached: CachedContest, layout: str) -> HexPosition | None:
    contest = cached.contest
    return cached.made("position", lambda: hex_position_of(contest.hex_q, contest.hex_r, layout))


def _hexagons(snapshot: CachedSnapshot, seats: Iterable[CachedContest]) -> Html:
    return Html(tuple(snapshot.hexagon(seat) for seat in seats))


def rows_of(snapshot: CachedSnapshot, seats: Iterable[CachedContest]) -> Html:
    """The row of each contest."""
    return Html(tuple(snapshot.row(seat) for seat in seats))

"""Lists of every seat of a night: as rows by region, and on the map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from results.live.cached_snapshot import CachedSnapshot
from results.live.map import Extent, HexPosition, extent_of, hex_position_of
from results.live.map_labels import RegionLabel, extent_with, letter_size, region_labels
from results.live.night_cache import CachedContest
from results.models import Body, Contest, Election, Region
from results.reader.html import Html
from results.reader.maps import map_context, ward_map_context
from results.reader.pages import Context

#: Layouts whose hexagons point up.
BY_ROW = (Election.HexLayout.ODD_R, Election.HexLayout.EVEN_R)


@dataclass(frozen=True, slots=True)
class Map:
    """Seats with a position as hexagons; the others as tiles under their region's name."""

    hexes: Html
    extent: Extent | None
    by_row: bool
    tiles: list[tuple[str, Html]]
    labels: Sequence[RegionLabel] = ()
    #: Of wards: whether the earlier holders of some are known.
    shows_holders: bool = True

    @property
    def letter_size(self) -> str:
        """The size of the letters of `labels` on phones, in the units of the map."""
        return f"{letter_size(self.extent):.1f}" if self.extent else ""


@dataclass(frozen=True, slots=True)
class _Places:
    """Keys of the seats with a position, and of the others by the name of their region.

    `labels` are the names of the regions on the map, by the language that is being read.
    """

    placed: list[int]
    extent: Extent | None
    labels: list[RegionLabel]
    others: list[tuple[str, list[int]]]


def seats_by_region(snapshot: CachedSnapshot) -> Context:
    """`regions`: `[(region, size, rows), …]` in order of name, for the list of every seat.

    Of a council's wards, the council stands in place of the region.
    """
    if snapshot.shows_wards:
        named = [(section.local_name, wards) for section, wards in _sections(snapshot)]
    else:
        named = [(_name_of(seats[0].contest.region), seats) for seats in _regions(snapshot)]
    return {
        "regions": [(name, _size(snapshot, some), rows_of(snapshot, some)) for name, some in named]
    }


def _name_of(region: Region | None) -> str:
    return region.local_name if region else ""


def _size(snapshot: CachedSnapshot, seats: Sequence[CachedContest]) -> str:
    """Text such as “24 wards”; “16 seats” of a region's constituencies and its list."""
    contests = [seat.contest for seat in seats]
    if any(contest.region_contest_id for contest in contests):
        return snapshot.words.prize.number(sum(contest.seats for contest in contests))
    return snapshot.words.listed.number(len(contests))


def folded_seat_list(snapshot: CachedSnapshot) -> SafeString:
    """The list of every seat without the rows, which a page of their own has.

    It is the same all night, so it is rendered again only once details are edited.
    """
    memo = snapshot.cached.lists.memo
    if "folded list" not in memo:
        some = _regions(snapshot)
        regions = [
            (_name_of(seats[0].contest.region), _size(snapshot, seats), None) for seats in some
        ]
        context = {"snapshot": snapshot, "election": snapshot.election, "regions": regions}
        memo["folded list"] = render_to_string("reader/_seat_list.html", {**context, "apart": True})
    return cast(SafeString, memo["folded list"])


def seats_on_map(snapshot: CachedSnapshot, mode: str = "") -> Context:
    """`map`: every seat, in one of the map's modes, and what its template needs besides."""
    if snapshot.shows_wards:
        context = ward_map_context(snapshot.election, mode)
        return {"map": map_of_wards(snapshot, _sections(snapshot)), **context}
    return {
        "map": _map(snapshot, "" if snapshot.has_separate_results else mode),
        **map_context(snapshot, mode),
    }


def _sections(snapshot: CachedSnapshot) -> list[tuple[Body | Contest, list[CachedContest]]]:
    return [(part, snapshot.cached.some(keys)) for part, keys in snapshot.cached.lists.sections]


def map_of_wards(
    snapshot: CachedSnapshot, sections: Iterable[tuple[Body | Contest, list[CachedContest]]]
) -> Map:
    """The wards of each section: as hexagons where a file says where they are, else as tiles."""
    layout = snapshot.election.hex_layout
    placed: list[CachedContest] = []
    positions: list[HexPosition] = []
    tiles: list[tuple[str, Html]] = []
    shows_holders = False
    for section, some in sections:
        others = []
        for ward in some:
            contest = ward.contest
            shows_holders = shows_holders or bool(snapshot.holders_of(contest))
            position = hex_position_of(contest.hex_q, contest.hex_r, layout)
            if position is None:
                others.append(ward)
            else:
                placed.append(ward)
                positions.append(position)
        if others:
            tiles.append((section.local_name, _hexagons(snapshot, others)))
    extent = extent_of(positions) if positions else None
    hexes = _hexagons(snapshot, placed)
    return Map(hexes, extent, layout in BY_ROW, tiles, shows_holders=shows_holders)


def _regions(snapshot: CachedSnapshot) -> list[list[CachedContest]]:
    """The seats of each region, in order of its name."""
    some = (snapshot.cached.some(keys) for _region, keys in snapshot.cached.lists.by_region)
    return [seats for seats in some if seats]


def _map(snapshot: CachedSnapshot, mode: str) -> Map:
    memo, cached = snapshot.cached.lists.memo, snapshot.cached
    if "places" not in memo:
        memo["places"] = _places(snapshot)
    places: _Places = memo["places"]
    return Map(
        hexes=_hexagons(snapshot, cached.some(places.placed), mode),
        extent=places.extent,
        by_row=snapshot.election.hex_layout in BY_ROW,
        tiles=[
            (name, _hexagons(snapshot, cached.some(keys), mode)) for name, keys in places.others
        ],
        labels=places.labels,
    )


def _places(snapshot: CachedSnapshot) -> _Places:
    """Positions of the seats, which change only when details are edited."""
    layout, regions = snapshot.election.hex_layout, _regions(snapshot)
    contests = [seat.contest for seats in regions for seat in seats]
    positions = {
        contest.pk: position
        for contest in contests
        if (position := hex_position_of(contest.hex_q, contest.hex_r, layout))
    }
    others = [
        (
            _name_of(seats[0].contest.region),
            [seat.contest.pk for seat in seats if seat.contest.pk not in positions],
        )
        for seats in regions
    ]
    extent = extent_of(list(positions.values())) if positions else None
    labels = _labels(regions, positions, extent)
    return _Places(
        placed=list(positions),
        extent=extent_with(labels, extent) if extent else None,
        labels=labels,
        others=[(name, keys) for name, keys in others if keys],
    )


def _labels(
    regions: Iterable[Sequence[CachedContest]],
    positions: Mapping[int, HexPosition],
    extent: Extent | None,
) -> list[RegionLabel]:
    """The names of the regions on the map; none where there is only one."""
    placed = {
        seats[0].contest.region.local_name: own
        for seats in regions
        if seats[0].contest.region
        and (own := [positions[one.contest.pk] for one in seats if one.contest.pk in positions])
    }
    return region_labels(placed, extent) if extent and len(placed) > 1 else []


def _hexagons(snapshot: CachedSnapshot, seats: Iterable[CachedContest], mode: str = "") -> Html:
    drawn = snapshot.shade if mode else snapshot.hexagon
    return Html(tuple(drawn(seat) for seat in seats))


def rows_of(snapshot: CachedSnapshot, seats: Iterable[CachedContest]) -> Html:
    """The row of each contest."""
    return Html(tuple(snapshot.row(seat) for seat in seats))

"""A contest's surroundings: neighbours on the map, region, and place in order of declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import hypot

from django.utils.safestring import SafeString

from results.live.area_snapshot import AreaSnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.map import STEP, WIDTH, Extent, HexPosition, extent_of, hex_position_of
from results.live.night_cache import CachedContest
from results.models import Body, Contest
from results.reader.html import Html
from results.reader.seat_lists import BY_ROW, rows_of
from results.words.party_names import PartyName

#: From a hexagon's middle to that of a neighbour, and of one behind it, with room for rounding.
FIRST_RING, SECOND_RING = WIDTH + 1, 2 * WIDTH + 1
#: Others of a region or a body that a seat without a place on the map is listed with.
MAX_OTHERS = 18


@dataclass(frozen=True, slots=True)
class Numbered:
    """A neighbouring hexagon's number, as in the list beside the map."""

    number: int
    position: HexPosition


class SeatSurroundings:
    """What a seat's page shows of other contests, as of one bulletin."""

    def __init__(self, snapshot: CachedSnapshot, cached: CachedContest) -> None:
        self.snapshot = snapshot
        self.cached = cached
        self.contest: Contest = cached.contest

    @property
    def topics(self) -> str:
        """Topics of the page: the seat, its region, and the contests that its map and list show."""
        shown = [*self.neighbours, *self._second_ring, self.previous, self.next]
        shown += [self.cached] if self.neighbours else []
        near = {f"near:{each.contest.slug}": None for each in shown if each is not None}
        region = [f"region:{self.contest.region.slug}"] if self.contest.region else []
        return ",".join([f"seat:{self.contest.slug}", *region, *near])

    # --- Neighbours -------------------------------------------------------------------------

    @cached_property
    def position(self) -> HexPosition | None:
        return positions(self.snapshot).get(self.contest.pk)

    @cached_property
    def _distances(self) -> list[tuple[float, int, int, CachedContest]]:
        """Contests within two rings: how far, from top to bottom and from left to right."""
        here = self.position
        if here is None:
            return []
        within = (
            (hypot(there.x - here.x, there.y - here.y), there.y, there.x, pk)
            for pk, there in positions(self.snapshot).items()
            if abs(there.x - here.x) <= SECOND_RING and abs(there.y - here.y) <= SECOND_RING
        )
        contests = self.snapshot.cached.contests
        return [
            (far, y, x, contests[pk])
            for far, y, x, pk in sorted(within, key=lambda each: each[1:])
            if 0 < far <= SECOND_RING and pk in contests
        ]

    @cached_property
    def neighbours(self) -> list[CachedContest]:
        """The contests next to it on the map; without a map, the others of a small region or body.

        Neighbours of a cartogram need not touch on the ground.
        """
        if self.position is not None:
            return [each for far, _y, _x, each in self._distances if far <= FIRST_RING]
        others = [each for each in self._siblings if each.contest.pk != self.contest.pk]
        return others if len(others) <= MAX_OTHERS else []

    @property
    def _second_ring(self) -> list[CachedContest]:
        return [each for far, _y, _x, each in self._distances if far > FIRST_RING]

    @property
    def _siblings(self) -> tuple[CachedContest, ...]:
        if self.contest.is_counting_area:
            return ()
        if self.snapshot.shows_wards:
            return tuple(self.snapshot.cached.some(self._section[1])) if self._section else ()
        every = self.snapshot.cached_contests
        if self.contest.region_id is None:
            return tuple(each for each in every if each.contest.body_id == self.contest.body_id)
        return tuple(each for each in every if each.contest.region_id == self.contest.region_id)

    @cached_property
    def _section(self) -> tuple[Body | Contest, list[int]] | None:
        return self.snapshot.cached.lists.section_of(self.contest.pk)

    @property
    def place_of_others(self) -> str:
        """The region or council of those without a position on the map; empty without either.

        Empty for those of a whole chamber too: nobody says that a constituency is “in Senedd”.
        """
        if self.snapshot.shows_wards:
            if self._section is None:
                return ""
            section, _contests = self._section
            is_chamber = isinstance(section, Body) and not self.snapshot.election.rules.has_control
            return "" if is_chamber else section.local_name
        return self.contest.region.local_name if self.contest.region else ""

    @property
    def rows(self) -> Html:
        """The neighbours' rows, in the order of their numbers."""
        return rows_of(self.snapshot, self.neighbours)

    @property
    def own_hexagon(self) -> SafeString:
        return self.snapshot.hexagon(self.cached)

    @property
    def near_hexagons(self) -> Html:
        return Html(tuple(self.snapshot.hexagon(each) for each in self.neighbours))

    @property
    def far_hexagons(self) -> Html:
        return Html(tuple(self.snapshot.hexagon(each) for each in self._second_ring))

    @property
    def numbers(self) -> list[Numbered]:
        there = positions(self.snapshot)
        return [
            Numbered(number, there[each.contest.pk])
            for number, each in enumerate(self.neighbours, start=1)
        ]

    @property
    def by_row(self) -> bool:
        return self.snapshot.election.hex_layout in BY_ROW

    @property
    def extent(self) -> Extent | None:
        """The rectangle of two rings, however many hexagons there are in them."""
        if self.position is None:
            return None
        x, y, far = self.position.x, self.position.y, 2 * WIDTH
        return extent_of([HexPosition(x - far, y - far + 3), HexPosition(x + far, y + far - 3)])

    # --- The whole country ------------------------------------------------------------------

    @property
    def country(self) -> "Country | None":
        """The whole map in one shape; None where two rings are most of it."""
        if self.position is None:
            return None
        memo = self.snapshot.cached.lists.memo
        if "country" not in memo:
            memo["country"] = Country.of(positions(self.snapshot))
        country: Country = memo["country"]
        return country if len(positions(self.snapshot)) > 40 else None

    @property
    def region_shape(self) -> str:
        """Its region in one shape; empty without one."""
        region = self.contest.region_id
        if region is None:
            return ""
        memo = self.snapshot.cached.lists.memo
        key = f"shape {region}"
        if key not in memo:
            there = positions(self.snapshot)
            contests = self.snapshot.cached.contests
            memo[key] = shape_of(
                {pk: at for pk, at in there.items() if contests[pk].contest.region_id == region}
            )
        shape: str = memo[key]
        return shape

    # --- Region and order -------------------------------------------------------------------

    @cached_property
    def region(self) -> AreaSnapshot | None:
        region = self.contest.region
        return AreaSnapshot(self.snapshot, region) if region else None

    @cached_property
    def _declared(self) -> tuple[list[CachedContest], int | None]:
        order = self.snapshot.declared
        keys = [each.contest.pk for each in order]
        pk = self.contest.pk
        return order, keys.index(pk) if pk in keys else None

    @property
    def number_declared(self) -> int | None:
        """Position of this result in order of declaration, from 1; None without a result."""
        index = self._declared[1]
        return None if index is None else index + 1

    @property
    def previous(self) -> CachedContest | None:
        """The contest that declared before it; None while it has no result itself."""
        order, index = self._declared
        return order[index - 1] if index else None

    @property
    def next(self) -> CachedContest | None:
        order, index = self._declared
        return order[index + 1] if index is not None and index + 1 < len(order) else None

    @property
    def winner(self) -> str:
        """The label of the party to link to; empty without one."""
        standing = self.cached.standing
        elected = standing.summary.get("elected") if standing and self.cached.has_result else None
        label = str(elected[0]["label"]) if elected else ""
        return label if label and self.snapshot.party_names[label].is_party else ""

    @property
    def winner_name(self) -> PartyName | None:
        return self.snapshot.party_names[self.winner] if self.winner else None


def positions(snapshot: CachedSnapshot) -> Mapping[int, HexPosition]:
    """Positions of the contests on the map, by key, which change only when details are edited."""
    memo = snapshot.cached.lists.memo
    if "positions" not in memo:
        layout = snapshot.election.hex_layout
        memo["positions"] = {
            each.contest.pk: position
            for each in snapshot.cached_contests
            if (position := hex_position_of(each.contest.hex_q, each.contest.hex_r, layout))
        }
    found: dict[int, HexPosition] = memo["positions"]
    return found


@dataclass(frozen=True, slots=True)
class Country:
    """The whole map as one shape."""

    shape: str
    extent: Extent

    @classmethod
    def of(cls, places: Mapping[int, HexPosition]) -> "Country":
        return cls(shape_of(places), extent_of(list(places.values())))


def shape_of(places: Mapping[int, HexPosition]) -> str:
    """An SVG path with a square for each place: small enough, a hexagon looks the same."""
    half, high = WIDTH // 2, STEP // 2 + 1
    square = f"h{WIDTH}v{2 * high}h-{WIDTH}z"
    return "".join(f"M{at.x - half} {at.y - high}{square}" for at in places.values())

"""Every seat of a night twice: as a line in a list, and as a place on the map."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import render_row
from results.live.map import Extent, extent_of, hex_position_of
from results.models import Contest, Election, Region
from results.reader.pages import Context


@dataclass(frozen=True, slots=True)
class Map:
    """Seats with a place as hexagons; the others as tiles under their region's name."""

    hexes: list[str]
    extent: Extent | None
    by_row: bool
    tiles: list[tuple[str, list[str]]]


def seats_by_region(snapshot: ElectionSnapshot) -> Context:
    """``regions``: ``[(region, [row, …]), …]`` in order of name; ``map``: the same seats."""
    contests = list(
        Contest.objects.filter(election=snapshot.election)
        .select_related("region", "standing")
        .order_by("region__name", "name")
    )
    drawn = {contest.pk: render_row(snapshot, contest) for contest in contests}

    def parts(prefix: str, some: Iterable[Contest]) -> list[str]:
        return [drawn[contest.pk][f"{prefix}-{contest.slug}"] for contest in some]

    regions = [(region, list(seats)) for region, seats in groupby(contests, key=_region_of)]
    places = {
        contest.pk: place
        for contest in contests
        if (place := hex_position_of(contest.hex_q, contest.hex_r, snapshot.election.hex_layout))
    }
    tiles = [
        (region, [contest for contest in seats if contest.pk not in places])
        for region, seats in regions
    ]
    return {
        "regions": [(region, parts("row", seats)) for region, seats in regions],
        "map": Map(
            hexes=parts("hex", (contest for contest in contests if contest.pk in places)),
            extent=extent_of(list(places.values())) if places else None,
            by_row=snapshot.election.hex_layout
            in (Election.HexLayout.ODD_R, Election.HexLayout.EVEN_R),
            tiles=[(_name(region), parts("hex", seats)) for region, seats in tiles if seats],
        ),
    }


def _region_of(contest: Contest) -> Region | None:
    return contest.region


def _name(region: Region | None) -> str:
    return region.name if region else ""

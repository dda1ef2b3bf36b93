"""Every seat of a night twice: as a row in a list by region, and on the map."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import render_row
from results.live.map import Extent, extent_of, hex_position_of
from results.models import Contest, Election
from results.reader.pages import Context


@dataclass(frozen=True, slots=True)
class Map:
    """Seats with a position as hexagons; the others as tiles under their region's name."""

    hexes: list[str]
    extent: Extent | None
    by_row: bool
    tiles: list[tuple[str, list[str]]]


def seats_by_region(snapshot: ElectionSnapshot) -> Context:
    """`regions`: `[(region, [row, …]), …]` in order of name; `map`: the same seats."""
    contests = list(
        Contest.objects.filter(election=snapshot.election)
        .select_related("region", "standing")
        .order_by("region__name", "name")
    )
    fragments = {contest.pk: render_row(snapshot, contest) for contest in contests}

    def html_of(prefix: str, some: Iterable[Contest]) -> list[str]:
        return [fragments[contest.pk][f"{prefix}-{contest.slug}"] for contest in some]

    regions = [
        (region, list(seats))
        for region, seats in groupby(contests, key=lambda contest: contest.region)
    ]
    positions = {
        contest.pk: position
        for contest in contests
        if (position := hex_position_of(contest.hex_q, contest.hex_r, snapshot.election.hex_layout))
    }
    tiles = [
        (region, [contest for contest in seats if contest.pk not in positions])
        for region, seats in regions
    ]
    return {
        "regions": [(region, html_of("row", seats)) for region, seats in regions],
        "map": Map(
            hexes=html_of("hex", (contest for contest in contests if contest.pk in positions)),
            extent=extent_of(list(positions.values())) if positions else None,
            by_row=snapshot.election.hex_layout
            in (Election.HexLayout.ODD_R, Election.HexLayout.EVEN_R),
            tiles=[
                (region.name if region else "", html_of("hex", seats))
                for region, seats in tiles
                if seats
            ],
        ),
    }


def rows_of(snapshot: ElectionSnapshot, contests: Iterable[Contest]) -> list[str]:
    """The row of each contest, as HTML."""
    return [render_row(snapshot, contest)[f"row-{contest.slug}"] for contest in contests]

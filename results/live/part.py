"""A part of an election as a scene of its own: the same scoreboard for a region."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Sum

from results.arithmetic import Tally
from results.live.scene import Scene
from results.models import Contest, Region, Standing


class RegionScene(Scene):
    """The contests of one region. A majority of the House cannot be read off them."""

    def __init__(self, whole: Scene, region: Region) -> None:
        super().__init__(whole.election, whole.night)
        self.region = region

    @cached_property
    def tally(self) -> Tally:
        standings = Standing.objects.filter(contest__region=self.region)
        added = standings.values_list("contribution", flat=True)
        return sum_of(Tally.from_json(one) for one in added if one)

    @cached_property
    def covered(self) -> dict[str, int]:
        contests = Contest.objects.filter(region=self.region)
        return {
            "contests": contests.count(),
            "seats": contests.aggregate(all=Sum("seats"))["all"] or 0,
        }

    @property
    def whole_house(self) -> bool:
        return False


def sum_of(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole = whole.plus(tally)
    return whole

"""The snapshot of one region or group: the election's scoreboard for a part of its contests."""

from functools import cached_property, reduce

from django.db.models import QuerySet

from results.arithmetic import Tally
from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Group, Region, Standing


class AreaSnapshot(ElectionSnapshot):
    """The contests of one area. They say nothing about a majority in the whole House."""

    def __init__(self, whole: ElectionSnapshot, area: Region | Group) -> None:
        super().__init__(whole.election, whole.night)
        self.area = area

    @property
    def contests(self) -> "QuerySet[Contest]":
        contests: QuerySet[Contest] = self.area.contests.all()
        return contests

    @cached_property
    def tally(self) -> Tally:
        standings = Standing.objects.filter(contest__in=self.contests)
        stored = standings.values_list("contribution", flat=True)
        return reduce(Tally.plus, (Tally.from_json(data) for data in stored if data), Tally())

    @property
    def whole_house(self) -> bool:
        return False

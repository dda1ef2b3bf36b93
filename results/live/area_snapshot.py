"""A part of an election as a scene of its own: the same scoreboard for a region or a group."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import QuerySet

from results.arithmetic import Tally
from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Group, Region, Standing


class AreaSnapshot(ElectionSnapshot):
    """The contests of one place. A majority of the House cannot be read off them."""

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
        added = standings.values_list("contribution", flat=True)
        return sum_of(Tally.from_json(one) for one in added if one)

    @property
    def whole_house(self) -> bool:
        return False


def sum_of(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole = whole.plus(tally)
    return whole

"""The snapshot of one region or group: the election's scoreboard for a part of its contests."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from django.db.models import QuerySet

from results.arithmetic import Tally
from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot, covered_by
from results.live.contest_lists import Area
from results.live.night_cache import CachedContest
from results.live.party_table import LabelsStanding
from results.models import Contest

MadeT = TypeVar("MadeT")


class AreaSnapshot(CachedSnapshot):
    """Snapshot of one area's contests, for which a majority in the House has no meaning."""

    def __init__(self, whole: CachedSnapshot, area: Area) -> None:
        super().__init__(whole.election, whole.cached)
        self.area = area
        self.party_names = whole.party_names

    @property
    def contests(self) -> "QuerySet[Contest]":
        contests: QuerySet[Contest] = self.area.contests.filter(part_of=None)
        return contests

    @cached_property
    def cached_contests(self) -> tuple[CachedContest, ...]:
        return tuple(self.cached.some(self.cached.lists.members(self.area)))

    @cached_property
    def covered(self) -> dict[str, int]:
        return covered_by(self.cached_contests)

    @cached_property
    def tally(self) -> Tally:
        return self.cached.lists.tally(self.area, self.cached_contests)

    @cached_property
    def labels_standing(self) -> LabelsStanding:
        return self.cached.lists.labels_standing(self.area)

    @property
    def whole_house(self) -> bool:
        return False

    @cached_property
    def bodies(self) -> tuple[BodySnapshot, ...]:
        """Always empty, because an area may have only some of a body's contests."""
        return ()

    def made(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return `make()`, cached for the area until a bulletin changes one of its contests."""
        return self.cached.lists.made(name, self.area, self.cached_contests, make)

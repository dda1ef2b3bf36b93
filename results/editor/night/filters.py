"""Filters of the night dashboard by region, group and kind, kept in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet
from django.http import QueryDict

from results.arithmetic import read_id
from results.editor.contest_states import ContestWithState, with_state
from results.models import Contest, Election, Group, Region

#: Kinds of rows by the value of the filter, in the order in which they are offered.
KINDS: Mapping[str, tuple[str, ...]] = {
    "results": ("differ", "result", "correction"),
    "quotes": ("quote",),
    "photos": ("photo",),
    "counts": ("winner", "incomplete", "overdue", "nobody"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters: ids of a region and a group, 0 for all; a key of `KINDS`, empty for all."""

    region: int = 0
    group: int = 0
    kind: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read an address; what it does not have, or has wrongly, filters nothing."""
        kind = query.get("kind", "")
        return cls(
            region=read_id(query.get("region", "")) or 0,
            group=read_id(query.get("group", "")) or 0,
            kind=kind if kind in KINDS else "",
        )

    @property
    def address(self) -> str:
        """The part of the address from the question mark on; empty without a filter."""
        query = QueryDict(mutable=True)
        for name in ("region", "group", "kind"):
            if value := getattr(self, name):
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else ""

    def shows(self, *kinds: str) -> bool:
        """Whether rows of any of these kinds are listed."""
        return not self.kind or any(kind in KINDS[self.kind] for kind in kinds)

    def lookup(self, prefix: str = "") -> Q:
        """The condition on contests, of a model that refers to them by `prefix`."""
        found = Q()
        if self.region:
            found &= Q(**{f"{prefix}region": self.region})
        if self.group:
            # A subquery: a join would list a contest once for each of its groups.
            contests = Group.contests.through.objects.filter(group=self.group)
            found &= Q(**{f"{prefix}pk__in": contests.values("contest")})
        return found

    def contests(self, election: Election) -> "QuerySet[ContestWithState]":
        """The election's contests that are listed, each with its state."""
        contests = Contest.objects.filter(self.lookup(), election=election)
        return with_state(contests).select_related("standing")


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of the filters, as `(value, name)`."""

    elections: list[tuple[int, str]]
    regions: list[tuple[int, str]]
    groups: list[tuple[int, str]]


#: Elections offered, the newest first.
MAX_ELECTIONS = 20


def choices_of(election: Election) -> Choices:
    """The nights, and the regions and groups of this one, in three queries."""
    newest = Election.objects.order_by("-date", "slug").values_list("pk", "name")
    elections = list(newest[:MAX_ELECTIONS])
    if election.pk not in dict(elections):
        elections.append((election.pk, election.name))
    used = Contest.objects.filter(election=election).exclude(region=None).values("region")
    regions = Region.objects.filter(pk__in=used).values_list("pk", "name")
    groups = Group.objects.filter(election=election).values_list("pk", "name")
    return Choices(elections, list(regions), list(groups))

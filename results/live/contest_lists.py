"""Cached lists of a night's contests by region, group and body, which no result changes."""

from collections.abc import Callable
from functools import cached_property
from itertools import groupby, zip_longest
from typing import Any, Protocol, TypeVar, cast

from django.db.models import F, QuerySet

from results.arithmetic import Holder, Tally
from results.arithmetic.holders import holders_up
from results.live.party_table import LABEL_COLUMNS, LabelsStanding, label_of, labels_standing
from results.models import Body, Contest, Election, Group, LastVotes, Region, SittingMember

#: A region or a group of contests.
Area = Region | Group
#: A region, group or body, each of which has contests and so a tally.
Part = Area | Body

MadeT = TypeVar("MadeT")


class Counted(Protocol):
    """A contest as it stands, with its contribution to a tally."""

    @property
    def contribution(self) -> Tally: ...


class ContestLists:
    """The lists of contests of one election, each read when first used.

    They change only with a new epoch, or with a bulletin about edited details.
    """

    def __init__(self, election: Election) -> None:
        #: Cache of values computed from contests' details, by name.
        self.memo: dict[str, Any] = {}
        self._contests = Contest.objects.filter(election=election, part_of=None)
        self._election, self._election_pk = election, election.pk
        self._members: dict[tuple[str, int], tuple[int, ...]] = {}
        self._labels: dict[tuple[str, int], LabelsStanding] = {}
        self._tallies: dict[tuple[str, int], tuple[tuple[Counted, ...], Tally]] = {}
        self._made: dict[tuple[str, str, int], tuple[tuple[Counted, ...], Any]] = {}

    @cached_property
    def by_region(self) -> list[tuple[int | None, list[int]]]:
        """`[(region, [contest, …]), …]` as keys, in order of the regions' and contests' names."""
        # Contests without a region come first on every database.
        name_of_region = F("region__sort_key").asc(nulls_first=True)
        ordered = self._contests.order_by(name_of_region, "sort_key", "pk")
        keys = ordered.values_list("region", "pk")
        return [
            (region, [pk for _region, pk in rows])
            for region, rows in groupby(keys, key=lambda row: row[0])
        ]

    @cached_property
    def bodies(self) -> list[Body]:
        """The bodies that some contest elects to, in order of name."""
        return list(
            Body.objects.filter(election=self._election_pk, contests__isnull=False)
            .order_by("sort_key", "pk")
            .distinct()
        )

    @cached_property
    def by_body(self) -> list[tuple[Body, list[int]]]:
        """`[(body, [contest, …]), …]`, the contests as keys in order of name."""
        members: dict[int, list[int]] = {body.pk: [] for body in self.bodies}
        for body, pk in self._contests.order_by("sort_key", "pk").values_list("body", "pk"):
            members.setdefault(body, []).append(pk)
        return [(body, members[body.pk]) for body in self.bodies]

    @cached_property
    def sections(self) -> list[tuple[Body | Contest, list[int]]]:
        """The contests in the sections that lists and maps show: one for each body, by name.

        Of a body with several regions' lists there is one for each region instead: the
        constituencies whose seats its list counts, then the list.
        """
        with_region = self._contests.exclude(region_contest=None)
        region_of = dict(with_region.values_list("pk", "region_contest"))
        regions = Contest.objects.in_bulk(set(region_of.values())) if region_of else {}
        found: list[tuple[Body | Contest, list[int]]] = []
        for body, keys in self.by_body:
            lists = [pk for pk in keys if pk in regions]
            apart = lists if len(lists) > 1 else []
            rest = [pk for pk in keys if pk not in regions and region_of.get(pk) not in apart]
            if not apart:
                rest += lists
            if rest:
                found.append((body, rest))
            for region in apart:
                own = [pk for pk in keys if region_of.get(pk) == region]
                found.append((regions[region], [*own, region]))
        return found

    def section_of(self, contest: int) -> tuple[Body | Contest, list[int]] | None:
        """The section with this contest; None of a counting area, which is in none."""
        return next((section for section in self.sections if contest in section[1]), None)

    @cached_property
    def holders(self) -> dict[int, tuple[str, ...]]:
        """The labels of the holders of the seats that are up, by contest, where they are known."""
        election = self._election
        rows: QuerySet[Any]
        if election.baseline == Election.Baseline.SITTING:
            rows, contest = SittingMember.objects.filter(contest__in=self._contests), "contest"
        else:
            contest = "last_result__contest"
            rows = LastVotes.objects.filter(**{f"{contest}__in": self._contests, "elected": True})
        holders: dict[int, list[Holder]] = {}
        for key, *names in rows.order_by("pk").values_list(contest, *LABEL_COLUMNS):
            holders.setdefault(key, []).append(Holder(label=label_of(*names)))
        seats = dict(self._contests.values_list("pk", "seats"))
        up = {pk: holders_up(some, seats[pk]) for pk, some in holders.items()}
        return {pk: tuple(each.label for each in some) for pk, some in up.items() if some}

    @cached_property
    def regions(self) -> list[Region]:
        return list(Region.objects.filter(election=self._election_pk))

    @cached_property
    def groups(self) -> list[Group]:
        """The groups, in the editor's order."""
        return list(Group.objects.filter(election=self._election_pk))

    def members(self, area: Part) -> tuple[int, ...]:
        """Return the keys of the area's contests, in order of name, without counting areas."""
        key = key_of(area)
        if key not in self._members:
            contests = area.contests.filter(part_of=None).order_by("sort_key", "pk")
            self._members[key] = tuple(contests.values_list("pk", flat=True))
        return self._members[key]

    def labels_standing(self, area: Area | None = None) -> LabelsStanding:
        """Return each label's seats last time and candidates, in the area or the whole election."""
        key = key_of(area)
        if key not in self._labels:
            contests = self._contests if area is None else area.contests.filter(part_of=None)
            self._labels[key] = labels_standing(contests)
        return self._labels[key]

    def tally(self, area: Part, contests: tuple[Counted, ...]) -> Tally:
        """Return the tally of the area's contests, updated by those changed since the last call."""
        key = key_of(area)
        before, tally = self._tallies.get(key, ((), Tally()))
        if len(before) != len(contests):
            before, tally = (), Tally()
        for old, new in zip_longest(before, contests):
            if old is not new:
                tally = tally.minus(old.contribution) if old else tally
                tally = tally.plus(new.contribution)
        self._tallies[key] = contests, tally
        return tally

    def made(
        self, name: str, area: Part, contests: tuple[Counted, ...], make: Callable[[], MadeT]
    ) -> MadeT:
        """Return `make()`, cached for the area until one of its contests changes."""
        key = (name, *key_of(area))
        before, made = self._made.get(key, ((), None))
        if made is None or before != contests:
            made = make()
            self._made[key] = contests, made
        return cast(MadeT, made)


def key_of(area: Part | None) -> tuple[str, int]:
    return (type(area).__name__, area.pk if area else 0)

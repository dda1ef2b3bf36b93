"""Read the counting areas of contests together: the counts announced by each, and their sum."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from results.arithmetic import BallotCounts
from results.arithmetic.counting_areas import Subtotals
from results.models import Contest, Standing, Total

if TYPE_CHECKING:
    from results.live.seat import Seat


@dataclass(frozen=True)
class Area:
    """One counting area; `counts` has votes by the whole contest's candidate, None if no result."""

    contest: Contest
    counts: BallotCounts | None

    @property
    def standing(self) -> Standing:
        return getattr(self.contest, "standing", None) or Standing(contest=self.contest)

    @property
    def valid(self) -> int | None:
        if self.counts is None or not self.counts.complete:
            return None
        return sum(votes or 0 for votes in self.counts.votes.values())

    @property
    def turnout(self) -> Fraction | None:
        """The turnout of valid votes, of the electorate as declared, as verified or on record."""
        if self.counts is None or self.valid is None:
            return None
        known = (self.counts.electorate, self.standing.verified_electorate, self.contest.electorate)
        electorate = next(filter(None, known), None)
        return Fraction(self.valid, electorate) if electorate else None


@dataclass(frozen=True)
class AreaRow:
    """One counting area's row in the table of its contest; None stands for unknown votes."""

    area: Area
    votes: list[int | None]


@dataclass(frozen=True)
class CountingAreas:
    """The counting areas of one contest, in order of name; empty where it has none.

    `order` are the contest's candidates by id, in ballot-paper order.
    """

    areas: tuple[Area, ...] = ()
    order: tuple[int, ...] = ()

    @property
    def rows(self) -> list[AreaRow]:
        return [
            AreaRow(area, [area.counts.votes.get(pk) if area.counts else None for pk in self.order])
            for area in self.areas
        ]

    @property
    def sums(self) -> list[int]:
        """The sums of the areas that have reported."""
        return [self.subtotals.votes.get(pk, 0) for pk in self.order]

    @cached_property
    def subtotals(self) -> Subtotals:
        return Subtotals([area.counts for area in self.areas])

    @property
    def counted(self) -> int:
        return len(self.subtotals.counted)

    def __len__(self) -> int:
        return len(self.areas)


def read_areas(wholes: Mapping[int, Iterable[int]]) -> dict[int, CountingAreas]:
    """Read the areas of contests, given by key with their candidates' ids: two queries."""
    parts = Contest.objects.filter(part_of__in=list(wholes)).order_by("sort_key", "pk")
    contests = list(parts.select_related("election", "standing__declaration"))
    declared = [
        contest.standing.declaration_id
        for contest in contests
        if hasattr(contest, "standing") and contest.standing.has_result
    ]
    votes: dict[int, dict[int, int | None]] = defaultdict(dict)
    totals = Total.objects.filter(declaration__in=declared)
    for declaration, candidate, total in totals.values_list(
        "declaration", "candidate__counts_for", "votes"
    ):
        if candidate is not None:
            votes[declaration][candidate] = total
    areas: dict[int, list[Area]] = defaultdict(list)
    for contest in contests:
        areas[contest.part_of_id or 0].append(Area(contest, _counts(contest, votes)))
    return {
        pk: CountingAreas(tuple(areas.get(pk, ())), tuple(order)) for pk, order in wholes.items()
    }


def _counts(contest: Contest, votes: dict[int, dict[int, int | None]]) -> BallotCounts | None:
    standing = getattr(contest, "standing", None)
    declaration = standing.declaration if standing is not None and standing.has_result else None
    if declaration is None:
        return None
    return BallotCounts(
        votes=votes.get(declaration.pk, {}),
        rejected=declaration.rejected,
        electorate=declaration.electorate,
        papers=declaration.papers,
    )


def set_areas(seats: "Iterable[Seat]") -> None:
    """Read the counting areas of all seats together, instead of a query for each."""
    by_key = {seat.contest.pk: seat for seat in seats}
    areas = read_areas({pk: seat.candidate_names for pk, seat in by_key.items()})
    for pk, seat in by_key.items():
        seat.areas = areas[pk]

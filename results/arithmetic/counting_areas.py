"""Add up the counting areas of a contest; nothing is inferred from those that are in so far.

Each area announces its votes as it finishes, and the returning officer for the whole declares the
result. Source: Electoral Commission, guidance for Combined Authority Returning Officers and Police
Area Returning Officers, “Collating the results”.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from results.arithmetic.inputs import BallotCounts
from results.arithmetic.known import Sourced
from results.arithmetic.messages import NOTE, REASON, ValidationMessage

#: Number of other areas with known turnouts from which an area's is compared with theirs, and the
#: part of their lowest below which it is far; beyond their highest alike.
TURNOUTS_FROM = 3
FAR_FROM_OTHERS = Fraction(60, 100)


@dataclass(frozen=True)
class Subtotals:
    """The counts of a contest's counting areas; None for an area without any yet.

    Votes are by the id of the whole contest's candidate.
    """

    areas: Sequence[BallotCounts | None] = field(default_factory=tuple)

    @property
    def counted(self) -> tuple[BallotCounts, ...]:
        """The counts of the areas that have every candidate's votes."""
        return tuple(counts for counts in self.areas if counts is not None and counts.complete)

    @property
    def all_in(self) -> bool:
        return bool(self.areas) and len(self.counted) == len(self.areas)

    @cached_property
    def votes(self) -> dict[int, int]:
        """The sum of the complete areas' votes, by candidate."""
        votes: Counter[int] = Counter()
        for counts in self.counted:
            votes.update({candidate: total or 0 for candidate, total in counts.votes.items()})
        return dict(votes)

    @property
    def valid(self) -> int:
        return sum(self.votes.values())

    @property
    def rejected(self) -> int | None:
        """All rejected ballots; None until every area has reported them and its votes."""
        return self._sum([counts.rejected for counts in self.counted])

    @property
    def electorate(self) -> int | None:
        return self._sum([counts.electorate for counts in self.counted])

    def _sum(self, figures: Sequence[int | None]) -> int | None:
        known = [figure for figure in figures if figure is not None]
        return sum(known) if self.all_in and len(known) == len(self.areas) else None


def check_subtotals(
    ballot_counts: BallotCounts, subtotals: Subtotals, names: dict[int, str]
) -> tuple[ValidationMessage, ...]:
    """Compare the whole contest's result with its areas' sums; a difference needs a reason.

    While areas are awaited it returns a note only: the officer's result may come first.
    """
    if not subtotals.areas or not ballot_counts.complete:
        return ()
    if not subtotals.all_in:
        params = {"counted": len(subtotals.counted), "areas": len(subtotals.areas)}
        return (ValidationMessage("areas_awaited", NOTE, "", params),)
    return tuple(
        ValidationMessage(
            "areas_differ",
            REASON,
            f"votes-{candidate}",
            {
                "name": names[candidate],
                "votes": votes or 0,
                "sum": subtotals.votes.get(candidate, 0),
            },
        )
        for candidate, votes in ballot_counts.votes.items()
        if candidate in names and votes != subtotals.votes.get(candidate, 0)
    )


def check_area_turnout(
    valid: int, electorate: Sourced | None, others: Sequence[Fraction]
) -> tuple[ValidationMessage, ...]:
    """Compare an area's turnout of valid votes with those of the contest's other areas.

    The band of usual turnouts is that of any year. On the same day they differ less.
    """
    if electorate is None or len(others) < TURNOUTS_FROM:
        return ()
    turnout, least, most = Fraction(valid, electorate.value), min(others), max(others)
    if least * FAR_FROM_OTHERS <= turnout <= most / FAR_FROM_OTHERS:
        return ()
    params: dict[str, int | str] = {
        "turnout": f"{float(turnout) * 100:.1f}",
        "least": f"{float(least) * 100:.1f}",
        "most": f"{float(most) * 100:.1f}",
        "electorate": electorate.value,
        "source": electorate.source,
    }
    return (ValidationMessage("turnout_unlike_areas", REASON, "electorate", params),)

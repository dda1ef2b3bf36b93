"""Adapt corrections of a whole election's details to the form of changes of one result."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from results.live.revision_differences import Difference
from results.models import Election, ElectionCorrection


@dataclass(frozen=True, slots=True)
class ElectionChange:
    """One correction of many contests' details. It has the attributes of a `Change`."""

    declaration: ElectionCorrection
    differences: tuple[Difference, ...]
    contest: None = None
    retraction: str = ""
    is_correction: bool = True
    is_withdrawal: bool = False


def election_changes(
    election: Election, sequences: Iterable[int] | None = None
) -> Iterator[ElectionChange]:
    """Return the election's corrections, oldest first; only those with `numbers`, if given."""
    rows = ElectionCorrection.objects.filter(election=election)
    if sequences is not None:
        rows = rows.filter(sequence__in=set(sequences))
    for row in rows.order_by("sequence").select_related("election"):
        yield ElectionChange(row, tuple(Difference(*change) for change in row.changes))

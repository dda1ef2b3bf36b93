"""What a check of ballot counts is given and returns: levels, messages and conditions."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from results.arithmetic.inputs import Candidacy
from results.arithmetic.known import Known
from results.arithmetic.thresholds import Thresholds

#: Impossible: it cannot be published.
BLOCK = "block"
#: Unlikely: it is published with a reason, or by a second person where the election says so.
REASON = "reason"
#: Worth showing: nothing is asked.
NOTE = "note"


@dataclass(frozen=True, slots=True)
class ValidationMessage:
    """A failed check: its code, its level (`BLOCK`, `REASON`, `NOTE`) and its form field.

    `params` are the numbers and names of its text. `field` is empty for the whole result.
    """

    code: str
    level: str
    field: str
    params: Mapping[str, int | str] = dataclasses.field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether it asks for a reason or blocks."""
        return self.level != NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a result is checked against.

    `typed` figures are blocked where their sums are impossible. Those of an official file are
    published with the discrepancy named, since official tables contain such wards.
    """

    seats: int
    candidacies: tuple[Candidacy, ...]
    known: Known = dataclasses.field(default_factory=Known)
    thresholds: Thresholds = dataclasses.field(default_factory=Thresholds)
    polls_closed: bool = True
    announced_winners: tuple[int, ...] = ()
    typed: bool = True

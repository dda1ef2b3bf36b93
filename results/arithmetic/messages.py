"""The message that a check of ballot counts returns, and its levels."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

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
        """Whether it blocks, or asks for a reason."""
        return self.level != NOTE

"""A seat's data for the map: its winner or defender, its classes, and the party that lost it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from results.arithmetic import majority_class, swing_between, swing_class, turnout_class
from results.models import Standing

#: The map's modes in the order in which they are offered; the first has no address of its own.
MODES = ("winner", "gains", "majority", "swing", "turnout")
#: Codes of swings of class 1 to 4 to the larger and to the smaller of last time's two largest
#: parties.
_TO_FIRST, _TO_SECOND = "abcd", "efgh"


def mode_of(text: str) -> str:
    """Return the mode that an address names; "" for the first one, and for any other text."""
    return text if text in MODES[1:] else ""


class SeatParties(NamedTuple):
    """The labels of one single-member seat on the map, each empty where there is none.

    `winner` is of its result and `lost_by` held it before, where another has gained it. Until there
    is a result `defender` holds it. `held_by` is who held it before, with a result and without.
    """

    winner: str
    lost_by: str
    defender: str
    held_by: str


@dataclass(frozen=True)
class SeatMark:
    """One single-member seat on the map. `pair` are the two parties that swing is between.

    `held_by` is the label that defends it, empty where that is not known.
    """

    standing: Standing | None
    pair: tuple[str, str] | None
    held_by: str = ""

    @cached_property
    def _summary(self) -> dict[str, Any]:
        standing = self.standing
        return standing.summary if standing and standing.has_result else {}

    @cached_property
    def _elected(self) -> dict[str, Any]:
        elected = self._summary.get("elected")
        return elected[0] if elected else {}

    @property
    def label(self) -> str:
        """The winner's label; empty without a result."""
        return str(self._elected.get("label", ""))

    @property
    def defender(self) -> str:
        """The label that defends it while it has no result; else empty."""
        return "" if self._summary else self.held_by

    @property
    def party(self) -> str:
        """The label in whose colour it is drawn: the winner's or, paler, the defender's."""
        return self.label or self.defender

    @property
    def lost_by(self) -> str:
        """The label that held the seat, where another has gained it; else empty."""
        return str(self._elected.get("gained_from") or "")

    @property
    def parties(self) -> SeatParties:
        return SeatParties(self.label, self.lost_by, self.defender, self.held_by)

    @property
    def code(self) -> str:
        """The classes of majority, swing and turnout, a character each; empty without a result.

        “3f2” is majority 3 of 4, a swing of class 2 to the second of the pair, and turnout 2 of 4.
        “0”, “x” and “0” stand for what is not known.
        """
        if not self.label:
            return ""
        summary = self._summary
        turnout = summary.get("turnout")
        majority = majority_class(summary.get("majority"), summary.get("valid")) or 0
        return (
            f"{majority}{self._swing}{turnout_class(Fraction(turnout) if turnout else None) or 0}"
        )

    @property
    def _swing(self) -> str:
        if self.standing is None or self.pair is None or self.label not in self.pair:
            return "x"
        step = swing_class(swing_between(self.standing.added_to_tally, *self.pair))
        if step is None:
            return "x"
        return _TO_SECOND[step - 1] if step > 0 else _TO_FIRST[-step - 1]

"""A contest of several seats as lists and maps show it: a part for each seat, and changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from results.arithmetic import majority_class
from results.arithmetic.seat_changes import SeatChanges, seat_changes
from results.models import Contest, Standing
from results.words.open_results import open_in_short
from results.words.party_names import PartyNames
from results.words.seat_sentences import without_poll_in_short
from results.words.ward_sentences import change_text, seats_by_party

#: Turnouts in per cent at which a tile of the map gets darker: of councils, where 15 to 60% is
#: ordinary, and of chambers.
COUNCIL_TURNOUTS, CHAMBER_TURNOUTS = (30, 40, 50), (45, 55, 65)


@dataclass(frozen=True, slots=True)
class WardPart:
    """One seat of a ward: its winner's label, or while it is open its holder's, "" if not known.

    `gained`: it is one of the seats that its party has more than before.
    """

    label: str
    held_by: str
    letters: str
    gained: bool = False

    @property
    def party(self) -> str:
        """The label in whose colour the seat is shown."""
        return self.label or self.held_by


class Ward:
    """One contest with its standing. `holders` are its earlier holders' labels, None if unknown.

    `council` is the name of its body, empty in an election of one. Everything is computed from the
    standing's summary, without queries.
    """

    def __init__(
        self,
        contest: Contest,
        holders: Sequence[str] | None,
        party_names: PartyNames,
        council: str = "",
        turnouts: Sequence[int] = COUNCIL_TURNOUTS,
    ) -> None:
        self.contest, self.holders, self.party_names = contest, holders, party_names
        self.council, self._turnouts = council, turnouts
        self.standing: Standing | None = getattr(contest, "standing", None)
        standing = self.standing
        has_result = standing is not None and standing.has_result
        self._summary: dict[str, Any] = standing.summary if standing and has_result else {}
        labels = [elected["label"] for elected in self._summary.get("elected", ())]
        #: Labels of those elected, grouped by party, most seats first.
        self.elected = _grouped(labels)

    @property
    def name(self) -> str:
        """The name among the contests of the same body."""
        contest = self.contest
        rest = contest.qualifier.removeprefix(self.council).strip()
        return f"{contest.local_name} ({rest})" if rest else contest.local_name

    @property
    def has_result(self) -> bool:
        return bool(self._summary)

    @cached_property
    def parts(self) -> list[WardPart]:
        """The parts: seats filled, then those vacant or to come, with their earlier holders."""
        filled = [
            WardPart(label, "", self.party_names[label].letters, gained)
            for label, gained in zip(self.elected, self._gained(), strict=True)
        ]
        left = Counter(self.holders or ()) - Counter(self.elected)
        waiting = [] if self.has_result else _grouped(left.elements())
        open_seats = max(self.contest.seats - len(filled), 0)
        waiting += [""] * (open_seats - len(waiting))
        return filled + [WardPart("", label, "") for label in waiting[:open_seats]]

    def _gained(self) -> list[bool]:
        """Return for each filled seat whether it is one that its party has more than before."""
        if not self.changes:
            return [False] * len(self.elected)
        held = Counter(self.holders or ())
        held.subtract(self.elected)
        gained: list[bool] = []
        for label in reversed(self.elected):
            gained.append(held[label] < 0)
            held[label] += 1
        return gained[::-1]

    @cached_property
    def changes(self) -> SeatChanges | None:
        """The changes of seats by party; None before a result or if the holders are unknown."""
        if not self.has_result or self.holders is None:
            return None
        return seat_changes(self.holders, self.elected)

    @cached_property
    def change(self) -> str:
        """Text such as “Grn gain 1 from Lab”; empty without a change."""
        if not self.changes:
            return ""
        return change_text(self.changes, self.party_names, of_one=self.contest.seats == 1)

    @cached_property
    def gainer(self) -> str:
        """The label of the one party that gained here; empty where several did, or none."""
        return self.changes.only_gainer if self.changes else ""

    @property
    def in_short(self) -> str:
        """Text such as “Lab 2, Grn 1”, “Lab, unopposed”, “2 vacant”."""
        if self._summary.get("to_fill"):
            return open_in_short(self._summary, self.party_names)
        parts = [seats_by_party(self.elected, self.party_names)] if self.elected else []
        return ", ".join([*parts, *without_poll_in_short(self._summary)])

    @cached_property
    def before(self) -> str:
        """The earlier holders, such as “Lab 3”; empty where they are not known."""
        return seats_by_party(_grouped(self.holders or ()), self.party_names)

    @property
    def status(self) -> str:
        """The name of the count's status; empty while awaiting."""
        standing = self.standing
        if standing is None or standing.status == Standing.Status.AWAITING:
            return ""
        return standing.status_name

    @cached_property
    def turnout(self) -> Fraction | None:
        turnout = self._summary.get("turnout")
        return Fraction(turnout) if turnout else None

    @property
    def majority(self) -> int | None:
        """Votes of the last elected less those of the first not elected; None if not known."""
        majority: int | None = self._summary.get("majority")
        return majority

    @property
    def by_lot(self) -> bool:
        return bool(self._summary.get("by_lot"))

    @property
    def classes(self) -> str:
        """The CSS classes of the tile or hexagon, for the map's modes."""
        steps = {"turnout": self.turnout_step, "majority": self.majority_step}
        known = [f"{name}-{step}" for name, step in steps.items() if step]
        return " ".join(["ward", *(["changed"] if self.change else []), *known])

    @property
    def majority_step(self) -> int | None:
        """The class of the majority on the map, from 1 to 4; None where it is not known."""
        return majority_class(self.majority, self._summary.get("valid"))

    @property
    def turnout_step(self) -> int | None:
        """The class of the turnout on the map, from 1 to 4; None where it is not known."""
        turnout = self.turnout
        if turnout is None:
            return None
        return 1 + sum(turnout * 100 >= least for least in self._turnouts)


def _grouped(labels: Any) -> list[str]:
    """Group equal labels, the most frequent first, equally frequent ones in the given order."""
    return [label for label, count in Counter(labels).most_common() for _each in range(count)]

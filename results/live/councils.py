"""A night of several councils: which party controls how many, and its seats over all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from results.arithmetic.control import NO_OVERALL_CONTROL, ControlChange, sum_of
from results.live.bodies import BodySnapshot
from results.live.body_board import LabelsByBody
from results.words.control_sentences import Council, council_summary
from results.words.night_sentences import NightSummary
from results.words.party_names import PartyName, PartyNames

#: Parties of the table, whose number is the same all night.
ROWS = 8
#: What is marked: who controls the council is another than before.
CHANGED = (ControlChange.GAIN, ControlChange.LOSE)


@dataclass(frozen=True, slots=True)
class CouncilsRow:
    """One party on all councils of the night; None as the party is no overall control.

    `councils` are those that it is certain to control, `change` how many more that are than it
    controlled of these before. `won` are seats of this night, `net` is on the same seats.
    """

    party_name: PartyName | None
    councils: int
    change: int
    won: int
    net: int


@dataclass(frozen=True, slots=True)
class Councils:
    """The table, the councils whose control is certain, and those where it changed hands."""

    rows: list[CouncilsRow]
    decided: int
    changed: list[BodySnapshot]


def councils_of(
    bodies: Sequence[BodySnapshot], party_names: PartyNames, candidates: LabelsByBody
) -> Councils:
    """The parties with most councils, then with most seats, before and now, then candidates."""
    decided = [body for body in bodies if body.control.decided]
    now, change, won, net = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for body in decided:
        control = body.control
        now[control.by or ""] += 1
        if control.before is not None:
            change[control.by or ""] += 1
            change[control.before] -= 1
    for body in bodies:
        for row in body.rows:
            won[row.party_name.label] += row.won
            net[row.party_name.label] += row.net or 0
    before = Counter(sum_of(body.seats.before for body in bodies))
    standing = Counter(sum_of(candidates.values()))

    def order(label: str) -> tuple[int, int, int, int, str]:
        return -now[label], -won[label], -before[label], -standing[label], label

    labels = {*now, *won, *before, *standing, *change} - {NO_OVERALL_CONTROL}
    rows = [
        CouncilsRow(party_names[label], now[label], change[label], won[label], net[label])
        for label in sorted(labels, key=order)[:ROWS]
    ]
    nobody = NO_OVERALL_CONTROL
    rows.append(CouncilsRow(None, now[nobody], change[nobody], 0, 0))
    return Councils(
        rows, len(decided), [body for body in decided if body.control.change in CHANGED]
    )


def summary_of_body(body: BodySnapshot) -> NightSummary:
    """The headline and standfirst of one body's own page."""
    return council_summary(
        [Council(body.name, body.seats)],
        body.tally,
        body.facts.up,
        body.party_names,
        latest=body.name,
        first_at="",
    )

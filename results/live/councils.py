"""Build the table of a night of several councils: councils controlled and seats by party."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from results.arithmetic.control import NO_OVERALL_CONTROL, ControlChange, sum_of
from results.live.bodies import BodySnapshot
from results.live.body_board import LabelsByBody
from results.words.control_sentences import Council, council_summary
from results.words.night_sentences import NightSummary
from results.words.party_names import PartyName, PartyNames

#: Spare, least and most rows of the table: it has the parties with seats before and some more, so
#: that a first seat moves nothing.
MORE_ROWS, MIN_ROWS, MAX_ROWS = 2, 4, 12
#: Changes of control that the table marks.
CHANGED = (ControlChange.GAIN, ControlChange.LOSE)


@dataclass(frozen=True, slots=True)
class CouncilsRow:
    """One party's row over all councils of the night; no overall control has None as its party.

    `councils` is the number that it is certain to control, `change` how many more that is than it
    controlled of these before. `won` are seats of this night, `net` is on the same seats. Both
    differences are None where it is not known of each council who held it. `controlled` and `held`
    are its councils and seats before, `defended` those of the seats that are up.
    """

    party_name: PartyName | None
    councils: int
    change: int | None
    won: int = 0
    net: int | None = None
    controlled: int = 0
    held: int = 0
    defended: int = 0


@dataclass(frozen=True, slots=True)
class Councils:
    """The table's rows, the number of decided councils, and those where control changed.

    `defends` is whether nothing has been declared, so that what was before is shown instead;
    `controls_known`, `held_known` and `defended_known` whether that is known of every council.
    """

    rows: list[CouncilsRow]
    decided: int
    changed: list[BodySnapshot]
    defends: bool = False
    controls_known: bool = False
    held_known: bool = False
    defended_known: bool = False


def councils_of(
    bodies: Sequence[BodySnapshot], party_names: PartyNames, candidates: LabelsByBody
) -> Councils:
    """Return the parties by councils, then seats won, then seats before, then candidates."""
    decided = [body for body in bodies if body.control.decided]
    now = Counter(body.control.by or "" for body in decided)
    change, won, net = _changes(decided), Counter[str](), Counter[str]()
    for body in bodies:
        for row in body.rows:
            won[row.party_name.label] += row.won
            net[row.party_name.label] += row.net or 0
    before = Counter(sum_of(body.seats.before for body in bodies))
    defended = Counter(sum_of(body.seats.holders for body in bodies))
    controlled = Counter(body.control.before for body in bodies if body.control.before is not None)
    standing = Counter(sum_of(candidates.values()))
    known = all(row.net is not None for body in bodies if body.begun for row in body.rows)

    def order(label: str) -> tuple[int, int, int, int, str]:
        return -now[label], -won[label], -before[label], -standing[label], label

    labels = sorted({*now, *won, *before, *standing} - {NO_OVERALL_CONTROL}, key=order)
    seated = sum(bool(now[label] or won[label] or before[label]) for label in labels)
    length = min(max(len(before) + MORE_ROWS, MIN_ROWS, seated), MAX_ROWS)
    rows = [
        CouncilsRow(
            party_names[label],
            now[label],
            change[label] if change is not None else None,
            won[label],
            net[label] if known else None,
            controlled[label],
            before[label],
            defended[label],
        )
        for label in labels[:length]
    ]
    nobody = NO_OVERALL_CONTROL
    changed = None if change is None else change[nobody]
    rows.append(CouncilsRow(None, now[nobody], changed, controlled=controlled[nobody]))
    changed_hands = [body for body in decided if body.control.change in CHANGED]
    return Councils(rows, len(decided), changed_hands, **_known_from_before(bodies))


def _known_from_before(bodies: Sequence[BodySnapshot]) -> dict[str, bool]:
    """Return the fields of `Councils` that say what is known from before this election."""
    known = {
        "controls_known": all(body.control.before is not None for body in bodies),
        "held_known": all(body.seats.before for body in bodies),
        "defended_known": all(sum(body.seats.holders.values()) >= body.facts.up for body in bodies),
    }
    nothing_declared = not any(body.tally.declared for body in bodies)
    return {"defends": nothing_declared and any(known.values()), **known}


def _changes(decided: Sequence[BodySnapshot]) -> Counter[str] | None:
    """Return councils gained less those lost by label; None if any earlier control is unknown."""
    change = Counter[str]()
    for body in decided:
        if body.control.before is None:
            return None
        change[body.control.by or ""] += 1
        change[body.control.before] -= 1
    return change


def summary_of_body(body: BodySnapshot) -> NightSummary:
    """The headline and standfirst of one body's own page."""
    return council_summary(
        [Council(body.name, body.seats)],
        body.tally,
        body.facts.up,
        body.party_names,
    )

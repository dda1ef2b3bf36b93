"""Compute the swing that a party needs for each target seat, from last time's shares.

The swing needed is half of the distance to the seat's winner, as the House of Commons Library and
broadcasters count it: a Butler swing of that size from the winner would make the votes equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

#: Shares of last time by label, as fractions of one.
Shares = Mapping[str, Fraction]


class Became(StrEnum):
    """The outcome of a seat that a party targets or defends."""

    AWAITED = "awaited"
    WON = "won"
    NOT_WON = "not won"


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Last time's winner and second of a seat, and half of the distance between them."""

    winner: str
    second: str
    swing_needed: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Numbers of targets, of those declared, and of those won."""

    targets: int
    declared: int
    won: int


def margin_of(shares: Shares) -> Margin | None:
    """Return the two labels that led; None with fewer than two, or where their places were tied."""
    ranked = sorted(shares, key=lambda label: -shares[label])
    if len(ranked) < 2 or shares[ranked[0]] == shares[ranked[1]]:
        return None
    if len(ranked) > 2 and shares[ranked[1]] == shares[ranked[2]]:
        return None
    winner, second = ranked[:2]
    return Margin(winner=winner, second=second, swing_needed=(shares[winner] - shares[second]) / 2)


def swing_needed(shares: Shares, label: str) -> Fraction | None:
    """Return the swing from last time's winner that takes a seat, as a fraction of one.

    None for the winner itself, and for a party whose share there is not known.
    """
    if label not in shares:
        return None
    winner = max(shares, key=lambda one: (shares[one], one))
    needed = (shares[winner] - shares[label]) / 2
    return needed if winner != label else None


def became_of(label: str, elected: Sequence[str] | None) -> Became:
    """Return the outcome of a seat for the party; `elected` is None before the result."""
    if elected is None:
        return Became.AWAITED
    return Became.WON if label in elected else Became.NOT_WON


def tried(results: Sequence[Became]) -> Tried:
    return Tried(
        targets=len(results),
        declared=sum(each is not Became.AWAITED for each in results),
        won=sum(each is Became.WON for each in results),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The change of a party's share in one seat, as a fraction of one."""

    label: str
    change: Fraction


def largest_moves(now: Shares, last: Shares) -> tuple[Move | None, Move | None]:
    """Return the largest rise and the largest fall among the parties that stood both times."""
    moves = [Move(label=label, change=now[label] - last[label]) for label in now if label in last]
    rises = [move for move in moves if move.change > 0]
    falls = [move for move in moves if move.change < 0]
    rise = max(rises, key=lambda move: (move.change, move.label), default=None)
    fall = min(falls, key=lambda move: (move.change, move.label), default=None)
    return rise, fall


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRow:
    """A party in the exit poll: its seats there, its seats now, and now less there.

    `difference` is None until every seat has declared: before, it says how many are counted.
    """

    label: str
    polled: int
    seats: int
    difference: int | None


def poll_against_result(
    polled: Mapping[str, int], seats: Mapping[str, int], *, to_come: int, others: str
) -> tuple[PollRow, ...]:
    """Compare an exit poll with the seats so far, in the poll's order.

    `others` is the label under which the poll has the parties that it does not name.
    """
    named = {label for label in polled if label != others}
    rest = sum(number for label, number in seats.items() if label not in named)
    rows = []
    for label, number in polled.items():
        now = rest if label == others else seats.get(label, 0)
        difference = None if to_come else now - number
        rows.append(PollRow(label=label, polled=number, seats=now, difference=difference))
    return tuple(rows)

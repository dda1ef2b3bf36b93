"""Check whether figures are in the wrong boxes: a digit too few or many, swapped, shifted, copied.

Every check compares with what the candidates may expect: a party's share last time and its changes
of the night, its other candidates here, its other candidates of the night.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import median

from results.arithmetic.conditions import Conditions
from results.arithmetic.inputs import INDEPENDENT, BallotCounts
from results.arithmetic.known import FROM_LAST, FROM_NIGHT, Expected, expected_shares, log_ratio
from results.arithmetic.messages import REASON, ValidationMessage

#: Logarithm of the factor that a figure may be from those that its party may expect.
FACTOR_OF_LAST = 1.7
FACTOR_OF_NIGHT = 2.6
#: Where last time is known and the party did not stand here: it is small everywhere.
FACTOR_OF_NEW = 2.0
FACTOR_OF_SLATE = 1.2
#: No one figure may decide whether figures fit better in other boxes.
MOST = 2.5
#: How much better the figures must fit in other boxes.
SHIFT_GAIN = 1.6
SWAP_GAIN = 3.0
#: Or of two, one fell to a sliver of what it may expect and the other multiplied.
SWAP_FELL_TO, SWAP_ROSE_TO = 1 / 4, 3
#: Figures that are smaller are alike by chance.
TELLING = 50

Rows = Sequence[tuple[int, str]]
"""Candidates' ids and labels, in the order of the boxes."""


def check_boxes(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    """Yield what is unlikely about which figure is whose. Every candidate has votes."""
    rows = [(candidacy.id, candidacy.label) for candidacy in conditions.voted_for]
    names = {candidacy.id: candidacy.name for candidacy in conditions.voted_for}
    votes = {pk: ballot_counts.votes.get(pk) or 0 for pk, _label in rows}
    if conditions.known.same_figures_as:
        params = {"other": conditions.known.same_figures_as}
        yield ValidationMessage("same_as_other", REASON, "", params)
    expected = expected_shares(conditions.voted_for, conditions.known)
    moved = _check_order(rows, votes, expected, names)
    yield from moved
    if not moved:
        factors = {
            FROM_LAST: FACTOR_OF_LAST,
            FROM_NIGHT: FACTOR_OF_NIGHT if conditions.known.last is None else FACTOR_OF_NEW,
        }
        yield from _check_scale(rows, votes, expected, names, factors)


# --- Another contest's figures ----------------------------------------------------------------


def telling_figures(votes: Iterable[int | None]) -> set[int]:
    """Figures that are large enough not to be alike by chance."""
    return {total for total in votes if total is not None and total >= TELLING}


def shared_to_be_same(figures: Collection[int]) -> int | None:
    """How many of a contest's telling figures another shares that has the same; None for too few.

    Two thirds of them, three at least: one or two of many are alike by chance. Some may be wrong,
    or cut off where there are fewer boxes.
    """
    if len(figures) < 2:
        return None
    return min(len(figures), max(3, -(-2 * len(figures) // 3)))


# --- Figures in each other's boxes ------------------------------------------------------------


def _check_order(
    rows: Rows,
    votes: Mapping[int, int],
    expected: Mapping[int, Expected],
    names: Mapping[int, str],
) -> list[ValidationMessage]:
    """Ask where the figures fit much better one row up or down, or with two of them swapped."""
    ids, figures = [pk for pk, _label in rows], [votes[pk] for pk, _label in rows]
    actual = _misfit(rows, figures, expected)
    shift_gain = 0.0
    if len(ids) > 2:
        shifts = (figures[1:] + figures[:1], figures[-1:] + figures[:-1])
        shift_gain = actual - min(_misfit(rows, shifted, expected) for shifted in shifts)
    gains = {
        pair: actual - _misfit(rows, _swapped(figures, *pair), expected)
        for pair in combinations(range(len(ids)), 2)
    }
    pair = max(gains, key=lambda pair: gains[pair], default=None)
    if pair is not None and (
        gains[pair] > max(SWAP_GAIN, shift_gain) or _traded(ids, figures, expected, pair)
    ):
        first, second = sorted(pair, key=lambda place: figures[place])
        params = {"down": names[ids[first]], "up": names[ids[second]]}
        return [ValidationMessage("swapped", REASON, f"votes-{ids[first]}", params)]
    if shift_gain > SHIFT_GAIN:
        return [ValidationMessage("rows_shifted", REASON, "")]
    return []


def _traded(
    ids: Sequence[int],
    figures: Sequence[int],
    expected: Mapping[int, Expected],
    pair: tuple[int, int],
) -> bool:
    """Whether one of the two fell to a sliver of last time's share while the other multiplied."""
    growths = []
    for place in pair:
        known = expected.get(ids[place])
        if known is None or known.source != FROM_LAST:
            return False
        growths.append(figures[place] / (known.share * sum(figures)))
    return min(growths) < SWAP_FELL_TO and max(growths) > SWAP_ROSE_TO


def _swapped(figures: Sequence[int], first: int, second: int) -> list[int]:
    swapped = list(figures)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped


def _misfit(rows: Rows, figures: Sequence[int], expected: Mapping[int, Expected]) -> float:
    """How far the figures are from those that the candidates may expect, together."""
    total = sum(figures)
    slates = _slates(rows, figures)
    misfit = 0.0
    for (pk, label), votes in zip(rows, figures, strict=True):
        mates = slates.get(label, ())
        if len(mates) > 1:
            misfit += min(abs(log_ratio(votes, _others_median(mates, votes))), MOST)
        if pk in expected:
            weight = 1.0 if expected[pk].source == FROM_LAST else 0.7
            misfit += weight * min(abs(log_ratio(votes, expected[pk].share * total)), MOST)
    return misfit


def _slates(rows: Rows, figures: Sequence[int]) -> dict[str, list[int]]:
    """The figures of each party with several candidates here."""
    slates: dict[str, list[int]] = {}
    for (_pk, label), votes in zip(rows, figures, strict=True):
        if label != INDEPENDENT:
            slates.setdefault(label, []).append(votes)
    return {label: figures for label, figures in slates.items() if len(figures) > 1}


def _others_median(figures: Sequence[int], own: int) -> float:
    others = list(figures)
    others.remove(own)
    return median(others)


# --- Ten times or a tenth ---------------------------------------------------------------------


def _check_scale(
    rows: Rows,
    votes: Mapping[int, int],
    expected: Mapping[int, Expected],
    names: Mapping[int, str],
    factors: Mapping[str, float],
) -> Iterator[ValidationMessage]:
    """Ask about a figure that is many times, or a small part of, what the others imply."""
    slates = _slates(rows, [votes[pk] for pk, _label in rows])
    for pk, label in rows:
        own = votes[pk]
        others = sum(votes.values()) - own
        if label in slates:
            implied = _others_median(slates[label], own)
            off = abs(log_ratio(own, implied)) > FACTOR_OF_SLATE
        elif pk in expected and expected[pk].share < 1:
            share = expected[pk].share
            implied = others * share / (1 - share)
            off = abs(log_ratio(own, implied)) > factors[expected[pk].source]
        else:
            continue
        if off:
            params: dict[str, int | str] = {
                "name": names[pk],
                "votes": own,
                "implied": round(implied),
            }
            yield ValidationMessage("figure_scale", REASON, f"votes-{pk}", params)

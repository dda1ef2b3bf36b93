"""Check whether figures are in the wrong boxes: a digit too few or many, swapped, shifted, copied.

Every check compares with the candidates' expected shares: a party's share last time and its changes
of the night, its other candidates here, its other candidates of the night.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import median

from results.arithmetic.conditions import Conditions
from results.arithmetic.inputs import INDEPENDENT, BallotCounts
from results.arithmetic.known import FROM_LAST, FROM_NIGHT, Expected, expected_shares, log_ratio
from results.arithmetic.messages import REASON, ValidationMessage

#: Logarithm of the factor that a figure may be from those of the party's others here.
FACTOR_OF_SLATE = 1.2
#: Part of a ward's votes by which a candidate may be behind the others of the party: electors who
#: have a vote for each mostly use them so. Missing bundles are larger, personal votes are not.
BEHIND_SLATE = 0.065
#: Limits one figure's part in a misfit, so that none decides alone whether others are misplaced.
MOST = 2.5
#: How much better the figures must fit in other boxes.
SHIFT_GAIN = 1.6
SWAP_GAIN = 3.0
#: Two are swapped as well if one fell below this part of its expected share and the other rose
#: above this multiple of it.
SWAP_FELL_TO, SWAP_ROSE_TO = 1 / 4, 3
#: Smaller figures are equal by chance too often to show a copy.
MIN_COMPARED_VOTES = 50

Rows = Sequence[tuple[int, str]]
"""Candidates' ids and labels, in the order of the boxes."""


def check_boxes(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    """Yield messages about figures that may be in the wrong boxes. Every candidate has votes."""
    rows = [(candidacy.id, candidacy.label) for candidacy in conditions.voted_for]
    names = {candidacy.id: candidacy.name for candidacy in conditions.voted_for}
    votes = {pk: ballot_counts.votes.get(pk) or 0 for pk, _label in rows}
    if conditions.known.same_figures_as:
        params = {"other": conditions.known.same_figures_as}
        yield ValidationMessage("same_as_other", REASON, "", params)
    thresholds = conditions.thresholds
    expected = expected_shares(
        conditions.voted_for,
        conditions.known,
        seats=conditions.seats if conditions.system.votes_per_paper is None else None,
        enough=thresholds.shares_contests,
    )
    slates = _slates(rows, [votes[pk] for pk, _label in rows], conditions.votes_per_paper)
    moved = _check_order(rows, votes, expected, names, conditions.votes_per_paper)
    yield from moved
    if not moved:
        is_new = conditions.known.last is not None
        factors = {
            FROM_LAST: thresholds.factor_of_last,
            FROM_NIGHT: thresholds.factor_of_new if is_new else thresholds.factor_of_night,
        }
        yield from _check_scale(rows, votes, expected, names, factors, slates)


# --- Another contest's figures ----------------------------------------------------------------


def figures_to_compare(votes: Iterable[int | None]) -> set[int]:
    """Return the figures that are too large to be equal by chance."""
    return {total for total in votes if total is not None and total >= MIN_COMPARED_VOTES}


def min_shared_of_copy(figures: Collection[int]) -> int | None:
    """Return how many of these figures another contest must share to count as a copy.

    Two thirds of them, three at least, or all of two; None for fewer than two figures. One or two
    of many are alike by chance. Some may be wrong, or cut off where there are fewer boxes.
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
    votes_per_paper: int,
) -> list[ValidationMessage]:
    """Ask about figures that fit much better one row up or down, or with two swapped."""
    ids, figures = [pk for pk, _label in rows], [votes[pk] for pk, _label in rows]

    def misfit(figures: Sequence[int]) -> float:
        return _misfit(rows, figures, expected, _slates(rows, figures, votes_per_paper))

    actual = misfit(figures)
    shift_gain = 0.0
    if len(ids) > 2:
        shifts = (figures[1:] + figures[:1], figures[-1:] + figures[:-1])
        shift_gain = actual - min(misfit(shifted) for shifted in shifts)
    gains = {
        pair: actual - misfit(_swapped(figures, *pair)) for pair in combinations(range(len(ids)), 2)
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
    """Whether one of the two fell below a quarter of its expected share and the other trebled."""
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


def _misfit(
    rows: Rows,
    figures: Sequence[int],
    expected: Mapping[int, Expected],
    slates: Mapping[str, Sequence[int]],
) -> float:
    """Return the sum of the figures' distances from those expected."""
    total = sum(figures)
    misfit = 0.0
    for (pk, label), votes in zip(rows, figures, strict=True):
        mates = slates.get(label, ())
        if len(mates) > 1:
            misfit += min(abs(log_ratio(votes, _others_median(mates, votes))), MOST)
        if pk in expected:
            weight = 1.0 if expected[pk].source == FROM_LAST else 0.7
            misfit += weight * min(abs(log_ratio(votes, expected[pk].share * total)), MOST)
    return misfit


def _slates(rows: Rows, figures: Sequence[int], votes_per_paper: int) -> dict[str, list[int]]:
    """Return the figures of each party with several candidates, one vote for each at most.

    By the single transferable vote electors have one vote, which several candidates would share.
    """
    slates: dict[str, list[int]] = {}
    for (_pk, label), votes in zip(rows, figures, strict=True):
        if label != INDEPENDENT:
            slates.setdefault(label, []).append(votes)
    return {
        label: figures for label, figures in slates.items() if 1 < len(figures) <= votes_per_paper
    }


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
    slates: Mapping[str, Sequence[int]],
) -> Iterator[ValidationMessage]:
    """Ask about a figure that is many times, or a small part of, the one that others imply.

    Ask as well about a candidate who is a bundle behind the others of the party.
    """
    valid = sum(votes.values())
    for pk, label in rows:
        own = votes[pk]
        others = valid - own
        code = "figure_scale"
        if label in slates:
            implied = _others_median(slates[label], own)
            off = abs(log_ratio(own, implied)) > FACTOR_OF_SLATE
            if not off and implied - own > BEHIND_SLATE * valid:
                code, off = "behind_slate", True
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
            yield ValidationMessage(code, REASON, f"votes-{pk}", params)

"""Names of the map's modes and of their classes."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from results.arithmetic import HOUSE_TURNOUT_CUTS, MAJORITY_CUTS, SWING_CUTS
from results.words.party_names import PartyNames

Steps = list[tuple[int, str]]


def mode_names(*, with_swing: bool) -> list[tuple[str, str]]:
    """Return `(value, name)` of each mode, in the order in which they are offered."""
    names = [
        ("winner", _("Winner")),
        ("gains", _("Gains")),
        ("majority", _("Majority")),
        ("swing", _("Swing")),
        ("turnout", _("Turnout")),
    ]
    return [(value, name) for value, name in names if with_swing or value != "swing"]


def steps_of(pair: tuple[str, str] | None, party_names: PartyNames) -> dict[str, object]:
    """Return each mode's classes as `(class, words)`, and the names of the swing's two parties."""
    steps: dict[str, object] = {
        "majority": _percentages(MAJORITY_CUTS),
        "turnout": _percentages(HOUSE_TURNOUT_CUTS),
    }
    if pair is not None:
        first, second = (party_names[label] for label in pair)
        steps |= {
            "first": first.name,
            "second": second.name,
            "swing_to_first": _swings(first.abbreviation)[::-1],
            "swing_to_second": _swings(second.abbreviation),
        }
    return steps


def ward_mode_names(*, with_majority: bool) -> list[tuple[str, str]]:
    """Return `(value, name)` of each mode of a map of wards; the first has no address."""
    names = [
        ("winners", _("Winners")),
        ("gains", _("Gains")),
        ("majority", _("Majority")),
        ("turnout", _("Turnout")),
    ]
    return [(value, name) for value, name in names if with_majority or value != "majority"]


def majority_steps() -> Steps:
    return _percentages(MAJORITY_CUTS)


def _percentages(cuts: Sequence[Fraction]) -> Steps:
    """Return “under 5%”, “5–15”, “15–30”, “30% or more”."""
    low, *_rest, high = (_number(cut) for cut in cuts)
    between = pairwise(cuts)
    words = [
        _("under %(number)s%%") % {"number": low},
        *(f"{_number(least)}–{_number(most)}" for least, most in between),
        _("%(number)s%% or more") % {"number": high},
    ]
    return list(enumerate(words, 1))


def _swings(abbreviation: str) -> Steps:
    """Return “to Lab 0–2.5”, “2.5–5”, “5–7.5”, “7.5 or more”."""
    first, *_rest, last = (_number(cut) for cut in SWING_CUTS)
    between = pairwise(SWING_CUTS)
    words = [
        _("to %(party)s under %(number)s") % {"party": abbreviation, "number": first},
        *(f"{_number(least)}–{_number(most)}" for least, most in between),
        _("%(number)s or more") % {"number": last},
    ]
    return list(enumerate(words, 1))


def _number(cut: Fraction) -> str:
    return f"{float(cut):g}"

"""Class majorities, swings and turnouts for a map's shades."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from results.arithmetic.tally import Tally

#: Cuts of majorities, in per cent of valid votes. Below 5% a swing of 2.5 points takes the seat.
MAJORITY_CUTS = (Fraction(5), Fraction(15), Fraction(30))
#: Cuts of swings, in percentage points.
SWING_CUTS = (Fraction(5, 2), Fraction(5), Fraction(15, 2))
#: Cuts of turnouts, in per cent: general elections from 2001 to 2024 had 59 to 69% as a whole.
HOUSE_TURNOUT_CUTS = (Fraction(60), Fraction(65), Fraction(70))


def class_of(value: Fraction, cuts: Sequence[Fraction]) -> int:
    """Return the class of a value, from 1: one more than the cuts that it reaches."""
    return 1 + sum(value >= cut for cut in cuts)


def majority_class(majority: int | None, valid: int | None) -> int | None:
    """Return the class of a majority as a share of valid votes, 1 to 4; None if not known."""
    if majority is None or not valid:
        return None
    return class_of(Fraction(100 * majority, valid), MAJORITY_CUTS)


def turnout_class(turnout: Fraction | None) -> int | None:
    """Return the class of a turnout, 1 to 4; None if not known. `turnout` is a fraction of one."""
    return None if turnout is None else class_of(100 * turnout, HOUSE_TURNOUT_CUTS)


def two_largest(held: Mapping[str, int]) -> tuple[str, str] | None:
    """Return the two labels that held most seats, larger first; None where fewer held any.

    Of two alike, the first by label.
    """
    ranked = sorted((label for label in held if held[label]), key=lambda one: (-held[one], one))
    return (ranked[0], ranked[1]) if len(ranked) > 1 else None


def swing_between(tally: Tally, first: str, second: str) -> Fraction | None:
    """Return the Butler swing to `second` from `first` in one contest, as a fraction of one.

    Negative where it went to `first`. `tally` is what the contest adds to the night's. None where
    not all votes are known, or one of them did not stand both times. Source: House of Commons
    Library, SN02608.
    """
    stand = [tally.parties.get(label) for label in (first, second)]
    if tally.complete != 1 or any(one is None or not one.candidates for one in stand):
        return None
    fall, rise = tally.share_change(first), tally.share_change(second)
    return None if fall is None or rise is None else (rise - fall) / 2


def swing_class(swing: Fraction | None) -> int | None:
    """Return the class of a swing, 1 to 4, negative where the swing is; None if not known.

    A swing of 0 is of class 1.
    """
    if swing is None:
        return None
    step = class_of(abs(100 * swing), SWING_CUTS)
    return -step if swing < 0 else step

"""Formats numbers for pages. Nothing is rounded anywhere else."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.contrib.humanize.templatetags import humanize
from django.utils.translation import get_language

#: From 0 to 20.
_WELSH_ENDINGS = (
    *("fed", "af", "il", "ydd", "ydd", "ed", "ed", "fed", "fed", "fed", "fed"),
    *("eg", "fed", "eg", "eg", "fed", "eg", "eg", "fed", "eg", "fed"),
)

MINUS = "\N{MINUS SIGN}"


def grouped(number: int) -> str:
    """34603 → “34,603”, with a real minus sign."""
    return f"{number:,}".replace("-", MINUS)


def signed(number: int) -> str:
    """A change of a count: “+331”, “−5,483”, “0”."""
    return grouped(number) if number <= 0 else f"+{number:,}"


def ordinal(number: int) -> str:
    """10 → “10th”, in the language that is active; “10fed” in Welsh."""
    if get_language() == "cy":
        return f"{number}{_welsh_ending(number)}"
    return str(humanize.ordinal(number))


def _welsh_ending(number: int) -> str:
    """What is written after a figure: “1af, 2il, 3ydd … 21ain, 40fed”.

    Up to ten each has its own, up to 19 the last part is that of “ar ddeg” or its own, then all
    end as “ar hugain” and “a deugain” do; whole tens from 40 end as their names.
    """
    last = number % 100 if number > 100 else number
    if last < len(_WELSH_ENDINGS):
        return _WELSH_ENDINGS[last]
    return "fed" if last >= 40 and last % 10 == 0 else "ain"


def points(fraction: Fraction, places: int = 1) -> Decimal:
    """A fraction of one in percent, rounded half up: 3/8 → 37.5."""
    scaled = fraction * 100
    exact = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def printed(fraction: Fraction | None) -> str | None:
    """3/8 → “37.5” for programs, rounded as pages print it; None is not known."""
    return None if fraction is None else str(points(fraction))


def percent(fraction: Fraction, places: int = 1) -> str:
    """A share in percent, without the sign: 0.6431 → “64.3”."""
    return str(points(fraction, places))


def signed_points(fraction: Fraction, places: int = 1) -> str:
    """A change of a share in percentage points: “+6.6”, “−8.7”, “0.0”."""
    rounded = points(fraction, places)
    if rounded == 0:
        return str(abs(rounded))
    return f"+{rounded}" if rounded > 0 else f"{MINUS}{abs(rounded)}"

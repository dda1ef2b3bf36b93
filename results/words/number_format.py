"""Format numbers for pages. Nothing is rounded anywhere else."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.contrib.humanize.templatetags import humanize
from django.utils.translation import get_language, gettext as _

#: Endings of 0 to 20.
_WELSH_ENDINGS = (
    *("fed", "af", "il", "ydd", "ydd", "ed", "ed", "fed", "fed", "fed", "fed"),
    *("eg", "fed", "eg", "eg", "fed", "eg", "eg", "fed", "eg", "fed"),
)

MINUS = "\N{MINUS SIGN}"
_NUMBER = r"[+\-\N{MINUS SIGN}]?\d(?:[\d,.:]*\d)?%?"
#: A number before a word.
_NUMBER_FIRST = re.compile(rf"(?<![^\s(\N{{NO-BREAK SPACE}}])({_NUMBER}) (?=[^\W\d_])")
#: The space before a number that ends a clause, or all of an element.
_NUMBER_LAST = re.compile(rf" (?=\(?{_NUMBER}\)?(?:[,.;:)](?:\s|<|$)|\s*(?:<|$)))")


def grouped(number: int) -> str:
    """Format a number: 34603 → “34,603”, with a real minus sign."""
    return f"{number:,}".replace("-", MINUS)


class GroupedInt(int):
    """A count that is formatted as by `grouped`, and by which a plural form can be chosen."""

    __slots__ = ()

    def __str__(self) -> str:
        return grouped(self)


def signed(number: int) -> str:
    """Format a change of a count: “+331”, “−5,483”, “0”."""
    return grouped(number) if number <= 0 else f"+{number:,}"


def ordinal(number: int) -> str:
    """Format an ordinal in the active language: 10 → “10th”, in Welsh “10fed”."""
    if get_language() == "cy":
        return f"{number}{_welsh_ending(number)}"
    return str(humanize.ordinal(number))


def _welsh_ending(number: int) -> str:
    """Return the Welsh ordinal ending of a number: “1af, 2il, 3ydd … 21ain, 40fed”.

    Numbers up to ten have their own endings; those up to 19 end as “ar ddeg” or by themselves, then
    all end as “ar hugain” and “a deugain” do; whole tens from 40 end as their names.
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
    """Return 3/8 as “37.5” for programs, rounded as on pages; None means not known."""
    return None if fraction is None else str(points(fraction))


def percent(fraction: Fraction, places: int = 1) -> str:
    """Format a share in percent, without the sign: 0.6431 → “64.3”."""
    return str(points(fraction, places))


def swing_points(fraction: Fraction) -> str:
    """Format a swing that is not 0: “3.2”, and “less than 0.1” for what would be printed as 0.0."""
    return percent(fraction) if points(fraction) else str(_("less than 0.1"))


def share_in_words(fraction: Fraction) -> str:
    """Format a share for a sentence: “0.0” only where it is 0, else “less than 0.1”."""
    return swing_points(fraction) if fraction else percent(fraction)


def signed_points(fraction: Fraction, places: int = 1) -> str:
    """Format a change of a share in percentage points: “+6.6”, “−8.7”, “0.0”."""
    rounded = points(fraction, places)
    if rounded == 0:
        return str(abs(rounded))
    return f"+{rounded}" if rounded > 0 else f"{MINUS}{abs(rounded)}"


def keep_together(text: str) -> str:
    """Join each number of a text, or of HTML, to what it counts, so that no line has one alone.

    No-break spaces stand between a number and the word after it, or the word before it where the
    number ends a clause: “up 30 seats, Labour down 37” has them before “seats” and before 37.
    """
    return _NUMBER_LAST.sub("\N{NO-BREAK SPACE}", _NUMBER_FIRST.sub("\\1\N{NO-BREAK SPACE}", text))

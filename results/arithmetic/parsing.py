"""Parse numbers as people type them, and primary keys as addresses have them."""

import re
from decimal import Decimal

#: Spaces that separate thousands in typed and pasted text.
GAPS = re.compile("[ \t\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<gap>[, ])[0-9]{3}(?:(?P=gap)[0-9]{3})*")
NEGATIVE = re.compile(r"[-\N{EN DASH}\N{MINUS SIGN}]\s*[0-9.]")
#: The most digits of any count.
MAX_DIGITS = 9


class InvalidNumber(ValueError):
    """Text that is not the number asked for.

    `code` is blank, decimal, percent, negative, grouping, too_long, out_of_range, not_a_number or
    not_a_percentage.
    """

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text!r}")


def read_count(text: str) -> int:
    """Parse a count: “34603”, “34,603” and “34 603” are 34603. Raises InvalidNumber.

    Thousands are separated by commas or by spaces, never by both: “34,60” and “1,234 567” may each
    have lost a digit.
    """
    trimmed = GAPS.sub(" ", text).strip()
    if not trimmed:
        raise InvalidNumber("blank", text)
    if "%" in trimmed:
        raise InvalidNumber("percent", text)
    if NEGATIVE.match(trimmed):
        raise InvalidNumber("negative", text)
    if re.fullmatch(r"[0-9, ]*[.\N{MIDDLE DOT}][0-9]*", trimmed) and re.search("[0-9]", trimmed):
        raise InvalidNumber("decimal", text)
    if not re.fullmatch(r"[0-9][0-9, ]*", trimmed):
        raise InvalidNumber("not_a_number", text)
    digits = re.sub(r"[, ]", "", trimmed)
    if digits != trimmed and not GROUPED.fullmatch(trimmed):
        raise InvalidNumber("grouping", text)
    if len(digits) > MAX_DIGITS:
        raise InvalidNumber("too_long", text)
    return int(digits)


def read_id(text: object) -> int:
    """Parse a primary key from a URL or a form; 0, which no row has, for anything else.

    Neither `str.isdigit` nor `int` will do: “²” is a digit to Python, and thirty nines fit no
    database column.
    """
    trimmed = str(text)
    return int(trimmed) if re.fullmatch(r"[0-9]{1,18}", trimmed) else 0


def read_percentage(text: str) -> Decimal:
    """Parse a percentage with up to two decimals: “71.8”, “71.8%”, “71·8” and “71,8” are 71.8.

    Raises InvalidNumber: blank, negative, out_of_range (over 100) or not_a_percentage.
    """
    trimmed = GAPS.sub(" ", text).strip().removesuffix("%").rstrip()
    if not trimmed:
        raise InvalidNumber("blank", text)
    if NEGATIVE.match(trimmed):
        raise InvalidNumber("negative", text)
    trimmed = re.sub("[,\N{MIDDLE DOT}]", ".", trimmed)
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", trimmed):
        raise InvalidNumber("not_a_percentage", text)
    value = Decimal(trimmed)
    if value > 100:
        raise InvalidNumber("out_of_range", text)
    return value

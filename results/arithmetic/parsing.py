"""Figures as people type them."""

import re
from decimal import Decimal

#: What stands between thousands besides a comma: the spaces of keyboards, phones and pasted text.
GAPS = re.compile("[ \t\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<gap>[, ])[0-9]{3}(?:(?P=gap)[0-9]{3})*")
NEGATIVE = re.compile(r"[-\N{EN DASH}\N{MINUS SIGN}]\s*[0-9.]")
#: No count on a ballot paper has more digits than this.
LONGEST = 9


class InvalidNumber(ValueError):
    """What was typed is not a figure. ``code`` says why: blank, decimal, percent, negative,
    grouping, too_long, out_of_range or not_a_number."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text!r}")


def read_count(text: str) -> int:
    """“34603”, “34,603” and “34 603” are 34603; anything doubtful raises InvalidNumber.

    Thousands are parted by commas or by spaces, never by both: “34,60” and “1,234 567” may each
    have lost a digit.
    """
    typed = GAPS.sub(" ", text).strip()
    if not typed:
        raise InvalidNumber("blank", text)
    if "%" in typed:
        raise InvalidNumber("percent", text)
    if NEGATIVE.match(typed):
        raise InvalidNumber("negative", text)
    if re.fullmatch(r"[0-9, ]*[.\N{MIDDLE DOT}][0-9]*", typed) and re.search("[0-9]", typed):
        raise InvalidNumber("decimal", text)
    if not re.fullmatch(r"[0-9][0-9, ]*", typed):
        raise InvalidNumber("not_a_number", text)
    digits = re.sub(r"[, ]", "", typed)
    if digits != typed and not GROUPED.fullmatch(typed):
        raise InvalidNumber("grouping", text)
    if len(digits) > LONGEST:
        raise InvalidNumber("too_long", text)
    return int(digits)


def read_id(text: object) -> int:
    """The number of something stored, out of an address or a form; 0, which nothing has, for
    whatever else stands there. “²” is a digit to Python, and thirty nines fit no column.
    """
    typed = str(text)
    return int(typed) if re.fullmatch(r"[0-9]{1,18}", typed) else 0


def read_percentage(text: str) -> Decimal:
    """“71.8”, “71.8%” and “71·8” are 71.8: per cent, to two places at most.

    Raises InvalidNumber: blank, negative, out_of_range (over 100) or not_a_number.
    """
    typed = GAPS.sub(" ", text).strip().removesuffix("%").rstrip()
    if not typed:
        raise InvalidNumber("blank", text)
    if NEGATIVE.match(typed):
        raise InvalidNumber("negative", text)
    typed = typed.replace("\N{MIDDLE DOT}", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", typed):
        raise InvalidNumber("not_a_number", text)
    value = Decimal(typed)
    if value > 100:
        raise InvalidNumber("out_of_range", text)
    return value

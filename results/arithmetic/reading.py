"""Figures as people type them."""

import re
from decimal import Decimal

GAPS = "   \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}"
#: No count on a ballot paper has more digits than this.
LONGEST = 9


class NotAFigure(ValueError):
    """What was typed is not a figure. ``code`` says why: blank, decimal, percent, negative,
    grouping, too_long, out_of_range or not_a_number."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text!r}")


def read_count(text: str) -> int:
    """“34603”, “34,603” and “34 603” are 34603; anything doubtful raises NotAFigure."""
    typed = re.sub(f"[{GAPS}\t]", " ", text).strip()
    if not typed:
        raise NotAFigure("blank", text)
    if "%" in typed:
        raise NotAFigure("percent", text)
    if re.match(r"[-\N{MINUS SIGN}]", typed):
        raise NotAFigure("negative", text)
    if re.fullmatch(r"[0-9, ]*[.\N{MIDDLE DOT}][0-9]*", typed):
        raise NotAFigure("decimal", text)
    if not re.fullmatch(r"[0-9][0-9, ]*", typed):
        raise NotAFigure("not_a_number", text)
    digits = re.sub(r"[, ]", "", typed)
    if digits != typed and not re.fullmatch(r"[0-9]{1,3}([, ][0-9]{3})+", typed):
        raise NotAFigure("grouping", text)
    if len(digits) > LONGEST:
        raise NotAFigure("too_long", text)
    return int(digits)


def read_percentage(text: str) -> Decimal:
    """“71.8”, “71.8%” and “71·8” are 71.8."""
    typed = re.sub(f"[{GAPS}\t]", " ", text).strip().removesuffix("%").rstrip()
    if not typed:
        raise NotAFigure("blank", text)
    if re.match(r"[-\N{MINUS SIGN}]", typed):
        raise NotAFigure("negative", text)
    typed = typed.replace("\N{MIDDLE DOT}", ".")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", typed):
        raise NotAFigure("not_a_number", text)
    value = Decimal(typed)
    if value > 100:
        raise NotAFigure("out_of_range", text)
    return value

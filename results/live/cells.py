"""Cells of CSV files that no spreadsheet evaluates."""

import re
from typing import Any

#: First characters that make a spreadsheet evaluate a cell, full-width forms included (OWASP,
#: “CSV injection”).
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
NEGATIVE_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def plain_cell(value: Any) -> str:
    """A value as text that no spreadsheet evaluates; negative numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text and text[0] in FORMULA_STARTS and not NEGATIVE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text

"""Texts written from right to left, where no markup says so: feeds, JSON, plain text."""

import unicodedata

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def has_right_to_left(text: str) -> bool:
    """Whether the text has a letter of a script that is written from right to left."""
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def isolated(text: str) -> str:
    """The text with its own direction within a sentence; unchanged where it has no need of it.

    Without this, the figure or the comma after a name in Arabic or Hebrew stands before it.
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if has_right_to_left(text) else text

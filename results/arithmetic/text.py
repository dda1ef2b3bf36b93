"""Text as people type or paste it: what of it can be seen, and what would turn its neighbours."""

import unicodedata

#: Characters that start or end a change of direction. One that is left open, or an override, shows
#: the figures and names behind it in another order than they are stored in.
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Letters and signs that have no ink: Hangul fillers, the blank of Braille.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
#: Spaces without width, and what is as good as one at the end of a text.
NO_WIDTH = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\ufeff")
LINE_BREAKS = frozenset("\t\n\r")


def clean_text(text: str) -> str:
    """The text without controls, changes of direction, and what cannot be seen at its ends.

    Empty where nothing in it can be seen.
    """
    plain = "".join(one for one in text if not _is_unwanted(one))
    if not any(_is_visible(one) for one in plain):
        return ""
    start, end = 0, len(plain)
    while _is_blank(plain[start]):
        start += 1
    while _is_blank(plain[end - 1]):
        end -= 1
    return plain[start:end]


def _is_unwanted(one: str) -> bool:
    category = unicodedata.category(one)
    control = category == "Cc" and one not in LINE_BREAKS
    return control or category == "Cs" or one in DIRECTION or ord(one) & 0xFFFE == 0xFFFE


def _is_visible(one: str) -> bool:
    """Whether it is a letter, figure, punctuation mark or symbol that has ink of its own."""
    return unicodedata.category(one)[0] not in "CZM" and one not in FILLERS


def _is_blank(one: str) -> bool:
    return one.isspace() or one in NO_WIDTH or one in FILLERS

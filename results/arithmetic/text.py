"""Clean typed or pasted text: remove control characters and what changes text direction."""

import unicodedata

#: Bidirectional controls. An unclosed one, or an override, reorders the text that follows it.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Letters and symbols without a glyph: Hangul fillers, the Braille blank.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
#: Zero-width characters, stripped from both ends.
NO_WIDTH = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\ufeff")
LINE_BREAKS = frozenset("\t\n\r")


def clean_text(text: str) -> str:
    """Remove control characters and bidirectional controls, and strip invisible ends.

    Returns an empty string for text without a visible character.
    """
    plain = "".join(char for char in text if not _is_unwanted(char))
    if not any(_is_visible(char) for char in plain):
        return ""
    start, end = 0, len(plain)
    while _is_blank(plain[start]):
        start += 1
    while _is_blank(plain[end - 1]):
        end -= 1
    return plain[start:end]


def _is_unwanted(char: str) -> bool:
    category = unicodedata.category(char)
    control = category == "Cc" and char not in LINE_BREAKS
    return control or category == "Cs" or char in BIDI_CONTROLS or ord(char) & 0xFFFE == 0xFFFE


def _is_visible(char: str) -> bool:
    """Whether a character is a letter, digit, punctuation mark or symbol with a glyph."""
    return unicodedata.category(char)[0] not in "CZM" and char not in FILLERS


def _is_blank(char: str) -> bool:
    return char.isspace() or char in NO_WIDTH or char in FILLERS

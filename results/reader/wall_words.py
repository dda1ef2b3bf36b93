"""Sizes of the words of a wall, chosen by length so that none is cut.

A wall is a screen that nobody can scroll. Lengths are of a screen 1,920 pixels wide; every other
size is the same drawing, larger or smaller.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from results.words.party_names import PartyName

#: Pixels of the headline and of the sentences below it.
HEIGHT = 296
#: By name: pixels of a letter's height, and letters that a line of 1,080 pixels surely holds in the
#: serif that is served. The script sets smaller what another serif makes too large.
HEADLINES = {"large": (80, 24), "medium": (60, 33), "small": (44, 45), "tiny": (34, 58)}
STANDFIRSTS = {"large": (32, 62), "small": (26, 76)}
#: Of a headline's letters, from one line to the next; and of the sentences below.
HEADLINE_LEADING, STANDFIRST_LEADING = 1.06, 1.25
#: Letters of a party's name that a row holds at full size; more are set in two lines, up to `MOST`.
ROW_LETTERS, MOST_ROW_LETTERS = 15, 34
#: Letters of a party's name at the end of the bar.
END_LETTERS = 14


@dataclass(frozen=True, slots=True)
class WallWords:
    """The headline and the standfirst, each with the name of its size."""

    headline: str
    size: str
    standfirst: str
    standfirst_size: str


def wall_words(headline: str, standfirsts: Sequence[str]) -> WallWords:
    """The headline as large as it fits, above the first of the standfirsts that has room.

    Where none has, the headline stands alone.
    """
    for size, (pixels, letters) in HEADLINES.items():
        height = _lines(headline, letters) * pixels * HEADLINE_LEADING
        if height <= HEIGHT or size == "tiny":
            break
    for standfirst in standfirsts:
        for name, (pixels, letters) in STANDFIRSTS.items():
            needed = _lines(standfirst, letters) * pixels * STANDFIRST_LEADING
            if standfirst and height + needed <= HEIGHT:
                return WallWords(headline, size, standfirst, name)
    return WallWords(headline, size, "", "large")


def _lines(text: str, letters: int) -> int:
    return len(textwrap.wrap(text, letters, break_on_hyphens=False))


def row_name(party_name: PartyName) -> tuple[str, str]:
    """The name of a party in a row, and the size of its letters."""
    name = party_name.name
    if len(name) > MOST_ROW_LETTERS and len(party_name.abbreviation) < len(name):
        name = party_name.abbreviation
    return name, "large" if len(name) <= ROW_LETTERS else "small"


def end_name(party_name: PartyName, letters: int = END_LETTERS) -> str:
    """The name of a party, as at an end of the bar: whole, or else as abbreviated."""
    if len(party_name.name) <= letters:
        return party_name.name
    return min(party_name.name, party_name.collective, party_name.abbreviation, key=len)

"""Distinguish rows of results from titles, totals, notes and repeated headings."""

import re
from collections.abc import Sequence

from results.exchange.columns import plain

_TOTAL = re.compile(
    r"(grand |sub ?-?|overall |uk |gb )?totals?( .*)?|.* totals?"
    r"|all (constituencies|wards|seats|candidates|divisions)"
    r"|united kingdom|great britain|uk|gb|england|scotland|wales|northern ireland",
    re.IGNORECASE,
)
#: Figures that tables by candidate list among the candidates.
_FIGURE = re.compile(
    r"(number of |total )?(rejected|spoilt|spoiled|invalid)( (ballot )?(ballots?|votes?|papers?))?"
    r"|turnout\b.*|electorate|ballot papers issued|valid votes?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(notes?|sources?|footnotes?|key|figures|data|published|updated|last updated|compiled|crown"
    r"|contains|correct as of|provisional)\b|[*†‡§©]|\(?[0-9a-z]\)|\[[0-9a-z]\]",
    re.IGNORECASE,
)

#: What the column “ballot” may hold in rows of regional lists, as `columns.plain` writes it.
LISTS = frozenset(
    "list lists region regional regional_list regional_lists region_list party_list "
    "party_lists london_wide london_wide_list london_list london".split()
)


def is_heading_again(cells: Sequence[str], headings: Sequence[str]) -> bool:
    return len(cells) == len(headings) and all(
        plain(cell) == plain(heading) for cell, heading in zip(cells, headings, strict=True)
    )


def is_total(name: str) -> bool:
    """Whether the text, in the place of an area or a candidate, names a total."""
    return bool(_TOTAL.fullmatch(name.strip(" :.")))


def is_figure(name: str) -> bool:
    """Whether the text, in the place of a candidate, names a figure of the count."""
    return bool(_FIGURE.fullmatch(name.strip(" :.")))


def begins_like_a_note(text: str) -> bool:
    return bool(_NOTE.match(text))


def is_of_lists(ballot: str) -> bool:
    """Whether the text in the column “ballot” says that the row is of a regional list."""
    return plain(ballot) in LISTS

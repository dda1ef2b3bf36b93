"""Columns of well-known tables by position, for files that lost their headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_AREA = (
    "ons_id ons_region_id constituency_name county_name region_name country_name constituency_type"
)
_CANDIDATES_2024 = tuple(
    f"{_AREA} party_name party_abbreviation electoral_commission_party_id mnis_party_id "
    "electoral_commission_adjunct_party_id candidate_first_name candidate_surname candidate_gender "
    "sitting_mp former_mp member_mnis_id votes share change".split()
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of one kind of file, in order."""

    name: str
    columns: tuple[str, ...]
    #: Of the declaration times; editions of two years may have as many columns.
    year: str = ""


LAYOUTS = (
    Layout(
        "the Commons Library’s results by candidate, 2015 to 2019",
        tuple(f"{_AREA} party_name party_abbreviation firstname surname gender sitting_mp "
              "former_mp votes share change".split()),
    ),
    Layout("the Commons Library’s results by candidate, 2024", _CANDIDATES_2024),
    Layout(
        "the Commons Library’s results by candidate, 2024, with Democracy Club’s numbers",
        (*_CANDIDATES_2024, "dc_person_id"),
    ),
    Layout(
        "the Commons Library’s results by constituency, 2015",
        tuple(f"{_AREA} declaration_time result first_party second_party electorate valid_votes "
              "invalid_votes majority con lab ld ukip green snp pc dup sf sdlp uup alliance "
              "other".split()),
    ),
    Layout(
        "the Commons Library’s results by constituency, 2010 or 2015, with members’ names",
        tuple(f"{_AREA} declaration_time mp_firstname mp_surname mp_gender result first_party "
              "second_party electorate valid_votes invalid_votes majority con lab ld ukip green "
              "snp pc dup sf sdlp uup alliance other".split()),
    ),
    Layout(
        "the Commons Library’s results by constituency, 2019",
        tuple(f"{_AREA} declaration_time mp_firstname mp_surname mp_gender result first_party "
              "second_party electorate valid_votes invalid_votes majority con lab ld brexit green "
              "snp pc dup sf sdlp uup alliance other other_winner".split()),
        "2019",
    ),
    Layout(
        "the Commons Library’s results by constituency, 2017",
        tuple(f"{_AREA} declaration_time result first_party second_party electorate valid_votes "
              "invalid_votes majority con lab ld ukip green snp pc dup sf sdlp uup alliance other "
              "other_winner".split()),
    ),
    Layout(
        "the Commons Library’s results by constituency, 2024",
        tuple(f"{_AREA} declaration_time mp_firstname mp_surname mp_gender result first_party "
              "second_party electorate valid_votes invalid_votes majority con lab ld ruk green "
              "snp pc dup sf sdlp uup apni other other_winner".split()),
        "2024",
    ),
)  # fmt: skip
_CONTENT = {
    "ons_id": re.compile(r"[EWSN]\d{8}|"),
    "votes": re.compile(r"[\d, ]+"),
    "electorate": re.compile(r"[\d, ]+"),
    "valid_votes": re.compile(r"[\d, ]+"),
    "majority": re.compile(r"[\d, ]*"),
    "result": re.compile(r".*\b(hold|gain)\b.*|", re.IGNORECASE),
    "con": re.compile(r"[\d, ]*"),
    "other": re.compile(r"[\d, ]*"),
}


def recognise(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The only layout that fits the rows' width, codes and figures; None for none or several."""
    fitting = [layout for layout in LAYOUTS if all(_fits(layout, cells) for cells in rows[:50])]
    return fitting[0] if len(fitting) == 1 else None


def _fits(layout: Layout, cells: Sequence[str]) -> bool:
    if len(cells) != len(layout.columns):
        return False
    named = dict(zip(layout.columns, cells, strict=True))
    return layout.year in named.get("declaration_time", "") and all(
        pattern.fullmatch(named[name].strip())
        for name, pattern in _CONTENT.items()
        if name in named
    )

"""Derive the source of a file's figures from its format or name, if the file states none."""

from collections.abc import Collection, Iterable
from pathlib import Path

#: Headings that all files of a publisher have, and no other's.
FORMATS = {
    "House of Commons Library": frozenset({"ons_region_id", "constituency_type"}),
    "UK Parliament": frozenset({"main_party_name", "candidate_vote_count"}),
    "Democracy Club": frozenset({"ballot_paper_id", "person_id", "votes_cast"}),
}
#: The Library's briefing on each general election, by the year of its poll.
BRIEFINGS = {2015: "CBP-7186", 2017: "CBP-7979", 2019: "CBP-8749", 2024: "CBP-10009"}
#: Most characters of a source, as a declaration stores it.
MAX_LENGTH = 200


def source_of(
    files: Iterable[Path], headings: Collection[Collection[str]], year: int | None = None
) -> str:
    """“House of Commons Library, CBP-8749”, or “File wards.csv” where no format is known.

    `headings` are those of each table, plain; `year` is that of the poll, where the files say it.
    """
    for publisher, needed in FORMATS.items():
        if headings and all(needed.issubset(some) for some in headings):
            briefing = BRIEFINGS.get(year or 0) if publisher == "House of Commons Library" else None
            return f"{publisher}, {briefing}" if briefing else publisher
    return f"File {', '.join(file.name for file in files)}"[:MAX_LENGTH]

"""Determine the kind of election of a file's areas, and select those of one kind."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from results.arithmetic import RULES, ElectionKind, same_family
from results.exchange.ballot_identity import BallotIdentity
from results.exchange.commons_library import Edition, LibrarySeat
from results.exchange.democracy_club_ids import poll_of
from results.exchange.errors import FileError, FileErrors, counted
from results.exchange.table import Row

#: Headings that only tables of council elections have.
_OF_COUNCILS = frozenset(
    "ward ward_name electoral_ward ward_division division division_name electoral_division "
    "ward_code council council_name borough district".split()
)
#: Headings that only tables of elections to the House of Commons have, all of a set.
_OF_COMMONS = (
    frozenset({"constituency_name", "ons_id"}),
    frozenset({"main_party_name", "candidate_vote_count"}),
    frozenset({"pcon_name"}),
    frozenset({"boundary_comm_name"}),
)


def kind_of_headings(headings: Collection[str]) -> ElectionKind | None:
    """The kind that a table's headings, plain, tell; None where those of several kinds have them.

    “Constituency” alone is also a word of the Scottish Parliament and of the Senedd.
    """
    if _OF_COUNCILS.intersection(headings):
        return ElectionKind.COUNCIL
    return (
        ElectionKind.UK_PARLIAMENT if any(each.issubset(headings) for each in _OF_COMMONS) else None
    )


def kind_of_body(name: str) -> ElectionKind | None:
    """The kind that elects to a body of this name; None if the name does not determine it."""
    by_body = {rules.body: kind for kind, rules in reversed(RULES.items()) if rules.body}
    return by_body.get(name) or (ElectionKind.COUNCIL if name.endswith("Council") else None)


def kind_of_row(row: Row, ballot: BallotIdentity) -> ElectionKind | None:
    """The kind by the ballot's id or its area's code; None where they do not tell."""
    election_id = ballot.ballot_paper_id or row.text("election_id")
    return poll_of(election_id, date.min, code=ballot.code).kind


def kind_of(edition: Edition) -> ElectionKind | None:
    """The kind of election by the file's ids and codes; None where they do not tell."""
    return _of_most(edition, [seat.kind for seat in edition.seats])


def likely_kind_of(edition: Edition) -> ElectionKind | None:
    """The kind of a new election, also by bodies' names and headings; None if nothing tells."""
    return _of_most(edition, [seat.kind or seat.likely_kind for seat in edition.seats])


def _of_most(edition: Edition, found: Sequence[ElectionKind | None]) -> ElectionKind | None:
    kinds = [kind for kind in found if kind is not None]
    kind = max(dict.fromkeys(kinds), key=kinds.count, default=None)
    if kind == ElectionKind.UK_PARLIAMENT and all(seat.by_election for seat in edition.seats):
        return ElectionKind.UK_PARLIAMENT_BY_ELECTION
    return kind


def of_one_kind(
    seats: Sequence[LibrarySeat], files: Sequence[Path], kind: str, notes: list[str]
) -> list[LibrarySeat]:
    """Return the areas of the kind that was asked for, or all of a file of one kind.

    Raises FileErrors for a file of several kinds if none was asked for, and for one without areas
    of that kind.
    """
    families: list[list[LibrarySeat]] = []
    for seat in seats:
        if seat.kind is not None:
            first = (f for f in families if same_family(f[0].kind or "", seat.kind))
            family: list[LibrarySeat] = next(first, [])
            family.append(seat)
            if len(family) == 1:
                families.append(family)
    if not kind and len(families) > 1:
        options = " or ".join(f"--kind {family[0].kind}" for family in families)
        reason = f"{families[1][0].name} is of another kind of election than {families[0][0].name}"
        hint = f"{reason}, line {families[0][0].line}: give {options} to load only those"
        raise FileErrors([families[1][0].error("constituency_name", hint)])
    own = [seat for seat in seats if seat.kind is None or not kind or same_family(seat.kind, kind)]
    if not own:
        reason = f"is of another kind of election ({seats[0].kind}), not of {kind} (--kind)"
        raise FileErrors([FileError(files[0], 0, "", reason)])
    if len(own) < len(seats):
        others = counted(len(seats) - len(own), "area")
        notes.append(f"{others} of another kind of election, skipped")
    return own

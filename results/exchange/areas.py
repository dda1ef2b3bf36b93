"""Say which ballots and parties the areas and rows of a file of results are."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from results.exchange import commons_library as library
from results.exchange.ballot_identity import AmbiguousBallotError, Ballot
from results.exchange.elections import Contests, ballot_of
from results.exchange.errors import FileError, FileErrors, counted
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.models import Contest

Standing = dict[str, Any]


def last_ballot_of(seat: library.Seat) -> Ballot:
    """How last time's results identify a ballot: of the earlier one, id and by-election differ."""
    return Ballot(name=seat.name, code=seat.code, body=seat.body)


def label_of(standing: Standing) -> str:
    party = standing["party"]
    return party.label if party is not None else str(standing["standing_as"])


def standing_of(row: library.Candidate, seat: library.Seat, parties: Parties) -> Standing:
    """Return how a row's candidate stands. Raises FileErrors for a name of several parties."""
    try:
        return parties.standing(row.party, row.abbreviation, row.commission)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error("party_name", str(exc), row)]) from None


def column_standing(abbreviation: str, seat: library.Seat, parties: Parties) -> Standing:
    """Return the party of a column or a cell. Raises FileErrors for one of several parties."""
    try:
        return parties.standing("", abbreviation)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error(abbreviation, str(exc))]) from None


def own_areas(
    seats: list[library.Seat],
    contests: Contests,
    options: ReadOptions,
    find: Callable[[library.Seat, Contests], Contest | None],
) -> list[library.Seat]:
    """All areas of the file, or only those that the election has, with a note of the others.

    Raises FileErrors if only its own were asked for, and the file has none of them.
    """
    if not options.only_own:
        return seats
    own = [seat for seat in seats if find(seat, contests) is not None]
    if not own and seats:
        slug = contests.election.slug
        reason = f"none of its {counted(len(seats), 'area')} is a contest of “{slug}”"
        raise FileErrors([FileError(seats[0].file, 0, "", reason)])
    if others := len(seats) - len(own):
        verb = "is" if others == 1 else "are"
        options.notes.append(f"{counted(others, 'area')} of the file {verb} not of this election")
    return own


def find_contest(seat: library.Seat, contests: Contests) -> Contest | None:
    """Return the contest that an area is. Raises FileErrors if it may be several."""
    try:
        return contests.find_ballot(library.ballot_of(seat))
    except AmbiguousBallotError as exc:
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None


def find_last_contest(seat: library.Seat, contests: Contests) -> Contest | None:
    """Return the contest of an area's earlier result. Raises FileErrors if it may be several.

    Of a scheduled ballot and a by-election of one area, it is the last result of its own sort.
    """
    ballot = last_ballot_of(seat)
    try:
        return contests.find_ballot(ballot)
    except AmbiguousBallotError as exc:
        with suppress(AmbiguousBallotError):
            return contests.find_ballot(replace(ballot, by_election=bool(seat.by_election)))
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None


def other_code(seat: library.Seat, contests: Iterable[Contest]) -> str:
    """Say that a contest has the area's name and another code; empty where none has."""
    ballot = library.ballot_of(seat)
    for contest in contests:
        same = replace(ballot_of(contest), code="", ballot_paper_id="")
        if seat.code and contest.code and same.may_be(replace(ballot, code="")):
            return f"has the code {seat.code} in the file, and {contest.code} here"
    return ""

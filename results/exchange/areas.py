"""Say which ballots and parties the areas and rows of a file of results are."""

from typing import Any

from results.exchange import commons_library as library
from results.exchange.ballot_identity import AmbiguousBallotError, Ballot
from results.exchange.elections import Contests
from results.exchange.errors import FileError, FileErrors
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.models import Contest

Standing = dict[str, Any]


def ballot_of(seat: library.Seat) -> Ballot:
    """How a file of results identifies a seat's ballot."""
    return Ballot(
        name=seat.name, code=seat.code, body=seat.body, ballot_paper_id=seat.ballot_paper_id
    )


def last_ballot_of(seat: library.Seat) -> Ballot:
    """The same for last time's results: the ballot paper id is that of the earlier ballot."""
    return Ballot(name=seat.name, code=seat.code, body=seat.body)


def label_of(standing: Standing) -> str:
    party = standing["party"]
    return party.label if party is not None else str(standing["standing_as"])


def standing_of(row: library.Candidate, seat: library.Seat, parties: Parties) -> Standing:
    """Return how a row's candidate stands. Raises FileErrors for a name of several parties."""
    try:
        return parties.standing(row.party, row.abbreviation, row.commission)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error("party_name", str(exc), row.line)]) from None


def column_standing(abbreviation: str, seat: library.Seat, parties: Parties) -> Standing:
    """Return the party of a column or a cell. Raises FileErrors for one of several parties."""
    try:
        return parties.standing("", abbreviation)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error(abbreviation, str(exc))]) from None


def own_areas(
    seats: list[library.Seat], contests: Contests, options: ReadOptions
) -> list[library.Seat]:
    """All areas of the file, or only those that the election has, with a note of the others.

    Raises FileErrors if only its own were asked for, and the file has none of them.
    """
    if not options.only_own:
        return seats
    own = [seat for seat in seats if find_contest(seat, contests) is not None]
    if not own and seats:
        reason = f"none of its {len(seats)} areas is a contest of “{contests.election.slug}”"
        raise FileErrors([FileError(seats[0].file, 0, "", reason)])
    if len(own) < len(seats):
        options.notes.append(f"{len(seats) - len(own)} areas of the file are not of this election")
    return own


def find_contest(seat: library.Seat, contests: Contests) -> Contest | None:
    """Return the contest of an area's earlier result. Raises FileErrors if it may be several."""
    try:
        return contests.find_ballot(last_ballot_of(seat))
    except AmbiguousBallotError as exc:
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None

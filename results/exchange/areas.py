"""Match the areas and rows of a file of results with ballots and parties."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from results.exchange import commons_library as library
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity
from results.exchange.contests import Contests, ballot_of
from results.exchange.errors import FileError, FileErrors, counted
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.models import Contest

Standing = dict[str, Any]


def last_ballot_of(seat: library.LibrarySeat) -> BallotIdentity:
    """Ballot of last time's results, without the id and by-election, which differ from now."""
    return BallotIdentity(name=seat.name, code=seat.code, body=seat.body)


def label_of(standing: Standing) -> str:
    party = standing["party"]
    return party.label if party is not None else str(standing["standing_as"])


def standing_of(row: library.CandidateRow, seat: library.LibrarySeat, parties: Parties) -> Standing:
    """Return the standing of a row's candidate. Raises FileErrors for a name of several parties."""
    try:
        return parties.standing(row.party, row.abbreviation, row.commission, name_cy=row.party_cy)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error("party_name", str(exc), row)]) from None


def column_standing(abbreviation: str, seat: library.LibrarySeat, parties: Parties) -> Standing:
    """Return the party of a column or a cell. Raises FileErrors for one of several parties."""
    try:
        return parties.standing("", abbreviation)
    except AmbiguousParty as exc:
        raise FileErrors([seat.error(abbreviation, str(exc))]) from None


def own_areas(
    seats: list[library.LibrarySeat],
    contests: Contests,
    options: ReadOptions,
    find: Callable[[library.LibrarySeat, Contests], Contest | None],
) -> list[library.LibrarySeat]:
    """Return the file's areas; with `only_own`, leave out and note those that the election lacks.

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


def require_own_areas(seats: list[library.LibrarySeat], contests: Contests) -> None:
    """Raise FileErrors for areas that the election lacks, so that no contest is created by mistake.

    A file with only other bodies may add theirs: councils of one night have files of their own.
    """
    missing = [
        seat
        for seat in seats
        if find_contest(seat, contests) is None and not other_code(seat, contests.all)
    ]
    is_of_others = len(missing) == len(seats) and all(
        seat.body and not contests.has_body(seat.body) for seat in seats
    )
    if not missing or is_of_others:
        return
    slug = contests.election.slug
    verb = "is not a contest" if len(missing) == 1 else "are not contests"
    first = ", ".join(seat.name for seat in missing[:MAX_NAMED])
    more = ", …" if len(missing) > MAX_NAMED else ""
    reason = (
        f"{len(missing)} of its {counted(len(seats), 'area')} {verb} of “{slug}” ({first}{more}): "
        "to declare only those that are, add --seats own; to make contests of the others, add "
        "--seats all"
    )
    raise FileErrors([FileError(seats[0].file, 0, "", reason)])


#: Areas that an election does not have are named up to this number.
MAX_NAMED = 5


def find_contest(seat: library.LibrarySeat, contests: Contests) -> Contest | None:
    """Return the contest of an area. Raises FileErrors if it may be several."""
    try:
        return contests.find_ballot(library.ballot_of(seat))
    except AmbiguousBallotError as exc:
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None


def find_last_contest(seat: library.LibrarySeat, contests: Contests) -> Contest | None:
    """Return the contest of an area's earlier result. Raises FileErrors if it may be several.

    If the area has a scheduled ballot and a by-election, each gets the last result of its own kind.
    """
    ballot = last_ballot_of(seat)
    try:
        return contests.find_ballot(ballot)
    except AmbiguousBallotError as exc:
        with suppress(AmbiguousBallotError):
            return contests.find_ballot(replace(ballot, by_election=bool(seat.by_election)))
        raise FileErrors([seat.error("constituency_name", str(exc))]) from None


def other_code(seat: library.LibrarySeat, contests: Iterable[Contest]) -> str:
    """Return a sentence if a contest has the area's name and another code, or else ""."""
    ballot = library.ballot_of(seat)
    for contest in contests:
        same = replace(ballot_of(contest), code="", ballot_paper_id="")
        if seat.code and contest.code and same.may_be(replace(ballot, code="")):
            return f"has the code {seat.code} in the file, and {contest.code} here"
    return ""

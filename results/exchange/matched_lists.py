"""Match a file's rows of votes with the party lists on a ballot paper: one row for each list."""

from dataclasses import replace

from results.arithmetic import lists_of
from results.arithmetic.allocation import PartyList
from results.exchange import commons_library as library
from results.exchange.areas import label_of, standing_of
from results.exchange.errors import FileErrors
from results.exchange.options import ReadOptions
from results.exchange.parties import Parties
from results.models import Candidate, Contest, Election


def expect_lists(options: ReadOptions, election: str) -> None:
    """Let rows be without a name if an election of this address has lists, which have none."""
    found = Election.objects.filter(slug=election).first()
    contests = found.contests.select_related("election") if found else ()
    options.lists = any(contest.elects_lists for contest in contests)


def by_list(contest: Contest, seat: library.LibrarySeat) -> library.LibrarySeat:
    """The area without the rows of people whose list has its votes in another row."""
    if not contest.elects_lists:
        return seat
    rows = [
        row
        for row in seat.candidates
        if row.votes is not None or not library.has_votes_elsewhere(seat, row.line)
    ]
    return replace(seat, candidates=rows)


def match_lists(
    contest: Contest, candidates: list[Candidate], seat: library.LibrarySeat, parties: Parties
) -> dict[int, library.CandidateRow]:
    """Return the file's rows by the id of the first candidate of each list.

    Raises FileErrors for rows and lists without a match, and for a second row of a list.
    """
    lists = lists_of([candidate.candidacy for candidate in candidates])
    people = {candidate.pk: candidate for candidate in candidates}
    rows: dict[int, library.CandidateRow] = {}
    for row in seat.candidates:
        label = label_of(standing_of(row, seat, parties))
        alike = [each for each in lists if each.label == label]
        if len(alike) > 1:  # independents, each with a line of the ballot paper
            alike = [each for each in alike if _is_named(people[each.id], row)]
        if len(alike) != 1:
            reason = f"{row.name or row.party} has no list on the ballot paper of "
            raise FileErrors([seat.error("party_name", reason + contest.full_name, row)])
        if (other := rows.setdefault(alike[0].id, row)) is not row:
            reason = f"{row.party or row.name} has votes on line {other.line} already: leave one"
            raise FileErrors([seat.error("votes", reason, row)])
    if missing := [_name(each, people) for each in lists if each.id not in rows]:
        reason = f"{contest.full_name}: no votes for {', '.join(missing)}"
        raise FileErrors([seat.error("party_name", reason, next(iter(seat.candidates), None))])
    return rows


def _is_named(candidate: Candidate, row: library.CandidateRow) -> bool:
    return candidate.name.casefold() == row.name.casefold()


def _name(of: PartyList, people: dict[int, Candidate]) -> str:
    first = people[of.id]
    if of.is_independent or first.party is None:
        return f"{first.name} (Independent)"
    return first.party.name

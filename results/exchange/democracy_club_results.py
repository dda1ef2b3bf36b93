"""Export results in the columns of Democracy Club's own exports, with its ids.

https://candidates.democracyclub.org.uk/data/export_csv/
"""

from collections.abc import Iterator
from operator import itemgetter

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from results.arithmetic.sorting import sort_key
from results.exchange.democracy_club_ids import election_id_of
from results.live.cells import plain_cell
from results.live.data import seats_of
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat
from results.models import Candidate, Contest, Standing, StandingAs
from results.models.party_alias import public_number

COLUMNS = (
    *("election_id", "ballot_paper_id", "election_date", "organisation_name", "post_label"),
    *("gss", "nuts1", "by_election", "seats_contested", "cancelled_poll"),
    *("person_id", "person_name", "party_name", "party_id", "party_description_text"),
    *("votes_cast", "elected", "tied_vote_winner", "spoilt_ballots"),
    *("total_electorate", "turnout_percentage", "source"),
)
#: Democracy Club's numbers of those who stand for no party.
NO_PARTY = {StandingAs.INDEPENDENT: "ynmp-party:2", StandingAs.SPEAKER: "ynmp-party:12522"}
NOT_HELD = (Standing.Status.POSTPONED, Standing.Status.UNOPPOSED)


def results_table(snapshot: ElectionSnapshot) -> Iterator[list[str]]:
    """Yield `COLUMNS`, then a row for each candidate of every contest whose outcome is known.

    That is a result, also of a winner only or without a poll, or a postponed poll. A contest that
    nobody stands in has a row without a person. `load_results --as declared` reads the table back.
    """
    yield list(COLUMNS)
    for seat, _all in seats_of(snapshot, _with_outcome(snapshot)):
        common = _of_contest(seat)
        for cells in _of_candidates(seat) or [{}]:
            yield [plain_cell((common | cells).get(column)) for column in COLUMNS]


def _with_outcome(snapshot: ElectionSnapshot) -> "QuerySet[Contest]":
    contests = Contest.objects.filter(election=snapshot.election)
    postponed = contests.filter(standing__status=Standing.Status.POSTPONED)
    with_result = contests.filter(standing__declaration__isnull=False, standing__incomplete=False)
    return postponed | with_result


def _of_contest(seat: Seat) -> dict[str, object]:
    contest, declaration = seat.contest, seat.declaration
    announced = declaration.turnout_announced if declaration else None
    return {
        "election_id": election_id_of(contest.election.kind, contest.election.date),
        "ballot_paper_id": contest.ballot_paper_id,
        "election_date": contest.election.date,
        "organisation_name": contest.body.name,
        "post_label": contest.name,
        "gss": contest.code,
        "nuts1": contest.region.name if contest.region else None,
        "by_election": _flag(contest.by_election),
        "seats_contested": contest.seats,
        "cancelled_poll": _flag(seat.standing.status in NOT_HELD),
        "spoilt_ballots": declaration.rejected if declaration else None,
        "total_electorate": declaration.electorate if declaration else None,
        "turnout_percentage": None if announced is None else f"{announced.normalize():f}",
        # Without a source of its own, a program that reads this would name its publisher.
        "source": (declaration.source or _("Reported from the count")) if declaration else None,
    }


def _of_candidates(seat: Seat) -> list[dict[str, object]]:
    """The cells of each candidate, by votes; without votes by name."""
    results = {row.candidate.pk: row.candidate_result for row in seat.rows}
    lots = set(seat.declaration.ballot_counts.lot) if seat.declaration else set()
    is_full = seat.outcome is not None and not seat.outcome.winner_only
    found = []
    for candidate in seat.contest.candidates.all():
        result = results.get(candidate.pk)
        votes = result.votes if result and is_full else None
        cells = _of_person(candidate, seat) | {
            "votes_cast": votes,
            "elected": _flag(result.elected) if result else None,
            "tied_vote_winner": _flag(candidate.pk in lots),
        }
        order = (-(votes or 0), sort_key(candidate.name), str(cells["person_id"] or ""))
        found.append((order, candidate.pk, cells))
    return [cells for *_order, cells in sorted(found, key=itemgetter(0, 1))]


def _of_person(candidate: Candidate, seat: Seat) -> dict[str, object]:
    party = candidate.party if candidate.standing_as == StandingAs.PARTY else None
    name = seat.party_names[candidate.label].name
    if party is not None and party.tallied_with_id:
        name = party.name  # its own, as on the ballot paper
    number = public_number(party.electoral_commission_id) if party else None
    return {
        "person_id": candidate.person.democracy_club_id if candidate.person else None,
        "person_name": candidate.name,
        "party_name": name,
        "party_id": NO_PARTY.get(StandingAs(candidate.standing_as), number),
        "party_description_text": candidate.description,
    }


def _flag(value: bool) -> str:
    return "t" if value else "f"

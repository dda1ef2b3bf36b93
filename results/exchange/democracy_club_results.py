"""Export results in the columns of Democracy Club's own results export, with its person ids.

https://candidates.democracyclub.org.uk/data/export_csv/
"""

from collections.abc import Iterator

from results.live.data import plain_cell, seats_of
from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Person

COLUMNS = (
    *("election_id", "ballot_paper_id", "post_label", "gss", "person_id", "person_name"),
    *("party_name", "votes_cast", "elected", "tied_vote_winner", "spoilt_ballots"),
    *("total_electorate", "turnout_percentage", "source"),
)


def results_table(snapshot: ElectionSnapshot) -> Iterator[list[str]]:
    """Yield `COLUMNS`, then a row for each candidate of every contest with a result."""
    yield list(COLUMNS)
    ids = dict(Person.objects.values_list("pk", "democracy_club_id"))
    day = snapshot.election.date.isoformat()
    declared = Contest.objects.filter(
        election=snapshot.election, standing__declaration__isnull=False
    )
    for seat, _changes in seats_of(snapshot, declared):
        declaration, outcome = seat.declaration, seat.outcome
        if declaration is None or outcome is None:
            continue
        lots = set(declaration.ballot_counts.lot)
        announced = declaration.turnout_announced
        for row in seat.rows:
            person = ids.get(row.candidate.person_id) if row.candidate.person_id else None
            yield [
                f"parl.{day}",
                f"parl.{seat.contest.slug}.{day}",
                plain_cell(seat.contest.name),
                plain_cell(seat.contest.code),
                _text(person),
                plain_cell(row.candidate.name),
                plain_cell(row.party_name.name),
                _text(row.candidate_result.votes),
                "t" if row.candidate_result.elected else "f",
                "t" if row.candidate.pk in lots else "f",
                _text(declaration.rejected),
                _text(declaration.electorate),
                "" if announced is None else f"{announced.normalize():f}",
                plain_cell(declaration.source),
            ]


def _text(value: int | None) -> str:
    return "" if value is None else str(value)

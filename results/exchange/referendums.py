"""Load the questions of a referendum or a neighbourhood plan with their answers: a row each."""

from pathlib import Path

from django.db import transaction

from results.desk.ballot_papers import why_candidate_stays, why_nobody_joins
from results.desk.counting_areas import follow_ballot_paper
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity
from results.exchange.contests import Contests
from results.exchange.errors import FileError, FileErrors
from results.exchange.options import ReadOptions
from results.exchange.table import Row, Table
from results.models import Candidate, Contest, Election, StandingAs

#: Headings that mean something only in this kind of file.
EXTRA = {
    "referendum": "constituency_name",
    "plan": "constituency_name",
    "code": "ons_id",
}


def read(file: Path, options: ReadOptions) -> Table:
    """Read the table. Raises FileErrors or FileQuestions."""
    table = Table(file, options, extra=EXTRA)
    table.require_columns("constituency_name", "person_name")
    return table


@transaction.atomic
def load(election: Election, table: Table) -> list[Contest]:
    """Create the questions of the file with their answers, in the order of its rows.

    Raises FileErrors for a question with fewer than two answers, for an answer that is named twice,
    and where the answers of a question with a result would change.
    """
    answers: dict[str, list[Row]] = {}
    errors: list[FileError] = []
    for row in table.rows:
        answers.setdefault(row.required("constituency_name"), []).append(row)
    for question, rows in answers.items():
        names = [row.required("person_name") for row in rows]
        if len(names) < 2:
            errors.append(rows[0].error("person_name", f"“{question}” has only one answer"))
        if len({name.casefold() for name in names}) < len(names):
            errors.append(rows[0].error("person_name", f"“{question}” has an answer twice"))
    if errors:
        raise FileErrors(errors)
    contests = Contests(election)
    loaded = [_question(contests, rows) for rows in answers.values()]
    follow_ballot_paper(loaded)
    return loaded


def _question(contests: Contests, rows: list[Row]) -> Contest:
    row = rows[0]
    ballot = BallotIdentity(
        name=row.text("constituency_name"),
        code=row.text("ons_id"),
        body=row.text("organisation_name"),
        ballot_paper_id=row.text("ballot_paper_id"),
    )
    try:
        contest = contests.find_or_create(ballot, region=row.text("region_name"))
    except AmbiguousBallotError as exc:
        raise FileErrors([row.error("constituency_name", str(exc))]) from None
    contest.electorate = row.count("electorate") or contest.electorate
    contest.save(update_fields=["electorate"])
    _set_answers(contest, rows)
    return contest


def _set_answers(contest: Contest, rows: list[Row]) -> None:
    names = [row.text("person_name") for row in rows]
    known = {candidate.name: candidate for candidate in contest.candidates.all()}
    for name, candidate in known.items():
        reason = "" if name in names else why_candidate_stays(candidate)
        if reason:
            raise FileErrors([rows[0].error("person_name", reason)])
    new = [name for name in names if name not in known]
    reason = why_nobody_joins(contest) if new else ""
    if reason:
        raise FileErrors([rows[0].error("person_name", reason)])
    contest.candidates.exclude(name__in=names).delete()
    # The order is unique: move all out of the way before the new order is stored.
    for number, candidate in enumerate(contest.candidates.all()):
        Candidate.objects.filter(pk=candidate.pk).update(ballot_order=10_000 + number)
    for order, name in enumerate(names, start=1):
        candidate = known.get(name) or Candidate(contest=contest, name=name)
        candidate.ballot_order, candidate.standing_as = order, StandingAs.ANSWER
        candidate.save()

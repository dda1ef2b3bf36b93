"""Load counting areas of a mayor's, a commissioner's or a referendum's contest, one a row."""

from pathlib import Path

from django.db import transaction

from results.desk.counting_areas import follow_ballot_paper
from results.exchange.ballot_identity import BallotIdentity
from results.exchange.contests import Contests
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.options import ReadOptions
from results.exchange.table import Row, Table
from results.models import Contest, Election
from results.models.contest_lookup import plain_name

#: Headings that mean something only in this kind of file.
EXTRA = {
    "code": "ons_id",
    "counted_for": "counted_for",
    "count_venue": "venue",
    "venue": "venue",
}


@transaction.atomic
def load(election: Election, file: Path, options: ReadOptions) -> list[Contest]:
    """Create the counting areas that the file names; an existing one gets what it lacks.

    Each has the ballot paper of the contest that it is a part of. Raises FileErrors for an election
    whose kind has no counting areas, for a contest that the election does not have or that has a
    result, and for an area that is named twice.
    """
    if not election.rules.counting_areas:
        reason = f"“{election.slug}” is of a kind that is not counted in areas"
        raise FileErrors([FileError(file, 0, "", reason)])
    table = Table(file, options, extra=EXTRA)
    table.require_columns("constituency_name")
    if not table.rows:
        raise FileErrors([FileError(file, 0, "", "has no areas, only headings")])
    wholes = list(Contest.objects.filter(election=election, part_of=None))
    contests = Contests(election)
    collected = Collected()
    areas: list[Contest] = []
    for row in table.rows:
        with collected:
            areas.append(_load(row, wholes, contests, areas))
    collected.raise_if_any()
    follow_ballot_paper(wholes)
    return areas


def _load(row: Row, wholes: list[Contest], contests: Contests, before: list[Contest]) -> Contest:
    names = {whole: (whole.full_name, whole.name, whole.name_cy) for whole in wholes}
    whole = row.one_of("counted_for", names, "contest")
    name = row.required("constituency_name")
    known = [
        part
        for part in contests.all
        if part.part_of_id == whole.pk
        and plain_name(name) in map(plain_name, (part.name, part.name_cy))
    ]
    if known and known[0] in before:
        raise FileErrors([row.error("constituency_name", f"“{name}” is named twice")])
    area = known[0] if known else _create(row, whole, name, contests)
    area.part_of, area.body, area.region = whole, whole.body, whole.region
    area.electorate = row.count("electorate") or area.electorate
    area.venue = row.text("venue") or area.venue
    area.save()
    return area


def _create(row: Row, whole: Contest, name: str, contests: Contests) -> Contest:
    ballot = BallotIdentity(name=name, code=row.text("ons_id"), body=whole.body.name)
    (area,) = contests.create([ballot], [1])
    return area

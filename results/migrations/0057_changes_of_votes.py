"""Store changes of votes where no electorate is known, as changes of an assumed turnout.

Results are compared with them as with changes of turnout; before, such contests had none.
"""

from fractions import Fraction
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: Standings that are written at a time.
BATCH = 500
#: The turnout last time that stands for the unknown one.
ASSUMED_TURNOUT = Fraction(63, 100)
#: The largest change in tenths of a percentage point, which fits into a small integer.
LARGEST_CHANGE = 32_000
#: Kinds whose contests have another method than most votes, unless they say their own.
NOT_BY_VOTES = ("council-stv", "referendum", "senedd", "ni-assembly")


def fill_changes_of_votes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Compute them for the declared contests without any electorate, and count them by region."""
    Standing = apps.get_model("results", "Standing")
    database = schema_editor.connection.alias
    declared = Standing.objects.using(database).filter(
        status__in=["declared", "corrected", "winner_only"],
        turnout_change=None,
        verified_electorate=None,
        declaration__isnull=False,
        declaration__electorate=None,
        contest__electorate=None,
        contest__last_result__electorate=None,
        contest__last_result__valid__gt=0,
    )
    changed = []
    nights: dict[int, dict[str, dict[str, int]]] = {}
    complete = declared.annotate(
        valid=models.Sum("declaration__totals__votes"),
        missing=models.Count("declaration__totals", models.Q(declaration__totals__votes=None)),
    ).filter(valid__isnull=False, missing=0)
    for standing in complete.select_related("contest__election", "contest__last_result"):
        contest = standing.contest
        standing.turnout_change = change = _change(contest, standing.valid)
        changed.append(standing)
        key = "by-elections" if contest.by_election else str(contest.region_id or "")
        region = nights.setdefault(contest.election_id, {}).setdefault(key, {})
        region[str(change)] = region.get(str(change), 0) + 1
    Standing.objects.using(database).bulk_update(changed, ["turnout_change"], batch_size=BATCH)
    _count(apps, database, nights)


def _change(contest: Any, valid: int) -> int:
    """Return the change in tenths of a percentage point."""
    last, votes = contest.last_result, Fraction(valid)
    by_votes = (contest.method or "votes") == "votes"
    if by_votes and (contest.method or contest.election.kind not in NOT_BY_VOTES):
        votes *= Fraction(last.seats or contest.seats, contest.seats)
    change = round(ASSUMED_TURNOUT * (votes / last.valid - 1) * 1000)
    return int(min(change, LARGEST_CHANGE))


def _count(apps: Apps, database: str, nights: dict[int, dict[str, dict[str, int]]]) -> None:
    Night = apps.get_model("results", "Night")
    for night in Night.objects.using(database).filter(election__in=nights):
        stored = {key: dict(changes) for key, changes in night.turnout_changes.items()}
        for key, changes in nights[night.election_id].items():
            region = stored.setdefault(key, {})
            for change, contests in changes.items():
                region[change] = region.get(change, 0) + contests
        Night.objects.using(database).filter(pk=night.pk).update(turnout_changes=stored)


class Migration(migrations.Migration):
    dependencies = [("results", "0056_people_elected")]

    operations = [migrations.RunPython(fill_changes_of_votes, migrations.RunPython.noop)]

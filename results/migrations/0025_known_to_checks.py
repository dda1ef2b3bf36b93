"""Store what results are compared with: changes of turnout, and figures by their number."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: Standings that are written at a time.
BATCH = 500


def fill_turnout_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Compute the changes of turnout of the contests that have declared."""
    Standing = apps.get_model("results", "Standing")
    declared = Standing.objects.using(schema_editor.connection.alias).filter(
        status__in=["declared", "corrected"],
        declaration__isnull=False,
        contest__last_result__valid__gt=0,
    )
    changed = []
    nights: dict[int, dict[str, dict[str, int]]] = {}
    for standing in declared.select_related("declaration", "contest__last_result"):
        last, valid = standing.contest.last_result, standing.summary.get("valid")
        now = (
            standing.declaration.electorate
            or standing.verified_electorate
            or standing.contest.electorate
            or last.electorate
        )
        if valid is None or not now:
            continue
        seats = standing.contest.seats
        before = last.valid / (last.electorate or now) / (last.seats or seats)
        standing.turnout_change = round((valid / now / seats - before) * 1000)
        changed.append(standing)
        night = nights.setdefault(standing.contest.election_id, {})
        by_election = standing.contest.by_election
        key = "by-elections" if by_election else str(standing.contest.region_id or "")
        region = night.setdefault(key, {})
        change = str(standing.turnout_change)
        region[change] = region.get(change, 0) + 1
    database = schema_editor.connection.alias
    Standing.objects.using(database).bulk_update(changed, ["turnout_change"], batch_size=BATCH)
    Night = apps.get_model("results", "Night")
    for election, changes in nights.items():
        Night.objects.using(database).filter(election=election).update(turnout_changes=changes)


class Migration(migrations.Migration):
    dependencies = [("results", "0024_milestones_without_a_time")]

    operations = [
        migrations.AddField(
            model_name="night",
            name="turnout_changes",
            field=models.JSONField(default=dict, db_default={}, editable=False),
        ),
        migrations.AddField(
            model_name="standing",
            name="turnout_change",
            field=models.SmallIntegerField(null=True, verbose_name="change of turnout"),
        ),
        migrations.AddIndex(
            model_name="total",
            index=models.Index(fields=["votes"], name="figures_of_contests"),
        ),
        migrations.RunPython(fill_turnout_changes, migrations.RunPython.noop),
    ]

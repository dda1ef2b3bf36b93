"""Name contests without a poll, and count postponed polls apart from the seats to come."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, models

KINDS = [
    ("declaration", "Declaration"),
    ("winner_only", "Winner only"),
    ("update", "Update"),
    ("correction", "Correction"),
    ("withdrawal", "Withdrawn"),
]
UNOPPOSED = ("unopposed", "Elected unopposed")


def count_postponed(apps: Any, schema_editor: Any) -> None:
    """Add the seats of each postponed poll to its standing and to its night's tally."""
    Standing, Night = apps.get_model("results", "Standing"), apps.get_model("results", "Night")
    for standing, seats in _postponed(Standing):
        night = Night.objects.get(election_id=standing.contest.election_id)
        tally = night.tally or {"lines": {}}
        night.tally = tally | {"postponed": tally.get("postponed", 0) + seats}
        night.save(update_fields=["tally"])
        standing.contribution = {"lines": {}, "postponed": seats}
        standing.save(update_fields=["contribution"])


def forget_postponed(apps: Any, schema_editor: Any) -> None:
    """Take the counts out again, which the release before cannot read."""
    Standing, Night = apps.get_model("results", "Standing"), apps.get_model("results", "Night")
    Standing.objects.filter(status="postponed").update(contribution={})
    for night in Night.objects.all():
        if night.tally and night.tally.pop("postponed", 0):
            night.save(update_fields=["tally"])


def _postponed(standings: Any) -> Iterator[tuple[Any, int]]:
    for standing in standings.objects.filter(status="postponed").select_related("contest"):
        if not (standing.contribution or {}).get("postponed"):
            yield standing, standing.contest.seats


class Migration(migrations.Migration):
    dependencies = [("results", "0019_published_details")]

    operations = [
        migrations.AlterField(
            model_name="declaration",
            name="kind",
            field=models.CharField(choices=[*KINDS, UNOPPOSED], max_length=12, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="kind",
            field=models.CharField(
                choices=[
                    *KINDS,
                    ("status", "Count"),
                    ("quote", "Quote"),
                    ("photo", "Photo"),
                    ("post", "From the desk"),
                    ("headline", "Headline"),
                    ("external", "External figures"),
                    ("details", "Details"),
                    UNOPPOSED,
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="standing",
            name="status",
            field=models.CharField(
                choices=[
                    ("awaiting", "Awaiting"),
                    ("under_way", "Count under way"),
                    ("bundle_check", "Bundle check"),
                    ("recount", "Recount"),
                    ("on_stage", "Returning officer on the stage"),
                    ("winner_only", "Winner only, figures to follow"),
                    ("declared", "Declared"),
                    ("corrected", "Corrected"),
                    ("withdrawn", "Withdrawn"),
                    ("postponed", "Postponed"),
                    UNOPPOSED,
                ],
                default="awaiting",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.RunPython(count_postponed, forget_postponed),
    ]

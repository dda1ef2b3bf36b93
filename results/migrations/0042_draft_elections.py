"""Elections may be drafts, which no reader knows of. Those that there are stay published."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def refuse_to_publish(apps: Any, schema_editor: Any) -> None:
    """Without the column a draft, and what was withdrawn, would be public."""
    elections = apps.get_model("results", "Election").objects.exclude(visibility="published")
    slugs = ", ".join(elections.values_list("slug", flat=True))
    if slugs:
        raise IrreversibleError(f"These elections are not published, and would be: {slugs}")


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0041_incomplete_totals"),
    ]

    operations = [
        migrations.AddField(
            model_name="election",
            name="front",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Of one election at most. Without one it leads to the night under way.",
                verbose_name="the front page leads to it",
            ),
        ),
        migrations.AddField(
            model_name="election",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                db_default="published",
                default="published",
                editable=False,
                max_length=16,
                verbose_name="visibility",
            ),
        ),
        migrations.AddField(
            model_name="election",
            name="withdrawal_reason",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.UniqueConstraint(
                condition=models.Q(("front", True)), fields=("front",), name="one_front_page"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_publish),
    ]

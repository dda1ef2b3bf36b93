"""Store party lists, the constituencies of a region, and stages and quota as declared."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0027_body_tallies"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="list_position",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Where parties’ lists are voted for.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="place on the party’s list",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("votes", "most votes"),
                    ("lists", "party lists (D’Hondt)"),
                    ("declared", "as declared (single transferable vote)"),
                ],
                db_default="",
                default="",
                help_text="Empty: as usual for the kind of election.",
                max_length=12,
                verbose_name="elected by",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="region_contest",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a constituency: the ballot whose party lists count the seat won here.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="constituencies",
                to="results.contest",
                verbose_name="list seats with",
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="constituencies",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="declaration",
            name="quota",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="quota"),
        ),
        migrations.AddField(
            model_name="total",
            name="stage",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="elected at stage"
            ),
        ),
    ]

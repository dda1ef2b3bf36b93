"""Add the publication of some totals without a winner, and which contests stand with such."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0040_api_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="incomplete",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="kind",
            field=models.CharField(
                choices=[
                    ("declaration", "Declaration"),
                    ("winner_only", "Winner only"),
                    ("update", "Update"),
                    ("correction", "Correction"),
                    ("withdrawal", "Withdrawn"),
                    ("status", "Count"),
                    ("quote", "Quote"),
                    ("photo", "Photo"),
                    ("post", "From the desk"),
                    ("headline", "Headline"),
                    ("external", "External figures"),
                    ("details", "Details"),
                    ("erasure", "Withdrawn for good"),
                    ("unopposed", "Elected unopposed"),
                    ("incomplete", "Incomplete totals"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="declaration",
            name="kind",
            field=models.CharField(
                choices=[
                    ("declaration", "Declaration"),
                    ("winner_only", "Winner only"),
                    ("update", "Update"),
                    ("correction", "Correction"),
                    ("withdrawal", "Withdrawn"),
                    ("unopposed", "Elected unopposed"),
                    ("incomplete", "Incomplete totals"),
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
                    ("unopposed", "Elected unopposed"),
                    ("incomplete", "Incomplete: some totals known"),
                ],
                default="awaiting",
                max_length=12,
                verbose_name="status",
            ),
        ),
    ]

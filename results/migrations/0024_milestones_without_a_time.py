"""Let a milestone have no time, where the declaration that reached it has none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0023_last_seats_up")]

    operations = [
        migrations.AlterModelOptions(
            name="milestone",
            options={
                "ordering": ["-sequence", "-pk"],
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
            },
        ),
        migrations.AlterField(
            model_name="milestone",
            name="at",
            field=models.DateTimeField(
                help_text="Empty where the declaration's time is not known.",
                null=True,
                verbose_name="at",
            ),
        ),
    ]

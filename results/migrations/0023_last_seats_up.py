"""Store how many seats of a contest were up last time. Null, for earlier rows, is not known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0022_hash_chain")]

    operations = [
        migrations.AddField(
            model_name="lastresult",
            name="seats",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many were elected then.",
                null=True,
                verbose_name="seats up",
            ),
        ),
    ]

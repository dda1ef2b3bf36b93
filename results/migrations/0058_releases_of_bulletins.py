"""Store with a bulletin which release rendered its fragments; it is not known of earlier ones."""

from django.db import migrations, models

from results.migrations._append_only import TABLES, lift, restore


class Migration(migrations.Migration):
    dependencies = [("results", "0057_changes_of_votes")]

    operations = [
        # SQLite makes the table anew, without its triggers.
        migrations.RunPython(lift, restore(*TABLES)),
        migrations.AddField(
            model_name="bulletin",
            name="release",
            field=models.CharField(blank=True, default="", editable=False, max_length=8),
        ),
        migrations.RunPython(restore(*TABLES), lift),
    ]

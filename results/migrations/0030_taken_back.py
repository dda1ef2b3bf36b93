"""Let a request be taken back before it had an answer: its record has no bulletin."""

import django.db.models.deletion
from django.db import migrations, models

from results.migrations._append_only import TABLES, lift, restore


def forget_taken_back(apps, schema_editor):
    """The release before has no place for them; their senders have dropped what they sent."""
    records = apps.get_model("results", "IdempotencyRecord").objects.filter(bulletin=None)
    records._raw_delete(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("results", "0029_facts_of_elections")]

    operations = [
        migrations.RunPython(lift, restore(*TABLES)),
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="bulletin",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_records",
                to="results.bulletin",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_taken_back),
        migrations.RunPython(restore(*TABLES), lift),
    ]

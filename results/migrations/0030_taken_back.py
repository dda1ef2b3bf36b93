"""Let a request be taken back before it had an answer: its record has no bulletin."""

import django.db.models.deletion
from django.db import migrations, models

from results.migrations._append_only import TABLES, lift, restore


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
        migrations.RunPython(restore(*TABLES), lift),
    ]

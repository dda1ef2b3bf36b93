"""Let publications carry a time that they are given. The columns stay as they are."""

import results.models.clock
from django.db import migrations, models

FIELDS = [
    ("bulletin", "published_at", "published at"),
    ("declaration", "created_at", "received at"),
    ("elsewhere", "created_at", "entered at"),
    ("headline", "created_at", "written at"),
    ("photo", "created_at", "filed at"),
    ("post", "created_at", "written at"),
    ("quote", "created_at", "filed at"),
]


class Migration(migrations.Migration):
    dependencies = [("results", "0011_first_sequences")]

    operations = [
        # SQLite would make each table anew, and drop the triggers that guard the record.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name=model,
                    name=field,
                    field=models.DateTimeField(
                        default=results.models.clock.now, editable=False, verbose_name=name
                    ),
                )
                for model, field, name in FIELDS
            ]
        )
    ]

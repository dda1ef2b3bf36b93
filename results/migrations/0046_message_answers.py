"""Store each answer to a message by its key: a late repeat of an older one changes nothing."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def move_answers(apps: Any, schema_editor: Any) -> None:
    """Each reading has had the key of its last answer only."""
    readings = apps.get_model("results", "MessageReading").objects.exclude(idempotency_key="")
    answers = apps.get_model("results", "MessageAnswer").objects
    answers.bulk_create(
        answers.model(
            reading=reading,
            text=reading.answer,
            written_at=reading.answered_at or reading.read_at,
            idempotency_key=reading.idempotency_key,
        )
        for reading in readings
    )


class Migration(migrations.Migration):
    dependencies = [("results", "0045_postponed_in")]

    operations = [
        migrations.CreateModel(
            name="MessageAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=80)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="results.messagereading",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reading", "idempotency_key"), name="message_answer_once"
                    )
                ],
            },
        ),
        migrations.RunPython(move_answers, migrations.RunPython.noop),
        migrations.RemoveField(model_name="messagereading", name="idempotency_key"),
    ]

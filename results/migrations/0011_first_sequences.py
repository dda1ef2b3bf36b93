"""Store the number of the feed's entry with each bulletin and each wording.

Rows of the record are filled in here once. Their triggers, which refuse every update, are dropped
for that and created again.
"""

from django.db import migrations, models
from django.db.models import F

TABLES = ["results_bulletin", "results_photo", "results_post", "results_quote"]
DROP = {
    "sqlite": "DROP TRIGGER {table}_for_good",
    "postgresql": "DROP TRIGGER {table}_for_good ON {table}",
}
CREATE = {
    "sqlite": """CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "postgresql": """CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION results_published_for_good()""",
}
#: Kinds of a result's revisions, as stored: those that begin an entry, and the one that goes on
#: with it.
BEGINNINGS, COMPLETION = ["declaration", "flash"], "update"


def run_for_each_table(schema_editor, statements):
    for table in TABLES:
        schema_editor.execute(statements[schema_editor.connection.vendor].format(table=table))


def fill(apps, schema_editor):
    run_for_each_table(schema_editor, DROP)
    bulletins = apps.get_model("results", "Bulletin").objects
    bulletins.update(first_sequence=F("sequence"))
    for kind in ("photo", "post", "quote"):
        model = apps.get_model("results", kind)
        model.objects.update(first_sequence=F("sequence"))
        for row, first in rewordings(model):
            model.objects.filter(pk=row).update(first_sequence=first)
            bulletins.filter(**{kind: row}).update(first_sequence=first)
    for bulletin, first in completions(apps.get_model("results", "Declaration"), bulletins):
        bulletins.filter(pk=bulletin).update(first_sequence=first)
    run_for_each_table(schema_editor, CREATE)


def rewordings(model):
    """Each row that replaced another, with the number of the first wording, at any depth."""
    rows = {
        row: (number, replaced)
        for row, number, replaced in model.objects.values_list("pk", "sequence", "replaces")
    }
    for row, (_number, replaced) in rows.items():
        if replaced is None:
            continue
        while rows[replaced][1] is not None:
            replaced = rows[replaced][1]
        yield row, rows[replaced][0]


def completions(declarations, bulletins):
    """Each bulletin of full figures, with the number of the winner that they completed."""
    updates = bulletins.filter(kind=COMPLETION).values_list("pk", "contest", "sequence")
    for bulletin, contest, sequence in updates:
        begun = declarations.objects.filter(
            contest=contest, kind__in=BEGINNINGS, sequence__lt=sequence
        )
        first = begun.order_by("-sequence").values_list("sequence", flat=True).first()
        if first is not None:
            yield bulletin, first


class Migration(migrations.Migration):
    dependencies = [("results", "0010_sign_in_throttles")]

    operations = [
        # Not known to a process of the release before, which goes on until it is restarted.
        migrations.AddField(
            model_name="bulletin",
            name="first_sequence",
            field=models.PositiveIntegerField(
                editable=False, null=True, verbose_name="first number"
            ),
        ),
        *(
            migrations.AddField(
                model_name=name,
                name="first_sequence",
                field=models.PositiveIntegerField(
                    editable=False, null=True, verbose_name="first bulletin"
                ),
            )
            for name in ("photo", "post", "quote")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

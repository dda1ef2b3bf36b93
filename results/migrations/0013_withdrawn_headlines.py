import django.db.models.deletion
from django.db import migrations, models

# SQLite makes a table anew to give it a unique column, and drops its trigger: created again.
SQLITE = [
    "DROP TRIGGER IF EXISTS results_headline_for_good",
    """CREATE TRIGGER results_headline_for_good BEFORE UPDATE ON results_headline
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
]
POSTGRESQL = [
    "DROP TRIGGER IF EXISTS results_headline_for_good ON results_headline",
    """CREATE TRIGGER results_headline_for_good BEFORE UPDATE ON results_headline
    FOR EACH ROW EXECUTE FUNCTION results_published_for_good()""",
]


def guard(apps, schema_editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("results", "0012_times_of_past_nights")]

    operations = [
        migrations.AddField(
            model_name="headline",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="replaced_by",
                to="results.headline",
            ),
        ),
        migrations.AddField(
            model_name="headline",
            name="withdrawn",
            field=models.BooleanField(default=False, verbose_name="withdrawn"),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

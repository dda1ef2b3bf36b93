"""The record is append-only in the database as well: a trigger refuses every update.

Rows are inserted whole. Deleting is refused by the models rather than here, since a rehearsal
may be deleted whole.
"""

from django.db import migrations

TABLES = [
    "results_declaration",
    "results_total",
    "results_bulletin",
    "results_receipt",
    "results_quote",
    "results_headline",
]

SQLITE = """
CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION results_published_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the record is append-only'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION results_published_for_good()
"""


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
    statement = {"postgresql": POSTGRESQL, "sqlite": SQLITE}[vendor]
    for table in TABLES:
        schema_editor.execute(statement.format(table=table))


def unguard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {table}_for_good{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION results_published_for_good()")


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]

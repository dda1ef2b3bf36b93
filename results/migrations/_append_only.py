"""Lift and restore the triggers that refuse updates of published rows, around a migration.

SQLite makes a table anew for many changes of its columns, and the new one has no trigger.
"""

CREATE = {
    "sqlite": """
        CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    "postgresql": """
        CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION results_published_for_good()
    """,
}
EXISTING = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_for_good'",
    "postgresql": """
        SELECT tgname, tgrelid::regclass::text FROM pg_trigger
        WHERE NOT tgisinternal AND tgname LIKE '%_for_good'
    """,
}


def lift(apps, schema_editor):
    """Drop every trigger of the append-only tables."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(EXISTING[connection.vendor])
        triggers = cursor.fetchall()
    for name, table in triggers:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        schema_editor.execute(f'DROP TRIGGER "{name}"{on}')


def restore(*tables):
    """An operation's function that gives each of the tables its trigger."""

    def create(apps, schema_editor):
        statement = CREATE[schema_editor.connection.vendor]
        for table in tables:
            schema_editor.execute(statement.format(table=table))

    return create

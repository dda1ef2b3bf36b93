"""Drop the triggers that refuse updates of append-only tables, and create them again.

For migrations that update such rows or change their columns: SQLite copies a table for many
changes of its columns, and the copy has no trigger.
"""

#: Every append-only table, by its name since 0014.
TABLES = (
    "results_auditentry",
    "results_bulletin",
    "results_declaration",
    "results_externalfigures",
    "results_headline",
    "results_idempotencyrecord",
    "results_photo",
    "results_post",
    "results_quote",
    "results_total",
    "results_verified",
)

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
    """The function of an operation that creates the trigger of each table."""

    def create(apps, schema_editor):
        statement = CREATE[schema_editor.connection.vendor]
        for table in tables:
            schema_editor.execute(statement.format(table=table))

    return create

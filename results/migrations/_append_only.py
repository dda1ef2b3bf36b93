"""Drop the triggers that refuse updates of append-only tables, and create them again.

For migrations that update such rows or change their columns: SQLite copies a table for many
changes of its columns, and the copy has no trigger.

The triggers have one exception, named `erasure`: words that are withdrawn for good. It lets the
columns of `ERASED` become what stands there, once `erased_by` names the bulletin that says so, and
refuses every other change in the same row. A migration that adds a column to such a table drops and
restores its trigger, since SQLite's has the list of the columns that may not change.
"""

from collections.abc import Callable
from typing import Any

#: Every append-only table, by its name since 0014.
TABLES = (
    "results_auditentry",
    "results_bulletin",
    "results_chainentry",
    "results_declaration",
    "results_electioncorrection",
    "results_externalfigures",
    "results_headline",
    "results_idempotencyrecord",
    "results_photo",
    "results_post",
    "results_quote",
    "results_total",
    "results_verified",
)

#: What an erasure may make of a column: nothing at all, an empty text or list, or null under some
#: keys of an object.
NULL, NOTHING, NO_ROWS, SOME_KEYS = "null", "nothing", "no rows", "some keys"

#: By table: the columns that an erasure may empty, and how.
ERASED = {
    "results_auditentry": {"about": NOTHING, "before": NOTHING, "after": NOTHING},
    "results_bulletin": {
        **{"summary": NOTHING, "fragments": SOME_KEYS},
        **{"salt": NULL, "content": NULL},
    },
    "results_chainentry": {"salt": NULL, "content": NULL, "salts": SOME_KEYS},
    "results_externalfigures": {"source": NOTHING, "rows": NO_ROWS},
    "results_headline": {"text": NOTHING},
    "results_photo": dict.fromkeys(("name", "caption", "alt", "credit", "location"), NOTHING),
    "results_post": dict.fromkeys(("title", "text"), NOTHING),
    "results_quote": {
        "candidate_id": NULL,
        **dict.fromkeys(("speaker", "role", "location", "words"), NOTHING),
    },
}

CREATE = {
    "sqlite": """
        CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}{exception}
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    "postgresql": """
        CREATE TRIGGER {table}_for_good BEFORE UPDATE ON {table}
        FOR EACH ROW{exception} EXECUTE FUNCTION results_published_for_good()
    """,
}
SAME = {"sqlite": "NEW.{0} IS OLD.{0}", "postgresql": "NEW.{0} IS NOT DISTINCT FROM OLD.{0}"}
EMPTIED = {
    "sqlite": {
        NULL: "NEW.{0} IS NULL",
        NOTHING: "NEW.{0} = ''",
        NO_ROWS: "NEW.{0} = '[]'",
        SOME_KEYS: """(
            (SELECT count(*) FROM json_each(NEW.{0})) = (SELECT count(*) FROM json_each(OLD.{0}))
            AND NOT EXISTS (
                SELECT 1 FROM json_each(NEW.{0}) AS n
                LEFT JOIN json_each(OLD.{0}) AS o ON o.key = n.key
                WHERE o.key IS NULL OR (n.type <> 'null' AND (n.type, n.value) IS NOT (o.type, o.value))
            )
        )""",
    },
    "postgresql": {
        NULL: "NEW.{0} IS NULL",
        NOTHING: "NEW.{0} = ''",
        NO_ROWS: "NEW.{0} = '[]'::jsonb",
        SOME_KEYS: "results_only_nulled(OLD.{0}, NEW.{0})",
    },
}
#: PostgreSQL allows no subquery in a trigger's condition.
ONLY_NULLED = """
    CREATE OR REPLACE FUNCTION results_only_nulled(before jsonb, after jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
            WHEN jsonb_typeof(before) = 'object' AND jsonb_typeof(after) = 'object' THEN
                (SELECT count(*) FROM jsonb_object_keys(before)) =
                (SELECT count(*) FROM jsonb_object_keys(after))
                AND NOT EXISTS (
                    SELECT 1 FROM jsonb_each(after) AS n
                    WHERE NOT jsonb_exists(before, n.key)
                    OR (n.value <> 'null'::jsonb AND n.value <> before -> n.key)
                )
            ELSE false
        END
    $$
"""
EXISTING = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_for_good'",
    "postgresql": """
        SELECT tgname, tgrelid::regclass::text FROM pg_trigger
        WHERE NOT tgisinternal AND tgname LIKE '%_for_good'
    """,
}


def lift(apps: Any, schema_editor: Any) -> None:
    """Drop every trigger of the append-only tables."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(EXISTING[connection.vendor])
        triggers = cursor.fetchall()
    for name, table in triggers:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        schema_editor.execute(f'DROP TRIGGER "{name}"{on}')


def restore(*tables: str) -> Callable[[Any, Any], None]:
    """The function of an operation that creates the trigger of each table that exists."""

    def create(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            existing = set(connection.introspection.table_names(cursor))
        for table in tables:
            if table in existing:
                exception = _exception(schema_editor, table)
                statement = CREATE[connection.vendor].format(table=table, exception=exception)
                schema_editor.execute(statement, None)

    return create


def _exception(schema_editor: Any, table: str) -> str:
    """The condition of a table's trigger: every update but an erasure. Empty for every update."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        columns = [
            column.name for column in connection.introspection.get_table_description(cursor, table)
        ]
    if "erased_by" not in columns:
        return ""
    vendor = connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(ONLY_NULLED, None)
    allowed = ["NEW.erased_by IS NOT NULL", "NEW.erased_by >= coalesce(OLD.erased_by, 0)"]
    for column in columns:
        quoted, how = f'"{column}"', ERASED[table].get(column)
        same = SAME[vendor].format(quoted)
        if how is not None:
            allowed.append(f"({same} OR {EMPTIED[vendor][how].format(quoted)})")
        elif column != "erased_by":
            allowed.append(same)
    return f" WHEN (NOT coalesce({' AND '.join(allowed)}, false))"

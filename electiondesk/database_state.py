"""Whether the database answers, and has the tables of this release."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def has_migrations_to_apply() -> bool:
    """Whether tables are missing or of an earlier release. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_read_only() -> bool:
    """Whether PostgreSQL only reads: it is a standby, or its disk is full. Raises DatabaseError."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("on",))


def connection_problem() -> str:
    """What is wrong with the connection, with what the server said; "" if there is none.

    Without the pool, which says only that it has waited.
    """
    if connection.vendor != "postgresql":
        return _file_problem()
    import psycopg  # which a desk on SQLite does without

    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.Error as exc:
        said = " ".join(str(exc).split()).rstrip(".?")
        return f"PostgreSQL does not let the desk in at DATABASE_URL. It says: {said}."
    return ""


def _file_problem() -> str:
    try:
        connection.ensure_connection()
    except DatabaseError as exc:
        return f"The SQLite database {connection.settings_dict['NAME']} cannot be used: {exc}."
    return ""

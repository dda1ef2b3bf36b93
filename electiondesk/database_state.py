"""Whether the database answers, and has the tables of this release."""

import os
import shutil
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from electiondesk.unavailable import full_disk

#: What a bulletin with its fragments adds to SQLite's files, and some to spare.
ROOM_BYTES = 1024 * 1024


def has_migrations_to_apply() -> bool:
    """Whether tables are missing or of an earlier release. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def later_release() -> str:
    """The migrations of a later release that this one cannot work with; "" usually.

    A release that is rolled back works with the tables of the next one, unless columns that it
    needs are gone, or there is one that it cannot fill in. Raises DatabaseError.
    """
    unknown = unknown_migrations(MigrationRecorder(connection).applied_migrations())
    return "" if not unknown or _tables_fit(unknown) else ", ".join(unknown)


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Those of these migrations that this release does not have, as “results.0001_initial”."""
    unknown = set(applied) - _known_migrations()
    return tuple(f"{app}.{name}" for app, name in sorted(unknown))


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    known = MigrationLoader(None).disk_migrations
    replaced = {old for migration in known.values() for old in migration.replaces}
    return frozenset(known.keys() | replaced)


@cache
def _tables_fit(_unknown: tuple[str, ...]) -> bool:
    """Whether this release can work with the tables that these migrations have left."""
    models = [model for model in apps.get_models() if model._meta.managed]
    tables = set(connection.introspection.table_names())
    if not tables.issuperset(model._meta.db_table for model in models):
        return False
    with connection.cursor() as cursor:
        return all(_fits(cursor, model) for model in models)


def _fits(cursor: Any, model: type[Model]) -> bool:
    found = connection.introspection.get_table_description(cursor, model._meta.db_table)
    own = {field.column for field in model._meta.local_concrete_fields}
    others = [column for column in found if column.name not in own]
    is_whole = own <= {column.name for column in found}
    return is_whole and all(each.null_ok or each.default is not None for each in others)


def is_read_only() -> bool:
    """Whether the database only reads. Raises DatabaseError.

    PostgreSQL does as a standby, or where its disk is full, which only a refused write tells.
    SQLite does where its file cannot be written, or its folder, for the journal, or where the disk
    has no room for what a bulletin adds to them. Nothing is written to find out.
    """
    if connection.vendor != "postgresql":
        file = _sqlite_file()
        return bool(file) and not _takes_more(file, os.path.dirname(file))
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("on",)) or full_disk.was_met()


def _takes_more(file: str, folder: str) -> bool:
    effective = os.access in os.supports_effective_ids
    may_write = (os.access(path, os.W_OK, effective_ids=effective) for path in (file, folder))
    return all(may_write) and shutil.disk_usage(folder).free >= ROOM_BYTES


def _sqlite_file() -> str:
    """The file that SQLite has open; "" for a database in memory."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        return next((str(file) for _number, name, file in cursor if name == "main"), "")


def seconds_ahead() -> float:
    """How far this machine's clock is ahead of the database's. Raises DatabaseError."""
    if connection.vendor != "postgresql":  # SQLite has none of its own
        return 0.0
    with connection.cursor() as cursor:
        asked_at = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        (found,) = cursor.fetchone()
    return (asked_at + time.time()) / 2 - float(found)


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

"""Backups of PostgreSQL, by pg_dump, pg_restore and psql, each in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from electiondesk.backup.contents import Contents
from electiondesk.backup.engine import Finish, Replace
from electiondesk.backup.errors import BackupError, RestoreUnfinished

PACKAGE = "Debian: apt-get install postgresql-client"
MIGRATIONS = re.compile(
    r"^COPY \S*django_migrations \(id, app, name, applied\) FROM stdin;\n(?P<rows>.*?)^\\\.$",
    re.MULTILINE | re.DOTALL,
)
ROW = re.compile(r"^\d+\t([^\t]+)\t([^\t]+)\t", re.MULTILINE)
#: Environment variables of the tools, and the same settings in DATABASES.
VARIABLES = {
    "PGDATABASE": "NAME",
    "PGHOST": "HOST",
    "PGPORT": "PORT",
    "PGUSER": "USER",
    "PGPASSWORD": "PASSWORD",
}
OPTIONS = {
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
    "PGSSLCERT": "sslcert",
    "PGSSLKEY": "sslkey",
    "PGSERVICE": "service",
    "PGPASSFILE": "passfile",
    "PGOPTIONS": "options",
}
#: Owners and privileges name roles that another machine may not have.
PLAIN = ("--no-owner", "--no-privileges")
#: How long a restore waits for locked tables.
LOCK_TIMEOUT = "60s"
#: Sequences of the restored logs will be assigned again; new epochs make every open page reload.
NEW_EPOCHS = "RESET search_path;\nUPDATE results_night SET epoch = gen_random_uuid();\n"


class PostgreSQL:
    name = "postgresql"
    file_name = "database.pgdump"

    def is_there(self) -> bool:
        return True

    def scratch_folder(self) -> Path:
        return Path(tempfile.gettempdir())

    def dump(self, target: Path) -> Contents | None:
        """Run pg_dump in the same snapshot in which the contents are read."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                (snapshot,) = cursor.fetchone()
                cursor.execute("SELECT to_regclass('results_election')")
                if cursor.fetchone() == (None,):
                    raise BackupError("This database holds no desk. Is DATABASE_URL set?")
                run(["pg_dump", f"--snapshot={snapshot}", *PLAIN, "--format=custom",
                     f"--file={target}"])  # fmt: skip
                return self._contents()
        except DatabaseError as exc:
            raise BackupError(f"The database cannot be read: {exc}.") from None

    def _contents(self) -> Contents | None:
        try:
            with transaction.atomic():
                return Contents.of_database()
        except DatabaseError:
            return None

    def migrations_in(self, dump: Path) -> set[tuple[str, str]]:
        rows = run(
            ["pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(dump)]
        )
        table = MIGRATIONS.search(rows)
        if table is None:
            raise BackupError("The database in this file is not a desk's.")
        return {(app, name) for app, name in ROW.findall(table["rows"])}

    def prepare(self, dump: Path, finish: Finish) -> Replace:
        """Convert the whole dump to SQL, so that reading it cannot fail later."""
        script = dump.with_suffix(".sql")
        run(["pg_restore", "--clean", "--if-exists", *PLAIN, f"--file={script}", str(dump)])
        return partial(_replace, script, finish)


def _replace(script: Path, finish: Finish) -> None:
    """Run the SQL of a dump in one transaction, then migrate the database."""
    before = script.with_name("before.sql")
    before.write_text(_drop_tables())
    after = script.with_name("after.sql")
    after.write_text(NEW_EPOCHS)
    connection.close()
    run(["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--output=/dev/null",
         "--set=ON_ERROR_STOP=1",
         *(f"--file={file}" for file in (before, script, after))])  # fmt: skip
    try:
        finish(has_new_epochs=True)
    except Exception as exc:
        raise RestoreUnfinished(
            f"The database is that of the backup, but not yet one of this release: {exc} "
            "Run `manage.py migrate`, then `manage.py start_over` for each election."
        ) from exc


def _drop_tables() -> str:
    """Return SQL that drops every table of the desk, including those that the dump lacks."""
    prefixes = tuple(f"{app.label}_" for app in apps.get_app_configs())
    names = [*connection.introspection.table_names(), "django_migrations"]
    quoted = [connection.ops.quote_name(name) for name in names if name.startswith(prefixes)]
    drop = f"DROP TABLE IF EXISTS {', '.join(quoted)} CASCADE;\n" if quoted else ""
    functions = "DROP FUNCTION IF EXISTS results_published_for_good() CASCADE;\n"
    functions += "DROP FUNCTION IF EXISTS results_only_nulled(jsonb, jsonb) CASCADE;\n"
    return f"SET lock_timeout = '{LOCK_TIMEOUT}';\n{drop}{functions}"


def run(command: list[str]) -> str:
    """Run one of PostgreSQL's tools on the desk's database; return stdout. Raises BackupError."""
    program = shutil.which(command[0])
    if program is None:
        raise BackupError(f"{command[0]} is missing ({PACKAGE}).")
    done = subprocess.run(  # noqa: S603 - no input of users
        [program, *command[1:]],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    if done.returncode:
        raise BackupError(f"{command[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout


def _environment() -> dict[str, str]:
    database = settings.DATABASES["default"]
    options = database.get("OPTIONS", {})
    return {
        **os.environ,
        **{name: str(database[key]) for name, key in VARIABLES.items() if database.get(key)},
        **{name: str(options[key]) for name, key in OPTIONS.items() if options.get(key)},
    }

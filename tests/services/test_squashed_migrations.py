"""A new desk has the same tables as one that came through every release."""

import re
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.backing import Postgres
from tests.servers import Server
from tests.soak import SOAK

#: Of an early release. A later one left it to processes that still ran, and nothing has it since.
GONE = "results_failedsignin"


def migrate_one_by_one(desk: Server) -> None:
    desk.run_module("tests.upgrade.one_by_one")


def migrate_by_command(desk: Server) -> None:
    applied = desk.manage("migrate").stdout
    assert "Applying results.0001_squashed_" in applied
    assert "Applying results.0056_people_elected" not in applied


def pieces_of(statement: str) -> Counter[str]:
    """Return the parts of a statement in any order, and without the name of an index.

    A table keeps the order in which its columns came, an index the name that its table had then.
    """
    statement = re.sub(r'\bINDEX "?\w+"?', "INDEX", statement)
    pieces = re.split(r",\s|\bAND\b|[()\n]", statement)
    return Counter(stripped for piece in pieces if (stripped := piece.strip(" ,")))


def schema_of(statements: list[str]) -> Counter[frozenset[tuple[str, int]]]:
    return Counter(
        frozenset(pieces_of(statement).items()) for statement in statements if GONE not in statement
    )


def sqlite_statements(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return [sql for (sql,) in rows]


def postgresql_statements(url: str) -> list[str]:
    command = ["pg_dump", "--schema-only", "--no-owner", "--no-privileges", url]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # A comment before each statement, and a key of the dump itself.
    dump = re.sub(r"^(--|\\).*", "", dump, flags=re.MULTILINE)
    # Those names that the database gives by itself; others are compared on SQLite.
    return re.split(r";\n", re.sub(r"\b(CONSTRAINT|SEQUENCE NAME) [\w.]+", r"\1", dump))


def assert_same(one_by_one: list[str], by_command: list[str]) -> None:
    assert len([statement for statement in by_command if "for_good" in statement]) >= 13
    old, new = schema_of(one_by_one), schema_of(by_command)
    assert [sorted(dict(statement)) for statement in old - new] == []
    assert [sorted(dict(statement)) for statement in new - old] == []


def test_both_ways_make_the_same_sqlite_database(make_desk: Callable[..., Server]) -> None:
    statements = []
    for migrate in (migrate_one_by_one, migrate_by_command):
        desk = make_desk()
        file = desk.folder / "desk.sqlite3"
        file.unlink()
        migrate(desk)
        statements.append(sqlite_statements(file))
    assert_same(*statements)


# In `make soak` alone: half a minute more, for files that never change once they are released.
if SOAK:

    @pytest.mark.soak
    @pytest.mark.services
    def test_both_ways_make_the_same_postgresql_database(
        make_desk: Callable[..., Server], postgres: Postgres
    ) -> None:
        statements = []
        for migrate in (migrate_one_by_one, migrate_by_command):
            url = postgres.create_database(migrate.__name__)
            migrate(make_desk(database_url=url))
            statements.append(postgresql_statements(url))
        assert_same(*statements)

"""Fixtures for all tests: real data, backing services, real servers."""

import gc
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from electiondesk import garbage
from results.models import Contest
from results.reader.warm_up import WarmUp
from tests import migrated, needs, nights
from tests.backing import Postgres, Redis, other_database
from tests.cached_pages import clear_caches
from tests.collected import collected_static
from tests.groups import pytest_collection_modifyitems  # noqa: F401 - a hook
from tests.servers import Server

garbage.collect_less_often()  # as in manage.py and in a server

# A slow machine must not fail a property.
hypothesis.settings.register_profile("desk", deadline=None, print_blob=True)
hypothesis.settings.load_profile("desk")

_databases = count(1)


def pytest_collection() -> None:
    """Start no warm-up where a test imports the application: it would read other tests' rows."""
    patch.object(WarmUp, "start").start()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported: most of all objects, and they stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show the logs of running servers with a failed test."""
    report: Any = yield
    if report.failed:
        for server in Server.running:
            report.sections.append((f"Log of {server.origin}", server.output()[-5000:]))
    return report


@pytest.fixture
def seat(db: None) -> Contest:
    """Islington North in a night of its own, before its count."""
    return nights.islington_north(nights.election())


@pytest.fixture(scope="session")
def election_data() -> Path:
    """The folder of real results; the test is skipped if there is none."""
    try:
        return needs.election_data()
    except needs.Missing as reason:
        needs.skip_for(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL cluster that tests may stop, freeze and kill."""
    try:
        server = Postgres()
    except needs.Missing as reason:
        needs.skip_for(reason)
    with server:
        yield server


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """A Redis that the test may stop, freeze and kill."""
    try:
        server = Redis()
    except needs.Missing as reason:
        needs.skip_for(reason)
    with server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres, migrations_cache: Path) -> str:
    """Name of an empty migrated database, the template of every test's own."""
    migrated.fill_postgres(migrations_cache, postgres.create_database("migrated"))
    return "migrated"


@pytest.fixture
def postgres_url(postgres: Postgres, migrated_postgres: str) -> str:
    """URL of a new PostgreSQL database for this test, migrated and empty."""
    return postgres.create_database(f"test{next(_databases)}", template=migrated_postgres)


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    return redis_server.url


@pytest.fixture(scope="session")
def cache_folder(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """`cache_folder(name)`: a folder that runs and their processes share."""
    cache = getattr(pytestconfig, "cache", None)
    return cache.mkdir if cache is not None else tmp_path_factory.mktemp


@pytest.fixture(scope="session")
def migrations_cache(cache_folder: Callable[[str], Path]) -> Path:
    """The folder of migrated databases."""
    return cache_folder("migrated")


@pytest.fixture(scope="session")
def static_root(cache_folder: Callable[[str], Path]) -> Path:
    """Collected static files, to be read only: a STATIC_ROOT where DEBUG is off."""
    return collected_static(cache_folder("collected"))


@pytest.fixture(scope="session")
def migrated_sqlite(migrations_cache: Path) -> bytes:
    """An empty migrated SQLite database, with which every server starts."""
    return migrated.migrated_sqlite(migrations_cache).read_bytes()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the database that `django_db_modify_db_settings` has created."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    on_postgres: bool,
    migrations_cache: Path,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """Start with a migrated database, which no later run finds."""
    if on_postgres:
        name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # private
        with other_database(os.environ["DATABASE_URL"], name) as url:
            migrated.fill_postgres(migrations_cache, url)
            yield
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
        return
    file = Path(settings.DATABASES["default"]["TEST"]["NAME"])
    file.write_bytes(request.getfixturevalue("migrated_sqlite"))
    yield
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def rolled_back_rows(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[], AbstractContextManager[None]]:
    """`with rolled_back_rows():` lets a fixture of a module or class use the database.

    What it writes is gone after the block. A fixture that yields within the block lets each of its
    tests begin with these rows: what a test writes itself is rolled back with the test. None of
    them may be `transaction=True`, and each must forget what others have rendered of the same epoch
    (`rendered_of_no_night`).
    """

    @contextmanager
    def block() -> Iterator[None]:
        with django_db_blocker.unblock():
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
            connection.close()

    return block


@pytest.fixture
def rendered_of_no_night() -> None:
    """Empty the caches, for a test whose night was published for others as well.

    They know a night by its epoch and sequence, and each test publishes its own next bulletin.
    """
    clear_caches()


@pytest.fixture(scope="session")
def empty_database(django_db_setup: None, on_postgres: bool) -> Callable[[], None]:
    """`empty_database()` leaves the tests' own database without a table, until it is renewed."""

    def empty() -> None:
        connection.close()
        if on_postgres:
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
            with psycopg.connect(_url_of_own_database(), autocommit=True) as there:
                there.execute("DROP SCHEMA public CASCADE")
                there.execute("CREATE SCHEMA public")
            return
        with (
            closing(sqlite3.connect(":memory:")) as nothing,
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as there,
        ):
            nothing.backup(there)

    return empty


@pytest.fixture(scope="session")
def renew_database(
    empty_database: Callable[[], None],
    on_postgres: bool,
    migrations_cache: Path,
) -> Callable[[], None]:
    """`renew_database()` makes the tests' own database the migrated, empty one of the start."""

    def renew() -> None:
        if on_postgres:
            empty_database()
            migrated.fill_postgres(migrations_cache, _url_of_own_database())
            return
        connection.close()
        file = migrated.migrated_sqlite(migrations_cache)
        with (
            closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as empty,
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as there,
        ):
            empty.backup(there)

    return renew


def _url_of_own_database() -> str:
    """The URL of the tests' own database on PostgreSQL."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def make_desk(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes
) -> Iterator[Callable[..., Server]]:
    """`make_desk(**options of Server)`: a server, not started yet, that is closed at the end.

    Its SQLite database is migrated and empty.
    """
    with ExitStack() as stack:

        def make(**options: Any) -> Server:
            desk = Server(tmp_path_factory.mktemp("desk"), **options)
            stack.callback(desk.close)
            if not options.get("database_url"):
                (desk.folder / "desk.sqlite3").write_bytes(migrated_sqlite)
            return desk

        yield make


@pytest.fixture(autouse=True)
def _close_servers() -> Iterator[None]:
    """Close servers that the test and its own fixtures have started."""
    before = set(Server.opened)
    yield
    for server in Server.opened - before:
        server.close()


@pytest.fixture
def desk_server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A running, empty desk on SQLite and the in-memory layer, for this test only."""
    with make_desk() as server:
        yield server


@pytest.fixture(params=["daphne", "uvicorn"])
def each_server(
    make_desk: Callable[..., Server], request: pytest.FixtureRequest
) -> Iterator[Server]:
    """`desk_server`, on each supported server."""
    with make_desk(program=request.param) as server:
        yield server


@pytest.fixture
def two_writers(on_postgres: bool) -> None:
    """Skip the test on SQLite, which has one writer at a time."""
    if not on_postgres:
        pytest.skip("two connections that write at once need PostgreSQL")


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    """Whether this run's own database is PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")

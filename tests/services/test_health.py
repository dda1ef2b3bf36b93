"""Health checks: /healthz and /readyz of real servers whose backing services come and go."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from electiondesk import database_state, health, unavailable
from electiondesk.lifecycle.draining import DrainingMiddleware
from tests.backing import Postgres, Redis
from tests.seeds import front
from tests.servers import Server

NOBODY = 65534


def test_embedded_desk_is_alive_and_ready(each_server: Server) -> None:
    assert each_server.get("/healthz") == "ok\n"
    each_server.wait_until_ready()
    assert each_server.readiness() == (
        200,
        {
            "ready": True,
            "database": "ok",
            "hub": "ok",
            "static_files": "ok",
            "pages": "ok",
            "sockets": "ok",
            "channel_layer": "ok",
            "worker": "none",
        },
    )


@pytest.mark.django_db
def test_answers_under_any_host_name_and_over_plain_http(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    settings.SECURE_SSL_REDIRECT = True
    for path in ["/healthz", "/readyz"]:
        answer = Client().get(path, headers={"host": "10.1.2.3:8000"})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert Client().get("/", headers={"host": "10.1.2.3:8000"}).status_code == 400


def test_database_that_is_down_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt may take ten seconds, and a load balancer waits for the answer."""
    asked = []

    def ask() -> str:
        asked.append("")
        raise OperationalError("couldn't get a connection after 10.00 sec")

    monkeypatch.setattr(health, "has_migrations_to_apply", ask)
    monkeypatch.setattr(health, "worker_status", ask)
    monkeypatch.setattr(health, "recent_checks", health.RecentChecks())
    state = Client().get("/readyz").json()
    assert (state["database"], state["worker"], len(asked)) == ("down", "not known", 1)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Leave root's rights aside, who may write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.django_db
@pytest.mark.parametrize("read_only", ["desk.sqlite3", "."])
def test_sqlite_file_that_cannot_be_written_is_told(
    read_only: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Or whose folder cannot be, where SQLite writes its journal."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "desk.sqlite3"
        file.touch()
        for each in (Path(folder), file):
            os.chown(each, NOBODY if os.geteuid() == 0 else -1, -1)
        monkeypatch.setattr(database_state, "_sqlite_file", lambda: str(file))
        monkeypatch.setattr(database_state, "connection", SimpleNamespace(vendor="sqlite"))
        request.getfixturevalue("unprivileged")
        assert not database_state.is_read_only()
        (Path(folder) / read_only).chmod(0o555)
        assert database_state.is_read_only()
        (Path(folder) / read_only).chmod(0o755)


def test_sqlite_file_on_a_full_disk_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "desk.sqlite3"
    file.touch()
    monkeypatch.setattr(database_state, "_sqlite_file", lambda: str(file))
    monkeypatch.setattr(database_state, "connection", SimpleNamespace(vendor="sqlite"))
    room = database_state.ROOM_BYTES
    for free, is_full in {room: False, room - 1: True, 0: True}.items():
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder, usage=usage: usage)
        assert database_state.is_read_only() is is_full


@pytest.mark.django_db
def test_file_that_only_reads_is_ready_for_readers(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(health, "recent_checks", health.RecentChecks())
    monkeypatch.setattr(health, "is_read_only", lambda: True)
    for role, status in {"all": 200, "readers": 200, "writers": 503}.items():
        settings.ROLE = role
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (status, "read-only")


class TestLog:
    """Whoever reads the log at night sees what is wrong, and not a start for a failure."""

    @pytest.fixture
    def state(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        names = ("database", "hub", "static_files", "pages", "sockets", "channel_layer", "worker")
        state = dict.fromkeys(names, "ok")
        monkeypatch.setattr(health, "recent_checks", SimpleNamespace(state=lambda: state))
        return state

    def lines(self, caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            Client().get("/readyz")
        return [(record.levelname, record.getMessage()) for record in caplog.records]

    def test_says_what_keeps_a_process_from_being_ready(
        self, state: dict[str, str], caplog: pytest.LogCaptureFixture, settings: Any
    ) -> None:
        assert self.lines(caplog) == []
        state["database"], state["pages"] = "read-only", "being rendered"
        settings.ROLE = "writers"
        reasons = "database: read-only, pages: being rendered"
        assert self.lines(caplog) == [("ERROR", f"Not ready: {reasons}")]

    def test_says_a_start_and_a_stop_as_no_error(
        self,
        state: dict[str, str],
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        state["pages"] = "being rendered"
        assert self.lines(caplog) == [("INFO", "Not ready: pages: being rendered")]
        state["pages"] = "ok"
        monkeypatch.setattr(DrainingMiddleware, "is_draining", True)
        assert self.lines(caplog) == [("INFO", "Not ready: leaving")]

    def test_ends_its_answer_with_a_newline(self, state: dict[str, str]) -> None:
        answer = Client().get("/readyz")
        assert answer.content.endswith(b"}\n")
        assert answer.json()["ready"]


@pytest.mark.parametrize(("code", "is_full"), [("53100", True), ("53300", False), (None, False)])
def test_refusal_of_a_full_disk_is_remembered_for_a_minute(
    code: str | None, is_full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL goes on saying that it takes everything."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(unavailable, "time", SimpleNamespace(monotonic=lambda: clock.now))
    disk = unavailable.FullDisk()
    assert not disk.was_met()
    exc = OperationalError("could not extend file")
    exc.__cause__ = type("Refusal", (Exception,), {"sqlstate": code})()
    disk.note(exc)
    disk.note(None)
    assert disk.was_met() is is_full
    clock.now += unavailable.DISK_FULL_SECONDS
    assert not disk.was_met()


class TestFlood:
    """Anybody may ask, and each answer costs queries: a load balancer must still get one."""

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        clock = SimpleNamespace(now=1000.0, looked=0)

        def look() -> bool:
            clock.looked += 1
            return False

        monkeypatch.setattr(health, "has_migrations_to_apply", look)
        monkeypatch.setattr(health, "recent_checks", health.RecentChecks())
        monkeypatch.setattr(health, "time", SimpleNamespace(monotonic=lambda: clock.now))
        return clock

    @pytest.mark.django_db
    def test_asks_the_database_a_few_times_a_second(self, clock: SimpleNamespace) -> None:
        for _check in range(200):
            clock.now += 0.01
            assert Client().get("/readyz").status_code == 200
        assert clock.looked <= 12

    @pytest.mark.django_db
    def test_asks_for_each_check_of_a_load_balancer(self, clock: SimpleNamespace) -> None:
        for _check in range(40):
            clock.now += 0.2
            Client().get("/readyz")
        assert clock.looked == 40

    @pytest.mark.django_db
    def test_says_at_once_that_the_process_stops(
        self, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _check in range(20):
            Client().get("/readyz")
        monkeypatch.setattr(DrainingMiddleware, "is_draining", True)
        assert Client().get("/readyz").json()["leaving"]
        assert Client().get("/readyz").status_code == 503


def test_unmigrated_desk_is_alive_and_not_ready(
    make_desk: Callable[..., Server],
) -> None:
    desk = make_desk()
    (desk.folder / "desk.sqlite3").unlink()
    with desk:
        status, answer = desk.readiness()
        assert status == 503
        assert answer["database"] == "migrations to apply: run `manage.py migrate`"
        assert desk.get("/healthz") == "ok\n"


@pytest.mark.services
def test_desk_without_redis_is_ready_and_degraded(
    make_desk: Callable[..., Server], redis_server: Redis
) -> None:
    with make_desk(redis_url=redis_server.url) as desk:
        desk.wait_until_ready()
        assert desk.readiness()[1]["channel_layer"] == "ok"
        redis_server.stop()
        status, answer = desk.readiness()
        assert (status, answer["channel_layer"]) == (200, "degraded")
        redis_server.start()
        desk.wait_until(lambda: desk.readiness()[1]["channel_layer"] == "ok")


@pytest.mark.services
def test_desk_without_postgresql_is_alive_and_not_ready(
    make_desk: Callable[..., Server],
) -> None:
    with Postgres() as postgres:
        desk = make_desk(database_url=postgres.url)
        desk.manage("migrate", "--verbosity", "0")
        with desk:
            desk.wait_until_ready()
            postgres.stop()
            status, answer = desk.readiness()
            assert (status, answer["database"]) == (503, "down")
            assert desk.get("/healthz") == "ok\n"
            postgres.start()
            desk.wait_until_ready()


@pytest.mark.services
@pytest.mark.parametrize(("role", "status"), [("all", 200), ("readers", 200), ("writers", 503)])
def test_desk_whose_database_only_reads_is_ready_for_readers(
    make_desk: Callable[..., Server], role: str, status: int
) -> None:
    """A load balancer must not take the pages from readers; counts may go to another process."""
    with Postgres() as postgres:
        desk = make_desk(database_url=postgres.url, environment={"ROLE": role})
        desk.manage("migrate", "--verbosity", "0")
        desk.seed(front.night, "ge")
        with desk:
            desk.wait_until_ready()
            assert desk.readiness()[1]["database"] == "ok"
            postgres.set_read_only(postgres.url, on=True)
            found, answer = desk.readiness()
            assert (found, answer["database"]) == (status, "read-only")
            assert 'data-sequence="12"' in desk.get("/ge/")
            postgres.set_read_only(postgres.url, on=False)
            assert desk.readiness()[1]["database"] == "ok"

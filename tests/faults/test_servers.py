"""Server processes die, end and are replaced during a night."""

import json
import signal
import threading
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.night import Application, Night
from tests.faults.people import POLL_SECONDS
from tests.servers import Server

NEXT = {"DJANGO_SETTINGS_MODULE": "tests.faults.next_release.settings"}


@contextmanager
def restarted_when_dead(server: Server) -> Iterator[list[int]]:
    """Restart the server whenever it has died, as a service manager does. Yields the deaths."""
    over, deaths = threading.Event(), []

    def restart_when_dead() -> None:
        while not over.wait(POLL_SECONDS):
            if server.process is not None and server.process.poll() is not None:
                deaths.append(server.process.returncode)
                server.start()

    keeper = threading.Thread(target=restart_when_dead)
    keeper.start()
    try:
        yield deaths
    finally:
        over.set()
        keeper.join()


def test_killed_between_commit_and_response(
    make_application: Callable[..., Application],
    make_night: Callable[..., Night],
    database_url: str,
) -> None:
    environment = {"DIE_AT": "4", "DIE_FOR": "/count/ge/"}
    server = make_application(
        "tests.faults.dying:application", environment=environment, database_url=database_url
    )
    with make_night(server) as night, restarted_when_dead(server) as deaths:
        night.write()
        assert night.finish() == []
    assert deaths.count(-signal.SIGKILL) >= 3
    assert night.history.of("unknown")


def test_killed_between_a_correction_and_its_response(
    make_application: Callable[..., Application],
    make_night: Callable[..., Night],
    database_url: str,
) -> None:
    """The second of two corrections: repeated, it gets the bulletin that it has already."""
    environment = {"DIE_AT": "2", "DIE_FOR": "/correct/"}
    server = make_application(
        "tests.faults.dying:application", environment=environment, database_url=database_url
    )
    with make_night(server) as night, restarted_when_dead(server) as deaths:
        night.write()
        assert night.finish() == []
    assert set(deaths) == {-signal.SIGKILL}
    assert "eve" in {entry["who"] for entry in night.history.of("unknown")}


def test_one_of_two_processes_is_killed(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    postgres_url: str,
    redis_url: str,
) -> None:
    both = [make_desk(database_url=postgres_url, redis_url=redis_url) for _process in range(2)]
    with make_night(*both) as night:
        night.write()
        night.wait_for_answers(3)
        both[1].kill()
        # The other process accepts declarations and shows them.
        night.wait(lambda: not night.writers[0].is_alive(), "the one at the other had sent all")
        both[1].start()
        assert night.finish() == []


def test_release_with_migrations_during_the_night(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], database_url: str
) -> None:
    old = make_desk(database_url=database_url)
    with make_night(old) as night:
        night.write()
        night.wait_for_answers(3)
        before = dict(old.environment)
        old.environment |= NEXT
        old.manage("migrate", "--verbosity", "0")
        old.environment = before
        old.stop()
        old.environment |= NEXT
        old.start()
        assert old.manage("check").returncode == 0
        assert night.finish() == []
    # Connected clients were asked to reconnect, not cut off: every request was answered.
    assert "Traceback" not in old.output()


def test_unmigrated_process_is_not_ready(make_desk: Callable[..., Server]) -> None:
    with make_desk(environment=NEXT) as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.get("/readyz")
        with refused.value as answer:
            assert answer.code == 503
            assert (
                json.loads(answer.read())["database"]
                == "migrations to apply: run `manage.py migrate`"
            )


def test_restored_backup(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], database_url: str
) -> None:
    """Every open page reloads: sequences of the old log have no meaning any more."""
    desk = make_desk(database_url=database_url)
    backup = desk.folder / "desk.tar.gz"
    with make_night(desk) as night:
        night.write()
        night.wait(lambda: not any(writer.is_alive() for writer in night.writers), "all was sent")
        desk.manage("backup", backup)
        loads = len(night.history.of("page"))
        desk.manage("restore", backup, "--yes")
        assert night.finish() == []
        assert len(night.history.of("page")) >= loads + night.readers

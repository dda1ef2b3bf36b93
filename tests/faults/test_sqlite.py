"""Full disk and locked database under an embedded desk during a night."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.night import Night
from tests.faults.small_disk import fill, mounted
from tests.servers import Server
from tests.sqlite_lock import locked_database


def phone_gives_up(night: Night) -> bool:
    """Whether a reporter who began under the lock has waited in vain for an answer."""
    late = {writer.who for writer in night.writers[1:]}
    return any(entry["who"] in late for entry in night.history.of("unknown"))


def desk_gives_up(night: Night) -> bool:
    return "database is locked" in night.servers[0].output()


@pytest.mark.parametrize(
    "given_up", [phone_gives_up, desk_gives_up], ids=["shorter than its timeout", "longer"]
)
def test_locked_by_another(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    given_up: Callable[[Night], bool],
) -> None:
    desk = make_desk()
    with make_night(desk) as night:
        first, *others = night.writers
        first.start()
        night.wait_for_answers(3)
        with locked_database(desk):
            for writer in others:
                writer.start()
            night.wait(lambda: given_up(night), "somebody gave up")
        assert night.finish() == []
    assert night.history.of("unknown")
    assert desk.manage("verify", "ge").returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", 16) as folder:
        yield folder


def test_full_disk(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    small_disk: Path,
    migrated_sqlite: bytes,
) -> None:
    (small_disk / "desk.sqlite3").write_bytes(migrated_sqlite)
    desk = make_desk(database_url=f"sqlite:///{small_disk / 'desk.sqlite3'}")
    ballast = small_disk / "ballast"
    with make_night(desk) as night:
        night.write()
        night.wait_for_answers(3)
        fill(ballast)
        night.wait(lambda: bool(night.history.of("unknown")), "something could not be written")
        acknowledged = len(night.history.of("ok"))
        assert desk.readiness()[1]["database"] == "read-only"
        ballast.unlink()
        assert night.finish() == []
        assert len(night.history.of("ok")) > acknowledged
        assert desk.readiness()[1]["database"] == "ok"
    assert desk.manage("verify", "ge").returncode == 0

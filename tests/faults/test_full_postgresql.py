"""The disk of PostgreSQL is full during a night, and has room again."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.backing import Postgres
from tests.faults.night import Night
from tests.faults.small_disk import fill, mounted
from tests.servers import Server

#: For a new cluster with a night's database, and the segments of its log.
MEGABYTES = 192


@pytest.fixture
def disk() -> Iterator[Path]:
    """Where PostgreSQL's user may look as well, as it may not in the folders of root's tests."""
    with tempfile.TemporaryDirectory(prefix="electiondesk-") as folder:
        Path(folder).chmod(0o755)
        with mounted(Path(folder) / "small", MEGABYTES) as small:
            yield small


@pytest.fixture
def url(disk: Path, monkeypatch: pytest.MonkeyPatch, migrations_cache: Path) -> Iterator[str]:
    """The database of a night, in a cluster on the small disk."""
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(disk))
        server = Postgres()
    with server:
        url = server.create_database("night")
        migrated.fill_postgres(migrations_cache, url)
        yield url


def test_full_disk_loses_nothing(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], url: str, disk: Path
) -> None:
    desk = make_desk(database_url=url)
    with make_night(desk) as night:
        night.write()
        night.wait_for_answers(3)
        fill(disk / "ballast")
        night.wait(lambda: bool(night.history.of("unknown")), "something could not be written")
        # Said to the operator, where PostgreSQL itself says that it takes everything.
        night.wait(lambda: desk.readiness()[1]["database"] == "read-only", "it is said")
        assert "No space left on device" in desk.output()
        acknowledged = len(night.history.of("ok"))
        (disk / "ballast").unlink()
        assert night.finish() == []
        assert len(night.history.of("ok")) > acknowledged
        night.wait(lambda: desk.readiness()[1]["database"] == "ok", "it is said no more")
    assert desk.manage("verify", "ge").returncode == 0

"""deploy/backup, which a timer runs: it makes a backup only where the desk has room beside it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.small_disk import MEGABYTE, mounted
from tests.needs import ROOT

Run = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the backups are: a disk of 300 MB."""
    with mounted(tmp_path / "backups", 300) as folder:
        yield folder


@pytest.fixture
def run(tmp_path: Path, folder: Path) -> Run:
    """Run the script on that disk, with a command that writes ten bytes in the desk's place."""
    script = tmp_path / "deploy" / "backup"
    python = tmp_path / ".venv" / "bin" / "python"
    for file, text in {
        script: (ROOT / "deploy" / "backup").read_text(),
        python: '#!/bin/sh\n[ "$1 $2" = "manage.py backup" ] && printf 0123456789 > "$3"\n',
    }.items():
        file.parent.mkdir(parents=True)
        file.write_text(text.replace("/var/backups/election-desk", str(folder)))
        file.chmod(0o755)
    return lambda: subprocess.run(
        # By its path from the program's folder, as compose.yaml does.
        ["deploy/backup"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


def made(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.read_bytes() == b"0123456789"]


def test_makes_a_backup_where_there_is_room(run: Run, folder: Path) -> None:
    assert (run().returncode, len(made(folder))) == (0, 1)


@pytest.mark.parametrize(
    ("last", "others", "said"),
    [
        (0, 150, "150 MB are free on the disk of {folder}, and 200 are needed"),
        (60, 0, "240 MB are free on the disk of {folder}, and 320 are needed"),
    ],
)
def test_leaves_the_desk_its_room(
    run: Run, folder: Path, last: int, others: int, said: str
) -> None:
    """One that fills the disk would keep the desk from publishing, every quarter of an hour."""
    for name, size in {"2029-05-03T033000Z.tar.gz": last, "other": others}.items():
        if size:
            (folder / name).write_bytes(os.urandom(MEGABYTE) * size)
    completed = run()
    assert completed.returncode == 1
    assert said.format(folder=folder) in completed.stderr
    assert made(folder) == []


def test_room_that_is_enough_for_the_last_is_enough(run: Run, folder: Path) -> None:
    (folder / "2029-05-03T033000Z.tar.gz").write_bytes(os.urandom(MEGABYTE) * 30)
    assert (run().returncode, len(made(folder))) == (0, 1)


def test_deletes_old_ones_and_keeps_one_of_each_day(run: Run, folder: Path) -> None:
    days = {"2029-05-01T000004Z": 10, "2029-05-01T001503Z": 10, "2029-03-01T000004Z": 40}
    for name, age in days.items():
        file = folder / f"{name}.tar.gz"
        file.touch()
        then = file.stat().st_mtime - age * 86_400
        os.utime(file, (then, then))
    assert run().returncode == 0
    assert (folder / "2029-05-01T000004Z.tar.gz").exists()
    assert len(list(folder.iterdir())) == 2


def test_deletes_old_ones_first_where_room_is_short(run: Run, folder: Path) -> None:
    """They would stay forever otherwise, and no backup would be made again."""
    for name, age in {"2029-05-01T001503Z": 3, "2029-05-03T033000Z": 0}.items():
        file = folder / f"{name}.tar.gz"
        file.write_bytes(os.urandom(MEGABYTE) * (150 if age else 1))
        then = file.stat().st_mtime - age * 86_400
        os.utime(file, (then, then))
    assert (run().returncode, len(made(folder))) == (0, 1)
    assert len(list(folder.iterdir())) == 2


def test_keeps_the_newest_however_old_it_is(run: Run, folder: Path) -> None:
    for name, age in {"2029-03-01T001503Z": 41, "2029-03-02T001503Z": 40}.items():
        file = folder / f"{name}.tar.gz"
        file.touch()
        then = file.stat().st_mtime - age * 86_400
        os.utime(file, (then, then))
    (folder / "other").write_bytes(os.urandom(MEGABYTE) * 150)
    assert run().returncode == 1
    assert (folder / "2029-03-02T001503Z.tar.gz").exists()
    assert not (folder / "2029-03-01T001503Z.tar.gz").exists()


def test_says_that_the_folder_is_missing(run: Run, folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "backup"
    script.write_text(script.read_text().replace(str(folder), f"{folder}/none"))
    completed = run()
    assert completed.returncode != 0
    assert "arithmetic" not in completed.stderr
    assert f"{folder}/none" in completed.stderr

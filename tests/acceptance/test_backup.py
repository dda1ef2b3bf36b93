"""Back up, lose and restore a desk on another machine, on both databases."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.backups import Machines, database, is_on_sqlite, media, state
from tests.phone import Phone


def test_backup_is_readable_by_its_owner_only(machines: Machines, tmp_path: Path) -> None:
    night = machines.night()
    (tmp_path / "temporary").mkdir()
    night.environment["TMPDIR"] = str(tmp_path / "temporary")
    file = tmp_path / "desk.tar.gz"
    output = night.run_module("tests.acceptance.watched_backup", str(file), str(tmp_path)).stdout
    watched = json.loads(output.splitlines()[-1])
    assert watched["readable"] == {}
    assert file.name in watched["seen"]
    assert any(name.startswith("database.") for name in watched["seen"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_restores_everything_on_an_empty_machine(machines: Machines, tmp_path: Path) -> None:
    """With pictures in every place where links may put them."""
    night = machines.night()
    link_pictures(media(night), tmp_path / "elsewhere")
    file = tmp_path / "desk.tar.gz"
    night.manage("backup", file)
    shutil.rmtree(tmp_path / "elsewhere")

    empty = machines.empty()
    if is_on_sqlite(empty):
        database(empty).unlink()
    result = empty.manage("restore", file)
    assert "Restored as of" in result.stdout
    assert result.stderr == ""
    restored = state(empty)
    assert restored["rows"] == machines.gone_on["rows"]
    assert restored["epoch"] != machines.gone_on["epoch"]
    if is_on_sqlite(empty):
        assert stat.S_IMODE(database(empty).stat().st_mode) == 0o600
    with empty:
        photos = [f"/ge/photos/{name}-640.jpg" for name in restored["photos"]]
        assert [curl(empty.url(photo)) for photo in photos] == [0, 0]
        Phone(empty).sign_in("early", "a-long-password")
        empty.manage("verify", "ge", "--pages")


def curl(address: str) -> int:
    """0 for an answer of 200."""
    command = ["curl", "--silent", "--fail", "--output", "/dev/null", address]
    return subprocess.run(command, check=False).returncode


def link_pictures(root: Path, target: Path) -> None:
    """Make the root, its folder and a picture symbolic links, and another picture a hard link."""
    target.mkdir()
    shutil.move(root, target / "media")
    root.symlink_to(target / "media")
    shutil.move(root / "pictures", target / "pictures")
    (root / "pictures").symlink_to(target / "pictures")
    picture, another, *_rest = sorted((target / "pictures").iterdir())
    shutil.move(picture, target / picture.name)
    picture.symlink_to(target / picture.name)
    os.link(another, root / another.name)


def test_refuses_and_names_what_cannot_be_packed(sqlite_machines: Machines, tmp_path: Path) -> None:
    night = sqlite_machines.night()
    culprit = media(night) / "pictures" / "culprit"
    culprit.symlink_to(tmp_path / "nothing")
    result = night.manage("backup", tmp_path / "desk.tar.gz", check=False)
    assert result.returncode == 1
    assert str(culprit) in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_wrong_media_root(sqlite_machines: Machines, tmp_path: Path) -> None:
    """A timer without the environment file would otherwise back up no picture, every night."""
    night = sqlite_machines.night()
    file = tmp_path / "desk.tar.gz"
    night.environment["MEDIA_ROOT"] = str(tmp_path / "another")
    result = night.manage("backup", file, check=False)
    assert result.returncode == 1
    assert "MEDIA_ROOT" in result.stderr
    assert not file.exists()
    assert "0 files of pictures" in night.manage("backup", file, "--without-media").stdout


@pytest.mark.parametrize("url", ["sqlite:///{}/nothing.sqlite3", "sqlite:///{}/empty.sqlite3"])
def test_refuses_a_database_without_a_desk(
    sqlite_machines: Machines, tmp_path: Path, url: str
) -> None:
    night = sqlite_machines.empty()
    (tmp_path / "empty.sqlite3").touch()
    night.environment["DATABASE_URL"] = url.format(tmp_path)
    result = night.manage("backup", tmp_path / "desk.tar.gz", check=False)
    assert result.returncode == 1
    assert "DATABASE_URL" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["empty.sqlite3"]


def test_restore_lists_missing_pictures(sqlite_machines: Machines, tmp_path: Path) -> None:
    night, empty = sqlite_machines.night(), sqlite_machines.empty()
    lost = sorted((media(night) / "pictures").iterdir())[0]
    lost.unlink()
    file = tmp_path / "desk.tar.gz"
    result = night.manage("backup", file)
    assert "1 files" in result.stderr
    assert lost.name in result.stderr
    result = empty.manage("restore", file)
    assert "Restored as of" in result.stdout
    assert lost.name in result.stderr
    assert len(list((media(empty) / "pictures").iterdir())) == 3


def test_restores_an_old_backup_with_a_link_for_pictures(
    sqlite_machines: Machines, tmp_path: Path
) -> None:
    """As earlier releases packed a MEDIA_ROOT that was a symbolic link: the link alone."""
    night, empty = sqlite_machines.night(), sqlite_machines.empty()
    whole, linked = tmp_path / "whole.tar.gz", tmp_path / "linked.tar.gz"
    night.manage("backup", whole)
    subprocess.run(["tar", "--extract", "--file", whole, "--directory", tmp_path], check=True)
    shutil.move(tmp_path / "media", tmp_path / "elsewhere")
    (tmp_path / "media").symlink_to(tmp_path / "elsewhere")
    members = ["about.json", "database.sqlite3", "media"]
    pack = ["tar", "--create", "--gzip", "--file", str(linked), "--directory", str(tmp_path)]
    subprocess.run([*pack, *members], check=True)
    result = empty.manage("restore", linked)
    assert "Restored as of" in result.stdout
    assert "links in the place of files: media" in result.stderr
    assert "4 files of pictures" in result.stderr
    assert state(empty)["rows"] == sqlite_machines.gone_on["rows"]

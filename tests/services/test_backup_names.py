"""Names of backups and of what is in them.

A backup whose members lead outside its folder is refused, on every Python that is supported.
"""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from electiondesk.backup import restoration
from electiondesk.backup.archive import ABOUT, unpack
from electiondesk.backup.errors import BackupError


def backup_with(tmp_path: Path, name: str) -> Path:
    file = tmp_path / "backup.tar.gz"
    with tarfile.open(file, "w:gz") as packed:
        about = json.dumps({"engine": "sqlite", "made_at": "2026-05-07T22:00:00+00:00"}).encode()
        for member, content in ((ABOUT, about), (name, b"picture")):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return file


@pytest.mark.parametrize("name", ["../outside.jpg", "media/../../outside.jpg", "/outside.jpg"])
def test_refuses_a_name_that_leads_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupError, match="outside its folder"):
        unpack(backup_with(tmp_path, name), tmp_path, "db.sqlite3")


def test_takes_names_that_stay_inside(tmp_path: Path) -> None:
    assert unpack(backup_with(tmp_path, "media/a..b.jpg"), tmp_path, "db.sqlite3").pictures == 1


def test_two_restores_of_a_second_keep_a_copy_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    time_machine.move_to("2026-05-07T22:00:00+00:00", tick=False)
    monkeypatch.setattr(restoration, "back_up", lambda file, with_media: file.touch(exist_ok=False))
    copies = [restoration._back_up_first(tmp_path / "desk.tar.gz").name for _restore in range(3)]
    name = "before-restore-20260507-220000"
    assert copies == [f"{name}.tar.gz", f"{name}-2.tar.gz", f"{name}-3.tar.gz"]

"""A backup whose members lead outside its folder is refused, on every Python that is supported."""

import io
import json
import tarfile
from pathlib import Path

import pytest

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

"""Files under MEDIA_ROOT that a backup packs, symbolic links included."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from electiondesk.backup import BackupError
from electiondesk.backup.media import media_files, write_picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "media" / "pictures"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(b"a picture")
    return tmp_path / "media"


def packed(root: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in media_files(root)}


PICTURE = {"pictures/a.jpg": b"a picture"}


def test_missing_folder_has_no_files(tmp_path: Path) -> None:
    assert packed(tmp_path / "media") == {}


def test_follows_a_link_to_the_root(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert packed(tmp_path / "link") == PICTURE


def test_follows_links_to_folders_and_files(root: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"another")
    (root / "linked").symlink_to(root / "pictures")
    (root / "b.jpg").symlink_to(tmp_path / "b.jpg")
    assert packed(root) == {**PICTURE, "linked/a.jpg": b"a picture", "b.jpg": b"another"}


def to_nothing(culprit: Path) -> None:
    culprit.symlink_to(culprit.with_name("nothing"))


def to_itself(culprit: Path) -> None:
    culprit.symlink_to(culprit)


def to_the_root(culprit: Path) -> None:
    culprit.symlink_to(culprit.parent)


def a_pipe(culprit: Path) -> None:
    os.mkfifo(culprit)


@pytest.mark.parametrize("put", [to_nothing, to_itself, to_the_root, a_pipe])
def test_refuses_and_names_what_cannot_be_packed(root: Path, put: Callable[[Path], None]) -> None:
    put(root / "culprit")
    with pytest.raises(BackupError, match=str(root / "culprit")):
        packed(root)


def test_refuses_a_broken_link_as_root(tmp_path: Path) -> None:
    (tmp_path / "media").symlink_to(tmp_path / "nothing")
    with pytest.raises(BackupError, match=str(tmp_path / "media")):
        packed(tmp_path / "media")


def test_restored_picture_replaces_a_truncated_one(root: Path) -> None:
    picture = root / "pictures" / "a.jpg"
    picture.write_bytes(b"a pic")
    with (root / "source").open("w+b") as source:
        source.write(b"a picture")
        source.seek(0)
        write_picture(root, "pictures/a.jpg", source, 9)
    assert picture.read_bytes() == b"a picture"
    assert sorted(path.name for path in picture.parent.iterdir()) == ["a.jpg"]


def test_refuses_and_names_a_picture_that_this_user_may_not_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read every file, so that the system says no instead."""
    closed = root / "pictures" / "a.jpg"
    monkeypatch.setattr("os.access", lambda path, _mode: path != closed)
    with pytest.raises(BackupError, match=f"{closed} cannot be read by this user"):
        packed(root)


def test_refuses_and_names_a_root_in_a_closed_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(BackupError, match=f"MEDIA_ROOT, {root}, cannot be read"):
        packed(root)

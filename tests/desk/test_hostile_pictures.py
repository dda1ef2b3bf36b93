"""Hostile and broken uploads: stored as a new JPEG, or refused with a message."""

import contextlib
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from PIL import ExifTags, Image
from pytest_django.fixtures import Settings

from results.desk import logos, picture_worker, pictures
from results.desk.pictures import (
    NotAPicture,
    PicturesBusy,
    PicturesNotStored,
    logo_command,
    store,
    worker_command,
)
from results.models import WIDTHS
from tests.acceptance import measured, pictures as hostile

KINDS = ("JPEG", "PNG", "WEBP")


def picture(
    kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: Any
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **more)
    return file.getvalue()


def with_exif(kind: str) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Secret Phone Co"
    return picture(kind, exif=exif)


SOUND = {kind: with_exif(kind) for kind in KINDS}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored_files(media: Path) -> list[Path]:
    return sorted(media.rglob("*.jpg"))


def store_bytes(raw: bytes, media: Path) -> list[Path]:
    """The files that a picture became; none where it was refused."""
    before = set(media.rglob("*.jpg"))
    with contextlib.suppress(NotAPicture):
        store(io.BytesIO(raw), len(raw))
    return sorted(set(media.rglob("*.jpg")) - before)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound picture with some bytes changed, cut off or put in: mostly near its head."""
    raw = bytearray(SOUND[draw(st.sampled_from(KINDS))])
    near = draw(st.sampled_from([40, 120, len(raw)]))
    for at, value in draw(st.lists(st.tuples(st.integers(0, near - 1), st.integers(0, 255)))):
        raw[min(at, len(raw) - 1)] = value
    if draw(st.booleans()):
        del raw[draw(st.integers(1, len(raw))) :]
    return bytes(raw) + draw(st.binary(max_size=20))


@pytest.mark.filterwarnings("ignore")
@given(damaged() | st.binary(max_size=200))
@settings(
    max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_picture_is_stored_or_refused(tmp_path: Path, raw: bytes) -> None:
    """In this process: three hundred worker processes would take a minute."""
    report = picture_worker.convert(io.BytesIO(raw), tmp_path, list(WIDTHS))
    assert ("refused" in report) != ("width" in report)


def test_broken_metadata_is_refused(media: Path) -> None:
    """Found by the test above with more examples: the picture is read, its EXIF is not."""
    raw = SOUND["WEBP"].replace(b"MM\0*", b"\0M\0*").replace(b"II*\0", b"\0I*\0")
    assert raw != SOUND["WEBP"]
    assert store_bytes(raw, media) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 not a picture",
        b"GIF89a" + b"\x01\x00\x01\x00\x00\x00\x00;",
        picture("GIF", "P"),
        picture("TIFF"),
        picture("BMP"),
        picture()[:200],
    ],
)
def test_other_files_are_refused(raw: bytes, media: Path) -> None:
    assert store_bytes(raw, media) == []


def test_script_hidden_in_a_picture_is_not_stored(media: Path) -> None:
    words = b"<script>alert(1)</script>"
    hidden = [
        picture(comment=words),
        picture() + words,
        picture("PNG") + words,
        picture(icc_profile=words * 20),
        picture("WEBP", xmp=words),
    ]
    for raw in hidden:
        assert words in raw
        files = store_bytes(raw, media)
        assert files
        for file in files:
            content = file.read_bytes()
            assert words not in content
            assert content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1")],
)
def test_every_colour_mode_becomes_a_jpeg(media: Path, kind: str, mode: str) -> None:
    files = store_bytes(picture(kind, mode), media)
    assert len(files) == len(WIDTHS)
    for file in files:
        with Image.open(file) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")


def test_first_frame_of_an_animation_is_stored(media: Path) -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "teal", "white")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    assert store_bytes(file.getvalue(), media)


# --- Resource limits --------------------------------------------------------------------------


def usage(raw: bytes, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the worker on this file; return its resource usage and its output."""
    source = folder / "source"
    source.write_bytes(raw)
    with source.open("rb") as read:
        completed = subprocess.run(
            [sys.executable, measured.__file__, *worker_command(folder)],
            stdin=read, capture_output=True, check=True,
        )  # fmt: skip
    return json.loads(completed.stderr), json.loads(completed.stdout)


@pytest.mark.parametrize("name", [*hostile.REFUSED, *hostile.KEPT])
def test_worker_stays_within_memory_and_time(tmp_path: Path, name: str) -> None:
    used, _said = usage((hostile.REFUSED | hostile.KEPT)[name](), tmp_path)
    assert used["seconds"] <= picture_worker.CPU_SECONDS + 1
    assert used["bytes"] <= picture_worker.MEMORY_BYTES
    assert used["code"] == 0


def test_worker_is_refused_too_much_memory(tmp_path: Path) -> None:
    """A progressive JPEG is decoded as a whole, however small the result."""
    used, report = usage(
        hostile.jpeg(11_000, 8_000, progressive=True, subsampling=0, quality=1), tmp_path
    )
    assert used["bytes"] <= picture_worker.MEMORY_BYTES
    assert "refused" in report


@pytest.mark.parametrize(
    "program",
    ["while True: pass", "import os; os.abort()", "print('{')", "raise OSError", "[0] * 10**12"],
)
def test_failed_worker_refuses_the_picture(
    monkeypatch: pytest.MonkeyPatch, media: Path, program: str
) -> None:
    monkeypatch.setattr(pictures, "DECODE_SECONDS", 1.0)
    monkeypatch.setattr(pictures, "worker_command", lambda folder: [sys.executable, "-c", program])
    with pytest.raises(NotAPicture, match="smaller"):
        store(io.BytesIO(picture()), 1000)
    assert stored_files(media) == []


def _on_a_full_disk(command: Callable[[Path], list[str]], name: str) -> Callable[[Path], list[str]]:
    """The command of the worker whose file of this name is on a disk without room."""

    def wrapped(folder: Path) -> list[str]:
        (folder / name).symlink_to("/dev/full")
        return command(folder)

    return wrapped


def test_full_disk_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    """The phone would drop a picture that is refused."""
    full = _on_a_full_disk(worker_command, f"{min(WIDTHS)}.jpg")
    monkeypatch.setattr(pictures, "worker_command", full)
    with pytest.raises(PicturesNotStored):
        store(io.BytesIO(picture()), 1000)
    full = _on_a_full_disk(logo_command, "logo.png")
    monkeypatch.setattr(logos, "logo_command", full)
    with pytest.raises(PicturesNotStored):
        logos.read_logo(io.BytesIO(picture("PNG")), 1000)
    assert stored_files(media) == []


def test_decodes_one_at_a_time_with_a_limited_queue(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    """While one is decoded, some wait, and the next is refused."""
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.05)
    with pictures._decoding:
        with pytest.raises(PicturesBusy):
            store(io.BytesIO(picture()), 1000)
        monkeypatch.setattr(pictures, "WAIT_SECONDS", 60)
        waiting = [
            threading.Thread(target=store, args=(io.BytesIO(picture()), 1000))
            for _one in range(pictures.MAX_WAITING + 1)
        ]
        for thread in waiting:
            thread.start()
        while pictures._slots._value:
            pass
        with pytest.raises(PicturesBusy):
            store(io.BytesIO(picture()), 1000)
    for thread in waiting:
        thread.join()
    assert len(stored_files(media)) == len(WIDTHS) * len(waiting)

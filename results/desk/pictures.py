"""Pictures from phones: opened by content, made small, written again without what they carried.

A file is never kept as it came. What is stored is a JPEG of our own making, without place, time
or device in it, under a name that nobody can guess; so nothing that was hidden in it survives.
A program of its own decodes it (`picture_worker`), in limits that the kernel enforces.
"""

import json
import logging
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image

from results.desk import picture_worker
from results.live.pictures import path_of
from results.models import WIDTHS

logger = logging.getLogger(__name__)

#: Bytes of one upload; a phone scales its pictures below a tenth of this where it can.
HEAVIEST = 20 * 1024 * 1024
#: Seconds that one picture may take, and that another waits until it is done.
DECODE_SECONDS = 20.0
WAIT_SECONDS = 20.0
#: Pictures that wait for their turn: each holds a thread of the server.
MOST_WAITING = 6

_decoding = threading.Lock()
_places = threading.BoundedSemaphore(1 + MOST_WAITING)


class NotAPicture(ValueError):
    """Why a file is not kept, in words for who sent it."""


class PicturesBusy(Exception):
    """Other pictures are being read: the same file may be taken in a moment."""


@dataclass(frozen=True, slots=True)
class Stored:
    name: str
    width: int
    height: int


def store(file: IO[bytes], size: int) -> Stored:
    """Keep a picture in every width of ours. Raises NotAPicture, or PicturesBusy."""
    if size > HEAVIEST:
        raise NotAPicture(
            _("The file is larger than 20 MB. Make the picture smaller, or save it as a JPEG.")
        )
    if not connection.in_atomic_block:
        # It is not held while a picture waits: a process has only so many.
        connection.close()
    with _turn(), tempfile.TemporaryDirectory(prefix="picture-") as folder:
        width, height = _decode(file, Path(folder))
        name = secrets.token_hex(16)
        for one in WIDTHS:
            made = Path(folder, f"{one}.jpg").read_bytes()
            default_storage.save(path_of(name, one), ContentFile(made))
    return Stored(name, width, height)


def size_of(name: str) -> tuple[int, int]:
    """Width and height of a stored picture at its largest."""
    with default_storage.open(path_of(name, max(WIDTHS))) as file, Image.open(file) as picture:
        return picture.size


@contextmanager
def _turn() -> Iterator[None]:
    """One picture at a time in each process, and no long queue behind it."""
    if not _places.acquire(blocking=False):
        raise PicturesBusy
    try:
        if not _decoding.acquire(timeout=WAIT_SECONDS):
            raise PicturesBusy
        try:
            yield
        finally:
            _decoding.release()
    finally:
        _places.release()


def _decode(file: IO[bytes], folder: Path) -> tuple[int, int]:
    """Have the picture written into `folder`; its width and height. Raises NotAPicture."""
    source, said, faults = (folder / name for name in ("source", "said", "faults"))
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    try:
        # Files in place of pipes: however much is written, none of it is in our memory.
        with source.open("rb") as read, said.open("wb") as out, faults.open("wb") as err:
            subprocess.run(  # noqa: S603 - our own program, and no words of anybody's in it
                worker_command(folder),
                stdin=read,
                stdout=out,
                stderr=err,
                env={},
                cwd=folder,
                timeout=DECODE_SECONDS,
                check=True,
            )
        answer: dict[str, Any] = json.loads(said.read_text())
    except (subprocess.SubprocessError, ValueError) as exc:
        # Ended by the kernel or by the clock, or without an answer.
        logger.warning("picture refused: %s %s", exc, faults.read_text(errors="replace")[-2000:])
        answer = {"refused": "too-large"}
    if "refused" in answer:
        logger.info("picture refused: %s", answer)
        raise NotAPicture(_sentence(answer["refused"]))
    return answer["width"], answer["height"]


def worker_command(folder: Path) -> list[str]:
    """The command line that reads a picture from standard input and writes into `folder`."""
    # -I: neither the environment nor the folder it is started in has a say in what it imports.
    program = [sys.executable, "-I", str(picture_worker.__file__)]
    return [*program, str(folder), *map(str, WIDTHS)]


def _sentence(code: str) -> str:
    """What to do about it, for who sent it."""
    most = {
        "side": picture_worker.LONGEST_SIDE,
        "jpeg": picture_worker.LARGEST_JPEG // 1_000_000,
        "other": picture_worker.LARGEST // 1_000_000,
    }
    sentences = {
        "too-large": _(
            "The picture is too large to read: at most %(side)d pixels along a side, and "
            "%(jpeg)d million pixels as a JPEG, %(other)d million as a PNG or WebP. Make it "
            "smaller and send it again."
        )
        % most,
        "heic": _(
            "Pictures in Apple’s HEIC format cannot be read. Send it as a JPEG: on an iPhone, "
            "Settings, Camera, Formats, Most Compatible."
        ),
        "format": _("This file is no JPEG, PNG or WebP picture. Take the photo again, or save it "
                    "as a JPEG."),
    }  # fmt: skip
    broken = _("This picture cannot be read: it may be cut short. Take it again, or save it as a "
               "JPEG.")  # fmt: skip
    return sentences.get(code, broken)

"""Store uploaded pictures after decoding them in a worker process and scaling them down.

The uploaded file itself is never stored. Each stored picture is a new JPEG without metadata (place,
time, device) under a name that cannot be guessed. The worker (`picture_worker`) runs within
resource limits that the kernel enforces.
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

#: Most bytes of an upload. Phones that can scale pictures send less than a tenth of this.
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
#: Timeouts of decoding one picture, and of waiting for another one.
DECODE_SECONDS = 20.0
WAIT_SECONDS = 20.0
#: Most requests that may wait for another's picture: each occupies a server thread.
MAX_WAITING = 6

_decoding = threading.Lock()
_slots = threading.BoundedSemaphore(1 + MAX_WAITING)


class NotAPicture(ValueError):
    """Raised for a file that is no picture to be stored. The message is for the sender.

    `code` is the worker's, where it refused the file.
    """

    def __init__(self, message: str, code: str = "") -> None:
        self.code = code
        super().__init__(message)


class PicturesBusy(Exception):
    """Raised while too many pictures are being decoded. The same upload may succeed soon."""


class PicturesNotStored(PicturesBusy):
    """Raised where the disk takes no picture: it is full, or may not be written to."""


@dataclass(frozen=True, slots=True)
class Stored:
    name: str
    width: int
    height: int


def store(file: IO[bytes], size: int) -> Stored:
    """Store a picture in every width of `WIDTHS`.

    Raises `NotAPicture`, `PicturesBusy` or `PicturesNotStored`.
    """
    if size > MAX_UPLOAD_BYTES:
        raise NotAPicture(_too_many_bytes())
    if not connection.in_atomic_block:
        # Connections are limited, so that none is held while a picture waits.
        connection.close()
    with decoding_slot(), disk_errors(), tempfile.TemporaryDirectory(prefix="picture-") as folder:
        width, height = decode(file, Path(folder), worker_command(Path(folder)))
        name = secrets.token_hex(16)
        for stored_width in WIDTHS:
            content = Path(folder, f"{stored_width}.jpg").read_bytes()
            default_storage.save(path_of(name, stored_width), ContentFile(content))
    return Stored(name, width, height)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise PicturesNotStored for an OSError, which is in the log: no picture is at fault."""
    try:
        yield
    except OSError as exc:
        logger.exception("pictures cannot be stored")
        raise PicturesNotStored from exc


def refusals_of_files() -> dict[str, str]:
    """Return messages of refusals without decoding, by `large`, `heic` and `format`."""
    return {
        "large": _too_many_bytes(),
        "heic": _sentence("heic"),
        "format": _sentence("format"),
    }


def _too_many_bytes() -> str:
    return _("The file is larger than 20 MB. Make the picture smaller, or save it as a JPEG.")


def size_of(name: str) -> tuple[int, int]:
    """Width and height of a stored picture in its largest version."""
    with default_storage.open(path_of(name, max(WIDTHS))) as file, Image.open(file) as picture:
        return picture.size


@contextmanager
def decoding_slot() -> Iterator[None]:
    """Wait for a turn to decode, one picture at a time in each process. Raises PicturesBusy."""
    if not _slots.acquire(blocking=False):
        raise PicturesBusy
    try:
        if not _decoding.acquire(timeout=WAIT_SECONDS):
            raise PicturesBusy
        try:
            yield
        finally:
            _decoding.release()
    finally:
        _slots.release()


def decode(file: IO[bytes], folder: Path, command: list[str]) -> tuple[int, int]:
    """Run the worker to write the picture into `folder`; return its size.

    Raises `NotAPicture`, or OSError where the disk cannot be written to.
    """
    source, output, errors = (folder / name for name in ("source", "output", "errors"))
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    try:
        # Files instead of pipes, so that no amount of output fills this process's memory.
        with source.open("rb") as read, output.open("wb") as out, errors.open("wb") as err:
            subprocess.run(  # noqa: S603 - our own program, without arguments from users
                command,
                stdin=read,
                stdout=out,
                stderr=err,
                env={},
                cwd=folder,
                timeout=DECODE_SECONDS,
                check=True,
            )
        answer: dict[str, Any] = json.loads(output.read_text())
    except (subprocess.SubprocessError, ValueError) as exc:
        # The worker was killed by a limit or the timeout, or ended without output.
        logger.warning("picture refused: %s %s", exc, errors.read_text(errors="replace")[-2000:])
        answer = {"refused": "too-large"}
    if "disk" in answer:
        raise OSError(answer["disk"])
    if "refused" in answer:
        logger.info("picture refused: %s", answer)
        raise NotAPicture(_sentence(answer["refused"]), answer["refused"])
    return answer["width"], answer["height"]


def worker_command(folder: Path) -> list[str]:
    """Return the command that reads a picture from standard input and writes into `folder`."""
    return [*_program(), str(folder), *map(str, WIDTHS)]


def logo_command(folder: Path) -> list[str]:
    """Return the command that writes a logo with its transparency instead."""
    return [*_program(), str(folder), picture_worker.LOGO]


def _program() -> list[str]:
    # With -I neither the environment nor the working directory affects imports.
    return [sys.executable, "-I", str(picture_worker.__file__)]


def _sentence(code: str) -> str:
    """Return the sentence for a refusal's code, which tells the sender what to do."""
    limits = {
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
        % limits,
        "heic": _(
            "Pictures in Apple’s HEIC format cannot be read. Send it as a JPEG: on an iPhone, "
            "Settings, Camera, Formats, Most Compatible."
        ),
        "format": _("This file is no JPEG, PNG or WebP picture. Take the photo again, or save it "
                    "as a JPEG."),
        "logo-bytes": _("The logo has too much detail: each reader would load more than 16 kB. "
                        "Send a simpler or a smaller one, without a photo in it."),
    }  # fmt: skip
    broken = _("This picture cannot be read: it may be cut short. Take it again, or save it as a "
               "JPEG.")  # fmt: skip
    return sentences.get(code, broken)

"""Read one picture from standard input and write it as smaller JPEG files, within limits.

It is a program that is started for each picture, so that a hostile file can crash it, fill its
memory or take its time without harm to the server. It imports nothing of the project, so that it
starts in a tenth of a second and has no secrets.

    python picture_worker.py FOLDER WIDTH…

writes FOLDER/<width>.jpg for each width and prints {"width", "height"} of the largest, or
{"refused": code}.

    python picture_worker.py FOLDER logo

writes FOLDER/logo.png, with its transparency, and prints the same for it.
"""

import errno
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
#: Most pixels of the longest side.
LONGEST_SIDE = 16_384
#: Most pixels in total. Only a JPEG can be decoded at a reduced size.
LARGEST_JPEG = 120_000_000
LARGEST = 40_000_000
#: Maximum height of a stored picture, as a multiple of its maximum width.
MAX_HEIGHT = 2
QUALITY = 82
#: The argument for a logo; the most pixels across and down of a stored one, which are twice what
#: the masthead shows; and its most bytes, since each reader's first visit loads it.
LOGO = "logo"
LOGO_WIDTH, LOGO_HEIGHT = 480, 96
LOGO_BYTES = 16 * 1024
#: Numbers of colours to try for a logo that has too many bytes with all of its own.
LOGO_COLOURS = (256, 64, 16)
#: Limits that the kernel enforces.
MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 15
FILE_BYTES = 8 * 1024 * 1024
#: Of a disk that cannot be written to. Decoders raise others, and OSError without a number.
DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
#: The EXIF tag of the orientation, and its values for a picture turned by 90 degrees.
ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class RefusedPictureError(Exception):
    """Raised to refuse the picture. The message is a code, for which `pictures` has a sentence."""


def main(folder: Path, sizes: list[str]) -> None:
    _limit()
    file = sys.stdin.buffer
    if sizes == [LOGO]:
        report = convert_logo(file, folder)
    else:
        report = convert(file, folder, [int(width) for width in sizes])
    print(json.dumps(report))


def convert(file: BinaryIO, folder: Path, widths: list[int]) -> dict[str, object]:
    """Write the picture in each width, and return what `main` prints."""

    def write() -> Image.Image:
        whole = _read(file, max(widths))
        for width in widths:
            size = _fitted(whole.size, width)
            scaled = whole if size == whole.size else _resized(whole, size)
            scaled.save(folder / f"{width}.jpg", "JPEG", quality=QUALITY, optimize=True)
        return whole

    return _report(write)


def convert_logo(file: BinaryIO, folder: Path) -> dict[str, object]:
    """Write the picture as `logo.png`, and return what `main` prints."""

    def write() -> Image.Image:
        logo = _read_logo(file)
        path = folder / "logo.png"
        logo.save(path, "PNG", optimize=True)
        for colours in LOGO_COLOURS:
            if path.stat().st_size <= LOGO_BYTES:
                break
            # This is the only method that keeps transparency.
            fewer = logo.quantize(colours, Image.Quantize.FASTOCTREE)
            fewer.save(path, "PNG", optimize=True)
        if path.stat().st_size > LOGO_BYTES:
            raise RefusedPictureError("logo-bytes")
        return logo

    return _report(write)


def _report(write: Callable[[], Image.Image]) -> dict[str, object]:
    """Return the size of the written picture, or the code of the refusal, or the disk's error."""
    try:
        whole = write()
    except RefusedPictureError as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "too-large"}
    except OSError as exc:
        if exc.errno in DISK_ERRORS:
            return {"disk": str(exc)}
        return _broken(exc)
    except Exception as exc:  # decoders raise many kinds for a broken file
        return _broken(exc)
    return {"width": whole.width, "height": whole.height}


def _broken(exc: Exception) -> dict[str, object]:
    return {"refused": "broken", "because": repr(exc)[:200]}


def _limit() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    os.nice(10)  # requests are served meanwhile
    # Pillow's limit warns at sizes of phone pictures; ours is checked before decoding.
    Image.MAX_IMAGE_PIXELS = None


def _read(file: BinaryIO, width: int) -> Image.Image:
    """Read the picture upright, on white, at most `width` wide. Raises `RefusedPictureError`."""
    picture = _opened(file)
    orientation = picture.getexif().get(ORIENTATION, 1)
    sideways = orientation in SIDEWAYS
    across, down = reversed(picture.size) if sideways else picture.size
    size = _fitted((across, down), width)
    size = (size[1], size[0]) if sideways else size
    picture.draft(None, size)
    picture.load()
    scaled = _on_white(_resized(_scalable(picture), size))
    turn = TURNS.get(orientation)
    upright = scaled if turn is None else scaled.transpose(turn)
    upright.info.clear()  # a comment would be saved with the picture
    return upright


def _read_logo(file: BinaryIO) -> Image.Image:
    """Read the picture with its transparency, scaled to a logo. Raises `RefusedPictureError`."""
    picture = _opened(file)
    picture.load()
    logo = _scalable(picture).convert("RGBA")
    scale = min(1, LOGO_WIDTH / logo.width, LOGO_HEIGHT / logo.height)
    size = max(round(logo.width * scale), 1), max(round(logo.height * scale), 1)
    logo = logo if size == logo.size else _resized(logo, size)
    logo.info.clear()
    return logo


def _opened(file: BinaryIO) -> Image.Image:
    """Open the file by its content, not by the name or type that was sent with it.

    Raises `RefusedPictureError` for a file that is no picture, or has too many pixels.
    """
    head = file.read(12)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:11] in (b"hei", b"hev", b"mif", b"msf"):
        raise RefusedPictureError("heic")
    try:
        picture = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise RefusedPictureError("format") from None
    limit = LARGEST_JPEG if picture.format in ("JPEG", "MPO") else LARGEST
    if max(picture.size) > LONGEST_SIDE or picture.width * picture.height > limit:
        raise RefusedPictureError("too-large")
    return picture


def _fitted(size: tuple[int, int], width: int) -> tuple[int, int]:
    """Scale `size` down, never up, to `width` across and `MAX_HEIGHT` times that down."""
    scale = min(1, width / size[0], MAX_HEIGHT * width / size[1])
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _scalable(picture: Image.Image) -> Image.Image:
    """Convert the picture to a mode whose pixels can be averaged."""
    if picture.mode.startswith("I"):
        # 16-bit grey: a plain conversion would clip all but the darkest values.
        return picture.point(lambda level: level / 256, "L")
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA") if picture.mode == "P" else picture


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L", "CMYK") and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

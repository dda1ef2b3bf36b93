"""Hostile pictures: small files that need much memory, and broken ones."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import ExifTags, Image


def encoded(picture: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int, *before: bytes, kind: int = 2, depth: int = 8) -> bytes:
    """A PNG of one colour, a thousandth of its size in memory; `before` are further chunks.

    `kind` is PNG's colour type (0 grey, 2 RGB, 6 RGBA).
    """
    channels = {0: 1, 2: 3, 6: 4}[kind]
    row = b"\0" * (1 + width * channels * depth // 8)
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    chunks = [
        png_chunk(b"IHDR", header),
        *before,
        png_chunk(b"IDAT", body),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says that it is as large as this."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(b"\0" * 100)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + body


def jpeg(width: int, height: int, **more: Any) -> bytes:
    return encoded(Image.new("RGB", (width, height), "teal"), "JPEG", **more)


def jpeg_that_claims(width: int, height: int) -> bytes:
    """A small JPEG whose frame header says that it is as large as this."""
    whole = jpeg(64, 64)
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(b"\0" * 2**20) for _block in range(megabytes))
    return body + packer.flush()


def turned() -> bytes:
    """A phone held upright: stored lying down, with the note that it is to be turned."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return encoded(Image.new("RGB", (4000, 3000), "teal"), "JPEG", exif=exif)


def animation(kind: str, frames: int) -> bytes:
    more = [Image.new("RGB", (600, 400), (number % 256, 0, 0)) for number in range(frames)]
    return encoded(more[0], kind, save_all=True, append_images=more[1:])


#: What no phone sends, each refused in words. Made when asked for: some take a second.
REFUSED: dict[str, Callable[[], bytes]] = {
    "a line of 70,000 pixels": lambda: png(1, 70_000),
    "a line of 70,000 pixels across": lambda: png(70_000, 1),
    "62 kB of 8,000 by 8,000": lambda: png(8_000, 8_000),
    "long and thin": lambda: png(1_000, 64_000),
    "grey, 16 bits, 60 megapixels": lambda: png(15_000, 4_000, kind=0, depth=16),
    "with a channel for transparency, 60 megapixels": lambda: png(15_000, 4_000, kind=6),
    "a header of 60,000 by 60,000": lambda: png_that_claims(60_000, 60_000),
    "a header of the largest numbers": lambda: png_that_claims(2**31 - 1, 2**31 - 1),
    "a WebP of 60 megapixels": lambda: encoded(
        Image.new("RGB", (15_000, 4_000)), "WEBP", lossless=True, quality=0, method=0
    ),
    "a JPEG of 225 megapixels": lambda: jpeg_that_claims(15_000, 15_000),
    "a GIF": lambda: encoded(Image.new("RGB", (9, 9)), "GIF"),
    "a TIFF": lambda: encoded(Image.new("RGB", (9, 9)), "TIFF"),
    "a BMP": lambda: encoded(Image.new("RGB", (9, 9)), "BMP"),
    "JPEG 2000": lambda: encoded(Image.new("RGB", (64, 64)), "JPEG2000"),
    "AVIF": lambda: encoded(Image.new("RGB", (64, 64)), "AVIF"),
    "an iPhone's HEIC": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500,
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a colour profile of 300 MB": lambda: png(
        600, 400, png_chunk(b"iCCP", b"profile\0\0" + _bomb(300))
    ),
    "a text of 300 MB": lambda: png(600, 400, png_chunk(b"zTXt", b"note\0\0" + _bomb(300))),
    "a JPEG cut short": lambda: jpeg(600, 400)[:900],
    "nothing but a head": lambda: b"\xff\xd8\xff\xe0",
}

#: What a phone or a reporter's computer may well send.
KEPT: dict[str, Callable[[], bytes]] = {
    "a photo of 48 megapixels": lambda: jpeg(8_000, 6_000),
    "a photo of 108 megapixels": lambda: jpeg(12_000, 9_000),
    "held upright": turned,
    "a screenshot": lambda: png(1_290, 2_796),
    "a long screenshot": lambda: png(1_080, 12_000),
    "a scan of 35 megapixels": lambda: png(5_000, 7_000),
    "grey, 16 bits": lambda: png(600, 400, kind=0, depth=16),
    "CMYK": lambda: encoded(Image.new("CMYK", (600, 400)), "JPEG"),
    "transparent": lambda: encoded(Image.new("RGBA", (600, 400), (9, 9, 9, 0)), "PNG"),
    "a palette": lambda: encoded(Image.new("P", (600, 400)), "PNG", transparency=0),
    "a progressive JPEG": lambda: jpeg(4_000, 3_000, progressive=True),
    "a moving WebP": lambda: animation("WEBP", 60),
    "a moving PNG": lambda: animation("PNG", 20),
    "ten thousand notes": lambda: png(
        600, 400, *[png_chunk(b"tEXt", b"note\0" + b"x" * 90)] * 10_000
    ),
    "15 MB of notes": lambda: jpeg(600, 400)[:2] + b"\xff\xfe\xff\xff" + b"x" * 65_533
    + (b"\xff\xfe\xff\xff" + b"x" * 65_533) * 230 + jpeg(600, 400)[2:],
}  # fmt: skip

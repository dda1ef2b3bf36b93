"""Read the publisher's logo: decode it in the worker process, scale it, encode it as a PNG."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from results.desk.picture_worker import LOGO_BYTES
from results.desk.pictures import (
    NotAPicture,
    decode,
    decoding_slot,
    disk_errors,
    logo_command,
)

#: Most bytes of an upload. The stored logo has at most `LOGO_BYTES`.
MAX_UPLOAD_BYTES = 2 * 1024 * 1024
#: Fewest pixels of the shortest side at which a logo is legible.
SMALLEST = 16
#: Beginnings of SVG files, after a byte order mark and spaces.
_XML = (b"<svg", b"<?xml", b"<!doctype svg", b"<!--")


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as a PNG, with its size in pixels."""

    png: bytes
    width: int
    height: int


def read_logo(file: IO[bytes], size: int) -> Logo:
    """Return the logo in the form to store and serve.

    Raises `NotAPicture`, `PicturesBusy` or `PicturesNotStored`.

    SVG is refused, because it is a document that can have scripts and addresses.
    """
    if size > MAX_UPLOAD_BYTES:
        raise NotAPicture(_("The file is larger than 2 MB. Make the logo smaller."))
    head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    file.seek(0)
    if head.startswith(_XML):
        raise NotAPicture(_("SVG files are not accepted. Save the logo as a PNG."))
    if not connection.in_atomic_block:
        # Connections are limited, so that none is held while a picture waits.
        connection.close()
    with decoding_slot(), disk_errors(), tempfile.TemporaryDirectory(prefix="logo-") as name:
        folder = Path(name)
        width, height = _decoded(file, folder)
        png = (folder / "logo.png").read_bytes()
    if height < SMALLEST or width < SMALLEST:
        raise NotAPicture(
            _("The logo is only %(width)d by %(height)d pixels. Send it about 96 pixels high.")
            % {"width": width, "height": height}
        )
    assert len(png) <= LOGO_BYTES
    return Logo(png, width, height)


def _decoded(file: IO[bytes], folder: Path) -> tuple[int, int]:
    """Decode into `folder`. A logo is drawn: it is saved again where a photo is taken again."""
    try:
        return decode(file, folder, logo_command(folder))
    except NotAPicture as exc:
        sentences = {
            "format": _("This file is no PNG, JPEG or WebP picture. Save the logo as a PNG."),
            "broken": _("This file cannot be read: it may be cut short. Save the logo as a PNG."),
            "heic": _("Pictures in Apple’s HEIC format cannot be read. Save the logo as a PNG."),
        }
        raise NotAPicture(sentences.get(exc.code, str(exc)), exc.code) from None

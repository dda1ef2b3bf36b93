"""Pictures from phones: opened by content, made small, written again without what they carried.

A file is never kept as it came. What is stored is a JPEG of our own making, without place, time
or device in it, under a name that nobody can guess; so nothing that was hidden in it survives.
"""

import io
import secrets
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from results.live.pictures import path_of
from results.models import WIDTHS

#: Bytes of one upload; a phone scales its pictures below a tenth of this where it can.
HEAVIEST = 20 * 1024 * 1024
#: Pixels: more than phones take, less than fills the memory of a small server.
LARGEST = 64_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


class NotAPicture(ValueError):
    """Why a file is not kept, in words for who sent it."""


@dataclass(frozen=True, slots=True)
class Stored:
    name: str
    width: int
    height: int


def store(file: IO[bytes], size: int) -> Stored:
    """Keep a picture in every width of ours. Raises NotAPicture."""
    if size > HEAVIEST:
        raise NotAPicture(_("The file is too big: at most 20 MB."))
    picture = _opened(file)
    name = secrets.token_hex(16)
    whole = _scaled(picture, max(WIDTHS))
    for width in WIDTHS:
        written = io.BytesIO()
        _scaled(whole, width).save(written, "JPEG", quality=QUALITY, optimize=True)
        default_storage.save(path_of(name, width), ContentFile(written.getvalue()))
    return Stored(name, whole.width, whole.height)


def size_of(name: str) -> tuple[int, int]:
    """Width and height of a stored picture at its largest."""
    with default_storage.open(path_of(name, max(WIDTHS))) as file, Image.open(file) as picture:
        return picture.size


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        # By content: the name and the type that came with it say nothing.
        picture = Image.open(file, formats=FORMATS)
        if picture.width * picture.height > LARGEST:
            raise NotAPicture(_("The picture has too many pixels: make it smaller first."))
        picture.load()
        upright = ImageOps.exif_transpose(picture) or picture
    except NotAPicture:
        raise
    except Exception as fault:
        # Its decoders raise whatever they happen upon: each of it means a file that is broken.
        raise NotAPicture(_("This file is not a picture that can be read.")) from fault
    flat = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA")
    flat.paste(shown, mask=shown.getchannel("A"))
    return flat


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture.copy()
    height = max(round(picture.height * width / picture.width), 1)
    return picture.resize((width, height), Image.Resampling.LANCZOS)

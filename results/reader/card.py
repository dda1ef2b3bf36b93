"""The picture that goes with a link to a page: its result, and as of when. 1200 × 630, PNG.

An image is copied and kept by whoever shows it, so it always carries its time.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 64
PAPER, INK, QUIET, RULE = "#fffdf8", "#1b1916", "#6a645a", "#dcd6c8"
WARNING = "#9c0f63"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture: a name, its figure, its length as a fraction of the longest."""

    name: str
    figure: str
    length: float
    colour: str


def picture(*, kicker: str, title: str, bars: Sequence[Bar], as_of: str, rehearsal: bool) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    top = MARGIN
    if rehearsal:
        draw.rectangle((0, 0, SIZE[0], 56), fill=WARNING)
        draw.text((MARGIN, 12), as_of, font=_font(26), fill="#ffffff")
        top += 28
    draw.text((MARGIN, top), kicker, font=_font(28), fill=QUIET)
    top += 52
    size = 60 if len(title) < 60 else 48
    for line in _lines(draw, title, size)[:3]:
        draw.text((MARGIN, top), line, font=_font(size), fill=INK)
        top += int(size * 1.18)
    top = max(top + 24, 300)
    for bar in bars[:4]:
        draw.text((MARGIN, top), bar.name, font=_font(30), fill=INK)
        width = draw.textlength(bar.figure, font=_font(30))
        draw.text((SIZE[0] - MARGIN - width, top), bar.figure, font=_font(30), fill=INK)
        long = int((SIZE[0] - 2 * MARGIN) * bar.length)
        draw.rectangle((MARGIN, top + 42, MARGIN + max(long, 2), top + 50), fill=bar.colour)
        top += 68
    draw.line((MARGIN, 572, SIZE[0] - MARGIN, 572), fill=RULE, width=2)
    draw.text((MARGIN, 584), f"Election Desk · {as_of}", font=_font(24), fill=QUIET)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _font(size: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    """Pillow's own: a server has whatever fonts it has."""
    return ImageFont.load_default(size)


def _lines(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=_font(size)) > SIZE[0] - 2 * MARGIN:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]

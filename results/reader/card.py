"""Draws the picture that social media show with a link: 1200 × 630 pixels, PNG.

Such pictures are copied and cached, so that each carries the time it was made at.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 64
PAPER, INK, QUIET, RULE = "#fffdf8", "#1b1916", "#6a645a", "#dcd6c8"
WARNING = "#9c0f63"
#: Pixels of the publisher's colour at the top.
BAND = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, its value as text, and its length as a fraction of the longest bar."""

    name: str
    value: str
    length: float
    colour: str


def picture(
    *,
    kicker: str,
    title: str,
    bars: Sequence[Bar],
    as_of: str,
    rehearsal: bool,
    publisher: str,
    band: str = "",
) -> bytes:
    """The card as PNG, with a band of the publisher's colour if it has one.

    Room for three lines of `title` and four of `bars`; the rest is cut.
    """
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    top = MARGIN
    if rehearsal:
        draw.rectangle((0, 0, SIZE[0], 56), fill=WARNING)
        draw.text((MARGIN, 12), as_of, font=_font(26), fill="#ffffff")
        top += 28
    elif band:
        draw.rectangle((0, 0, SIZE[0], BAND), fill=band)
    draw.text((MARGIN, top), kicker, font=_font(28), fill=QUIET)
    top = _draw_title(draw, title, top + 52)
    _draw_bars(draw, bars[:4], max(top + 24, 300))
    draw.line((MARGIN, 572, SIZE[0] - MARGIN, 572), fill=RULE, width=2)
    draw.text((MARGIN, 584), f"{publisher} · {as_of}", font=_font(24), fill=QUIET)
    png = io.BytesIO()
    # Not `optimize`, which takes four times as long and saves one byte in twenty.
    image.save(png, "PNG")
    return png.getvalue()


def _draw_title(draw: ImageDraw.ImageDraw, title: str, top: int) -> int:
    """Draw the title in up to three lines; return where it ends."""
    size = 60 if len(title) < 60 else 48
    for line in _wrap(draw, title, size)[:3]:
        draw.text((MARGIN, top), line, font=_font(size), fill=INK)
        top += int(size * 1.18)
    return top


def _draw_bars(draw: ImageDraw.ImageDraw, bars: Sequence[Bar], top: int) -> None:
    for bar in bars:
        draw.text((MARGIN, top), bar.name, font=_font(30), fill=INK)
        width = draw.textlength(bar.value, font=_font(30))
        draw.text((SIZE[0] - MARGIN - width, top), bar.value, font=_font(30), fill=INK)
        length = max(int((SIZE[0] - 2 * MARGIN) * bar.length), 2)
        draw.rectangle((MARGIN, top + 42, MARGIN + length, top + 50), fill=bar.colour)
        top += 68


def _font(size: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    """Pillow's own font, because servers differ in the fonts they have."""
    return ImageFont.load_default(size)


def _wrap(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    """The text in lines that fit between the margins."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=_font(size)) > SIZE[0] - 2 * MARGIN:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]

"""Draw the picture that social media show with a link: 1200 × 630 pixels, PNG.

Such pictures are copied and cached, so that each carries the date and the time it is of.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from results.words.number_format import keep_together

SIZE = (1200, 630)
MARGIN = 60
WIDTH = SIZE[0] - 2 * MARGIN
PAPER, INK, QUIET, RULE, HATCH = "#fffdf8", "#1b1916", "#5d574e", "#b9b2a2", "#d6cfc0"
GROUND = "#f7f3ea"
WARNING = "#9c0f63"
#: Pixels of the publisher's colour at the top.
BAND = 16
#: Version of the drawing: increase it with each change, so that cached pictures are replaced.
DRAWING = 2
#: Sizes of the headline, each with the lines that there is room for above a bar or rows.
TITLE_SIZES = ((82, 2), (64, 3), (52, 3), (44, 4), (36, 5))
TITLE_TOP, TITLE_HEIGHT = 112, 218
BAR_TOP, BAR_HEIGHT = 442, 72

_FONTS = Path(__file__).parent / "fonts"
Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Colour:
    """A party's colour on paper: of shapes, of their edges, and of text."""

    fill: str
    edge: str
    ink: str


@dataclass(frozen=True, slots=True)
class CardSpan:
    """A stretch of the bar in pixels from its left; `not_up` where no poll was held."""

    x: float
    width: float
    colour: Colour
    not_up: bool = False


@dataclass(frozen=True, slots=True)
class CardEnd:
    """A figure and a name at an end of the bar."""

    figure: str
    name: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class CardTick:
    """A mark below the bar, in pixels from its left; its words stand on a side of it."""

    x: float
    name: str
    words: str
    side: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class CardBar:
    """Bar of all seats. `line` is the x of the majority in pixels; `line_words` stand above it."""

    left: CardEnd | None
    right: CardEnd | None
    spans: tuple[CardSpan, ...]
    line: float | None
    line_words: str
    ticks: tuple[CardTick, ...]


@dataclass(frozen=True, slots=True)
class CardRow:
    """A name, its value as text, and its length as a fraction of the longest bar's."""

    name: str
    value: str
    length: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Card:
    """Contents of a card: `status` is how far the count is, `when` the time and date of that.

    `note` is a third party in the corner. A card has a bar or rows, or neither.
    """

    publisher: str
    band: str
    kicker: str
    title: str
    status: str
    when: str
    rehearsal: str = ""
    bar: CardBar | None = None
    rows: tuple[CardRow, ...] = ()
    note: tuple[str, Colour] | None = None

    @property
    def digest(self) -> str:
        """Twelve characters that differ where the pictures do."""
        return hashlib.sha256(f"{DRAWING} {self!r}".encode()).hexdigest()[:12]

    @property
    def alt(self) -> str:
        """The card's contents as alternative text."""
        ends = [self.bar.left, self.bar.right] if self.bar else []
        parts = [f"{end.name} {end.figure}" for end in ends if end]
        parts += [f"{row.name} {row.value}" for row in self.rows]
        state = " ".join(filter(None, [self.status, self.when]))
        return ". ".join(filter(None, [self.rehearsal, self.title, ", ".join(parts), state])) + "."


def _printable(value: Any) -> Any:
    """`value` with blanks for unprintable characters: some control characters break the layout."""
    if isinstance(value, str):
        return "".join(letter if letter.isprintable() else " " for letter in value)
    if isinstance(value, list | tuple):
        return type(value)(map(_printable, value))
    if is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in fields(value) if each.init]
        return replace(value, **{name: _printable(getattr(value, name)) for name in names})
    return value


def draw(card: Card) -> bytes:
    """The card as PNG."""
    card = _printable(card)
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    _draw_head(pen, card)
    _draw_title(pen, card.title, room=TITLE_HEIGHT if card.bar or card.rows else 400)
    if card.bar:
        _draw_bar(image, pen, card.bar)
    _draw_rows(pen, card.rows[:3])
    _draw_foot(pen, card)
    png = io.BytesIO()
    # Not `optimize`, which takes four times as long and saves one byte in twenty.
    image.save(png, "PNG")
    return png.getvalue()


def _draw_head(pen: ImageDraw.ImageDraw, card: Card) -> None:
    if card.rehearsal:
        pen.rectangle((0, 0, SIZE[0], 34), fill=WARNING)
        pen.text(
            (SIZE[0] / 2, 17), card.rehearsal, font=_font(24, bold=True), fill="white", anchor="mm"
        )
    elif card.band:
        pen.rectangle((0, 0, SIZE[0], BAND), fill=card.band)
    kicker = _fitting(card.kicker, 25, 700)
    right = SIZE[0] - MARGIN
    pen.text((right, 74), card.kicker, font=kicker, fill=QUIET, anchor="rs")
    room = WIDTH - kicker.getlength(card.kicker) - 30
    publisher = _fitting(card.publisher, 34, room, bold=True)
    pen.text((MARGIN, 74), card.publisher, font=publisher, fill=INK, anchor="ls")
    pen.line((MARGIN, 98, right, 98), fill=INK, width=2)


def _draw_title(pen: ImageDraw.ImageDraw, title: str, *, room: int) -> None:
    """Draw the headline in the largest size that fits, or else in the last size."""
    for size, most in TITLE_SIZES:
        font, lines = _font(size, bold=True), _wrap(title, _font(size, bold=True), WIDTH)
        if len(lines) <= most and len(lines) * size * 1.06 <= room:
            break
    top = TITLE_TOP + size * 0.98
    for number, line in enumerate(lines[: int(room / size / 1.06)]):
        pen.text((MARGIN, top + number * size * 1.06), line, font=font, fill=INK, anchor="ls")


def _draw_bar(image: Image.Image, pen: ImageDraw.ImageDraw, bar: CardBar) -> None:
    bottom = BAR_TOP + BAR_HEIGHT
    _draw_ends(pen, bar)
    image.paste(_hatching(), (MARGIN, BAR_TOP))
    for span in bar.spans:
        box = (MARGIN + span.x, BAR_TOP, MARGIN + span.x + max(span.width, 1.5), bottom)
        pen.rectangle(box, fill=span.colour.fill, outline=PAPER)
        if span.not_up:
            _cross(pen, box)
    if bar.line is not None:
        x = MARGIN + bar.line
        pen.rectangle((x - 4, BAR_TOP - 10, x + 4, bottom + 8), fill=PAPER)
        pen.line((x, BAR_TOP - 10, x, bottom + 8), fill=INK, width=3)
        pen.text(
            (x, BAR_TOP - 16), bar.line_words, font=_font(24, bold=True), fill=INK, anchor="ms"
        )
    for tick in bar.ticks:
        _draw_tick(pen, tick, bottom)


def _draw_ends(pen: ImageDraw.ImageDraw, bar: CardBar) -> None:
    """Draw the figures at the bar's ends; a name that would reach the line's words is smaller."""
    baseline, large = BAR_TOP - 18, _font(80, bold=True)
    middle = bar.line if bar.line is not None else WIDTH / 2
    for end, side in ((bar.left, 1), (bar.right, -1)):
        if end is None:
            continue
        x = MARGIN if side > 0 else SIZE[0] - MARGIN
        pen.text(
            (x, baseline),
            end.figure,
            font=large,
            fill=end.colour.ink,
            anchor="ls" if side > 0 else "rs",
        )
        width = large.getlength(end.figure) + 12
        room = (middle if side > 0 else WIDTH - middle) - width - 90
        font, anchor = _fitting(end.name, 34, room), "ls" if side > 0 else "rs"
        pen.text((x + side * width, baseline), end.name, font=font, fill=INK, anchor=anchor)


def _draw_tick(pen: ImageDraw.ImageDraw, tick: CardTick, bottom: int) -> None:
    x, font, bold = MARGIN + tick.x, _font(23), _font(23, bold=True)
    pen.polygon([(x, bottom + 3), (x - 9, bottom + 16), (x + 9, bottom + 16)], fill=tick.colour.ink)
    name = f"{tick.name} "
    length = bold.getlength(name) + font.getlength(tick.words)
    start = x - 14 - length if tick.side == "left" else x + 14
    pen.text((start, bottom + 24), name, font=bold, fill=tick.colour.ink, anchor="ls")
    start += bold.getlength(name)
    pen.text((start, bottom + 24), tick.words, font=font, fill=QUIET, anchor="ls")


def _draw_rows(pen: ImageDraw.ImageDraw, rows: Sequence[CardRow]) -> None:
    top, right = 352, SIZE[0] - MARGIN
    for row in rows:
        pen.text((right, top + 28), row.value, font=_font(30, bold=True), fill=INK, anchor="rs")
        room = WIDTH - _font(30, bold=True).getlength(row.value) - 40
        pen.text(
            (MARGIN, top + 28), row.name, font=_fitting(row.name, 30, room), fill=INK, anchor="ls"
        )
        length = max(WIDTH * row.length, 2)
        box = (MARGIN, top + 38, MARGIN + length, top + 50)
        pen.rectangle(box, fill=row.colour.fill, outline=row.colour.edge)
        top += 64


def _draw_foot(pen: ImageDraw.ImageDraw, card: Card) -> None:
    right, baseline = SIZE[0] - MARGIN, 596
    pen.line((MARGIN, 554, right, 554), fill=RULE, width=1)
    room = float(WIDTH)
    if card.note:
        text, colour = card.note
        width = _font(25).getlength(text)
        pen.text((right, baseline), text, font=_font(25), fill=INK, anchor="rs")
        x = right - width - 30
        pen.rectangle((x, baseline - 19, x + 19, baseline), fill=colour.fill, outline=colour.edge)
        room = x - MARGIN - 20
    size = 25
    whole = " ".join(filter(None, [card.status, card.when]))
    while size > 16 and _font(size, bold=True).getlength(whole) > room:
        size -= 1
    bold = _font(size, bold=True)
    pen.text((MARGIN, baseline), card.status, font=bold, fill=INK, anchor="ls")
    x = MARGIN + (bold.getlength(f"{card.status} ") if card.status else 0)
    pen.text((x, baseline), card.when, font=_font(size), fill=QUIET, anchor="ls")


def _cross(pen: ImageDraw.ImageDraw, box: tuple[float, float, float, float]) -> None:
    """Draw stripes of paper over the seats for which no poll was held."""
    left, top, right, bottom = box
    for y in range(int(top) + 6, int(bottom), 12):
        pen.line((left, y, right, y), fill=PAPER, width=3)


@cache
def _hatching() -> Image.Image:
    """The ground of the bar, hatched: drawn once, four times as large, for smooth lines."""
    image = Image.new("RGB", (WIDTH * 4, BAR_HEIGHT * 4), GROUND)
    pen = ImageDraw.Draw(image)
    for x in range(-BAR_HEIGHT * 4, WIDTH * 4, 44):
        pen.line((x, BAR_HEIGHT * 4, x + BAR_HEIGHT * 4, 0), fill=HATCH, width=7)
    return image.resize((WIDTH, BAR_HEIGHT), Image.Resampling.LANCZOS)


@cache
def _font(size: int, *, bold: bool = False) -> Font:
    """The project's own font, because servers differ in the fonts they have."""
    return ImageFont.truetype(str(_FONTS / f"DeskSerif-{'Bold' if bold else 'Regular'}.ttf"), size)


def _fitting(text: str, size: int, room: float, *, bold: bool = False) -> Font:
    """Return the font at `size`, or as much smaller as `text` needs to fit, down to 16."""
    while size > 16 and _font(size, bold=bold).getlength(text) > room:
        size -= 1
    return _font(size, bold=bold)


def _wrap(text: str, font: Font, width: int) -> list[str]:
    """Break the text into lines that fit, no number apart from what it counts.

    A word that is too long has a line to itself.
    """
    lines, line = [], ""
    for word in _words(text, font, width):
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _words(text: str, font: Font, width: int) -> Iterator[str]:
    """Yield what may stand on a line of its own; what is joined is parted where it is too long."""
    for joined in keep_together(text).split(" "):
        word = joined.replace("\u00a0", " ")
        yield from [word] if font.getlength(word) <= width else word.split()

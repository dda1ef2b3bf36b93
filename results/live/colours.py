"""The stylesheet of party colours for either theme, with enough contrast.

Shapes are filled with the party's true colour: three yellows that were dulled until each stood out
from the page would be one brown. A pale shape stands out by its edge. An edge and an ink are the
nearest lightness of the party's hue that has the contrast which WCAG 2.2 asks for against the page:
3:1 for shapes (1.4.11), 4.5:1 for text (1.4.3).
"""

import colorsys
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from results.arithmetic import INDEPENDENT, SPEAKER
from results.live.party_patterns import WALL_BACKGROUNDS, pattern_rules
from results.models import Party

LIGHT_PAGE = "#fffdf8"
DARK_PAGE = "#191714"
SHAPE_CONTRAST = 3.0
TEXT_CONTRAST = 4.5
#: Colours of labels that are not parties.
NON_PARTY_COLOURS = {INDEPENDENT: "#7a7169", SPEAKER: "#4a4640"}

#: Colours of words on a party's ground, such as GAIN: paper on its ink, or dark ink on a pale fill.
WORD_INK, PALE_CONTRAST = "#14120f", 6.0
DEFAULTS = (
    "[data-party]{--edge:var(--fill);--pattern:none;--word:var(--party-ink);--on-word:var(--paper)}"
)

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shades:
    """A party's colours on one page: of shapes, their edges, text on them, text on the page."""

    fill: str
    edge: str
    on_fill: str
    ink: str


@lru_cache(maxsize=2048)
def shades(colour: str, page: str) -> Shades:
    return Shades(
        fill=colour,
        edge=_with_contrast(colour, page, SHAPE_CONTRAST),
        on_fill=max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour)),
        ink=_with_contrast(colour, page, TEXT_CONTRAST),
    )


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    dark, light = sorted((_luminance(_rgb(first)), _luminance(_rgb(second))))
    return (light + 0.05) / (dark + 0.05)


def likeness(first: str, second: str) -> float:
    """Return the perceived distance of two colours, from 0 to about 765.

    It is the weighted distance in RGB that Riemersma calls “redmean”.
    """
    (red, green, blue), (red2, green2, blue2) = (
        tuple(255 * channel for channel in _rgb(colour)) for colour in (first, second)
    )
    mean = (red + red2) / 2
    squares = (
        (2 + mean / 256) * (red - red2) ** 2
        + 4 * (green - green2) ** 2
        + (2 + (255 - mean) / 256) * (blue - blue2) ** 2
    )
    return float(squares**0.5)


def rule_for(label: str, colour: str) -> str:
    """Return the CSS of one label in both themes, to follow the stylesheet of all labels."""
    light, dark = (_rule(label, shades(colour, page)) for page in (LIGHT_PAGE, DARK_PAGE))
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def stylesheet(party_colours: Iterable[tuple[str, str]]) -> str:
    """Return CSS custom properties of every label in both themes, from `(party, colour)` pairs."""
    colours = dict(party_colours) | NON_PARTY_COLOURS
    light, dark = (
        "\n".join(_rule(label, shades(colour, page)) for label, colour in colours.items())
        for page in (LIGHT_PAGE, DARK_PAGE)
    )
    edges = DEFAULTS
    patterns = pattern_rules()
    return f"{edges}\n{light}\n{patterns}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def current_stylesheet() -> tuple[str, str]:
    """The stylesheet of the stored parties, and a hash of it for its URL."""
    parties = Party.objects.filter(tallied_with__isnull=True)
    return _stylesheet(tuple(parties.values_list("slug", "colour")))


def themed_stylesheet(theme: str) -> tuple[str, str]:
    """Return a wall's stylesheet in one theme, "dark" or "light", for any browser, and its hash."""
    parties = Party.objects.filter(tallied_with__isnull=True)
    return _themed(tuple(parties.values_list("slug", "colour")), theme)


@lru_cache(maxsize=8)
def _themed(colours: tuple[tuple[str, str], ...], theme: str) -> tuple[str, str]:
    page = DARK_PAGE if theme == "dark" else LIGHT_PAGE
    rules = (
        _rule(label, shades(colour, page))
        for label, colour in (dict(colours) | NON_PARTY_COLOURS).items()
    )
    text = "\n".join([DEFAULTS, *rules, pattern_rules(WALL_BACKGROUNDS)])
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=8)
def _stylesheet(colours: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    text = stylesheet(colours)
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def _rule(label: str, shade: Shades) -> str:
    edge = f"--edge:{shade.edge};" if shade.edge != shade.fill else ""
    if contrast(shade.fill, WORD_INK) >= PALE_CONTRAST:
        edge += f"--word:var(--fill);--on-word:{WORD_INK};"
    return (
        f'[data-party="{label}"]{{--fill:{shade.fill};{edge}--on-fill:{shade.on_fill};'
        f"--party-ink:{shade.ink}}}"
    )


def _with_contrast(colour: str, page: str, minimum: float) -> str:
    """Return the colour, made darker or lighter until its contrast with the page suffices."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    step = -0.01 if _luminance(_rgb(page)) > 0.5 else 0.01
    while contrast(colour, page) < minimum:  # ends: black and white have enough on their page
        lightness = min(max(lightness + step, 0), 1)
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

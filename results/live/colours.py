"""Party colours for the page: four derived values for each theme, with contrast ensured.

The colour is data; what is painted is the nearest lightness of its hue that can be seen on the
page (3:1 for shapes, 4.5:1 for text, as WCAG 2.2 asks).
"""

import colorsys
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from results.arithmetic import INDEPENDENT, SPEAKER
from results.models import Party

LIGHT_PAGE = "#fffdf8"
DARK_PAGE = "#191714"
SHAPES = 3.0
TEXT = 4.5
#: How labels that are not parties are painted: the Speaker and independents have no colour.
FLAGS = {INDEPENDENT: "#7a7169", SPEAKER: "#4a4640"}

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shades:
    """One colour on one page: for shapes, text on shapes, text on the page, and a wash."""

    fill: str
    on_fill: str
    ink: str
    tint: str


def shades(colour: str, page: str) -> Shades:
    fill = _with_contrast(colour, page, SHAPES)
    return Shades(
        fill=fill,
        on_fill=max(("#ffffff", "#000000"), key=lambda text: contrast(text, fill)),
        ink=_with_contrast(colour, page, TEXT),
        tint=_mix(colour, page, 0.14),
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (light + 0.05) / (dark + 0.05)


def stylesheet(parties: Iterable[Party]) -> str:
    """The custom properties of every label for both themes."""
    colours = {party.slug: party.colour for party in parties} | FLAGS
    light = "\n".join(_rule(label, shades(one, LIGHT_PAGE)) for label, one in colours.items())
    dark = "\n".join(_rule(label, shades(one, DARK_PAGE)) for label, one in colours.items())
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def current_stylesheet() -> tuple[str, str]:
    """The stylesheet of the parties as they are, and a mark that changes when it does."""
    text = stylesheet(Party.objects.filter(tallied_with__isnull=True))
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def _rule(label: str, shade: Shades) -> str:
    return (
        f'[data-party="{label}"]{{--fill:{shade.fill};--on-fill:{shade.on_fill};'
        f"--party-ink:{shade.ink};--tint:{shade.tint}}}"
    )


def _with_contrast(colour: str, page: str, least: float) -> str:
    """The colour itself, or the nearest lightness of it away from the page that can be seen."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    step = -0.01 if _luminance(_rgb(page)) > 0.5 else 0.01
    while contrast(colour, page) < least:  # black on paper and white on ink both have enough
        lightness = min(max(lightness + step, 0), 1)
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _mix(colour: str, page: str, part: float) -> str:
    pairs = zip(_rgb(colour), _rgb(page), strict=True)
    red, green, blue = (one * part + other * (1 - part) for one, other in pairs)
    return _hex((red, green, blue))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

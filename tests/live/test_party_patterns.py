"""Parties on the map are told apart by readers who do not see some colours, and stand out."""

import csv
import re
from itertools import combinations

import pytest

from results.live.colours import (
    DARK_PAGE,
    LIGHT_PAGE,
    NON_PARTY_COLOURS,
    WORD_INK,
    contrast,
    shades,
    stylesheet,
)
from results.live.party_patterns import BACKGROUNDS, PATTERNS, pattern_rules
from tests.needs import ROOT

#: Those that have held a seat at Westminster or in one of the assemblies since 2010.
SEATED = (
    *("con", "lab", "ld", "snp", "pc", "green", "reform", "ukip", "dup", "sf", "sdlp", "uup"),
    *("alliance", "tuv", *NON_PARTY_COLOURS),
)
#: Of linear RGB, at full severity. Source: Machado, Oliveira and Fernandes, “A
#: Physiologically-based Model for Simulation of Color Vision Deficiency”, IEEE TVCG 15 (6), 2009.
SIMULATED = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
#: In CIE 1976 L*a*b*, where about 2.3 is just noticed by eyes that compare two large fields.
LEAST = 10.0


def colours() -> dict[str, str]:
    path = ROOT / "results" / "models" / "known_parties.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = {row["slug"]: row["colour"] for row in csv.DictReader(file)}
    return {
        label: colour for label, colour in (known | NON_PARTY_COLOURS).items() if label in SEATED
    }


def linear(colour: str) -> list[float]:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]


def lightness_and_hue(colour: str, sight: str) -> tuple[float, float, float]:
    """L*, a* and b* of the colour as this sight has it, under D65."""
    rows = SIMULATED[sight]
    red, green, blue = (
        min(max(sum(part * value for part, value in zip(row, linear(colour), strict=True)), 0), 1)
        for row in rows
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883

    def curve(value: float) -> float:
        return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    return 116 * curve(y) - 16, 500 * (curve(x) - curve(y)), 200 * (curve(y) - curve(z))


def difference(one: str, other: str, sight: str) -> float:
    pairs = zip(lightness_and_hue(one, sight), lightness_and_hue(other, sight), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize("sight", SIMULATED)
def test_parties_with_seats_differ_in_colour_or_pattern(sight: str) -> None:
    alike = [
        (one, other)
        for (one, colour), (other, second) in combinations(colours().items(), 2)
        if PATTERNS.get(one) == PATTERNS.get(other) and difference(colour, second, sight) < LEAST
    ]
    assert alike == []


def test_the_three_yellows_would_be_two_without_patterns() -> None:
    yellow = colours()
    assert difference(yellow["snp"], yellow["alliance"], "deuteranopia") < LEAST
    assert len({PATTERNS.get(label) for label in ("snp", "ld", "alliance")}) == 3


def test_edge_of_every_hexagon_stands_out_from_the_page() -> None:
    css = (ROOT / "static" / "reader" / "map.css").read_text(encoding="utf-8")
    (found,) = re.findall(r"--map-edge: rgb\((\d+) (\d+) (\d+) / (\d+)%\)", css)
    *ink, opacity = (int(part) for part in found)
    for colour in colours().values():
        fill = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        mixed = (
            (over * opacity + under * (100 - opacity)) // 100
            for over, under in zip(ink, fill, strict=True)
        )
        edge = "#" + "".join(f"{channel:02x}" for channel in mixed)
        assert contrast(edge, LIGHT_PAGE) >= 3, colour
        assert contrast(shades(colour, DARK_PAGE).edge, DARK_PAGE) >= 3, colour


@pytest.mark.parametrize("sight", SIMULATED)
@pytest.mark.parametrize(("page", "theme"), [(LIGHT_PAGE, 0), (DARK_PAGE, 1)])
def test_tint_of_a_seat_to_come_is_not_the_colour_of_one_declared(
    page: str, theme: int, sight: str
) -> None:
    """Its edge is broken as well; between two parties' tints the list beside the map tells."""
    css = (ROOT / "static" / "reader" / "map.css").read_text(encoding="utf-8")
    tint = float(re.findall(r"--tint: ([\d.]+)", css)[theme])
    for label, colour in colours().items():
        channels = (
            round(tint * int(colour[at : at + 2], 16) + (1 - tint) * int(page[at : at + 2], 16))
            for at in (1, 3, 5)
        )
        pale = "#" + "".join(f"{channel:02x}" for channel in channels)
        assert difference(pale, colour, sight) > LEAST, label
    assert re.search(r"\.hex\.open \{[^}]*stroke-dasharray", css)


def test_bars_and_swatches_have_the_patterns_of_hexagons() -> None:
    css = pattern_rules()
    for label, path in PATTERNS.items():
        assert f'.part[data-party="{label}"]{{fill:url(#b-{label}) var(--fill)}}' in css
        assert f'[data-party="{label}"]{{--pattern:{BACKGROUNDS[path]}}}' in css
    assert len({BACKGROUNDS[path] for path in PATTERNS.values()}) == len({*PATTERNS.values()})


@pytest.mark.parametrize("sight", SIMULATED)
def test_neighbours_on_the_bar_differ_in_colour_or_pattern(sight: str) -> None:
    """Any two parties may stand side by side there, and each swatch beside any other."""
    backgrounds = {label: BACKGROUNDS.get(PATTERNS.get(label, "")) for label in colours()}
    alike = [
        (one, other)
        for (one, colour), (other, second) in combinations(colours().items(), 2)
        if backgrounds[one] == backgrounds[other] and difference(colour, second, sight) < LEAST
    ]
    assert alike == []


def test_lines_stand_out_from_the_colour_below_them() -> None:
    """On hexagons and in the bar they are three parts ink and one part the colour."""
    for label in PATTERNS.keys() & colours().keys():
        colour = colours()[label]
        ink = shades(colour, LIGHT_PAGE).on_fill
        channels = (
            (3 * int(ink[at : at + 2], 16) + int(colour[at : at + 2], 16)) // 4 for at in (1, 3, 5)
        )
        line = "#" + "".join(f"{channel:02x}" for channel in channels)
        assert contrast(line, colour) >= 3, label
        assert contrast(ink, colour) >= 3, label


@pytest.mark.parametrize("page", [LIGHT_PAGE, DARK_PAGE])
def test_words_on_a_ground_of_the_party_are_read_in_both_themes(page: str) -> None:
    """GAIN is in the colour of the page on the party's ink, or dark on a pale colour."""
    pale = {label for label, rule in rules(page).items() if "--on-word" in rule}
    assert {"snp", "ld", "alliance", "green"} <= pale
    assert not {"con", "lab", "dup", "sf"} & pale
    for label, colour in colours().items():
        shade = shades(colour, page)
        ground, letters = (shade.fill, WORD_INK) if label in pale else (shade.ink, page)
        assert contrast(ground, letters) >= 4.5, label


def rules(page: str) -> dict[str, str]:
    theme = stylesheet(colours().items()).split("@media")[page == DARK_PAGE]
    return dict(re.findall(r'^\[data-party="([\w-]+)"\]({--fill.*)$', theme, re.M))

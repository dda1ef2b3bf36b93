"""Patterns over party colours, for parties that hue alone does not tell apart.

One man in twelve cannot tell some of these colours apart. The lines are drawn over the party's own
colour in the units of the drawing, so that they are never stretched: a tile of six by six.
"""

from collections.abc import Mapping

HORIZONTAL, VERTICAL = "M0 3H6", "M3 0V6"
DIAGONAL = "M-1 7L7-1M-1 1L1-1M5 7L7 5"
OTHER_DIAGONAL = "M-1-1L7 7M-1 5L1 7M5-1L7 1"
_DEGREES = {HORIZONTAL: 0, VERTICAL: 90, DIAGONAL: 135, OTHER_DIAGONAL: 45}
DOTS = "M1.5 1.5h1.6v1.6h-1.6zM4.5 4.5h1.6v1.6h-1.6z"


def _background(path: str, unit: float, of: str) -> str:
    """Return the CSS background of the lines or dots: lines one unit wide, four units apart."""
    two, three, four = (f"{units * unit:g}{of}" for units in (2, 3, 4))
    if path == DOTS:
        return f"radial-gradient(var(--on-fill) 30%,#0000 35%) 0 0/{four} {four}"
    ink = f"#0000 0 {two},var(--on-fill) {two} {three},#0000 {three} {four}"
    return f"repeating-linear-gradient({_DEGREES[path]}deg,{ink})"


#: Pairs of a party's slug in `known_parties.csv`, and the path of its lines or dots.
PATTERNS = {
    "ld": DIAGONAL,
    "pc": HORIZONTAL,
    "sf": HORIZONTAL,
    "green": VERTICAL,
    "alliance": DOTS,
    "sdlp": OTHER_DIAGONAL,
    "uup": OTHER_DIAGONAL,
    "tuv": OTHER_DIAGONAL,
}


#: The same lines and dots as CSS backgrounds of swatches, over the party's colour.
BACKGROUNDS = {path: _background(path, 1, "px") for path in (*_DEGREES, DOTS)}
#: Those of a wall, in its own units: what is a pixel wide is not seen from across a room.
WALL_BACKGROUNDS = {path: _background(path, 0.1, "rem") for path in (*_DEGREES, DOTS)}


def pattern_rules(backgrounds: Mapping[str, str] = BACKGROUNDS) -> str:
    """Return the CSS that gives these parties' shapes and swatches their patterns.

    Bars of parties whose patterns are not on the page keep their colour.
    """
    return "\n".join(
        f'.hex[data-party="{label}"],.hex [data-party="{label}"],[data-party="{label}"]>.key-hex'
        f"{{fill:url(#p-{label})}}"
        f'.part[data-party="{label}"]{{fill:url(#b-{label}) var(--fill)}}'
        f'[data-party="{label}"]{{--pattern:{backgrounds[path]}}}'
        for label, path in PATTERNS.items()
    )

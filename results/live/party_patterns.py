"""Patterns over party colours, for parties that hue alone does not tell apart.

One man in twelve cannot tell some of these colours apart. The lines are drawn over the party's own
colour in the units of the drawing, so that they are never stretched: a tile of six by six.
"""

HORIZONTAL, VERTICAL = "M0 3H6", "M3 0V6"
DIAGONAL = "M-1 7L7-1M-1 1L1-1M5 7L7 5"
OTHER_DIAGONAL = "M-1-1L7 7M-1 5L1 7M5-1L7 1"
DOTS = "M1.5 1.5h1.6v1.6h-1.6zM4.5 4.5h1.6v1.6h-1.6z"


def _lines(degrees: int) -> str:
    """Return a CSS gradient of lines a pixel wide, four pixels apart."""
    ink = "#0000 0 2px,var(--on-fill) 2px 3px,#0000 3px 4px"
    return f"repeating-linear-gradient({degrees}deg,{ink})"


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
BACKGROUNDS = {
    HORIZONTAL: _lines(0),
    VERTICAL: _lines(90),
    DIAGONAL: _lines(135),
    OTHER_DIAGONAL: _lines(45),
    DOTS: "radial-gradient(var(--on-fill) 30%,#0000 35%) 0 0/4px 4px",
}


def pattern_rules() -> str:
    """Return the CSS that gives these parties' shapes and swatches their patterns.

    Bars of parties whose patterns are not on the page keep their colour.
    """
    return "\n".join(
        f'.hex[data-party="{label}"],.hex [data-party="{label}"],[data-party="{label}"]>.key-hex'
        f"{{fill:url(#p-{label})}}"
        f'.part[data-party="{label}"]{{fill:url(#b-{label}) var(--fill)}}'
        f'[data-party="{label}"]{{--pattern:{BACKGROUNDS[path]}}}'
        for label, path in PATTERNS.items()
    )

"""Patterns over party colours, where hue alone does not tell parties apart.

One man in twelve cannot tell some of these colours apart. The lines are drawn over the party's own
colour in the units of the drawing, so that they are never stretched: a tile of six by six.
"""

HORIZONTAL, VERTICAL = "M0 3H6", "M3 0V6"
DIAGONAL = "M-1 7L7-1M-1 1L1-1M5 7L7 5"
OTHER_DIAGONAL = "M-1-1L7 7M-1 5L1 7M5-1L7 1"
DOTS = "M1.5 1.5h1.6v1.6h-1.6zM4.5 4.5h1.6v1.6h-1.6z"

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


def pattern_rules() -> str:
    """The CSS by which shapes of these parties have their patterns."""
    return "\n".join(
        f'.hex[data-party="{label}"],.hex [data-party="{label}"],[data-party="{label}"]>.key-hex'
        f"{{fill:url(#p-{label})}}"
        for label in PATTERNS
    )

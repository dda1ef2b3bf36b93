"""Build the stylesheet of the publisher's masthead, and check its colours' contrast."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from results.live.colours import TEXT_CONTRAST, contrast
from results.models import HouseStyle

#: CSS properties of the masthead's colours, which a publisher's own ink replaces.
_INKS = (
    *("ink", "ink-2", "quiet", "quieter", "rule", "rule-strong"),
    *("accent", "focus", "amend", "alarm"),
)
#: The style that was read last: a desk has one, which hardly ever changes.
_known: dict[str, HouseStyle] = {}


def house_style(version: str | None) -> HouseStyle:
    """Return the stored style, read once for a `version`: what readers see of it is the same."""
    known = _known.get(version) if version is not None else None
    if known is None:
        known = HouseStyle.load()
        _known.clear()
        # Its own version: it may have been stored again since `version` was read.
        _known[known.version] = known
    return known


def house_context(style: HouseStyle | None = None) -> dict[str, Any]:
    """Return the template context of a house style, the stored one by default."""
    style = style or HouseStyle.load()
    return {
        "house": style,
        "house_logo": logo_address(style),
        "house_styles": stylesheet_address(style),
    }


def stylesheet(style: HouseStyle) -> str:
    """Return the CSS of the masthead's colours, logo and serif; empty for the default style."""
    return "\n".join(_rules(style))


def _rules(style: HouseStyle) -> Iterator[str]:
    if style.system_serif:
        yield ":root{--serif:var(--system-serif)}"
    if style.ground:
        inks = "".join(f"--{name}:{style.ink};" for name in _INKS)
        # Browsers leave backgrounds out of prints, which would leave a pale ink on paper.
        yield (
            f".masthead{{{inks}--paper:{style.ground};color:{style.ink};background:{style.ground};"
            "print-color-adjust:exact;-webkit-print-color-adjust:exact}"
        )
    if style.has_logo:
        yield (
            ".masthead .logo{display:block;width:auto;height:2rem;max-width:min(15rem,45vw);"
            "object-fit:contain;object-position:left}"
        )


def stylesheet_address(style: HouseStyle) -> str:
    """The address of the stylesheet, which changes with it; empty where there is none."""
    return reverse("house_styles", args=[style.version]) if style.has_stylesheet else ""


def logo_address(style: HouseStyle) -> str:
    """The address of the logo, which changes with it; empty where there is none."""
    return reverse("house_logo", args=[style.version]) if style.has_logo else ""


def is_legible(ink: str, ground: str) -> bool:
    """Whether text of one colour on the other has the contrast that WCAG 2.2 asks for (1.4.3)."""
    return contrast(ink, ground) >= TEXT_CONTRAST

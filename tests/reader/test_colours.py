"""Party colours have enough contrast in both themes."""

import pytest
from django.test import Client
from hypothesis import given, strategies as st

from results.live.colours import DARK_PAGE, LIGHT_PAGE, contrast, shades
from tests import nights


def test_contrast_follows_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT_PAGE, DARK_PAGE]))
def test_every_colour_has_enough_contrast_on_both_pages(number: int, page: str) -> None:
    shade = shades(f"#{number:06x}", page)
    assert shade.fill == f"#{number:06x}"
    assert contrast(shade.edge, page) >= 3
    assert contrast(shade.ink, page) >= 4.5
    assert contrast(shade.on_fill, shade.fill) >= 4.5


def test_colour_with_enough_contrast_needs_no_edge() -> None:
    assert shades("#dc241f", LIGHT_PAGE).edge == "#dc241f"


def test_pale_parties_keep_their_own_colours() -> None:
    """Three yellows: each its own, told from the page by the edge."""
    yellows = [shades(colour, LIGHT_PAGE) for colour in ("#fff95d", "#faa61a", "#f6cb2f")]
    assert [shade.fill for shade in yellows] == ["#fff95d", "#faa61a", "#f6cb2f"]
    assert all(contrast(shade.edge, LIGHT_PAGE) >= 3 for shade in yellows)


@pytest.mark.django_db
def test_stylesheet_has_a_new_url_when_a_colour_changes(client: Client) -> None:
    nights.contest(nights.election(), "X", [("Ann", "lab")])
    page = client.get("/ge/").content.decode()
    address = page.split('stylesheet" href="/ge/parties-')[1].split('"')[0]
    styles = client.get(f"/ge/parties-{address}")
    assert styles.headers["Cache-Control"].endswith("immutable")
    assert b'[data-party="lab"]{--fill:#dc241f' in styles.content

    nights.party("lab").__class__.objects.update(colour="#aa0000")

    stale = client.get(f"/ge/parties-{address}")
    assert stale.headers["Cache-Control"] == "no-store"

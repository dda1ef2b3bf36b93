"""Party colours: any colour can be seen on both pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.live.colours import DARK_PAGE, LIGHT_PAGE, contrast, shades
from tests import nights


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT_PAGE, DARK_PAGE]))
def test_every_colour_can_be_seen(number, page):
    shade = shades(f"#{number:06x}", page)
    assert contrast(shade.fill, page) >= 3
    assert contrast(shade.ink, page) >= 4.5
    assert contrast(shade.on_fill, shade.fill) >= 4.5


def test_a_colour_that_can_be_seen_is_left_alone():
    assert shades("#dc241f", LIGHT_PAGE).fill == "#dc241f"


@pytest.mark.django_db
def test_the_stylesheet_has_a_new_address_when_a_colour_changes(client):
    nights.contest(nights.election(), "X", [("Ann", "lab")])
    page = client.get("/ge/").content.decode()
    address = page.split('stylesheet" href="/ge/parties-')[1].split('"')[0]
    styles = client.get(f"/ge/parties-{address}")
    assert styles.headers["Cache-Control"].endswith("immutable")
    assert b'[data-party="lab"]{--fill:#dc241f' in styles.content

    nights.party("lab").__class__.objects.update(colour="#aa0000")

    stale = client.get(f"/ge/parties-{address}")
    assert stale.headers["Cache-Control"] == "no-store"

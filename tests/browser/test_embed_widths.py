"""Embeds of every kind of night, from the least width that oEmbed gives a frame.

With the page's own spacing of text and with a reader's (WCAG 2.2, 1.4.12). Each embed is loaded
once and made wider.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from results.reader.oembed import NARROWEST
from tests.browser.fit import SPACED, STYLE, problems
from tests.seeds import narrow
from tests.served_night import ServedNight
from tests.servers import Server

WIDTHS = (NARROWEST, 280, 320)
NIGHTS = (
    narrow.house_embeds,
    narrow.house_embeds_unbegun,
    narrow.council_embeds,
    narrow.council_embeds_unbegun,
    narrow.transferable_embeds,
    narrow.mayor_embeds,
    narrow.commissioner_embeds,
    narrow.referendum_embeds,
    narrow.senedd_embeds,
    narrow.holyrood_embeds,
    narrow.assembly_embeds,
    narrow.stormont_embeds,
)
OPEN = 'for (const folded of document.querySelectorAll("details")) folded.open = true'


def found_in(page: Page, url: str) -> list[str]:
    page.goto(url)
    page.evaluate(OPEN)
    found = []
    for spacing in ("", SPACED):
        page.evaluate(STYLE, spacing)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            where = f"{url} at {width}{' spaced' if spacing else ''}"
            found += [f"{where}: {problem}" for problem in problems(page)]
    return found


def test_least_width_is_no_more_than_a_narrow_column() -> None:
    assert NARROWEST <= 264


@pytest.mark.parametrize("seed", NIGHTS, ids=lambda seed: seed.__name__)
def test_embeds_fit(
    server: Server, desktop: BrowserContext, seed: Callable[[str], list[str]]
) -> None:
    night = ServedNight.unseeded(server)
    embeds = server.seed(seed, night.slug)
    page = desktop.new_page()
    found = []
    for language in ("", "/cy"):
        for embed in embeds:
            found += found_in(page, server.url(f"{language}/embed{night.path}{embed}/"))
    assert found == []

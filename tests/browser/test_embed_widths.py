"""Embeds of every kind of night, from the least width that oEmbed gives a frame.

With the page's own spacing of text and with a reader's (WCAG 2.2, 1.4.12). Each embed is loaded
once and made wider.
"""

import pytest
from playwright.sync_api import BrowserContext, Page

from results.arithmetic import ElectionKind
from results.reader.oembed import NARROWEST
from tests.browser.fit import SPACED, STYLE, problems
from tests.seeds import narrow
from tests.served_night import ServedNight
from tests.servers import Server

WIDTHS = (NARROWEST, 280, 320)
#: The kind of a night, how many contests have declared, and how many there are; None: as usual.
Night = tuple[ElectionKind, int, int | None]
NIGHTS: dict[str, Night] = {
    "house": (ElectionKind.UK_PARLIAMENT, 30, 60),
    "house, unbegun": (ElectionKind.UK_PARLIAMENT, 0, 60),
    "council": (ElectionKind.COUNCIL, 16, 17),
    "council, unbegun": (ElectionKind.COUNCIL, 0, 17),
    "transferable vote": (ElectionKind.COUNCIL_STV, 8, None),
    "mayors": (ElectionKind.MAYOR, 2, None),
    "commissioners": (ElectionKind.COMMISSIONER, 2, None),
    "referendum": (ElectionKind.REFERENDUM, 3, None),
    "senedd": (ElectionKind.SENEDD, 8, None),
    "holyrood": (ElectionKind.SCOTTISH_PARLIAMENT, 20, None),
    "assembly": (ElectionKind.LONDON_ASSEMBLY, 8, None),
    "stormont": (ElectionKind.NI_ASSEMBLY, 8, None),
}
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


@pytest.mark.parametrize("of", NIGHTS.values(), ids=NIGHTS)
def test_embeds_fit(server: Server, desktop: BrowserContext, of: Night) -> None:
    night = ServedNight.unseeded(server)
    embeds = server.seed(narrow.embeds, night.slug, *of)
    page = desktop.new_page()
    found = []
    for language in ("", "/cy"):
        for embed in embeds:
            found += found_in(page, server.url(f"{language}/embed{night.path}{embed}/"))
    assert found == []

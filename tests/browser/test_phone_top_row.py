"""The row at the top of a phone: what does not fit in one line stands in two."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.phone_page import open_north
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server

LINES = """() => {
  const lines = new Map();
  for (const item of document.querySelector(".top").children) {
    const { top, height } = item.getBoundingClientRect();
    const at = Math.round(top + height / 2);
    if (height) lines.set(at, [...lines.get(at) ?? [], item.innerText.trim()]);
  }
  return [...lines.values()];
}"""


@pytest.mark.parametrize("width", [320, 390])
def test_signing_out_never_stands_alone(
    server: Server, new_context: Callable[..., BrowserContext], width: int
) -> None:
    context = new_context(**{**PHONE, "viewport": {"width": width, "height": 844}})
    page = open_north(ServedNight.seeded(server, seeds.night), context)
    for language in ("en-gb", "cy"):
        expect(page.locator("html")).to_have_attribute("lang", language)
        # The last of the row to be shown, by a script.
        expect(page.locator("[data-theme-button]")).to_be_visible()
        found = page.evaluate(LINES)
        assert [len(line) for line in found] == [2, 3], found
        page.locator(".top form:not([data-sign-out]) button").click()

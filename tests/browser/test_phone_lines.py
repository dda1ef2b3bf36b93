"""The lines that stay at the edges of a phone's screen cover nothing that has the focus."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.phone_elsewhere import go_online
from tests.browser.phone_page import open_count
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)

#: Scrolls the box that has the focus to just below the line at the top.
BELOW_THE_LINE = """() => {
  const line = document.getElementById("strip").getBoundingClientRect();
  scrollBy(0, document.activeElement.getBoundingClientRect().top - line.bottom);
}"""
#: How far the line at the top is over what has the focus, in pixels.
COVERED = """() => {
  const line = document.getElementById("strip").getBoundingClientRect();
  return Math.max(0, Math.floor(line.bottom - document.activeElement.getBoundingClientRect().top));
}"""


def test_line_that_grows_does_not_cover_what_has_the_focus(
    phone: BrowserContext, night: ServedNight
) -> None:
    """A browser keeps the box where it was, below the line."""
    page = open_count(phone.new_page(), night)
    page.locator("[data-votes]").nth(1).focus()
    page.evaluate(BELOW_THE_LINE)
    assert page.evaluate(COVERED) == 0
    night.server.seed(seeds.write_to_reporters, night.slug, "Which hall are you in? " * 5)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("Which hall are you in?")
    page.wait_for_function(f"() => ({COVERED})() === 0")

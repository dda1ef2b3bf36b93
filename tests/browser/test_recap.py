"""“Since you last looked”: what a reader who comes back is told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS, open_live
from tests.chromium import wait_for
from tests.served_night import ServedNight


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_who_comes_back_is_told_what_has_changed(
    night: ServedNight, new_context: Callable[..., BrowserContext], width: int
) -> None:
    """Once, and without moving anything."""
    context = new_context(viewport={"width": width, "height": 800})
    first = open_live(context, night.url())
    remember(first, night, declared=2)
    page = context.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    page.goto(night.url())
    recap = page.locator("#recap")
    expect(recap).to_contain_text("Since you last looked, at 01:00")
    expect(recap).to_contain_text("10 more seats")
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    assert page.evaluate(SHIFTS) == []
    recap.get_by_role("button", name="Dismiss").click()
    expect(recap).to_be_hidden()
    page.reload()
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    expect(page.locator("#recap")).to_be_hidden()  # said once


def test_recap_leads_to_the_feed_where_its_words_do_not_come(
    night: ServedNight, phone: BrowserContext
) -> None:
    remember(open_live(phone, night.url()), night, declared=2)
    page = phone.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    page.route("**/recap/**", lambda route: route.abort())
    page.goto(night.url())
    link = page.locator("#recap").get_by_role("link", name="Read what has happened")
    expect(link).to_have_attribute("href", re.compile(r"/feed/\?after=2$"))
    assert page.evaluate(SHIFTS) == []


def test_recap_whose_script_comes_late_moves_nothing(
    night: ServedNight, phone: BrowserContext
) -> None:
    """The page is shown without it, and the strip comes above what is in view."""
    remember(open_live(phone, night.url()), night, declared=2)
    page = phone.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    held: list[Route] = []
    page.route("**/recap*.js", lambda route: held.append(route))
    page.goto(night.url(), wait_until="commit")
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    wait_for(page, lambda: len(held) == 1)
    expect(page.locator("#recap")).to_be_hidden()
    held[0].continue_()
    expect(page.locator("#recap")).to_contain_text("10 more seats")
    assert page.evaluate(SHIFTS) == []


def test_who_comes_back_to_little_has_no_room_for_a_recap(
    night: ServedNight, phone: BrowserContext
) -> None:
    remember(open_live(phone, night.url()), night, declared=8)
    page = open_live(phone, night.url())
    expect(page.locator("#recap")).to_be_hidden()


def test_tab_left_open_has_its_recap_when_it_is_in_view_again(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url())
    show_page(page, False)
    night.declare(*(f"vale-{number}" for number in range(12, 18)))
    expect(page.locator("#connection-status .sequence")).to_have_text("18")
    expect(page.locator("#recap")).to_be_hidden()
    remember(page, night, declared=12, sequence=12)
    show_page(page, True)
    expect(page.locator("#recap")).to_contain_text("6 more seats")


def remember(page: Page, night: ServedNight, *, declared: int, sequence: int = 2) -> None:
    """Have the browser remember that the reader looked long ago, and leave the page."""
    seen = {"sequence": sequence, "declared": declared, "at": 0, "time": 0}
    page.evaluate(
        """([slug, seen]) => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          const { epoch } = document.documentElement.dataset;
          localStorage.setItem(`seen-${slug}`, JSON.stringify({ ...seen, epoch }));
        }""",
        [night.slug, seen],
    )


def show_page(page: Page, is_shown: bool) -> None:
    """Have the page take itself as in view, or in a tab behind others."""
    page.evaluate(
        """(shown) => {
          Object.defineProperty(document, "hidden", { value: !shown, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_shown,
    )

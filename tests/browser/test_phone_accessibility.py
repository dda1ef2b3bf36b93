"""The phone at the count: readable, large enough, and nothing that is focused is covered."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import assert_no_violation
from tests.browser.pages import stop_clock
from tests.browser.phone_page import count_url, open_north, sign_in, sign_in_url, strip, type_north
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

#: Corners of the focused element at which another one, or nothing, is shown.
COVERED_CORNERS = """() => {
  const field = document.activeElement;
  const { left, top, right, bottom } = field.getClientRects()[0];
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom]]
    .map(([x, y]) => [x + (x === left ? 2 : -2), y + (y === top ? 2 : -2)]);
  return corners.filter(([x, y]) => {
    const shown = document.elementFromPoint(x, y);
    return !shown || !(field.contains(shown) || shown.contains(field));
  }).map(([x, y]) => `${field.name || field.innerText} at ${x}, ${y}`);
}"""


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(night: ServedNight, phone: BrowserContext) -> Page:
    return open_north(night, phone)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (390, 460)])
def test_focused_field_is_never_covered(
    night: ServedNight, phone: BrowserContext, width: int, height: int
) -> None:
    """Not by the sum below it nor by the status line above it; 460 px are left by a keyboard."""
    phone.clock.install()
    page = open_north(night, phone)
    page.set_viewport_size({"width": width, "height": height})
    page.context.set_offline(True)
    page.get_by_role("button", name="Jeremy Corbyn").tap()
    page.get_by_role("button", name="Publish the winner").tap()
    strip(page, "Not sent yet")
    # Whenever the phone tries again, the status line is a shorter and then a longer one.
    stop_clock(page)
    strip(page, "Not sent yet")
    page.go_back()
    page.go_back()
    page.locator("main a").first.focus()
    for key in ("Tab", "Shift+Tab"):
        stops = 0
        while page.evaluate("Boolean(document.activeElement.closest('main'))"):
            assert page.evaluate(COVERED_CORNERS) == [], f"at stop {stops} by {key}"
            page.keyboard.press(key)
            stops += 1
        assert stops > 25
        page.keyboard.press("Shift+Tab" if key == "Tab" else "Tab")


def test_axe_finds_no_violation_and_targets_are_big_enough(
    night: ServedNight, new_context: Callable[..., BrowserContext]
) -> None:
    # Without a service worker, which shows an earlier page where the server is slow.
    page = new_context(**PHONE, bypass_csp=True, service_workers="block").new_page()
    check_page = partial(_check_page, page)
    page.goto(night.server.url("/count/sign-in/not-a-token/"))
    check_page("link", "From this phone to your counts")
    page.get_by_role("button", name="Sign in on this phone").click()
    check_page("refused link", "This link opens nothing")
    page.goto(sign_in_url(night))
    check_page("sign in", "Code from the desk")
    sign_in(page)
    page.locator("#state summary").click()
    check_page("count", "Ballot papers verified")
    page.get_by_role("button", name="Check the result").click()
    expect(page.locator("#error-summary")).to_be_focused()
    check_page("count with errors", "There is something to put right")
    type_north(page, **{"Turnout as announced": "78.1", "Electorate": "75162"})
    page.get_by_role("button", name="Check the result").click()
    expect(page.get_by_text("None of this is published until")).to_be_visible()
    check_page("check with a warning", "None of this is published until")
    page.get_by_label("Why is it right").fill("Read out twice.")
    page.get_by_role("button", name="Declare Islington North").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")
    check_page("kept for a second person", "The desk has it")
    page.goto(night.server.url("/count/"))
    check_page("my counts", "Elsewhere")
    _check_pages_of_a_winner(page, night)
    _check_pages_of_a_colleague(page, night)
    page.goto(count_url(night))
    page.locator("#ask summary").click()
    check_page("count with a result", "Send it to the desk")


def _check_page(page: Page, what: str, words: str) -> None:
    """Check the page once it has these words."""
    expect(page.locator("main").get_by_text(words).first).to_be_visible()
    page.wait_for_load_state()
    assert_no_violation(page, what)
    small = page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, input, select, summary)")]
          .filter((one) => one.checkVisibility())
          .filter((one) => !one.closest("p:not(:has(.target, .primary))"))
          .map((one) => [one.closest("label, .choices label") ?? one, one])
          .filter(([box]) => box.getBoundingClientRect().height < 43.5)
          .map(([, one]) => one.outerHTML.slice(0, 100))"""
    )
    assert small == [], f"{what}: {small}"


def _check_pages_of_a_winner(page: Page, night: ServedNight) -> None:
    check_page = partial(_check_page, page)
    page.goto(count_url(night, "elsewhere"))
    page.get_by_role("button", name="Ann").click()
    check_page("winner's check", "full figures to follow")
    page.get_by_role("button", name="Publish the winner").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    check_page("receipt", "bulletin 1")
    page.goto(count_url(night, "elsewhere") + "published/1/")
    check_page("published", "See it as readers do")


def _check_pages_of_a_colleague(page: Page, night: ServedNight) -> None:
    check_page = partial(_check_page, page)
    page.context.clear_cookies()
    page.goto(sign_in_url(night))
    sign_in(page, "colleague")
    check_page("a colleague's result waits", "waits for you")
    page.get_by_role("button", name="Compare with what I heard").click()
    check_page("confirm", "Hold it against your own notes")
    page.get_by_role("button", name="This is what I heard").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin")
    page.get_by_role("link", name="Outbox").click()
    check_page("outbox", "your confirmation")


def test_chosen_theme_is_kept(night: ServedNight, page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Dark page").tap()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Light page").tap()
    assert page.evaluate(paper) == light

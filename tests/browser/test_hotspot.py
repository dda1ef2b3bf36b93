"""Open pages behind a hotspot that answers all requests with its own page, and failed requests."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import go_to_page_of_a_night, open_live, pass_time, pass_time_until
from tests.chromium import wait_for
from tests.served_night import ServedNight
from tests.servers import Server

SIGN_IN = "<!doctype html><title>Welcome aboard</title><form id=sign-in>Accept the terms</form>"
#: The list of a page that is fetched again is another element afterwards.
MARK_LIST = "() => { window.before = document.querySelector('[hx-select]'); }"
IS_FETCHED = "() => !window.before.isConnected"
#: Longer than a page waits before it fetches its list.
LIST_SECONDS = 4


class Hotspot:
    """Stands between a page and the desk, except for the socket that is open already."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answered = 0

    def begin(self, *, refuses: bool = False) -> None:
        def answer(route: Route) -> None:
            self.answered += 1
            if refuses:
                route.abort()
            else:
                route.fulfill(content_type="text/html", body=SIGN_IN)

        self.page.route("**/*", answer)

    def end(self) -> None:
        self.page.unroute("**/*")


def declare_one(night: ServedNight, page: Page) -> None:
    """Declare a seat, and wait until its bulletin has come over the socket."""
    sequence = page.locator("#connection-status .sequence")
    before = sequence.inner_text()
    night.declare("vale-20")
    expect(sequence).not_to_have_text(before)


@pytest.fixture
def page(night: ServedNight, desktop: BrowserContext) -> Page:
    page = open_live(desktop, night.url("changes/"), stopped=True)
    page.evaluate(MARK_LIST)
    return page


@pytest.fixture
def hotspot(page: Page) -> Hotspot:
    return Hotspot(page)


@pytest.mark.parametrize("refuses", [False, True], ids=["answers", "refuses"])
def test_list_stays_and_is_fetched_once_the_desk_answers(
    night: ServedNight, page: Page, hotspot: Hotspot, *, refuses: bool
) -> None:
    shown, title = page.locator("#listing").inner_text(), page.title()
    hotspot.begin(refuses=refuses)
    declare_one(night, page)
    pass_time(page, LIST_SECONDS)
    wait_for(page, lambda: hotspot.answered > 0)
    assert page.locator("#listing").inner_text() == shown
    assert page.title() == title
    hotspot.end()
    pass_time_until(page, lambda: bool(page.evaluate(IS_FETCHED)))
    expect(page.locator("#listing")).to_contain_text("Vale 20")


def test_list_that_was_fetched_while_paused_is_fetched_again(
    night: ServedNight, page: Page
) -> None:
    held = list[Route]()
    page.route("**/changes/", lambda route: held.append(route))
    declare_one(night, page)
    pass_time_until(page, lambda: bool(held))
    page.get_by_role("button", name="Pause").click()
    with page.expect_event("requestfinished"):
        held[0].continue_()
    page.unroute("**/changes/")
    assert not page.evaluate(IS_FETCHED)
    page.get_by_role("button", name="Resume").click()
    pass_time_until(page, lambda: bool(page.evaluate(IS_FETCHED)))
    expect(page.locator("#listing")).to_contain_text("Vale 20")


def test_page_of_the_night_stays_and_is_fetched_again(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    go_to_page_of_a_night(page, server)
    shown = page.locator("#night").inner_text()
    page.evaluate(MARK_LIST)
    hotspot = Hotspot(page)
    hotspot.begin()
    page.evaluate("() => htmx.trigger('#night', 'desk:list')")
    wait_for(page, lambda: hotspot.answered > 0)
    expect(page.locator("#night")).to_have_text(shown, use_inner_text=True)
    hotspot.end()
    page.evaluate("() => htmx.trigger('#night', 'desk:list')")
    page.wait_for_function(IS_FETCHED)


def test_card_of_the_map_has_the_words_of_the_list(
    still_night: ServedNight, still_page: Page
) -> None:
    still_page.locator("#map").scroll_into_view_if_needed()
    card = still_page.locator("#map-card")
    card.wait_for(state="attached")  # its module is here
    still_page.keyboard.press("Shift")  # a key says that focus is to be shown
    hotspot = Hotspot(still_page)
    hotspot.begin()
    still_page.locator(".hex[tabindex='0']").focus()
    expect(card).to_contain_text("Ynys Môn")
    expect(card).not_to_contain_text("Accept")
    still_page.keyboard.press("Escape")
    hotspot.end()
    still_page.locator(".hex[tabindex='0']").blur()
    still_page.locator(".hex[tabindex='0']").focus()
    expect(card.locator(".brief-name")).to_have_text("Ynys Môn")

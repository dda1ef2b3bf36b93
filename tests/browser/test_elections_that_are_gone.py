"""Open pages of an election that is withdrawn or deleted."""

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.controlled_desk import Desk
from tests.browser.pages import ALL_ANSWERED, open_live, pass_time_until
from tests.chromium import wait_for
from tests.seeds import front
from tests.served_night import ServedNight


@pytest.mark.parametrize("path", ["", "vale-11/", "changes/"])
def test_page_of_a_withdrawn_election_says_so(
    night: ServedNight, desktop: BrowserContext, path: str
) -> None:
    page = open_live(desktop, night.url(path))
    night.server.seed(front.withdraw_election, night.slug)
    expect(page.locator("h1")).to_have_text("This election was withdrawn", timeout=30_000)
    expect(page.locator("main")).to_contain_text("A mistake.")


def test_page_of_a_withdrawn_election_does_not_say_that_nothing_answers(
    still_night: ServedNight, desktop: BrowserContext
) -> None:
    """The answer says that it was withdrawn, and the page is soon loaded again."""
    page = desktop.new_page()
    desk = Desk(page, still_night)
    desk.go_live()
    desk.answer = lambda route: route.fulfill(status=410)
    desk.refuses_sockets = True
    asked = desk.requests
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(page, lambda: desk.requests > asked)
    page.wait_for_function(ALL_ANSWERED)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "reconnecting")


def test_page_of_a_deleted_election_says_that_it_is_not_updated_and_asks_rarely(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url(), stopped=True)
    asked = list[str]()
    page.on("websocket", lambda socket: asked.append(socket.url))

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    night.server.seed(front.delete_election, night.slug)
    status = page.locator("#connection-status")
    pass_time_until(page, lambda: "Not updated since" in status.inner_text())
    expect(page.locator("#headline")).to_be_visible()
    asked.clear()
    pass_minutes(page, 30)
    assert 0 < len(asked) < 10, asked
    expect(status).to_contain_text("Not updated since")
    # It may come back: it is asked for within an hour and a half, at a random moment.
    night.server.seed(front.night, night.slug)
    asked.clear()
    for _minute in range(90):
        pass_minutes(page, 1)
        if asked:
            break
    page.clock.resume()
    expect(page.locator("#connection-status .state")).to_have_text("Live", timeout=30_000)


def pass_minutes(page: Page, minutes: int) -> None:
    """Let time pass, in steps shorter than those after which a page gives up a request."""
    for _step in range(6 * minutes):
        page.clock.run_for(10_000)
        page.wait_for_function(ALL_ANSWERED)

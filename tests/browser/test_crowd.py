"""An open page when there is no room for its socket, and when its server stops and comes back."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.pages import assert_equal_to_a_fresh_one, open_live, pass_time_until
from tests.seeds import the_night
from tests.served_night import ServedNight
from tests.servers import Server

#: Longer than a page waits between two questions, and than a desk that stops tells it to.
QUESTION_SECONDS = 21


@pytest.fixture(scope="module")
def full_server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk without room for a single socket."""
    with make_desk(environment={"READERS_PER_PROCESS": "0"}) as server:
        yield server


@pytest.fixture
def full(full_server: Server) -> ServedNight:
    return ServedNight.seeded(full_server, the_night.night)


def see(page: Page, sequence: int) -> None:
    """Let the page's own time pass until it asks: it hears of a bulletin."""
    with page.expect_response("**/now/"):
        page.clock.run_for(QUESTION_SECONDS * 1_000)
    expect(page.locator("#sign-of-life .sequence")).to_have_text(str(sequence))


def test_a_page_without_room_for_its_socket_asks_and_stays_whole(
    full: ServedNight, phone: BrowserContext
) -> None:
    page, asked = phone.new_page(), list[str]()

    def note(request: Request) -> None:
        if "/updates/" in request.url or request.url.endswith("/now/"):
            asked.append(request.url.split(full.path)[1])

    page.on("request", note)
    page.clock.install()
    page.goto(full.url())
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    page.evaluate("window.neverReloaded = true")
    full.server.seed(the_night.declare, full.slug)
    see(page, 3)
    full.server.seed(the_night.headline, full.slug, "And one more thing")
    see(page, 4)
    expect(page.locator("#headline")).to_contain_text("And one more thing")
    assert page.evaluate("window.neverReloaded")
    assert_equal_to_a_fresh_one(page)
    epoch = page.evaluate("document.documentElement.dataset.epoch")
    spans = [one for one in asked if one.startswith("updates/")]
    assert spans == [f"updates/{epoch}/0-3/", f"updates/{epoch}/3-4/"]


def test_a_page_goes_on_asking_while_the_desk_is_away(
    full: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(full.url())
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    full.server.kill()
    with page.expect_event("requestfailed"):
        page.clock.run_for(QUESTION_SECONDS * 1_000)
    expect(page.locator("#sign-of-life")).to_have_attribute("data-state", "unreachable")
    full.server.seed(the_night.declare, full.slug)
    full.server.start()
    see(page, 3)
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    assert_equal_to_a_fresh_one(page)


def test_a_desk_that_stops_is_not_called_offline_and_is_come_back_to(
    server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(server, the_night.night)
    page = open_live(phone, night.url(), clock=True)
    server.stop()
    expect(page.locator("#sign-of-life .state")).to_have_text("Reconnecting")
    server.seed(the_night.declare, night.slug)
    server.start()
    pass_time_until(page, "live")
    expect(page.locator("#sign-of-life .sequence")).to_have_text("3")
    assert page.evaluate("window.neverReloaded")
    assert_equal_to_a_fresh_one(page)

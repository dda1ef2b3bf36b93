"""Open pages that poll: without room for a socket, and while the server restarts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.pages import (
    assert_equal_to_a_fresh_one,
    is_live,
    open_live,
    pass_time,
    pass_time_until,
    stop_clock,
)
from tests.seeds import the_night
from tests.served_night import ServedNight
from tests.servers import Server

#: Longer than a page waits between two polls, and than a stopping server tells it to stay away.
POLL_SECONDS = 21


@pytest.fixture(scope="module")
def full_server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A server that accepts no socket."""
    with make_desk(environment={"READERS_PER_PROCESS": "0"}) as server:
        yield server


@pytest.fixture
def full(full_server: Server) -> ServedNight:
    return ServedNight.seeded(full_server, the_night.night)


def poll_until(page: Page, sequence: int) -> None:
    """Let the page's time pass until it polls and shows a bulletin."""
    pass_time(page, POLL_SECONDS)
    expect(page.locator("#connection-status .sequence")).to_have_text(str(sequence))


def test_page_without_a_socket_polls_and_equals_a_fresh_one(
    full: ServedNight, phone: BrowserContext
) -> None:
    page, asked = phone.new_page(), list[str]()

    def note(request: Request) -> None:
        if "/updates/" in request.url or request.url.endswith("/now/"):
            asked.append(request.url.split(full.path)[1])

    page.on("request", note)
    stop_clock(page)
    page.goto(full.url())
    expect(page.locator("#connection-status .state")).to_have_text("Updating")
    page.evaluate("window.neverReloaded = true")
    full.server.seed(the_night.declare, full.slug)
    poll_until(page, 3)
    full.server.seed(the_night.headline, full.slug, "And one more thing")
    poll_until(page, 4)
    expect(page.locator("#headline")).to_contain_text("And one more thing")
    assert page.evaluate("window.neverReloaded")
    page.clock.resume()
    assert_equal_to_a_fresh_one(page)
    epoch = page.evaluate("document.documentElement.dataset.epoch")
    spans = [path for path in asked if path.startswith("updates/")]
    assert spans == [f"updates/{epoch}/{span}/?topics=front" for span in ("0-3", "3-4")]


def test_page_keeps_polling_while_the_server_is_down(
    full: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    stop_clock(page)
    page.goto(full.url())
    expect(page.locator("#connection-status .state")).to_have_text("Updating")
    full.server.kill()
    pass_time(page, POLL_SECONDS)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "unreachable")
    full.server.seed(the_night.declare, full.slug)
    full.server.start()
    poll_until(page, 3)
    expect(page.locator("#connection-status .state")).to_have_text("Updating")
    page.clock.resume()
    assert_equal_to_a_fresh_one(page)


def test_page_reconnects_after_a_restart_without_showing_offline(
    server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(server, the_night.night)
    page = open_live(phone, night.url(), stopped=True)
    server.stop()
    expect(page.locator("#connection-status .state")).to_have_text("Reconnecting")
    server.seed(the_night.declare, night.slug)
    server.start()
    pass_time_until(page, lambda: is_live(page))
    page.clock.resume()
    expect(page.locator("#connection-status .sequence")).to_have_text("3")
    assert page.evaluate("window.neverReloaded")
    assert_equal_to_a_fresh_one(page)

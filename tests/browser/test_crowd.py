"""An open page when there is no room for its socket, and when its server stops and comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.test_reading import assert_equal_to_a_fresh_one
from tests.browser.test_the_night import DECLARE, SEED, open_page
from tests.servers import Server

MORE = """
from results import desk
from results.models import Election
from tests import nights
desk.headline(Election.objects.get(slug="ge"), "And one more thing", by=nights.user(), key="more")
"""
#: Longer than a page waits between two questions, in milliseconds.
QUESTION = 21_000


@pytest.fixture
def full(make_desk: Callable[..., Server]):
    """A desk without room for a single socket."""
    with make_desk(environment={"READERS_PER_PROCESS": "0"}) as desk:
        desk.python(SEED)
        yield desk


def see(page: Page, sequence: int) -> None:
    """Let the page's own time pass until it asks: it hears of a bulletin."""
    with page.expect_response("**/now/"):
        page.clock.fast_forward(QUESTION)
    expect(page.locator("#sign-of-life .sequence")).to_have_text(str(sequence))


def test_a_page_without_room_for_its_socket_asks_and_stays_whole(
    full: Server, phone: BrowserContext
) -> None:
    page, asked = phone.new_page(), []

    def note(request: Request) -> None:
        if "/updates/" in request.url or request.url.endswith("/now/"):
            asked.append(request.url.split("/ge/")[1])

    page.on("request", note)
    page.clock.install()
    page.goto(full.url("/ge/"))
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    page.evaluate("window.neverReloaded = true")
    full.python(DECLARE)
    see(page, 3)
    full.python(MORE)
    see(page, 4)
    expect(page.locator("#headline")).to_contain_text("And one more thing")
    assert page.evaluate("window.neverReloaded")
    assert_equal_to_a_fresh_one(page)
    epoch = page.evaluate("document.documentElement.dataset.epoch")
    spans = [one for one in asked if one.startswith("updates/")]
    assert spans == [f"updates/{epoch}/0-3/", f"updates/{epoch}/3-4/"]


def test_a_page_goes_on_asking_while_the_desk_is_away(full: Server, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(full.url("/ge/"))
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    full.kill()
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(QUESTION)
    expect(page.locator("#sign-of-life")).to_have_attribute("data-state", "offline")
    full.python(DECLARE)
    full.start()
    see(page, 3)
    expect(page.locator("#sign-of-life .state")).to_have_text("Updating")
    assert_equal_to_a_fresh_one(page)


def test_a_desk_that_stops_is_not_called_offline_and_is_come_back_to(
    make_desk: Callable[..., Server], phone: BrowserContext
) -> None:
    with make_desk() as desk:
        desk.python(SEED)
        page = open_page(phone, desk.url("/ge/"))
        desk.stop()
        expect(page.locator("#sign-of-life .state")).to_have_text("Catching up")
        desk.python(DECLARE)
        desk.start()
        expect(page.locator("#sign-of-life .sequence")).to_have_text("3", timeout=30_000)
        expect(page.locator("#sign-of-life .state")).to_have_text("Live")
        assert page.evaluate("window.neverReloaded")
        assert_equal_to_a_fresh_one(page)

"""A night run from the dashboard by keyboard alone: the whole queue is judged, keys are counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.axe import assert_no_violation
from tests.chromium import wait_for
from tests.seeds import forty_counts
from tests.served_night import ServedNight
from tests.servers import Server

#: Keys for the whole queue of seven, with a note and a question typed (words count as one key).
MOST_KEYS = 40


@dataclass
class Desk:
    """An editor's page and how many keys it took. Words that are typed count as one."""

    page: Page
    keys: int = 0
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.pressed.append(key)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.keys += 1

    def waits(self, number: int) -> None:
        noun = "thing needs" if number == 1 else "things need"
        heading = self.page.get_by_role("heading", name=f"{number} {noun} a person")
        expect(heading).to_be_visible(timeout=15_000)

    def says(self, words: str) -> None:
        expect(self.page.locator("#night-said")).to_contain_text(words, timeout=15_000)

    def focus_is_in(self, selector: str) -> None:
        """The focus is never lost: an update puts it on what took the place of its row."""
        inside = "selector => document.activeElement.closest(selector) !== null"
        self.page.wait_for_function(inside, arg=selector, timeout=5000)


@pytest.fixture
def desk(
    server: Server, new_context: Callable[..., BrowserContext]
) -> tuple[Desk, forty_counts.Keys]:
    slug = ServedNight.unseeded(server).slug
    keys = server.seed(forty_counts.night, slug)
    # The rules of accessibility are checked by a script of the test's own.
    size = {"width": 1440, "height": 900}
    page = new_context(viewport=size, bypass_csp=True).new_page()
    page.goto(server.url(f"/admin/login/?next=/admin/results/election/{keys['election']}/night/"))
    page.get_by_label("Username").fill("neil")
    page.get_by_label("Password").fill(forty_counts.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".has-script")).to_be_visible()
    return Desk(page), keys


def test_whole_queue_is_judged_by_keyboard_alone(
    desk: tuple[Desk, forty_counts.Keys], server: Server
) -> None:
    at, keys = desk
    at.waits(7)
    expect(at.page).to_have_title("(7) The night: General election")
    assert_no_violation(at.page, "the night", outside=[".breadcrumbs"])
    at.press("j", "j")
    at.focus_is_in("#queue-rows > li:nth-child(2)")
    at.press("k")
    # One of two that differ, by whose it is.
    expect(at.page.get_by_role("button", name="Publish Ann Smith’s")).to_be_visible()
    at.press("1")
    at.says("Result from Ravensholt published")
    at.waits(6)
    at.focus_is_in("#queue-rows > li:first-child")
    # Approved, and set aside with a note that reaches the phone; then taken back.
    at.press("a")
    at.says("Result from Cressmoor published")
    at.press("x")
    at.write("Read the majority again.")
    at.press("Enter")
    at.says("Dunmarsh set aside. Ann Smith is told.")
    at.waits(4)
    at.focus_is_in("#queue-rows > li:first-child")
    at.press("u")
    at.says("Dunmarsh waits again.")
    at.waits(5)
    at.press("k", "k", "k", "k", "a")
    at.says("Result from Dunmarsh published")
    # A correction that was asked for, through its preview.
    at.press("a")
    preview = at.page.get_by_role("heading", name="What readers will see: Bramblecombe")
    expect(preview).to_be_visible()
    expect(at.page.get_by_role("button", name="Publish the correction")).to_be_focused()
    at.press("Enter")
    at.says("Corrected: published as bulletin")
    at.waits(3)
    # Two quotes at once.
    at.press("v", "j", "v", "s")
    at.says("2 published.")
    at.waits(1)
    # What is overdue: ask the reporter.
    at.press("q", "Enter")
    at.says("Asked: Ann Smith, at Millhaven.")
    assert server.seed(forty_counts.messages_to, "ann-smith") == [
        "Millhaven: when is the declaration expected now?"
    ]
    assert server.seed(forty_counts.state, keys["election"])["waiting"] == 0
    assert at.keys <= MOST_KEYS, at.pressed


def test_key_between_two_updates_is_not_lost(desk: tuple[Desk, forty_counts.Keys]) -> None:
    """It waits for the first, and the second does not take its place in the queue of requests."""
    at, _keys = desk
    at.waits(7)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    at.page.route(lambda url: "/night/" in url, hold_the_first)
    look = "htmx.trigger('#night', 'look')"
    at.page.evaluate(look)
    wait_for(at.page, lambda: bool(held))
    at.press("1")
    at.page.evaluate(look)
    held[0].continue_()
    at.says("Result from Ravensholt published")


def test_acts_open_in_place_and_give_the_focus_back(
    desk: tuple[Desk, forty_counts.Keys], server: Server
) -> None:
    at, keys = desk
    panel = at.page.locator("#night-panel")
    at.press("j", "j", "d")
    expect(panel.get_by_role("heading", name="Declare from here: which count?")).to_be_visible()
    expect(panel.get_by_role("searchbox")).to_be_focused()
    at.write("Thornby")
    at.press("Enter")
    expect(panel.get_by_role("heading", name="Declare: Thornby Vale")).to_be_visible()
    for votes in ("19000", "16000", "8000", "700", "500"):
        at.write(votes)
        at.press("Tab")
    at.press("Enter")
    expect(panel.get_by_text("kept at the desk until a second person")).to_be_visible()
    at.press("Enter")
    at.says("Thornby Vale: kept at the desk.")
    expect(panel).to_be_hidden()
    at.waits(8)
    at.focus_is_in("#queue-rows, .acts")
    # Somebody else's act arrives by itself, and nothing typed is lost by it.
    at.press("h")
    field = panel.get_by_label("Headline")
    expect(field).to_be_focused()
    field.fill("A night of recounts")
    server.seed(forty_counts.approve_a_quote, keys["election"])
    at.waits(7)
    expect(field).to_have_value("A night of recounts")
    at.press("Enter")
    preview = panel.frame_locator("iframe.reader-page")
    expect(preview.get_by_role("heading", name="A night of recounts").first).to_be_visible()
    expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
    at.press("Enter")
    at.says("Headline published")
    expect(at.page.locator(".headline-now")).to_have_text("A night of recounts")
    # A key in a field is a letter; with the keys switched off it is nothing.
    at.focus_is_in(".acts")
    at.press("?")
    expect(at.page.locator("#night-keys")).to_be_visible()
    at.page.get_by_label("Keys of one character work").uncheck()
    at.press("Escape", "h")
    expect(panel).to_be_hidden()

"""The map of the live page: its card, its buttons, its modes, by keyboard and by touch."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import open_live
from tests.chromium import wait_for
from tests.seeds import reading
from tests.served_night import ServedNight
from tests.servers import Server

#: Whether the words of the map and one of its buttons share a part of the screen.
OVERLAP = """() => {
  const text = document.createRange();
  text.selectNodeContents(document.querySelector("#map .map-modes"));
  const button = document.querySelector(".map-buttons button").getBoundingClientRect();
  return [...text.getClientRects()].some((line) =>
    line.left < button.right && line.right > button.left
    && line.top < button.bottom && line.bottom > button.top);
}"""


@pytest.mark.parametrize("width", [320, 360, 390, 430])
def test_button_of_the_map_covers_no_text(still_page: Page, width: int) -> None:
    still_page.set_viewport_size({"width": width, "height": 844})
    still_page.locator("#map").scroll_into_view_if_needed()
    expect(still_page.locator(".map-buttons")).to_be_visible()
    assert not still_page.evaluate(OVERLAP)
    still_page.get_by_role("button", name="Nearer").click()
    expect(still_page.locator("#map.zoomed")).to_be_visible()
    assert not still_page.evaluate(OVERLAP)


def test_map_is_used_by_keyboard(still_night: ServedNight, still_page: Page) -> None:
    first = still_page.locator(".hex[tabindex='0']")
    expect(first).to_have_count(1)
    still_page.keyboard.press("Shift")  # a key says that focus is to be shown
    first.focus()
    card = still_page.locator("#map-card")
    expect(card).to_contain_text("Ynys Môn")
    still_page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    start = still_page.evaluate("document.activeElement.id")
    still_page.keyboard.press("ArrowRight")
    moved = still_page.evaluate("document.activeElement.id")
    assert moved != start
    expect(still_page.locator(".hex[tabindex='0']")).to_have_count(1)
    still_page.keyboard.press("y")
    assert still_page.evaluate("document.activeElement.id") == "hex-ynys-mon"
    still_page.keyboard.press("End")
    slug = still_page.evaluate("document.activeElement.id").removeprefix("hex-")
    still_page.keyboard.press("Enter")
    still_page.wait_for_url(f"**{still_night.path}{slug}/")


def test_seat_focused_before_the_maps_scripts_are_here_is_named(
    still_night: ServedNight, desktop: BrowserContext
) -> None:
    held: list[Route] = []
    desktop.route(re.compile("/map_card[^/]*js$"), lambda route: held.append(route))
    page = open_live(desktop, still_night.url())
    page.locator("#map").scroll_into_view_if_needed()
    wait_for(page, lambda: bool(held))
    page.keyboard.press("Shift")
    page.locator(".hex[tabindex='0']").focus()
    for route in held:
        route.continue_()
    expect(page.locator("#map-card")).to_contain_text("Ynys Môn")


def test_mode_chosen_before_the_maps_script_is_here_is_shown(
    still_night: ServedNight, desktop: BrowserContext
) -> None:
    """A slow line has the form long before the script."""
    held: list[Route] = []
    desktop.route(re.compile(r"/reader/map(\.[0-9a-f]+)?\.js$"), lambda route: held.append(route))
    page = desktop.new_page()
    page.goto(still_night.url(), wait_until="commit")
    page.get_by_label("Turnout").check()
    wait_for(page, lambda: bool(held))
    for route in held:
        route.continue_()
    expect(page.locator("#map")).to_have_attribute("data-mode", "turnout")
    expect(page.locator("#mode-keys")).to_contain_text("turnout", ignore_case=True)
    expect(page).to_have_url(re.compile(r"\?map=turnout$"))


def test_mode_of_wards_chosen_before_its_script_goes_before_the_address(
    server: Server, desktop: BrowserContext
) -> None:
    night = ServedNight.seeded(server, reading.two_councils)
    held: list[Route] = []
    scripts = re.compile(r"/reader/ward_map(\.[0-9a-f]+)?\.js$")
    desktop.route(scripts, lambda route: held.append(route))
    page = desktop.new_page()
    page.goto(night.url("bodies/eastshire/?map=turnout"), wait_until="commit")
    page.get_by_label("Winner").check()
    wait_for(page, lambda: bool(held))
    for route in held:
        route.continue_()
    expect(page).to_have_url(re.compile("/bodies/eastshire/$"))
    expect(page.get_by_label("Winner")).to_be_checked()


def test_card_of_a_seat_does_not_keep_an_answer_from_before_its_change(still_page: Page) -> None:
    """Its row changes while the server answers; its hexagon stays, as in a correction of votes."""
    held: list[Route] = []
    still_page.route("**/ynys-mon/brief.html", lambda route: held.append(route))
    still_page.keyboard.press("Shift")
    still_page.locator(".hex[tabindex='0']").focus()
    wait_for(still_page, lambda: len(held) == 1)
    change = {"ids": ["row-ynys-mon"]}
    still_page.evaluate(
        "detail => document.dispatchEvent(new CustomEvent('desk:applied', { detail }))", change
    )
    held[0].fulfill(body="<p class='brief-name'>Before</p>")
    wait_for(still_page, lambda: len(held) == 2)
    held[1].fulfill(body="<p class='brief-name'>After</p>")
    expect(still_page.locator("#map-card")).to_have_text("After")


@pytest.mark.parametrize(
    ("words", "requests"),
    [
        ("<p class='brief-name'>Blyth Valley</p>", 1),
        (
            "<p class='brief-name' data-until='2093-05-05T01:30:00Z' data-then='past'>to come</p>",
            2,
        ),
    ],
)
def test_card_that_is_true_only_until_a_time_is_asked_for_again(
    still_page: Page, words: str, requests: int
) -> None:
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        route.fulfill(body=words)

    still_page.route("**/brief.html", answer)
    card, seat = still_page.locator("#map-card"), still_page.locator(".hex[tabindex='0']")
    still_page.keyboard.press("Shift")
    for _turn in range(2):
        seat.focus()
        expect(card).to_be_visible()
        still_page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        seat.blur()
    assert len(asked) == requests


def test_maps_scripts_that_could_not_be_fetched_come_with_the_next_bulletin(
    night: ServedNight, desktop: BrowserContext
) -> None:
    modules = re.compile("/map_(card|zoom)[^/]*js$")
    failed: list[str] = []
    desktop.route(modules, lambda route: route.abort())
    desktop.on("requestfailed", lambda request: failed.append(request.url))
    page = open_live(desktop, night.url())
    page.locator("#map").scroll_into_view_if_needed()
    wait_for(page, lambda: len([url for url in failed if modules.search(url)]) == 2)
    desktop.unroute(modules)
    night.declare("vale-20")
    expect(page.locator("#map-card")).to_be_attached()
    expect(page.locator(".map-buttons")).to_have_count(1)


def test_map_in_a_chosen_mode_stays_equal_to_a_fresh_page(night: ServedNight, page: Page) -> None:
    page.get_by_label("Majority").check()
    expect(page.locator("#map[data-mode=majority]")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?map=majority$"))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    night.declare("vale-20", "vale-21")
    expect(page.locator("#shade-vale-21")).to_have_attribute("data-party", "con")
    changed = page.locator("#map-key .key-changed b")
    expect(changed).to_have_text("14")
    read = """() => [...document.querySelectorAll("#map .hex, #map-key li:not([hidden])")]
        .map((part) => [part.id, part.dataset.k, part.dataset.party,
          part.id ? "" : part.textContent.replace(/\\s+/g, " ").trim()])
        .sort()"""
    shown = page.evaluate(read)
    page.reload()
    expect(page.locator("#map[data-mode=majority]")).to_be_visible()
    assert page.evaluate(read) == shown


def test_hexagon_takes_the_winners_colour_and_keeps_focus(night: ServedNight, page: Page) -> None:
    page.locator("#hex-vale-20").evaluate("hex => hex.focus()")
    night.declare("vale-20")
    expect(page.locator("#hex-vale-20")).to_have_attribute("data-party", "con")
    assert page.evaluate("document.activeElement.id") == "hex-vale-20"
    expect(page.locator("#hex-vale-20")).to_have_attribute(
        "aria-label", "Vale 20 · Con gain from Lab · 12,000"
    )


def test_first_touch_names_a_seat_and_the_second_opens_it(
    still_night: ServedNight, phone: BrowserContext
) -> None:
    page = open_live(phone, still_night.url())
    page.locator("#hex-vale-05").tap()
    expect(page.locator("#map-strip a")).to_contain_text("Vale 05")
    page.locator("#hex-vale-05").tap()
    page.wait_for_url(f"**{still_night.path}vale-05/")

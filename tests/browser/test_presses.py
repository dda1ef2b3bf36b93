"""Presses and selections that a bulletin meets: each makes its click, and no bulletin is lost."""

import json

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect

from tests.browser.pages import go_to_page_of_a_night, open_live, pass_time
from tests.chromium import wait_for
from tests.served_night import ServedNight
from tests.servers import Server

#: Holds back the messages of the page until the test has them come, and counts the clicks,
#: which open nothing.
COUNT = """
window.held = null;
window.clicks = [];
const Original = WebSocket;
window.WebSocket = class extends Original {
  set onmessage(read) {
    super.onmessage = read && ((event) => {
      if (window.held) window.held.push(() => read(event));
      else read(event);
    });
  }
};
addEventListener("click", (event) => {
  const pressed = event.target.closest("a, button, summary");
  if (!pressed) return;
  window.clicks.push(pressed.localName);
  if (pressed.matches("a")) event.preventDefault();
}, true);
"""
#: Time enough to read a message and to show what it brings.
DRAWN = """() => new Promise((drawn) => {
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(drawn)), 100);
})"""
HOLD = "() => { window.held = []; }"
COME = "() => { for (const read of window.held.splice(0)) read(); window.held = null; }"
CLICKS = "() => window.clicks"
#: The list of a page that is fetched again is another element afterwards.
MARK_LIST = "() => { window.before = document.querySelector('[hx-select]'); }"
IS_FETCHED = "() => !window.before.isConnected"
SELECTED = "() => getSelection().toString().trim()"
SELECT = """(part) => {
  getSelection().selectAllChildren(document.querySelector(part));
  return getSelection().toString().trim();
}"""
#: What the bulletin of a seat replaces on the live page.
PARTS = [
    "#hex-vale-20",
    "#row-vale-20 a",
    "#row-vale-20 .star",
    "#line summary",
    "#feed a:has-text('Everything so far')",
]


def open_counted(context: BrowserContext, url: str) -> Page:
    context.add_init_script(COUNT)
    return open_live(context, url)


def declare(night: ServedNight, page: Page) -> None:
    """Declare Vale 20; the page has the bulletin once the test has it come."""
    page.evaluate(HOLD)
    night.declare("vale-20")
    page.wait_for_function("() => window.held.length > 0")


def have_it_come(page: Page) -> None:
    page.evaluate(COME)
    page.evaluate(DRAWN)


def shows(page: Page, sequence: int) -> None:
    expect(page.locator("#connection-status .sequence")).to_have_text(str(sequence))


def follow(night: ServedNight, context: BrowserContext, *slugs: str) -> None:
    """Have the browser follow seats before the first page of the night is loaded."""
    stored = json.dumps(json.dumps(slugs))
    context.add_init_script(f'if (location.host) localStorage["seats-{night.slug}"] = {stored};')


def page_corner(page: Page) -> tuple[int, int]:
    """A place where nothing is to be pressed."""
    assert page.viewport_size is not None
    return page.viewport_size["width"] - 30, page.viewport_size["height"] - 30


def middle_of(page: Page, selector: str) -> tuple[float, float]:
    part = page.locator(selector).first
    part.scroll_into_view_if_needed()
    page.evaluate(DRAWN)
    box = part.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("part", PARTS)
def test_mouse_that_a_bulletin_meets_makes_its_click(
    night: ServedNight, desktop: BrowserContext, part: str
) -> None:
    page = open_counted(desktop, night.url())
    # Which the focus leaves when the button goes down.
    page.get_by_role("searchbox").focus()
    page.mouse.move(*middle_of(page, part))
    declare(night, page)
    page.mouse.down()
    have_it_come(page)
    page.mouse.up()
    assert len(page.evaluate(CLICKS)) == 1
    shows(page, 13)
    assert page.evaluate("() => window.neverReloaded")


@pytest.mark.parametrize("part", ["#row-vale-20 .star", "#line summary"])
def test_space_bar_that_a_bulletin_meets_makes_its_click(
    night: ServedNight, desktop: BrowserContext, part: str
) -> None:
    page = open_counted(desktop, night.url())
    page.locator(part).focus()
    declare(night, page)
    page.keyboard.down("Space")
    have_it_come(page)
    page.keyboard.up("Space")
    assert len(page.evaluate(CLICKS)) == 1
    shows(page, 13)
    expect(page.locator(part)).to_be_focused()


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    at = [{"x": x, "y": y} for x, y in points]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


@pytest.mark.parametrize("part", ["#row-vale-20 a", "#line summary"])
def test_finger_that_a_bulletin_meets_makes_its_click(
    night: ServedNight, phone: BrowserContext, part: str
) -> None:
    page = open_counted(phone, night.url())
    session = phone.new_cdp_session(page)
    at = middle_of(page, part)
    declare(night, page)
    touch(session, "touchStart", at)
    have_it_come(page)
    touch(session, "touchEnd")
    page.wait_for_function("() => window.clicks.length === 1")
    shows(page, 13)


@pytest.mark.parametrize("part", ["#row-vale-20 .star", "#mine .row a", "#line summary"])
def test_focus_stays_on_what_a_bulletin_replaces(
    night: ServedNight, desktop: BrowserContext, part: str
) -> None:
    follow(night, desktop, "vale-20")
    page = open_counted(desktop, night.url())
    page.locator(part).focus()
    declare(night, page)
    have_it_come(page)
    shows(page, 13)
    expect(page.locator(part)).to_be_focused()


def test_focus_stays_where_the_page_is_fetched_again(
    night: ServedNight, desktop: BrowserContext
) -> None:
    """On a list of what is followed; on a party's page."""
    follow(night, desktop, "vale-20", "vale-21")
    page = open_counted(desktop, night.url("following/"))
    stop = page.get_by_role("button", name="Stop following Vale 21")
    stop.focus()
    night.declare("vale-20")
    expect(page.locator("#followed-list")).to_contain_text("Con gain")
    expect(stop).to_be_focused()
    page = open_live(desktop, night.url("parties/lab/"))
    button = page.locator("#listing button[data-follow]")
    button.focus()
    page.evaluate(MARK_LIST)
    night.declare("vale-21")
    page.wait_for_function(IS_FETCHED)
    expect(button).to_be_focused()


def test_list_that_is_fetched_again_meets_no_press(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page, held = open_counted(desktop, night.url("changes/")), list[Route]()
    page.evaluate(MARK_LIST)
    page.route("**/changes/", lambda route: held.append(route))
    page.mouse.move(*middle_of(page, "#listing a"))
    night.declare("vale-20")
    wait_for(page, lambda: bool(held))
    page.mouse.down()
    with page.expect_event("requestfinished"):
        held[0].continue_()
    page.evaluate(DRAWN)
    page.unroute("**/changes/")
    page.mouse.up()
    assert page.evaluate(CLICKS) == ["a"]
    page.wait_for_function(IS_FETCHED)


def test_page_of_the_night_keeps_the_focus_when_it_is_fetched_again(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    go_to_page_of_a_night(page, server)
    link = page.locator("#night .elections a").first
    link.focus()
    page.evaluate(MARK_LIST)
    page.evaluate("() => htmx.trigger('#night', 'desk:list')")
    page.wait_for_function(IS_FETCHED)
    expect(link).to_be_focused()


@pytest.mark.parametrize("part", ["#feed h3", "#row-vale-20 a"])
def test_words_that_are_selected_stay_selected(
    night: ServedNight, desktop: BrowserContext, part: str
) -> None:
    page = open_counted(desktop, night.url())
    selected = page.evaluate(SELECT, part)
    assert selected
    declare(night, page)
    have_it_come(page)
    shows(page, 13)
    assert page.evaluate(SELECTED) == selected


def test_press_that_never_ends_holds_back_bulletins_for_seconds(
    night: ServedNight, desktop: BrowserContext
) -> None:
    desktop.add_init_script(COUNT)
    page = open_live(desktop, night.url(), stopped=True)
    page.mouse.move(*page_corner(page))
    declare(night, page)
    page.mouse.down()
    page.evaluate(COME)
    pass_time(page, 1)
    shows(page, 12)
    pass_time(page, 5)
    shows(page, 13)


@pytest.mark.parametrize("event", ["blur", "pointercancel", "contextmenu"])
def test_press_that_the_browser_takes_away_holds_back_nothing(
    night: ServedNight, desktop: BrowserContext, event: str
) -> None:
    page = open_counted(desktop, night.url())
    page.mouse.move(*page_corner(page))
    declare(night, page)
    page.mouse.down()
    have_it_come(page)
    shows(page, 12)
    page.evaluate("event => { dispatchEvent(new Event(event)); }", event)
    shows(page, 13)


def test_pause_that_a_bulletin_meets_holds_it_back(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_counted(desktop, night.url())
    page.mouse.move(*middle_of(page, "button.pause"))
    declare(night, page)
    page.mouse.down()
    have_it_come(page)
    expect(page.locator("button.pause")).to_have_text("Pause")
    page.mouse.up()
    resume = page.get_by_role("button", name="Resume (1)")
    resume.click()
    shows(page, 13)


@pytest.mark.parametrize(("embed", "part"), [("map", "#hex-vale-20"), ("scoreboard", "a")])
def test_press_in_an_embed_makes_its_click(
    night: ServedNight, desktop: BrowserContext, embed: str, part: str
) -> None:
    desktop.add_init_script(COUNT)
    page = desktop.new_page()
    page.goto(night.embed_url(embed))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.mouse.move(*middle_of(page, part))
    declare(night, page)
    page.mouse.down()
    have_it_come(page)
    page.mouse.up()
    assert page.evaluate(CLICKS) == ["a"]
    expect(page.locator("html")).to_have_attribute("data-sequence", "13")

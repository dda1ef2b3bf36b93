"""Interaction with the live page: scrolling, pausing, searching, my seats."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import KEY_IS_COUNTED, open_live
from tests.chromium import wait_for
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server


def follow_from_the_start(night: ServedNight, context: BrowserContext) -> None:
    """Have the browser follow Vale 20 before the first page of the night is loaded."""
    context.add_init_script(
        f"""if (location.host) localStorage["seats-{night.slug}"] = '["vale-20"]'"""
    )


def test_new_entries_wait_while_the_feed_is_scrolled(night: ServedNight, page: Page) -> None:
    third = page.locator("#feed > *").nth(6)
    third.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#feed > :nth-child(7)').scrollIntoView()")
    before = third.bounding_box()
    night.declare("vale-20")
    button = page.get_by_role("button", name="1 new")
    expect(button).to_be_visible()
    night.declare("vale-21")
    button = page.get_by_role("button", name="2 new")
    expect(button).to_be_visible()
    after = third.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=60)  # the button's own height
    assert page.locator("#result-vale-20").count() == 0
    button.click()
    expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-21")
    expect(page.locator(".new-entries")).to_have_count(0)


def test_paused_page_counts_new_bulletins_and_applies_them_on_resume(
    night: ServedNight, page: Page
) -> None:
    page.get_by_role("button", name="Pause").click()
    night.declare("vale-20")
    night.declare("vale-21")
    resume = page.get_by_role("button", name="Resume (2)")
    expect(resume).to_be_visible()
    expect(page.locator("#connection-status .state")).to_have_text("Paused")
    expect(page.locator("#progress")).to_contain_text("12 of 31 declared")
    resume.click()
    expect(page.locator("#progress")).to_contain_text("14 of 31 declared")
    expect(page.locator("#connection-status .sequence")).to_have_text("14")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#connection-status .state")).to_have_text("Live")


def test_pause_ends_at_the_edge_of_the_column(still_page: Page) -> None:
    still_page.set_viewport_size({"width": 1440, "height": 900})
    button = still_page.get_by_role("button", name="Pause").bounding_box()
    feed = still_page.locator(".front .feed").bounding_box()
    assert button is not None
    assert feed is not None
    edge = feed["x"] + feed["width"]
    assert button["x"] + button["width"] == pytest.approx(edge, abs=1)


#: Texts of the scoreboard that are cut, or that reach into the next column.
CUT = """() => [...document.querySelectorAll(".ends p, .parties th, .parties td")]
  .filter((cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    const [inner, outer] = [text.getBoundingClientRect(), cell.getBoundingClientRect()];
    return inner.width && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
  })
  .map((cell) => cell.innerText)"""


@pytest.mark.parametrize("width", [390, 1440])
def test_names_of_large_parties_are_not_cut(
    still_night: ServedNight, still_page: Page, width: int
) -> None:
    still_page.set_viewport_size({"width": width, "height": 900})
    still_page.goto(still_night.url())
    expect(still_page.locator(".ends")).to_contain_text("Conservative")
    still_page.locator(".parties [data-party=green] th").evaluate(
        "name => name.lastChild.textContent = 'Liberal Democrat'"
    )
    assert still_page.evaluate(CUT) == []


def test_empty_night_shows_what_is_defended(server: Server, desktop: BrowserContext) -> None:
    empty = ServedNight.seeded(server, front.empty_night)
    page = open_live(desktop, empty.url())
    expect(page.locator("table.defending [data-party=lab] .seats").first).to_be_visible()
    expect(page.locator("#map-key .key-note").first).to_have_text("Defending", use_inner_text=True)
    page.emulate_media(media="print")
    expect(page.locator("table.defending [data-party=lab] .seats").first).to_be_visible()


def test_listing_page_refreshes_itself(night: ServedNight, desktop: BrowserContext) -> None:
    page = open_live(desktop, night.url("changes/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("12 seats have changed hands")
    night.declare("vale-20")
    expect(page.get_by_role("heading", level=1)).to_have_text("13 seats have changed hands")
    assert page.evaluate("window.neverReloaded")


@pytest.mark.parametrize(
    ("path", "module", "part", "text"),
    [
        ("changes/", "listing", "h1", "13 seats have changed hands"),
        ("", "map", "#map-key .key-changed b", "13"),
        ("vale-11/", "seat", "[data-refetched=order]", "Vale 20"),
        ("following/?seats=vale-20", "following", "#followed-list", "Con"),
        ("wall/", "wall", "#wall-progress", "13 of 31"),
    ],
)
def test_module_that_comes_late_shows_the_bulletins_before_it(
    night: ServedNight, desktop: BrowserContext, path: str, module: str, part: str, text: str
) -> None:
    held: list[Route] = []
    desktop.route(re.compile(rf"/{module}(\.\w+)?\.js$"), lambda route: held.append(route))
    follow_from_the_start(night, desktop)
    page = desktop.new_page()
    page.goto(night.url(path), wait_until="commit")
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    night.declare("vale-20")
    expect(page.locator("#connection-status .sequence")).to_have_text("13")
    expect(page.locator(part)).not_to_contain_text(text)
    wait_for(page, lambda: len(held) == 1)
    held[0].continue_()
    expect(page.locator(part)).to_contain_text(text)


def test_filter_of_my_seats_stays_when_the_feed_is_fetched_again(
    night: ServedNight, desktop: BrowserContext
) -> None:
    follow_from_the_start(night, desktop)
    page = open_live(desktop, night.url("feed/"))
    mine = page.locator(".filters .of-mine")
    expect(mine).to_be_visible()
    night.declare("vale-20")
    expect(page.locator("#result-vale-20")).to_be_attached()
    expect(mine).to_be_visible()
    expect(mine).to_have_attribute("href", re.compile(r"\?seats=vale-20$"))


def test_search_suggests_seats_while_typing(still_page: Page) -> None:
    field = still_page.get_by_label("Find a seat")
    field.fill("mon")
    answers = still_page.locator("#find-answers .row")
    expect(answers).to_have_count(1)
    field.press("ArrowDown")
    still_page.keyboard.press("Enter")
    expect(still_page.get_by_role("heading", level=1)).to_have_text("Ynys Môn")


def test_my_seats_survive_a_reload_and_alert_on_change(night: ServedNight, page: Page) -> None:
    page.locator("#seats summary").first.click()  # with 31 seats it is open: this closes it
    page.locator("#seats summary").first.click()
    page.get_by_role("button", name="Keep among my seats: Vale 21").click()
    mine = page.get_by_role("region", name="My seats")
    expect(mine).to_contain_text("Vale 21")
    page.reload()
    expect(mine).to_contain_text("Vale 21")
    night.declare("vale-21")
    expect(mine).to_contain_text("Con gain from Lab")
    alert = page.get_by_role("log", name="Following").get_by_role("listitem")
    expect(alert).to_contain_text("Conservatives gain Vale 21 from Labour")
    alert.get_by_role("button", name="Close").click()
    expect(alert).to_have_count(0)
    page.get_by_role("link", name="My seats").click()
    expect(page.locator("#result-vale-21")).to_be_visible()
    expect(page.locator(".card")).to_have_count(1)
    page.go_back()


def test_script_that_could_not_be_fetched_is_fetched_at_the_next_use(
    night: ServedNight, desktop: BrowserContext
) -> None:
    modules = re.compile("/(find|alerts)[^/]*js$")
    desktop.route(modules, lambda route: route.abort())
    page = open_live(desktop, night.url())
    page.evaluate(f"""localStorage["seats-{night.slug}"] = '["vale-20"]'""")
    with page.expect_event("requestfailed", lambda request: "alerts" in request.url):
        page.reload()
    field = page.get_by_label("Find a seat")
    with page.expect_event("requestfailed", lambda request: "find" in request.url):
        field.focus()
    desktop.unroute(modules)
    field.blur()
    field.fill("vale 2")
    expect(page.locator("#find-answers .row").first).to_be_visible()
    night.declare("vale-20")  # with this bulletin the page fetches what shows alerts
    alert = page.get_by_role("log", name="Following").get_by_role("listitem")
    expect(alert).to_contain_text("Vale 20")


def test_phone_shows_five_entries_and_where_all_are(
    still_night: ServedNight, phone: BrowserContext
) -> None:
    page = open_live(phone, still_night.url())
    shown = "all => all.filter((one) => one.getBoundingClientRect().height).length"
    assert page.locator("#feed > article").evaluate_all(shown) == 5
    expect(page.get_by_role("link", name="Everything so far")).to_be_visible()


def test_open_pages_equal_fresh_ones_on_phone_and_desktop(
    night: ServedNight, phone: BrowserContext, desktop: BrowserContext
) -> None:
    pages = [open_live(context, night.url()) for context in (phone, desktop)]
    night.declare(*(f"vale-{number:02}" for number in range(12, 30)))
    for page in pages:
        expect(page.locator("#connection-status .sequence")).to_have_text("30")
        expect(page.locator(".fresh")).to_have_count(0)
        page.wait_for_function(KEY_IS_COUNTED)
    read_parts = """() => [...document.querySelectorAll("main [id]")]
        .filter((part) => !part.matches(".mine, .mine *, #map-strip, #map-card, #find-answers"))
        .map((part) => {
          // Buttons and letters come when the map is first in view, letters where there is room.
          const copy = part.cloneNode(true);
          for (const own of copy.querySelectorAll(".map-buttons, .hex text")) own.remove();
          return [part.id, copy.textContent.replace(/\\s+/g, " ")];
        })"""
    first, second = (page.evaluate(read_parts) for page in pages)
    assert first == second
    pages[0].reload()
    expect(pages[0].locator("#connection-status .state")).to_have_text("Live")
    assert pages[0].evaluate(read_parts) == second


def test_listing_keeps_its_scroll_position_when_it_grows(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url("feed/"))
    page.evaluate("scrollTo(0, document.getElementById('result-vale-05').offsetTop - 200)")
    top = "document.getElementById('result-vale-05').getBoundingClientRect().top"
    before = page.evaluate(top)
    night.declare("vale-20", "vale-21")
    expect(page.locator("#result-vale-21")).to_be_attached()
    assert abs(page.evaluate(top) - before) < 1  # whole pixels are all that a page scrolls by

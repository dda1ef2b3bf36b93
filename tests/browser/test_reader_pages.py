"""Readers' pages: accessibility, width, no JavaScript, live updates."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.axe import assert_no_violation
from tests.browser.fit import problems
from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS, assert_equal_to_a_fresh_one, open_live
from tests.chromium import wait_for
from tests.seeds import narrow, reading
from tests.served_night import ServedNight
from tests.servers import Server

PAGES = [
    "/",
    "/ge/",
    "/ge/islington-north/",
    "/ge/islington-south-and-finsbury/",
    "/ge/elsewhere/",
    "/ge/corrections/",
    "/ge/feed/",
    "/ge/feed/?only=gains",
    "/ge/feed/?seats=islington-north",
    "/ge/bulletins/1/",
    "/ge/regions/",
    "/ge/regions/london/",
    "/ge/groups/patch/",
    "/dummy/parties/",
    "/ge/parties/",
    "/ge/parties/lab/",
    "/ge/changes/",
    "/ge/records/",
    "/embed/ge/",
    "/embed/ge/scoreboard/",
    "/embed/ge/map/",
    "/embed/ge/feed/",
    "/embed/ge/islington-north/",
    "/ge/find/",
    "/ge/find/?q=is",
    "/alone/",
    "/alone/alderbrook/",
    "/empty/",
    "/empty/records/",
    "/empty/corrections/",
    "/locals/",
    "/locals/bodies/",
    "/locals/bodies/northshire/",
    "/locals/changes/",
    "/embed/locals/",
    "/embed/locals/bodies/northshire/",
    "/chamber/",
    "/chamber/parties/",
    "/dummy/",
    "/dummy/nowhere/",
]
#: Whether both weights were loaded and drawn: layout shifts are told with the frame after.
SERIF_IS_HERE = """() => document.fonts.check("700 20px 'Desk Serif'")
  && document.fonts.check("20px 'Desk Serif'")
  && new Promise((drawn) =>
    requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))"""


@pytest.fixture(scope="module", autouse=True)
def _elections(shared_server: Server) -> None:
    shared_server.seed(reading.elections)


def test_axe_finds_no_violation(server: Server, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(bypass_csp=True).new_page()
    for path in PAGES:
        page.goto(server.url(path))
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert_no_violation(page, f"{path}, {width} px")


def test_axe_finds_no_violation_on_a_wall(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True).new_page()
    for path in ("/ge/", "/locals/", "/locals/bodies/northshire/", "/alone/", "/dummy/"):
        page.goto(server.url(f"{path}wall/"))
        assert_no_violation(page, path)


def test_pages_fit_the_screen(server: Server, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    found: dict[tuple[str, int], list[str]] = {}
    for path in PAGES:
        page.goto(server.url(path))
        for width in (320, 390, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            if at_width := problems(page):
                found[path, width] = at_width
    assert found == {}


BARS = """() => [...document.querySelectorAll(".ghosted, .needed-bar")].map((bar) => {
  const rectangles = [bar, bar.parentElement.closest("tr, section")]
    .map((each) => each.getBoundingClientRect());
  const [box, around] = rectangles;
  return [box.left - around.left, box.height];
})"""


def test_result_of_a_by_election_is_drawn_as_on_the_seats_page(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    for path in ("/alone/alderbrook/", "/alone/"):
        page.goto(server.url(path))
        assert page.evaluate(BARS) == [[0, 34], [0, 34], [0, 34], [0, 24]], path


def test_key_of_last_times_shares_is_as_high_as_its_line(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    for path in ("/ge/", "/ge/regions/london/"):
        page.goto(server.url(path))
        key = page.locator(".tick-key").first.bounding_box()
        assert key is not None
        assert key["height"] < 20


def test_pages_are_complete_without_javascript(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(server.url("/ge/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Labour hold")
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    page.locator("#seats").get_by_role("link", name="Islington North").click()
    expect(page.get_by_role("table", name="Result of Islington North")).to_contain_text("34,603")
    page.get_by_role("banner").get_by_role("link", name="Corrections").click()
    expect(page.get_by_text("Two digits were transposed.")).to_be_visible()
    expect(page.locator("del", has_text="8,451")).to_be_visible()


def test_nothing_moves_when_the_serif_comes(server: Server, phone: BrowserContext) -> None:
    """On a slow line the system's serif is read first, which takes as much room."""
    page = phone.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(server.url("/ge/"), wait_until="domcontentloaded")
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    wait_for(page, lambda: len(held) == 2)
    for request in held:
        request.continue_()
    wait_for(page, lambda: page.evaluate(SERIF_IS_HERE))
    assert page.evaluate(SHIFTS) == []


def test_front_is_one_page_on_paper(server: Server, desktop: BrowserContext) -> None:
    """What an editor pins up: headline, bar and table, as they stood at a time."""
    page = open_live(desktop, server.url("/ge/"))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    page.emulate_media(media="print")
    for part in (".headline h1", ".bar", ".parties", ".occasion"):
        expect(page.locator(part).first).to_be_visible()
    aside = (".masthead nav", "#connection-status .state", ".colophon a[href$='/feed.atom']")
    for part in (".feed", ".find", "#map", *aside):
        expect(page.locator(part).first).to_be_hidden()


def test_front_with_the_parties_of_a_whole_house_is_one_page_on_paper(
    server: Server, desktop: BrowserContext
) -> None:
    night = ServedNight.seeded(server, narrow.house_of_650)
    page = open_live(desktop, night.url())
    assert page.locator(".parties tbody tr").count() >= 13
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


@pytest.mark.parametrize("path", ["/ge/", "/locals/", "/locals/bodies/northshire/"])
def test_headline_on_paper_has_no_room_for_another(
    server: Server, desktop: BrowserContext, path: str
) -> None:
    page = desktop.new_page()
    page.goto(server.url(path))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 800})
    assert page.locator(".headline").evaluate("part => getComputedStyle(part).minHeight") == "0px"


#: Pixels by which the letters of figures reach beyond their cells.
BEYOND = """(cells) => Math.max(...cells.map((cell) => {
  const text = document.createRange();
  text.selectNodeContents(cell);
  return text.getBoundingClientRect().right - cell.getBoundingClientRect().right;
}))"""


def test_figures_of_a_seat_stay_inside_their_column(server: Server, phone: BrowserContext) -> None:
    """What is beyond the last column is cut on paper."""
    page = phone.new_page()
    page.goto(server.url("/ge/islington-north/"))
    figures = page.locator(".candidates td")
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert figures.evaluate_all(BEYOND) < 0.5, width
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 800})
    assert figures.evaluate_all(BEYOND) < 0.5


def test_seat_on_paper_has_no_room_for_what_is_to_come(
    server: Server, desktop: BrowserContext
) -> None:
    """At a page's end, Chromium cuts rows in two where they are in a grid or in columns."""
    page = desktop.new_page()
    page.goto(server.url("/ge/islington-north/"))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 800})
    assert page.locator(".seat-page").evaluate("page => getComputedStyle(page).display") == "block"
    rows = page.locator(".seat-aside .rows")
    assert rows.evaluate("rows => getComputedStyle(rows).columnCount") == "auto"
    gap = """(head) => head.getBoundingClientRect().bottom
      - head.lastElementChild.getBoundingClientRect().bottom"""
    assert page.locator(".seat-head").evaluate(gap) < 10
    # Of the row for the seats before and after it, which is not printed, nothing is left.
    crumbs, head = (page.locator(part).bounding_box() for part in (".crumbs", ".seat-head"))
    assert crumbs
    assert head
    assert head["y"] - crumbs["y"] - crumbs["height"] < 30
    expect(page.locator(".seat-links")).to_be_hidden()


#: Parts that are folded on a screen and are of use on paper; of each whether its content is shown.
FOLDED = ".more-parties, .folded, .last-time, .allocation, .region"
SHOWN = "(parts) => parts.map((part) => part.lastElementChild.checkVisibility())"


def test_what_is_folded_is_shown_on_paper(server: Server, desktop: BrowserContext) -> None:
    page = open_live(desktop, server.url("/ge/islington-north/"))
    folded = page.locator("main").locator(FOLDED)
    before = folded.evaluate_all(SHOWN)
    assert False in before
    page.emulate_media(media="print")
    assert set(folded.evaluate_all(SHOWN)) == {True}
    page.emulate_media(media="screen")
    # As browsers do whose style sheets cannot open it.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert set(folded.evaluate_all(SHOWN)) == {True}
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.evaluate_all(SHOWN) == before


def test_shapes_keep_their_colours_where_others_are_forced(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(forced_colors="active").new_page()
    page.goto(server.url("/ge/"))
    style = (
        "element => { const s = getComputedStyle(element); return [s.backgroundColor, s.fill]; }"
    )
    ground, _ = page.locator("body").evaluate(style)
    swatch, _ = page.locator(".parties .swatch").first.evaluate(style)
    _, part = page.locator(".bar .part").first.evaluate(style)
    assert swatch == part != ground


def wait_for_the_map(page: Page) -> None:
    """Its card and its buttons come when it is first in view."""
    page.locator("#map-heading").scroll_into_view_if_needed()
    expect(page.locator("#map-card")).to_be_attached()
    expect(page.locator(".map-buttons")).to_be_visible()


def test_open_page_updates_itself(
    server: Server, phone: BrowserContext, desktop: BrowserContext
) -> None:
    night = ServedNight.seeded(server, reading.night)
    front = open_live(phone, night.url())
    seat = open_live(desktop, night.url("elsewhere/"))

    server.seed(reading.declare_elsewhere, night.slug)

    expect(front.get_by_text("Conservatives win Elsewhere, majority 12,000").first).to_be_visible()
    expect(front.locator("#progress")).to_contain_text("3 of 3 declared")
    expect(seat.get_by_role("heading", level=1)).to_have_text("Conservatives win Elsewhere")
    expect(seat.locator(".standfirst")).to_contain_text("12,000")
    # A party that the map's key lacks comes with a list from the server, within seconds.
    expect(front.locator("#map-key")).to_contain_text("Con 1")
    for page, use in ((front, wait_for_the_map), (seat, None)):
        expect(page.locator("#connection-status .sequence")).to_have_text("6")
        assert page.evaluate("window.neverReloaded")
        assert_equal_to_a_fresh_one(page, use)


def test_what_a_reader_can_do_stands_in_one_row(server: Server, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(server.url("/ge/islington-north/"))
    buttons = page.locator(".seat-actions > :is(.button, button), .seat-actions summary")
    expect(buttons).to_have_count(5)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    boxes = [button.bounding_box() for button in buttons.all()]
    assert len({box["y"] for box in boxes if box}) == 1, boxes


COLUMNS = """(table) => [...table.querySelector("tbody tr").cells].map((cell) =>
  Math.round(cell.getBoundingClientRect().right))"""


@pytest.mark.parametrize(
    ("path", "folded"), [("/ge/islington-north/", ".folded"), ("/ge/", ".more-parties")]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_columns_of_what_is_folded_stand_under_those_above_it(
    server: Server, desktop: BrowserContext, path: str, folded: str, width: int
) -> None:
    page = desktop.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server.url(path))
    page.locator(f"{folded} summary").click()
    above = page.locator(f"table:has(+ {folded}), .candidates-frame:has(+ {folded}) table")
    below = page.locator(f"{folded} table")
    assert above.evaluate(COLUMNS) == below.evaluate(COLUMNS)


def test_figures_of_records_stand_beside_their_names(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.goto(server.url("/ge/records/"))
    rows = page.locator(".records li:has(.share)").all()
    assert rows
    for row in rows:
        name, figure = row.locator("a").first.bounding_box(), row.locator(".ranked").bounding_box()
        assert name
        assert figure
        assert figure["y"] < name["y"] + name["height"], row.inner_text()


def test_list_of_one_council_does_not_repeat_its_name(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.goto(server.url("/locals/northshire-castle/"))
    expect(page.get_by_role("heading", name="Also in Northshire")).to_be_visible()
    names = page.locator(".neighbours .of-body")
    assert names.count() > 0
    for name in names.all():
        expect(name).to_be_hidden()


@pytest.mark.night(seed=reading.mapped_council)
def test_neighbouring_wards_have_their_number_before_the_name(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(night.server.url(f"{night.path}westshire-fell-road/"))
    rows = page.locator(".neighbours .numbered .row")
    assert rows.count() > 1
    for row in rows.all():
        box, name, outcome = (
            each.bounding_box() for each in (row, row.locator(".name"), row.locator(".outcome"))
        )
        assert box
        assert name
        assert outcome
        assert 0 < name["x"] - box["x"] < 40, row.inner_text()
        assert name["x"] == outcome["x"], row.inner_text()
        assert outcome["y"] >= name["y"] + name["height"], row.inner_text()


@pytest.mark.night(seed=reading.two_councils)
def test_sections_beside_another_election_of_the_day_are_in_one_line_on_an_upright_tablet(
    night: ServedNight, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 768, "height": 1024}).new_page()
    page.goto(night.server.url(night.path))
    links = page.locator(".masthead nav a")
    assert links.last.inner_text() == "Elections that day"
    boxes = [link.bounding_box() for link in links.all()]
    assert len({box["y"] for box in boxes if box}) == 1, boxes

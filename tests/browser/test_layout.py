"""Where parts of readers' pages stand, and what is marked in them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect

from tests.browser.fit import TOO_WIDE
from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS, tell_time
from tests.seeds import front, narrow, reading, the_night, wall
from tests.served_night import ServedNight
from tests.servers import Server

COUNCIL = "/locals/bodies/northshire/"
#: Pixels between the middle of the words on the line of control and the line.
OFF_THE_LINE = """() => {
  const middle = (part) => {
    const { left, right } = document.querySelector(part).getBoundingClientRect();
    return (left + right) / 2;
  };
  return Math.abs(middle(".bar-label text") - middle(".bar .majority"));
}"""
#: Pixels by which the entries of a feed begin to the left of it.
STICKS_OUT = """(feed) => feed.getBoundingClientRect().left
  - Math.min(...[...feed.children].map((entry) => entry.getBoundingClientRect().left))"""

#: Pixels between the last number of each table and its edge.
LAST_NUMBERS = """(tables) => tables.map((table) => {
  const last = [...table.rows[0].cells].findLast((cell) => cell.innerText);
  return table.getBoundingClientRect().right - last.getBoundingClientRect().right;
})"""


@pytest.fixture(scope="module", autouse=True)
def _elections(shared_server: Server) -> None:
    shared_server.seed(reading.elections)


def test_words_stand_on_the_line_of_control(server: Server, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    for width in (320, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(server.url(COUNCIL))
        expect(page.locator(".bar-label")).to_contain_text("26 for control")
        assert page.evaluate(OFF_THE_LINE) < 2, width


def test_both_leaders_are_named_on_one_line(
    shared_server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    """On a phone held across as well, where their names had no room beside the numbers."""
    night = ServedNight.seeded(shared_server, narrow.house_of_650)
    page = new_context().new_page()
    for width in (390, 490, 560, 640, 768, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(night.url())
        for part in ("strong", ".party"):
            tops = [
                box and box["y"]
                for box in map(Locator.bounding_box, page.locator(f".ends {part}").all())
            ]
            assert tops == [tops[0]] * 2, (part, width)


def test_correction_is_as_wide_as_the_other_entries(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.goto(server.url("/ge/"))
    expect(page.locator(".feed-list > .change")).not_to_have_count(0)
    assert page.locator(".feed-list").evaluate(STICKS_OUT) == 0


def test_result_without_changes_of_share_leaves_no_empty_column(
    server: Server, phone: BrowserContext
) -> None:
    """Where the name of a candidate would have room."""
    page = phone.new_page()
    page.goto(server.url("/locals/feed/"))
    tables = page.locator(".gain-card .bars, .result-card:not(.hold) .bars")
    expect(tables).not_to_have_count(0)
    assert set(tables.evaluate_all(LAST_NUMBERS)) == {0}


def test_what_has_not_come_in_time_is_marked(server: Server, phone: BrowserContext) -> None:
    page = phone.new_page()
    tell_time(page, datetime(2023, 5, 5, 0, 12, tzinfo=UTC))
    for path in ("/locals/", COUNCIL):
        page.goto(server.url(path))
        rows = page.locator(".expected li")
        late = rows.filter(has_text="01:00").locator(".overdue").first
        expect(late).to_have_text("overdue")
        expect(late).to_be_visible()
        expect(rows.filter(has_text="01:20").locator(".overdue").first).to_be_hidden()


def test_lateness_is_marked_with_the_next_bulletin_where_its_script_could_not_be_fetched(
    server: Server, phone: BrowserContext
) -> None:
    page = phone.new_page()
    tell_time(page, datetime(2023, 5, 5, 0, 12, tzinfo=UTC))
    page.route("**/overdue*.js", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/overdue" in request.url):
        page.goto(server.url("/locals/"))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    late = page.locator(".expected li").filter(has_text="01:00").locator(".overdue").first
    expect(late).to_be_hidden()
    page.unroute("**/overdue*.js")
    server.seed(the_night.headline, "locals", "Still counting")
    expect(late).to_be_visible()


def test_map_waits_for_the_table_that_is_above_it(server: Server, desktop: BrowserContext) -> None:
    """Of a page of which half has arrived: that half is drawn, and what follows moves nothing."""
    page = desktop.new_page()
    whole = page.request.get(server.url("/ge/")).text()
    half = whole[: whole.index('<div class="state-of-the-night parties-of-the-night">')]
    page.route(server.url("/ge/"), lambda route: route.fulfill(body=half, content_type="text/html"))
    page.goto(server.url("/ge/"))
    expect(page.locator("#map")).to_be_hidden()
    page.unroute(server.url("/ge/"))
    page.reload()
    expect(page.locator("#map")).to_be_visible()


def test_phone_lists_the_most_frequent_changes(server: Server, desktop: BrowserContext) -> None:
    """The feed comes after them; a link leads to all."""
    page = desktop.new_page()
    page.goto(ServedNight.seeded(server, front.night).url())
    page.evaluate("""() => {
      const flows = document.querySelector("#map-key .flows");
      const row = flows.querySelector("template").content.firstElementChild;
      flows.hidden = false;
      const rows = Array.from({ length: 9 }, () => row.cloneNode(true));
      flows.querySelector("ul").replaceChildren(...rows);
    }""")
    for width, shown in ((390, 6), (1440, 9)):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".flows li:visible")).to_have_count(shown)
        expect(page.locator(".flows a")).to_be_visible()


#: Of each region's squares: pixels to the right of and below the name of the region.
BESIDE_ITS_NAME = """(names) => names.map((name) => {
  const [own, squares] = [name, name.nextElementSibling].map((one) => one.getBoundingClientRect());
  return [squares.left - own.left, Math.round(squares.top - own.bottom)];
})"""


def test_squares_stand_below_the_name_of_their_region(
    server: Server, desktop: BrowserContext
) -> None:
    """Of a House without a map; the key shows squares."""
    night = ServedNight.seeded(server, wall.patterned)
    page = desktop.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(night.url())
    names = page.locator(".tiles-region")
    expect(names).to_have_count(4)
    assert set(map(tuple, names.evaluate_all(BESIDE_ITS_NAME))) == {(0, 4)}
    key = page.locator("#map-key li:visible use").first
    assert key.evaluate("shape => shape.getBBox().width") > 10


#: Of the words in each shape: pixels by which they are wider than it.
WIDER_THAN_ITS_SHAPE = """(shapes) => shapes.map((shape) => {
  const words = document.createRange();
  words.selectNodeContents(shape.querySelector("text") ?? shape);
  const inside = shape.querySelector("use")?.getBoundingClientRect().width ?? shape.clientWidth;
  return words.getBoundingClientRect().width - inside;
})"""


def test_four_capitals_fit_a_square(server: Server, desktop: BrowserContext) -> None:
    night = ServedNight.seeded(server, wall.patterned)
    page = desktop.new_page()
    page.goto(night.url())
    squares = page.locator(".tile")
    squares.evaluate_all("(tiles) => { for (const tile of tiles) tile.textContent = 'SDLP'; }")
    expect(squares).to_have_text(["SDLP"] * 4)
    assert max(squares.evaluate_all(WIDER_THAN_ITS_SHAPE)) <= 0


def test_four_capitals_fit_a_hexagon(still_night: ServedNight, phone: BrowserContext) -> None:
    page = phone.new_page()
    shown = re.compile(re.escape(still_night.url()) + "$")

    def rename(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('data-letters="Lab"', 'data-letters="SDLP"')
        route.fulfill(response=answer, body=body)

    page.route(shown, rename)
    page.goto(still_night.url())
    page.locator("#map").scroll_into_view_if_needed()
    page.get_by_role("button", name="Nearer").click()
    named = page.locator(".lettered .hex[data-party='lab']:has(text)")
    expect(named.first).to_contain_text("SDLP")
    assert max(named.evaluate_all(WIDER_THAN_ITS_SHAPE)) <= 0


#: Whether the figure of a row begins no lower than the words before it end.
FIGURE_IS_BESIDE = """(row) => {
  const find = (part) => row.querySelector(part);
  const [link, words, figure] = ["a", ".outcome", ".majority"].map(find);
  link.textContent = "Burnley";
  words.textContent = "Antony Higginbotham-Rice";
  return figure.getBoundingClientRect().top < words.getBoundingClientRect().bottom;
}"""


def test_long_name_of_a_winner_leaves_the_majority_beside_it(
    still_night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(still_night.url("changes/"))
    assert page.locator(".rows > .row").first.evaluate(FIGURE_IS_BESIDE)
    assert page.evaluate(TOO_WIDE) <= 0


#: The top of each part of the page that has one seat.
TOPS_OF_ONE_SEAT = """() => [...document.querySelectorAll("section:has(.rows)")]
  .filter((section) => section.querySelectorAll(".row").length === 1)
  .map((section) => section.getBoundingClientRect().top)"""


def test_gains_of_one_seat_stand_side_by_side(server: Server, desktop: BrowserContext) -> None:
    """One below another left two thirds of the page empty."""
    page = desktop.new_page()
    page.goto(ServedNight.seeded(server, wall.patterned).url("changes/"))
    first, second, *_others = page.evaluate(TOPS_OF_ONE_SEAT)
    assert first == second
    page.set_viewport_size({"width": 390, "height": 800})
    first, second, *_others = page.evaluate(TOPS_OF_ONE_SEAT)
    assert first < second


@pytest.mark.parametrize(
    "path", ["/house/", "/house/wall/", "/house/vale/", "/mayors/", "/mayors/wall/"]
)
def test_nothing_is_said_to_be_expected_at_a_time_that_has_passed(
    server: Server, desktop: BrowserContext, path: str
) -> None:
    server.seed(reading.awaited)
    page = desktop.new_page()
    words = page.locator(".headline, .seat-head")
    tell_time(page, datetime(2093, 5, 5, 0, 12, tzinfo=UTC))
    page.goto(server.url(path))
    expect(words).to_contain_text("xpected about 01:30")
    tell_time(page, datetime(2093, 5, 5, 0, 31, tzinfo=UTC))
    page.reload()
    expect(words).not_to_contain_text("xpected about")
    if "mayors" in path:
        expect(page.get_by_text("was expected about 01:30").first).to_be_visible()


def test_wall_marks_what_is_overdue(server: Server, desktop: BrowserContext) -> None:
    server.seed(reading.awaited)
    page = desktop.new_page()
    overdue = page.locator(".expected .row").filter(has=page.locator(".overdue:visible"))
    for minute, names in ((35, []), (41, ["Vale"])):
        tell_time(page, datetime(2093, 5, 5, 0, minute, tzinfo=UTC))
        page.goto(server.url("/house/wall/"))
        expect(overdue.locator(".name")).to_have_text(names)


#: Lines of a council's parties that do not begin at its left edge.
INDENTED = """(rows) => rows.flatMap((row) => {
  const edge = row.getBoundingClientRect().left;
  const first = new Map();
  for (const chip of row.querySelectorAll(".chip")) {
    const { top, left } = chip.getBoundingClientRect();
    if (!first.has(top)) first.set(top, left);
  }
  return [...first.values()].filter((left) => left > edge + 2);
})"""
#: The width of the edge around each name on a map, in its letter sizes.
EDGES = """(names) => names.map((name) => {
  const { strokeWidth, fontSize } = getComputedStyle(name);
  return parseFloat(strokeWidth) / parseFloat(fontSize);
})"""


def test_parties_of_a_council_begin_at_its_edge(server: Server, desktop: BrowserContext) -> None:
    """Also in a second line."""
    night = ServedNight.seeded(server, narrow.councils_late)
    page = desktop.new_page()
    page.goto(night.url())
    for width in (320, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".row.council").evaluate_all(INDENTED) == [], width


def test_second_line_of_a_name_covers_no_part_of_the_first_on_a_small_map(
    server: Server, desktop: BrowserContext
) -> None:
    """Lines are 1.05 letter sizes apart, and the edge of paper is drawn under the second."""
    night = ServedNight.seeded(server, narrow.house_of_650)
    page = desktop.new_page()
    page.goto(night.url())
    edges = page.locator(".map-labels text").evaluate_all(EDGES)
    assert edges
    assert max(edges) <= 0.3


def test_first_ward_of_several_councils_moves_nothing(
    server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(server, reading.two_councils)
    page = phone.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    expect(page.locator("table.defending")).to_be_visible()
    server.seed(reading.declare_ward, night.slug)
    expect(page.locator("#progress")).to_contain_text("1 of 34 wards")
    expect(page.locator("table.defending")).to_have_count(0)
    expect(page.locator(".feed-list .card")).not_to_have_count(0)
    assert page.evaluate(SHIFTS) == []

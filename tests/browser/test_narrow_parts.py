"""Parts of readers' pages that have little room: nothing in them is cut."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from results.live.night_line import TURNS, TURNS_WHERE_WIDE
from tests.browser.fit import SPACED, STYLE, problems
from tests.seeds import front, narrow
from tests.served_night import ServedNight
from tests.servers import Server

#: The texts of elements that are cut by the row that they stand in.
CUT_BY_ROW = """(rows) => rows.flatMap((row) => {
  const whole = row.getBoundingClientRect();
  return [...row.children].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.height && (box.top < whole.top - 1 || box.bottom > whole.bottom + 1
      || box.right > whole.right + 1);
  }).map((part) => part.innerText);
})"""
#: Pixels by which the last label ends beyond the page.
BEYOND = """(labels) => Math.max(...labels.map((label) =>
  label.getBoundingClientRect().right - document.documentElement.clientWidth))"""
WIDEST = "(labels) => Math.max(...labels.map((label) => label.getComputedTextLength()))"
#: Make a chart as it is from TURNS on: the server writes long names shorter.
LATE = """(line) => {
  line.classList.add("late");
  for (const name of line.querySelectorAll(".whole")) name.remove();
  for (const name of line.querySelectorAll(".short")) name.style.display = "inline";
}"""
#: Pixels of a table out of sight.
HIDDEN = "(around) => around.scrollWidth - around.clientWidth"
#: Pixels between the words of two elements, in reading order on one line or from line to line.
GAPS = """(parts) => parts.map((part) => {
  const box = (node) => {
    const words = document.createRange();
    words.selectNodeContents(node);
    return words.getBoundingClientRect();
  };
  const [one, other] = [box(part), box(part.nextElementSibling)];
  return Math.max(other.left - one.right, other.top - one.bottom);
})"""

#: Rows of which two texts lie over each other, or that reach beyond the page.
OVERLAID = """(rows) => rows.filter((row) => {
  const boxes = [...row.children].map((part) => {
    const words = document.createRange();
    words.selectNodeContents(part);
    return words.getBoundingClientRect();
  });
  return boxes.some((one, at) => one.right > innerWidth + 1 || boxes.slice(at + 1).some((other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4));
}).map((row) => row.innerText)"""


@pytest.mark.parametrize("width", [240, 280, 320])
def test_wards_stand_beside_their_figures(
    server: Server, desktop: BrowserContext, width: int
) -> None:
    """A phone of 360 pixels whose reader has letters of half the size more has 240 of these."""
    night = ServedNight.seeded(server, narrow.councils_early)
    page = desktop.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(night.url("seats/"))
    rows = page.locator(".row.ward")
    expect(rows.locator("visible=true").first).to_be_visible()
    assert rows.evaluate_all(OVERLAID) == []


#: Texts of a page's masthead and headings that reach beyond the page.
BEYOND_PAGE = """(parts) => parts.filter((part) => {
  const words = document.createRange();
  words.selectNodeContents(part);
  return words.getBoundingClientRect().right > innerWidth + 1;
}).map((part) => part.innerText)"""


def test_masthead_and_headings_are_whole_in_letters_of_twice_the_size(
    server: Server, desktop: BrowserContext
) -> None:
    """A phone of 390 pixels has 195 of these then."""
    night = ServedNight.seeded(server, narrow.councils_early)
    page = desktop.new_page()
    page.set_viewport_size({"width": 195, "height": 800})
    for path in ("", "feed/", "records/"):
        page.goto(night.url(path))
        expect(page.locator("#connection-status .state")).to_have_text("Live")
        parts = page.locator(".masthead :is(.title, .occasion, .connection-status), h1, h3")
        assert parts.locator("visible=true").evaluate_all(BEYOND_PAGE) == [], path


@pytest.mark.parametrize("width", [280, 320, 390, 768, 1440])
def test_names_stand_beside_many_seats(server: Server, desktop: BrowserContext, width: int) -> None:
    """A region's list has seven seats or eleven, of which each has a mark in the row."""
    night = ServedNight.seeded(server, narrow.assembly)
    page = desktop.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(night.url("seats/"))
    rows = page.locator(".row.ward").filter(has=page.locator("i:nth-child(7)"))
    expect(rows.locator("visible=true").first).to_be_visible()
    assert rows.evaluate_all(OVERLAID) == []
    assert problems(page) == []


@pytest.mark.parametrize("width", [240, 320, 390, 768, 900, 1024, 1440])
def test_ward_expected_next_is_whole_beside_its_council(
    server: Server, desktop: BrowserContext, width: int
) -> None:
    night = ServedNight.seeded(server, narrow.councils_early)
    page = desktop.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(night.url())
    rows = page.locator(".expected li")
    expect(rows).to_have_count(5)
    assert rows.evaluate_all(CUT_BY_ROW) == []
    assert rows.evaluate_all(OVERLAID) == []


def test_long_name_of_a_party_ends_on_the_phone(server: Server, phone: BrowserContext) -> None:
    """Beside the line of the night; in Welsh the Liberal Democrats have the longest name."""
    night = ServedNight.seeded(server, narrow.councils_late)
    page = phone.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(server.url(f"/cy{night.path}"))
    labels = page.locator(".line [data-party] text")
    expect(labels.first).to_be_visible()
    assert labels.evaluate_all(BEYOND) <= 0


def test_name_of_a_party_has_room_wherever_its_line_ends(
    server: Server, desktop: BrowserContext
) -> None:
    """Right of a line that has not turned, with a reader's own spacing of text."""
    night = ServedNight.seeded(server, narrow.councils_late)
    page = desktop.new_page()
    page.goto(server.url(f"/cy{night.path}"))
    page.evaluate(STYLE, SPACED)
    labels = page.locator(".line [data-party] text")
    expect(labels.first).to_be_visible()
    for width in (320, 390, 500, 580, 768, 990, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        widest, chart = labels.evaluate_all(WIDEST), page.locator(".line").bounding_box()
        assert chart is not None
        assert widest + 10 <= chart["width"] * (1 - TURNS), width
    page.locator(".line").evaluate(LATE)
    for width in (1200, 1440):  # from 75rem on, as in night_line.css
        page.set_viewport_size({"width": width, "height": 800})
        widest, chart = labels.evaluate_all(WIDEST), page.locator(".line").bounding_box()
        assert chart is not None
        assert widest + 10 <= chart["width"] * (1 - TURNS_WHERE_WIDE), width


@pytest.mark.parametrize("width", [320, 390])
def test_table_of_a_referendum_has_every_figure_on_the_phone(
    server: Server, phone: BrowserContext, width: int
) -> None:
    """A number of which the last digit is out of sight is another number."""
    night = ServedNight.seeded(server, narrow.referendum)
    page = phone.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server.url(f"/cy{night.path}"))
    table = page.locator(".wide-table")
    expect(table).to_be_visible()
    assert table.evaluate(HIDDEN) == 0


@pytest.mark.parametrize("seed", [front.night, narrow.councils_late])
def test_scoreboard_is_whole_in_a_frame_as_narrow_as_a_column(
    server: Server, desktop: BrowserContext, seed: Callable[[str], object]
) -> None:
    night = ServedNight.seeded(server, seed)
    page = desktop.new_page()
    page.goto(night.embed_url("scoreboard"))
    expect(page.locator(".parties").first).to_contain_text("Conservative")
    for width in (264, 280):
        page.set_viewport_size({"width": width, "height": 800})
        assert problems(page) == [], width


@pytest.mark.parametrize("width", [320, 768])
def test_numbers_of_allocated_seats_stand_apart_from_their_lists(
    server: Server, desktop: BrowserContext, width: int
) -> None:
    night = ServedNight.seeded(server, narrow.lists)
    page = desktop.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(night.url())
    page.goto(server.url(str(page.locator(".card .kind ~ a").first.get_attribute("href"))))
    page.locator(".allocation summary").click()
    numbers = page.locator(".allocation tr > :first-child")
    expect(numbers).to_have_count(7)
    assert min(numbers.evaluate_all(GAPS)) >= 6


def test_last_time_stands_apart_from_the_place_of_the_count(
    server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(server, narrow.mayors)
    page = phone.new_page()
    page.goto(night.url())
    page.goto(server.url(str(page.locator("p.small > a").first.get_attribute("href"))))
    venue = page.locator(".about > p.small")
    expect(venue).to_contain_text("Counted at")
    assert min(venue.evaluate_all(GAPS)) >= 10

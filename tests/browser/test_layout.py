"""Where parts of readers' pages stand, and what is marked in them."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS
from tests.seeds import reading, the_night
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


def test_correction_is_as_wide_as_the_other_entries(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.goto(server.url("/ge/"))
    expect(page.locator(".feed-list > .change")).not_to_have_count(0)
    assert page.locator(".feed-list").evaluate(STICKS_OUT) == 0


def test_what_has_not_come_in_time_is_marked(server: Server, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.clock.set_fixed_time(datetime(2023, 5, 5, 0, 12, tzinfo=UTC))
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
    page.clock.set_fixed_time(datetime(2023, 5, 5, 0, 12, tzinfo=UTC))
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


@pytest.mark.parametrize(
    "path", ["/house/", "/house/wall/", "/house/vale/", "/mayors/", "/mayors/wall/"]
)
def test_nothing_is_said_to_be_expected_at_a_time_that_has_passed(
    server: Server, desktop: BrowserContext, path: str
) -> None:
    server.seed(reading.awaited)
    page = desktop.new_page()
    words = page.locator(".headline, .seat-head")
    page.clock.set_fixed_time(datetime(2093, 5, 5, 0, 12, tzinfo=UTC))
    page.goto(server.url(path))
    expect(words).to_contain_text("xpected about 01:30")
    page.clock.set_fixed_time(datetime(2093, 5, 5, 0, 31, tzinfo=UTC))
    page.reload()
    expect(words).not_to_contain_text("xpected about")
    if "mayors" in path:
        expect(page.get_by_text("was expected about 01:30").first).to_be_visible()


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

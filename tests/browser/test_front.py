"""The live page under a reader's hands: reading on, pausing, finding, keeping, the map."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.servers import Server

SEED = """
from tests import nights
night = nights.election()
people = [("Ann Hall", "con"), ("Bob Rice", "lab"), ("Cy Green", "green")]
for number in range(30):
    seat = nights.contest(
        night, f"Vale {number:02}", people, region="East" if number % 2 else "West",
        last={"lab": 9000, "con": 8000, "green": 500}, hex_q=number % 6, hex_r=number // 6)
    if number < 12:
        nights.declare(seat, 9000 + number, 8000, 700)
nights.contest(night, "Ynys Môn", people, hex_q=-3, hex_r=2)
"""
DECLARE = """
from results import desk
from tests import nights
from results.models import Contest
for slug in {slugs}:
    seat = Contest.objects.get(slug=slug)
    desk.declare(seat, nights.figures(seat, 21000, 9000, 300, electorate=45000), key=slug,
                 by=nights.user(), warning_reason="As read out.")
"""


@pytest.fixture
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    with make_desk() as desk:
        desk.python(SEED)
        yield desk


def declare(server: Server, *slugs: str) -> None:
    server.python(DECLARE.format(slugs=slugs))


@pytest.fixture
def page(server: Server, desktop: BrowserContext) -> Page:
    return opened(server, desktop, "/ge/")


def opened(server: Server, context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(server.url(path))
    expect(page.locator("#sign-of-life .state")).to_have_text("Live")
    return page


def test_what_is_new_waits_while_somebody_reads(server: Server, page: Page) -> None:
    third = page.locator("#feed > *").nth(6)
    third.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#feed > :nth-child(7)').scrollIntoView()")
    before = third.bounding_box()
    declare(server, "vale-20")
    pill = page.get_by_role("button", name="1 new")
    expect(pill).to_be_visible()
    declare(server, "vale-21")
    pill = page.get_by_role("button", name="2 new")
    expect(pill).to_be_visible()
    assert third.bounding_box()["y"] == pytest.approx(
        before["y"], abs=60
    )  # the button's own height
    assert page.locator("#result-vale-20").count() == 0
    pill.click()
    expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-21")
    expect(page.locator(".pill")).to_have_count(0)


def test_a_paused_page_stays_at_its_number_and_counts(server: Server, page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    declare(server, "vale-20")
    declare(server, "vale-21")
    resume = page.get_by_role("button", name="Resume (2)")
    expect(resume).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("12 of 31 declared")
    resume.click()
    expect(page.locator("#progress")).to_contain_text("14 of 31 declared")
    expect(page.locator("#sign-of-life .sequence")).to_have_text("14")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_list_follows_the_night(server: Server, desktop: BrowserContext) -> None:
    page = opened(server, desktop, "/ge/changes/")
    page.evaluate("window.neverReloaded = true")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 seats have changed hands")
    declare(server, "vale-20")
    expect(page.get_by_role("heading", level=1)).to_have_text("13 seats have changed hands")
    assert page.evaluate("window.neverReloaded")


def test_a_seat_is_found_as_one_types(page: Page) -> None:
    field = page.get_by_label("Find a seat")
    field.fill("mon")
    answers = page.locator("#find-answers .row")
    expect(answers).to_have_count(1)
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ynys Môn")


def test_my_seats_stay_in_this_browser_and_change(server: Server, page: Page) -> None:
    page.locator("#seats summary").first.click()  # thirty-one seats: open already, so this closes
    page.locator("#seats summary").first.click()
    page.get_by_role("button", name="Keep among my seats: Vale 21").click()
    mine = page.get_by_role("region", name="My seats")
    expect(mine).to_contain_text("Vale 21")
    page.reload()
    expect(mine).to_contain_text("Vale 21")
    declare(server, "vale-21")
    expect(mine).to_contain_text("Con gain from Lab")
    alert = page.locator(".seat-alert")
    expect(alert).to_contain_text("Vale 21")
    alert.get_by_role("button", name="Close").click()
    expect(alert).to_have_count(0)
    page.get_by_role("link", name="My seats").click()
    expect(page.locator("#result-vale-21")).to_be_visible()
    expect(page.locator(".card")).to_have_count(1)
    page.go_back()


def test_the_map_by_keyboard(server: Server, page: Page) -> None:
    first = page.locator(".hex[tabindex='0']")
    expect(first).to_have_count(1)
    first.focus()
    expect(page.locator("#map-caption a")).to_have_text("Ynys Môn")
    start = page.evaluate("document.activeElement.id")
    page.keyboard.press("ArrowRight")
    moved = page.evaluate("document.activeElement.id")
    assert moved != start
    expect(page.locator(".hex[tabindex='0']")).to_have_count(1)
    slug = moved.removeprefix("hex-")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ge/{slug}/")


def test_a_hexagon_takes_the_winners_colour_and_keeps_the_focus(server: Server, page: Page) -> None:
    page.locator("#hex-vale-20").evaluate("hex => hex.focus()")
    declare(server, "vale-20")
    expect(page.locator("#hex-vale-20")).to_have_attribute("data-party", "con")
    assert page.evaluate("document.activeElement.id") == "hex-vale-20"
    expect(page.locator("#hex-vale-20")).to_have_attribute(
        "aria-label", "Vale 20 · Con gain from Lab · 12,000"
    )


def test_a_finger_asks_first_and_opens_then(server: Server, phone: BrowserContext) -> None:
    page = opened(server, phone, "/ge/")
    page.locator("#hex-vale-05").tap()
    expect(page.locator("#map-caption a")).to_contain_text("Vale 05")
    page.locator("#hex-vale-05").tap()
    page.wait_for_url("**/ge/vale-05/")


def test_a_screen_on_a_wall(server: Server, desktop: BrowserContext) -> None:
    page = opened(server, desktop, "/ge/?display=screen")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".find")).to_be_hidden()
    overflow = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert overflow <= 0


def test_a_phone_and_a_desktop_agree_with_fresh_pages_at_the_end(
    server: Server, phone: BrowserContext, desktop: BrowserContext
) -> None:
    pages = [opened(server, context, "/ge/") for context in (phone, desktop)]
    declare(server, *(f"vale-{number:02}" for number in range(12, 30)))
    for page in pages:
        expect(page.locator("#sign-of-life .sequence")).to_have_text("30")
        expect(page.locator(".fresh")).to_have_count(0)
    shown = """() => [...document.querySelectorAll("main [id]")]
        .filter((one) => !one.matches(".mine, .mine *, #map-caption, #find-answers"))
        .map((one) => [one.id, one.textContent.replace(/\\s+/g, " ")])"""
    first, second = (page.evaluate(shown) for page in pages)
    assert first == second
    pages[0].reload()
    expect(pages[0].locator("#sign-of-life .state")).to_have_text("Live")
    assert pages[0].evaluate(shown) == second


HOST = """<!doctype html><title>A newspaper</title><h1>Our own page</h1>
<iframe src="{desk}/embed/ge/scoreboard/" title="Seats" data-election-desk width="600"
 height="50"></iframe>
<script async src="{desk}/static/reader/embedding.js"></script>"""


@pytest.fixture
def newspaper() -> Iterator[Callable[[str], str]]:
    """A page of another site, on an origin of its own; gives its address."""
    sites = []

    def publish(text: str) -> str:
        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_words: object) -> None:
                pass

        site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        Thread(target=site.serve_forever, daemon=True).start()
        sites.append(site)
        return f"http://127.0.0.1:{site.server_port}/"

    yield publish
    for site in sites:
        site.shutdown()
        site.server_close()


def test_an_embed_in_another_sites_page_is_live_and_as_tall_as_it_needs(
    server: Server, desktop: BrowserContext, newspaper: Callable[[str], str]
) -> None:
    page = desktop.new_page()
    page.goto(newspaper(HOST.format(desk=server.origin)))
    inside = page.frame_locator("iframe")
    expect(inside.locator("#progress")).to_contain_text("12 of 31 declared")
    expect(inside.locator("#sign-of-life .state")).to_have_text("Live")
    page.wait_for_function("Number(document.querySelector('iframe').height) > 300")
    declare(server, "vale-20")
    expect(inside.locator("#progress")).to_contain_text("13 of 31 declared")


def test_a_list_that_grows_above_what_is_read_stays_where_it_is(
    server: Server, desktop: BrowserContext
) -> None:
    page = opened(server, desktop, "/ge/feed/")
    page.evaluate("scrollTo(0, document.getElementById('result-vale-05').offsetTop - 200)")
    top = "document.getElementById('result-vale-05').getBoundingClientRect().top"
    before = page.evaluate(top)
    declare(server, "vale-20", "vale-21")
    expect(page.locator("#result-vale-21")).to_be_attached()
    assert abs(page.evaluate(top) - before) < 1  # whole pixels are all that a page scrolls by

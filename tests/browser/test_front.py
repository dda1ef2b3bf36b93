"""The live page under a reader's hands: reading on, pausing, finding, keeping, the map."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.served_night import ServedNight


@pytest.fixture
def page(night: ServedNight, desktop: BrowserContext) -> Page:
    return opened(night, desktop)


def opened(night: ServedNight, context: BrowserContext, path: str = "") -> Page:
    page = context.new_page()
    page.goto(night.url(path))
    expect(page.locator("#sign-of-life .state")).to_have_text("Live")
    return page


def test_what_is_new_waits_while_somebody_reads(night: ServedNight, page: Page) -> None:
    third = page.locator("#feed > *").nth(6)
    third.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#feed > :nth-child(7)').scrollIntoView()")
    before = third.bounding_box()
    night.declare("vale-20")
    pill = page.get_by_role("button", name="1 new")
    expect(pill).to_be_visible()
    night.declare("vale-21")
    pill = page.get_by_role("button", name="2 new")
    expect(pill).to_be_visible()
    after = third.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=60)  # the button's own height
    assert page.locator("#result-vale-20").count() == 0
    pill.click()
    expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-21")
    expect(page.locator(".new-entries")).to_have_count(0)


def test_a_paused_page_stays_at_its_number_and_counts(night: ServedNight, page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    night.declare("vale-20")
    night.declare("vale-21")
    resume = page.get_by_role("button", name="Resume (2)")
    expect(resume).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("12 of 31 declared")
    resume.click()
    expect(page.locator("#progress")).to_contain_text("14 of 31 declared")
    expect(page.locator("#sign-of-life .sequence")).to_have_text("14")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_list_follows_the_night(night: ServedNight, desktop: BrowserContext) -> None:
    page = opened(night, desktop, "changes/")
    page.evaluate("window.neverReloaded = true")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 seats have changed hands")
    night.declare("vale-20")
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


def test_my_seats_stay_in_this_browser_and_change(night: ServedNight, page: Page) -> None:
    page.locator("#seats summary").first.click()  # thirty-one seats: open already, so this closes
    page.locator("#seats summary").first.click()
    page.get_by_role("button", name="Keep among my seats: Vale 21").click()
    mine = page.get_by_role("region", name="My seats")
    expect(mine).to_contain_text("Vale 21")
    page.reload()
    expect(mine).to_contain_text("Vale 21")
    night.declare("vale-21")
    expect(mine).to_contain_text("Con gain from Lab")
    alert = page.locator(".seat-alert")
    expect(alert).to_contain_text("Vale 21")
    alert.get_by_role("button", name="Close").click()
    expect(alert).to_have_count(0)
    page.get_by_role("link", name="My seats").click()
    expect(page.locator("#result-vale-21")).to_be_visible()
    expect(page.locator(".card")).to_have_count(1)
    page.go_back()


def test_the_map_by_keyboard(night: ServedNight, page: Page) -> None:
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
    page.wait_for_url(f"**{night.path}{slug}/")


def test_a_hexagon_takes_the_winners_colour_and_keeps_the_focus(
    night: ServedNight, page: Page
) -> None:
    page.locator("#hex-vale-20").evaluate("hex => hex.focus()")
    night.declare("vale-20")
    expect(page.locator("#hex-vale-20")).to_have_attribute("data-party", "con")
    assert page.evaluate("document.activeElement.id") == "hex-vale-20"
    expect(page.locator("#hex-vale-20")).to_have_attribute(
        "aria-label", "Vale 20 · Con gain from Lab · 12,000"
    )


def test_a_finger_asks_first_and_opens_then(night: ServedNight, phone: BrowserContext) -> None:
    page = opened(night, phone)
    page.locator("#hex-vale-05").tap()
    expect(page.locator("#map-caption a")).to_contain_text("Vale 05")
    page.locator("#hex-vale-05").tap()
    page.wait_for_url(f"**{night.path}vale-05/")


def test_a_screen_on_a_wall(night: ServedNight, desktop: BrowserContext) -> None:
    page = opened(night, desktop, "?display=screen")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".find")).to_be_hidden()
    overflow = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert overflow <= 0


def test_a_phone_and_a_desktop_agree_with_fresh_pages_at_the_end(
    night: ServedNight, phone: BrowserContext, desktop: BrowserContext
) -> None:
    pages = [opened(night, context) for context in (phone, desktop)]
    night.declare(*(f"vale-{number:02}" for number in range(12, 30)))
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


def test_a_list_that_grows_above_what_is_read_stays_where_it_is(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = opened(night, desktop, "feed/")
    page.evaluate("scrollTo(0, document.getElementById('result-vale-05').offsetTop - 200)")
    top = "document.getElementById('result-vale-05').getBoundingClientRect().top"
    before = page.evaluate(top)
    night.declare("vale-20", "vale-21")
    expect(page.locator("#result-vale-21")).to_be_attached()
    assert abs(page.evaluate(top) - before) < 1  # whole pixels are all that a page scrolls by

"""A reader is told of what they follow: each once, over reconnects and across tabs."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS
from tests.chromium import wait_for
from tests.served_night import ServedNight


def alerts(page: Page) -> Locator:
    return page.get_by_role("log", name="Following").get_by_role("listitem")


def follow_on_page(page: Page, night: ServedNight) -> None:
    """Follow a party and a seat on the page of what is followed."""
    page.goto(night.url("following/"))
    expect(page.get_by_text("None. Find one")).to_be_visible()
    page.get_by_role("button", name="Labour").click()
    page.evaluate(f"localStorage.setItem('seats-{night.slug}', '[\"vale-20\"]')")
    page.reload()
    expect(page.get_by_role("button", name="Labour")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Stop following Vale 20")).to_be_visible()
    # From here on there are alerts.
    page.wait_for_function(f"() => localStorage['told-{night.slug}']")


def test_alerts_once_and_stops_after_unfollowing(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    follow_on_page(page, night)
    page.goto(night.url())
    expect(page.locator("#mine")).to_be_visible()
    # Both while nothing connects: the seat, and a seat that the party loses.
    desktop.set_offline(True)
    night.declare("vale-20", "vale-21")
    desktop.set_offline(False)
    expect(alerts(page)).to_have_count(2)
    texts = alerts(page).all_inner_texts()
    assert [("Vale 20" in text, "Vale 21" in text) for text in texts] == [
        (True, False),
        (False, True),
    ]
    # A second tab, and the same page again, have nothing to tell.
    other = desktop.new_page()
    other.goto(night.url())
    night.declare("vale-22")  # a gain from the party: told in one of the two tabs
    wait_for(page, lambda: alerts(page).count() + alerts(other).count() == 3)
    page.reload()
    expect(page.locator("#mine")).to_be_visible()
    assert alerts(page).count() == 0
    page.goto(night.url("following/"))
    page.get_by_role("button", name="Stop following Vale 20").click()
    expect(page.get_by_text("None. Find one")).to_be_visible()
    assert page.evaluate(f"localStorage.getItem('seats-{night.slug}')") == "[]"


def test_alerts_only_of_what_is_published_after_following_again(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    follow_on_page(page, night)
    for name in ("Stop following Vale 20", "Labour"):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name="Labour")).to_have_attribute("aria-pressed", "false")
    page.goto("about:blank")
    night.declare("vale-20", "vale-21")
    page.goto(night.url("following/"))
    page.get_by_role("button", name="Labour").click()
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    night.declare("vale-22")
    expect(alerts(page)).to_contain_text(["Vale 22"])
    expect(alerts(page)).to_have_count(1)


def test_list_of_what_is_followed_shows_its_result(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    follow_on_page(page, night)
    expect(page.locator("#followed-list")).not_to_contain_text("Lab")
    night.declare("vale-20")
    expect(page.locator("#followed-list")).to_contain_text("Lab")


def test_addresses_of_many_followed_seats_are_short_enough(
    still_night: ServedNight, desktop: BrowserContext
) -> None:
    """nginx refuses those of more than 4,000 characters."""
    page = desktop.new_page()
    page.goto(still_night.url())
    slugs = ["vale-20", *(f"vale-of-the-long-name-{number}" for number in range(300))]
    page.evaluate(
        "([key, slugs]) => { localStorage[key] = JSON.stringify(slugs); }",
        [f"seats-{still_night.slug}", slugs],
    )
    page.goto(still_night.url("feed/"))
    mine = page.locator(".filters .of-mine")
    expect(mine).to_be_visible()
    assert len(mine.evaluate("link => link.href")) < 4_000
    with page.expect_request(lambda request: "following/?seats=" in request.url) as asked:
        page.goto(still_night.url("following/"))
    assert len(asked.value.url) < 4_000
    expect(page.get_by_role("button", name="Stop following Vale 20")).to_be_visible()


def test_nothing_moves_when_the_buttons_come(
    still_night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    for path, name in (("parties/lab/", "Follow Labour"), ("following/", "Labour")):
        page.goto(still_night.url(path))
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        expect(page.locator("#connection-status .state")).to_have_text("Live")
        assert page.evaluate(SHIFTS) == [], path


ROOM_BELOW = """() => document.querySelector(".masthead").getBoundingClientRect().bottom
    - document.querySelector("#connection-status button").getBoundingClientRect().bottom"""


def test_pause_stands_off_the_line_below_it(
    still_night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(still_night.url("following/"))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    for width in (320, 390, 479):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(ROOM_BELOW) >= 4, width

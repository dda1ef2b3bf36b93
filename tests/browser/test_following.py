"""A reader is told of what they follow: each once, over reconnects and across tabs."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

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


def test_told_of_a_seat_and_a_party_once_and_lets_go(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    follow_on_page(page, night)
    page.goto(night.url())
    expect(page.locator("#mine")).to_be_visible()
    # While nothing connects, two things happen: the seat, and a seat that the party loses.
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
    night.declare("vale-22")  # a gain from the party: told in the tab that is seen, and only there
    page.bring_to_front()
    other_told = alerts(other).count()
    expect(alerts(page)).to_have_count(3 - other_told)
    page.reload()
    expect(page.locator("#mine")).to_be_visible()
    assert alerts(page).count() == 0
    # Nothing at the end of the page, nor what has the focus, is under the alerts.
    page.goto(night.url("following/"))
    page.get_by_role("button", name="Stop following Vale 20").click()
    expect(page.get_by_text("None. Find one")).to_be_visible()
    assert page.evaluate(f"localStorage.getItem('seats-{night.slug}')") == "[]"


def test_list_of_what_is_followed_shows_its_result(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    follow_on_page(page, night)
    expect(page.locator("#followed-list")).not_to_contain_text("Lab")
    night.declare("vale-20")
    expect(page.locator("#followed-list")).to_contain_text("Lab")

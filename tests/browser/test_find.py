"""Finding a seat from the live page."""

import re

from playwright.sync_api import Page, expect


def test_misspelt_seat_is_offered_and_leads_to_its_page(still_page: Page) -> None:
    box = still_page.locator("form.find #find")
    box.fill("Valle 20")
    box.press("Enter")
    expect(still_page.get_by_text("No seat here answers to “Valle 20”.")).to_be_visible()
    meant = still_page.get_by_role("heading", name="Did you mean one of these?")
    expect(meant).to_be_visible()
    still_page.get_by_role("link", name="Vale 20").first.click()
    expect(still_page).to_have_url(re.compile("/vale-20/$"))

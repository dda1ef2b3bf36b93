"""A correction that is being typed while the desk corrects the same result."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.phone_page import open_count
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.fixture
def night(server: Server) -> ServedNight:
    night = ServedNight.seeded(server, seeds.night)
    server.seed(seeds.declare_elsewhere, night.slug)
    return night


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """Without a service worker, which shows an earlier page where the server is slow."""
    return new_context(**PHONE, service_workers="block")


@pytest.fixture
def page(night: ServedNight, phone: BrowserContext) -> Page:
    page = open_count(phone.new_page(), night)
    open_correction(page)
    return page


def open_correction(page: Page) -> None:
    expect(page.locator("#strip")).to_be_visible()
    page.get_by_text("Ask the desk for a correction").click()


def box(page: Page, name: str) -> Locator:
    return page.locator("#ask").get_by_role("textbox", name=name)


def test_draft_keeps_the_desks_newer_figures_in_both_tabs(
    night: ServedNight, phone: BrowserContext, page: Page
) -> None:
    box(page, "Ann Labour").fill("21005")
    box(page, "What is wrong").fill("The officer read it again.")
    night.server.seed(seeds.correct_elsewhere, night.slug, 21010, 9010)
    second = phone.new_page()
    second.goto(page.url)
    newer = second.locator("[data-newer]")
    expect(newer).to_contain_text("Ann: 21010 is published now; you had 21005.")
    expect(newer).to_contain_text("Bob: 9010 is published now; it was 9000.")
    expect(box(second, "Ann Labour")).to_have_value("21010")
    expect(box(second, "Bob Conservative")).to_have_value("9010")
    expect(box(second, "What is wrong")).to_have_value("The officer read it again.")
    newer.get_by_role("button", name="Put back what I had typed").click()
    expect(box(second, "Ann Labour")).to_have_value("21005")
    expect(box(second, "Bob Conservative")).to_have_value("9010")
    # The first tab still has the older figures: what it sends comes back, and is asked about.
    page.locator("#ask").get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("heading", name="there is something to put right")).to_be_visible()
    expect(page.locator("[data-receipt]")).to_contain_text("Bob: 9,010 is published now")
    assert night.server.seed(seeds.waiting, night.slug) == []
    page.get_by_role("button", name="Put it right").click()
    expect(box(page, "Bob Conservative")).to_have_value("9010")
    page.get_by_role("button", name="Put back what I had typed").click()
    expect(box(page, "Ann Labour")).to_have_value("21005")
    page.locator("#ask").get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")
    assert night.server.seed(seeds.asked_figures, night.slug) == [21005, 9010]


def test_correction_sent_without_a_signal_asks_before_it_overtakes_the_desk(
    night: ServedNight, phone: BrowserContext, page: Page
) -> None:
    phone.set_offline(True)
    box(page, "Ann Labour").fill("21005")
    box(page, "What is wrong").fill("The officer read it again.")
    page.locator("#ask").get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    night.server.seed(seeds.correct_elsewhere, night.slug, 21000, 9010)
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="there is something to put right")).to_be_visible()
    page.get_by_role("button", name="Put it right").click()
    expect(box(page, "Ann Labour")).to_have_value("21005")
    expect(box(page, "Bob Conservative")).to_have_value("9010")
    expect(page.locator("[data-newer]")).to_contain_text("Bob: 9010 is published now; it was 9000.")
    assert night.server.seed(seeds.waiting, night.slug) == []

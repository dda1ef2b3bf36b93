"""Outcomes of submissions are pushed to the phone: one night of everything the desk may do."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_elsewhere import bulletins, check, declare, open_count, type_figures
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], night: ServedNight) -> Page:
    """The page of a count whose timers never fire: it asks only when it is told to."""
    context = new_context(**PHONE, service_workers="block")
    context.clock.install()
    context.clock.pause_at("2100-01-01")
    return open_count(context, night)


def test_what_the_desk_does_is_on_the_phone_before_it_asks(page: Page, night: ServedNight) -> None:
    seed, slug = night.server.seed, night.slug
    strip, receipt = page.locator("#strip"), page.locator("[data-receipt]")

    def says(text: str) -> None:
        expect(strip).to_contain_text(text)

    seed(seeds.with_second_person, slug)
    declare(page, "21000", "9000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")
    seed(seeds.confirm_waiting, slug)
    # The receipt is on the screen, and so no news for the line at the top.
    expect(receipt).to_contain_text(re.compile("Published .* bulletin 1"))
    says("bulletin 1: Elsewhere, the result")
    seed(seeds.withdraw_elsewhere, slug)
    expect(receipt).to_contain_text(re.compile("Withdrawn .* bulletin 2"))
    seed(seeds.write_to_reporters, slug)
    page.get_by_role("link", name="Outbox").click()
    message = page.locator("main [data-messages]")
    expect(message).to_contain_text("Which hall are you in?")
    seed(seeds.postpone_elsewhere, slug)
    says("The poll here is postponed")
    seed(seeds.take_elsewhere_away, slug)
    says("You are not sent to this count any more")
    other_tab = page.context.new_page()
    other_tab.goto(night.server.url("/count/"))
    other_tab.get_by_role("button", name="Sign out").click()
    expect(other_tab.get_by_role("heading", level=1)).to_be_visible()
    says("You are signed out")


def test_a_closed_night_is_asked_about_before_anything_is_sent(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    """A result typed without a signal, and the night closed meanwhile."""
    context = new_context(**PHONE, service_workers="block")
    page = open_count(context, night)
    type_figures(page, "21000", "9000")
    check(page)
    context.set_offline(True)
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    night.server.seed(seeds.close_night, night.slug)
    context.set_offline(False)
    expect(page.get_by_role("heading", name="Not sent: look first")).to_be_visible()
    strip = page.locator("#strip")
    expect(strip).to_contain_text("Not sent: Elsewhere, the result. The desk asks you something.")
    expect(strip).to_contain_text("The night is closed: only the desk publishes now.")
    asked = page.locator("[data-receipt] [data-part=stopped]")
    expect(asked).to_contain_text("The night was closed before this arrived.")
    assert night.server.seed(seeds.waiting, night.slug) == []
    page.get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")
    expect(page.locator("[data-receipt] [data-part=line]")).to_contain_text("which decides")
    assert night.server.seed(seeds.waiting, night.slug) == ["result"]
    assert bulletins(night) == []

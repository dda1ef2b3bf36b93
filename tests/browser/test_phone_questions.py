"""What the desk asks of a result that arrives late: a reason, or which of two is right."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import open_north, sign_in, strip, type_north
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(night: ServedNight, new_context: Callable[..., BrowserContext]) -> Page:
    """Without a service worker, which shows an earlier page where the server is slow."""
    return open_north(night, new_context(**PHONE, service_workers="block"))


def declare_what_needs_a_reason(night: ServedNight, page: Page) -> None:
    """Declare, without signal, a result for which the server asks for a reason."""
    night.server.seed(seeds.without_second_person, night.slug)
    type_north(page, **{"Turnout as announced": "78.1", "Electorate": "75162"})
    page.get_by_role("button", name="Check the result").click()
    expect(page.get_by_role("button", name="Declare Islington North")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Declare Islington North").click()
    page.context.set_offline(False)
    strip(page, "The desk asks you something")


def test_another_reporter_is_not_asked_for_the_reason_of_a_queued_result(
    night: ServedNight, page: Page
) -> None:
    declare_what_needs_a_reason(night, page)
    page.context.clear_cookies()
    page.goto(night.server.url("/count/sign-in/"))
    sign_in(page, "colleague")
    strip(page, "Kept on this phone for who typed it, and not sent")
    expect(page.locator("#strip")).not_to_contain_text("asks you")
    expect(page.locator("#strip button")).to_be_hidden()
    page.context.clear_cookies()
    page.goto(night.server.url("/count/sign-in/"))
    sign_in(page)
    strip(page, "The desk asks you something")


def test_reason_is_asked_for_and_sent_when_back_online(night: ServedNight, page: Page) -> None:
    declare_what_needs_a_reason(night, page)
    expect(page.get_by_text("these figures make 71.6%")).to_be_visible()
    page.get_by_label("Why is it right all the same?").fill("Read out twice.")
    page.get_by_role("button", name="Send it with this reason").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


def test_reversed_winner_needs_a_reason_for_readers_and_a_tick(
    night: ServedNight, page: Page
) -> None:
    """The figures are typed without signal, and elect another than the reporter's own winner."""
    night.server.seed(seeds.without_second_person, night.slug)
    page.context.set_offline(True)
    night.server.seed(seeds.wrong_winner, night.slug)
    type_north(page)
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    page.context.set_offline(False)
    strip(page, "The desk asks you something")
    expect(page.get_by_text("Published as elected: Nick Wakeling")).to_be_visible()
    expect(page.get_by_label("Why is it right all the same?")).to_be_hidden()
    page.get_by_label("Why was it wrong?").fill("I misheard the name.")
    page.get_by_role("button", name="Send it with this reason").click()
    page.get_by_label("Yes: tell readers").check()
    page.get_by_role("button", name="Send it with this reason").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 2")
    assert night.server.seed(seeds.bulletins, night.slug) == ["winner_only", "correction"]


def test_conflict_shows_both_results_and_leads_to_a_correction_request(
    night: ServedNight, page: Page
) -> None:
    page.context.set_offline(True)
    type_north(page)
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    night.server.seed(seeds.declare_north, night.slug)
    page.context.set_offline(False)
    what = "editor published the full figures"
    expect(page.get_by_role("heading", name=what)).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Nick Wakeling"))
    expect(row).to_contain_text("8,451")
    expect(row).to_contain_text("8,415")
    page.get_by_role("button", name="Mine are right").click()
    # The correction request has everything that was typed.
    expect(page.locator("#ask").get_by_label("Nick Wakeling")).to_have_value("8415")
    page.locator("#ask").get_by_label("What is wrong").fill("The officer said 8,415.")
    page.locator("#ask").get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")

"""The receipt of one submission: what it says and offers, and where its buttons and links lead."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.phone_page import stop_timers
from tests.browser.phone_reporter import (
    SIZES,
    Reporter,
    declare,
    reporter_at_elsewhere,
    reporter_of,
    says,
)
from tests.chromium import wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

#: Storage that takes nothing.
REFUSES = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    return reporter_at_elsewhere(new_context, night, SIZES[1])


def answer_with(page: Page, status: int, **answer: object) -> None:
    """Have the desk answer a quote with this."""

    def fulfil(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        key = page.evaluate("import('/static/reporter/outbox.js').then((o) => o.items()[0].key)")
        route.fulfill(status=status, json={"key": key, **answer})

    page.route("**/elsewhere/", fulfil)


def test_a_link_of_what_is_published_leads_to_the_form(reporter: Reporter) -> None:
    """Not back to the check page, which says that nothing is published yet."""
    page = reporter.page
    declare(reporter)
    says(page, "bulletin 1")
    page.get_by_role("link", name="File a quote from here").click()
    expect(page.locator("#quote textarea")).to_be_visible()
    expect(page.get_by_text("None of this is published until")).to_be_hidden()


def test_a_link_within_a_view_keeps_it(reporter: Reporter) -> None:
    page = reporter.page
    reporter.check(21000, 9000)
    declared = page.locator("main .primary", has_text="Declare")
    expect(declared).to_be_visible()
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=#a>A</a>')"
    )
    page.get_by_role("link", name="A", exact=True).click()
    expect(declared).to_be_visible()


def test_news_are_seen_where_the_receipt_is_open(reporter: Reporter) -> None:
    page = reporter.page
    declare(reporter)
    says(page, "bulletin 1")
    reporter.night.server.seed(seeds.withdraw_elsewhere, reporter.night.slug)
    reporter.go_online()
    expect(page.get_by_role("heading", level=1)).to_have_text("Published, and withdrawn since")
    says(page, "Withdrawn")
    expect(page.locator("#strip button")).to_be_hidden()


def test_what_another_tab_took_back_is_not_said_to_be_kept(reporter: Reporter) -> None:
    first, second = reporter.page, reporter.context.new_page()
    second.goto(first.url)
    says(second, "Nothing is waiting")
    reporter.context.set_offline(True)
    declare(reporter)
    expect(first.get_by_role("heading", name="Not sent yet")).to_be_visible()
    second.locator("[data-show-outbox]").click()
    second.locator("main .entry").click()
    second.get_by_role("button", name="Take it back").click()
    expect(first.get_by_role("heading", name="Taken back")).to_be_visible()
    expect(first.locator("main")).not_to_contain_text("kept on this phone")
    expect(first.get_by_role("button", name="Send now")).to_be_hidden()


@pytest.mark.parametrize("state", ["reason", "faulty"])
def test_what_the_desk_asks_about_can_be_dropped(reporter: Reporter, state: str) -> None:
    page = reporter.page
    answer_with(page, 422, state=state, findings=["It is odd."])
    reporter.file_quote()
    says(page, "The desk asks you something")
    page.locator("#strip button").click()
    page.get_by_role("button", name="Take it back").click()
    says(page, "Nothing is waiting")
    expect(page.locator("#quote textarea")).to_have_value("")


def test_why_it_cannot_be_taken_is_said_once(reporter: Reporter) -> None:
    page = reporter.page
    answer_with(page, 422, state="refused", words="There is a result here now.")
    reporter.file_quote()
    says(page, "Cannot be taken")
    page.locator("#strip button").click()
    expect(page.get_by_role("listitem").get_by_text("There is a result here now.")).to_be_visible()
    assert page.locator("main").inner_text().count("There is a result here now.") == 1


def test_what_cannot_be_kept_is_changed_in_its_form(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    """Also where the receipt was opened from the list."""
    reporter = reporter_of(new_context, night, SIZES[1], REFUSES)
    page = reporter.page
    reporter.open("elsewhere")
    reporter.context.set_offline(True)
    declare(reporter)
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.locator("[data-show-outbox]").click()
    page.locator("main .entry").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator(".result [data-name=Ann]")).to_have_value("21000")


def file_too_late(reporter: Reporter) -> None:
    """File a quote without a signal from a count that is taken away before it arrives, and look."""
    page = reporter.page
    reporter.context.set_offline(True)
    reporter.file_quote()
    says(page, "Not sent yet")
    reporter.night.server.seed(seeds.take_elsewhere_away, reporter.night.slug)
    reporter.context.set_offline(False)
    says(page, "Not sent: Elsewhere, a quote. You are not sent to this count any more.")
    page.locator("#strip button").click()


def test_dropping_what_came_too_late_leads_to_a_page_that_is_there(reporter: Reporter) -> None:
    """The count was taken away: its page is not found."""
    page = reporter.page
    file_too_late(reporter)
    expect(page.get_by_role("heading", name="Not sent: look first")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="My counts")).to_be_visible()
    says(page, "Nothing is waiting")


def test_what_came_too_late_is_sent_once_the_desk_sends_its_reporter_there_again(
    reporter: Reporter,
) -> None:
    page = reporter.page
    file_too_late(reporter)
    reporter.night.server.seed(seeds.give_elsewhere_back, reporter.night.slug)
    page.get_by_role("button", name="Try again").click()
    says(page, "bulletin 1: Elsewhere, a quote")


def test_taking_back_does_not_wait_for_the_try_on_its_way(reporter: Reporter) -> None:
    """On a line that hangs for 20 seconds."""
    page, held = reporter.page, list[Route]()

    def hold(route: Route) -> None:
        if b"take-back" in (route.request.post_data_buffer or b""):
            route.continue_()
        else:
            held.append(route)

    stop_timers(page)
    page.reload()
    reporter.check(21000, 9000)
    expect(page.locator("main .primary", has_text="Declare")).to_be_visible()
    page.route("**/elsewhere/", hold)
    reporter.tap()
    wait_for(page, lambda: bool(held))
    says(page, "Sending: Elsewhere")
    page.get_by_role("button", name="Take it back").click()
    says(page, "You took this back before it arrived")
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()

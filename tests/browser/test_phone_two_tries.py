"""What one tab, one try or one press has ended, another one that began before does not change."""

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Route, expect

from tests.browser.phone_page import DRAIN, stop_timers
from tests.browser.phone_reporter import (
    SIZES,
    Reporter,
    declare,
    reporter_at_elsewhere,
    says,
)
from tests.chromium import wait_for
from tests.seeds import phone as seeds, truth
from tests.served_night import ServedNight

REPORT = "import('/static/reporter/report.js').then(({ report }) => { report(); })"
HELD = (
    "navigator.locks.query().then(({ held }) => held.some(({ name }) => name.startsWith('held')))"
)
MESSAGES = "import('/static/reporter/messages.js').then(({ messages }) => messages())"
#: What the worker was told of an item before the page tried again, and its answer to that.
TAKE_UP = """async (asks) => {
  const outbox = await import("/static/reporter/outbox.js");
  const [item] = outbox.items();
  outbox.takeUp({ ...item, turn: "earlier", asks });
  return outbox.items()[0].asks;
}"""

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    return reporter_at_elsewhere(new_context, night, SIZES[0])


def test_an_older_report_does_not_replace_what_another_tab_has_heard(reporter: Reporter) -> None:
    first, held = reporter.page, list[tuple[Route, APIResponse]]()

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    declare(reporter)
    says(first, "bulletin 1")
    second = reporter.context.new_page()
    for page in (first, second):
        stop_timers(page)
    first.route("**/count/phone/", hold)
    first.evaluate(REPORT)
    wait_for(first, lambda: bool(held))
    reporter.night.server.seed(seeds.withdraw_elsewhere, reporter.night.slug)
    second.goto(first.url.split("?")[0])
    says(second, "Withdrawn")
    says(first, "Withdrawn")
    with first.expect_event("console", lambda message: message.text == "heard"):
        first.evaluate("document.addEventListener('report', () => console.log('heard'))")
        ((route, answer),) = held
        route.fulfill(response=answer)
    assert "Withdrawn" in first.locator("#strip").inner_text()
    reporter.screen.assert_true("after the older report")


def test_what_another_tab_has_sent_is_not_offered_to_be_undone(reporter: Reporter) -> None:
    first, second = reporter.page, reporter.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        stop_timers(page)
        page.reload()
    line = first.locator("[data-part=undo]")
    first.get_by_role("button", name="Recount", exact=True).click()
    expect(line).to_be_visible()
    # A later state is not published before an earlier one.
    second.get_by_role("button", name="On the stage").click()
    expect(line).to_be_hidden()
    second.keyboard.press("Escape")
    says(first, "bulletin 1")
    first.keyboard.press("Escape")
    says(first, "bulletin 1")


def test_another_tab_does_not_send_what_may_be_undone(reporter: Reporter) -> None:
    first, second = reporter.page, reporter.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        stop_timers(page)
        page.reload()
    first.get_by_role("button", name="Recount", exact=True).click()
    expect(first.locator("[data-part=undo]")).to_be_visible()
    second.evaluate(DRAIN)
    first.keyboard.press("Escape")
    says(first, "Undone: Recount was not sent.")
    second.evaluate(DRAIN)
    assert reporter.night.server.seed(seeds.bulletins, reporter.night.slug) == []


def test_another_tab_sends_what_was_held_by_one_that_is_gone(reporter: Reporter) -> None:
    """The browser ends a tab in the background without telling it."""
    first, second = reporter.page, reporter.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        stop_timers(page)
        page.reload()
    first.evaluate(
        "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"
    )
    first.get_by_role("button", name="Recount", exact=True).click()
    expect(first.locator("[data-part=undo]")).to_be_visible()
    first.close()
    wait_for(second, lambda: not second.evaluate(HELD))
    second.evaluate(DRAIN)
    says(second, "bulletin 1")


def test_an_older_report_does_not_take_a_message_from_another_tab(reporter: Reporter) -> None:
    first, held = reporter.page, list[tuple[Route, APIResponse]]()

    def hold(route: Route) -> None:
        if held:
            route.abort()
        else:
            held.append((route, route.fetch()))

    second = reporter.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        stop_timers(page)
    first.route("**/count/phone/", hold)
    first.evaluate(REPORT)
    wait_for(first, lambda: bool(held))
    reporter.night.server.seed(seeds.write_to_reporters, reporter.night.slug)
    second.evaluate(REPORT)
    wait_for(second, lambda: len(second.evaluate(MESSAGES)) == 1)
    with first.expect_event("console", lambda message: message.text == "heard"):
        first.evaluate("document.addEventListener('report', () => console.log('heard'))")
        ((route, answer),) = held
        route.fulfill(response=answer)
    assert len(second.evaluate(MESSAGES)) == 1


def test_the_workers_refusal_of_an_earlier_try_is_not_that_of_a_later(reporter: Reporter) -> None:
    page = reporter.page
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    reporter.file_quote()
    says(page, "The desk may have it")
    assert page.evaluate(TAKE_UP, {"state": "refused", "words": "Too late."}) is None
    says(page, "The desk may have it")


def test_the_end_of_a_press_does_not_let_go_of_the_next(reporter: Reporter) -> None:
    page = reporter.page
    stop_timers(page)
    # No report is on its way, whose answer would begin a try.
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    page.reload()
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    reporter.file_quote()
    button = page.locator("#strip button")
    expect(button).to_have_text("Send now")
    # It ends beside the button: no click comes of it.
    button.hover()
    page.mouse.down()
    page.mouse.move(0, 0)
    page.mouse.up()
    page.clock.run_for(300)
    button.hover()
    page.mouse.down()
    page.clock.run_for(300)
    page.unroute("**/elsewhere/")
    page.evaluate(DRAIN)
    assert button.is_visible()
    page.mouse.up()
    page.clock.run_for(600)
    says(page, "bulletin 1")


def test_what_waits_for_a_sign_in_is_named_once(reporter: Reporter) -> None:
    page = reporter.page
    reporter.context.set_offline(True)
    reporter.file_quote()
    says(page, "Not sent yet")
    reporter.night.server.seed(truth.revoke_passes, reporter.night.slug)
    reporter.context.set_offline(False)
    says(page, "Sign in again. Not sent yet, and safe on this phone: Elsewhere, a quote. What the")
    assert page.locator("#strip").inner_text().count("Elsewhere, a quote") == 1
    reporter.screen.assert_true("signed out")


def test_all_that_waits_for_a_sign_in_is_counted_and_the_sign_in_asked_for_once(
    reporter: Reporter,
) -> None:
    page = reporter.page
    reporter.context.set_offline(True)
    page.get_by_role("button", name="Bundle check").click()
    says(page, "the state of the count")
    reporter.file_quote()
    says(page, "And 1 more.")
    reporter.night.server.seed(truth.revoke_passes, reporter.night.slug)
    reporter.context.set_offline(False)
    waits = (
        "Sign in again. Not sent yet, and safe on this phone: Elsewhere, the state of the count. "
        "And 1 more."
    )
    top = page.locator("#strip [data-words]")
    expect(top).to_have_text(f"{waits} What the desk has done since is not here yet.")
    reporter.screen.assert_true("signed out")
    page.goto(reporter.night.server.url("/count/sign-in/"))
    expect(top).to_have_text(waits)

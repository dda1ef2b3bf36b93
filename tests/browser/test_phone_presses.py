"""Presses, and checks that come late, while the page changes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, Route, expect

from tests.browser.phone_elsewhere import (
    box,
    bulletins,
    check,
    declare,
    only_reads,
    open_count,
    open_list,
    type_figures,
)
from tests.browser.phone_page import DRAIN, stop_timers, strip
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], night: ServedNight) -> Page:
    # Playwright's routes do not see requests of a service worker.
    return open_count(new_context(**PHONE, service_workers="block"), night)


def test_an_entry_opens_that_is_pressed_while_the_list_changes(page: Page) -> None:
    """The phone tries to send it between the two halves of a click."""
    page.context.set_offline(True)
    declare(page, "21000", "9000")
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    open_list(page)
    page.locator("main .entry").hover()
    page.mouse.down()
    page.evaluate(DRAIN)
    page.mouse.up()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()


def test_send_now_sends_that_is_pressed_while_a_try_begins(page: Page, night: ServedNight) -> None:
    held = list[Route]()

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    # Nothing is tried again but at the button: no report is on its way whose answer begins a try.
    stop_timers(page)
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    page.reload()
    type_figures(page, "21000", "9000")
    check(page)
    page.route("**/elsewhere/", lambda route: only_reads(route))
    page.get_by_role("button", name="Declare Elsewhere").click()
    button = page.locator("#strip button")
    expect(button).to_have_text("Send now")
    # The answered check may have begun a round of its own.
    page.evaluate(DRAIN)
    expect(button).to_have_text("Send now")
    page.unroute("**/elsewhere/")
    page.route("**/elsewhere/", hold)
    button.hover()
    page.mouse.down()
    page.evaluate("import('/static/reporter/outbox.js').then(({ drain }) => { drain(); })")
    wait_for(page, lambda: bool(held))
    page.mouse.up()
    expect(page.locator("#strip")).to_have_attribute("data-state", "sending")
    page.unroute("**/elsewhere/")
    held[0].abort("connectionreset")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


def put_finger_on(button: Locator) -> CDPSession:
    """Put a finger on a button, which has the focus only once it is tapped."""
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    # Near its upper edge: whatever comes above it moves it away.
    point = {"x": place["x"] + place["width"] / 2, "y": place["y"] + 4}
    session = button.page.context.new_cdp_session(button.page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    return session


def lift(session: CDPSession) -> None:
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def wait_for_message(page: Page, text: str) -> None:
    """Wait until the phone has a message of the desk, wherever it shows it."""
    kept = "text => Object.values(localStorage).some((value) => value.includes(text))"
    wait_for(page, lambda: bool(page.evaluate(kept, text)))


def test_an_answer_is_sent_whose_button_is_pressed_while_a_message_comes(
    page: Page, night: ServedNight
) -> None:
    stop_timers(page)  # a press counts for five seconds only
    night.server.seed(seeds.write_to_reporters, night.slug)
    page.goto(night.server.url("/count/"))
    wait_for_message(page, "Which hall are you in?")
    page.get_by_label("Answer").fill("The sports hall.")
    page.reload()
    expect(page.get_by_label("Answer")).to_have_value("The sports hall.")
    # By the first report, with whose answer the list is written again.
    wait_for_message(page, '"read":true')
    finger = put_finger_on(page.locator("main [data-messages]").get_by_role("button", name="Send"))
    night.server.seed(seeds.write_again, night.slug)
    wait_for_message(page, "Still there?")
    lift(finger)
    wait_for(
        page,
        lambda: "The sports hall." in night.server.seed(seeds.answers_to_messages, night.slug),
    )
    expect(page.locator("#strip")).to_contain_text("Still there?")


def test_what_is_under_a_finger_does_not_move_when_the_line_at_the_top_grows(
    page: Page, night: ServedNight
) -> None:
    stop_timers(page)  # a press counts for five seconds only
    page.reload()
    strip(page, "Nothing is waiting")
    button = page.get_by_role("button", name="Bundle check")
    finger = put_finger_on(button)
    before = button.bounding_box()
    night.server.seed(seeds.write_again, night.slug)
    wait_for_message(page, "Still there?")
    assert button.bounding_box() == before
    lift(finger)
    expect(page.locator("#strip")).to_contain_text("Bundle check")
    page.clock.run_for(5_000)  # for which it could be undone
    expect(page.locator("#strip")).to_contain_text("Still there?")


#: Keeps, as `checked`, the end of the request for a check.
KEEP_CHECK = """() => {
  const { fetch } = globalThis;
  globalThis.fetch = (address, ...options) => {
    const answer = fetch(address, ...options);
    if (address === location.pathname) {
      globalThis.checked = answer.then((response) => response.clone().text(), () => null);
    }
    return answer;
  };
}"""


@pytest.mark.parametrize("is_answered", [True, False], ids=["checked by the desk", "by the phone"])
def test_a_late_check_leaves_the_view_that_was_opened_meanwhile(
    page: Page, is_answered: bool
) -> None:
    """It is shown once the reporter is back at the form."""
    held = list[Route]()
    stop_timers(page)
    page.reload()
    page.evaluate(KEEP_CHECK)
    page.route("**/elsewhere/", lambda route: held.append(route))
    type_figures(page, "21000", "9000")
    page.get_by_role("button", name="Check the result").click()
    wait_for(page, lambda: bool(held))
    open_list(page)
    if is_answered:
        held[0].continue_()
    else:
        held[0].abort("connectionreset")
    page.evaluate("() => checked")
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()
    page.unroute("**/elsewhere/")
    page.go_back()
    expect(page.get_by_role("button", name="Declare Elsewhere")).to_be_visible()
    expect(page.locator("main .statement")).to_contain_text("21,000")
    page.go_back()
    expect(box(page, "Ann")).to_have_value("21000")

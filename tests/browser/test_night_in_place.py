"""What an editor does on the night dashboard without leaving it, in Chromium."""

import re
from collections.abc import Callable

import pytest
from django.template.loader import get_template
from playwright.sync_api import APIResponse, BrowserContext, Route, expect

from tests.browser.night_desk import Desk, open_desk
from tests.chromium import wait_for
from tests.seeds import forty_counts
from tests.servers import Server

NIGHT = re.compile(r"/night/(\?.*)?$")


@pytest.fixture
def desk(server: Server, new_context: Callable[..., BrowserContext]) -> Desk:
    at = open_desk(server, new_context)
    at.waits(7)
    return at


def test_headline_is_left_by_escape_and_edited_in_place(desk: Desk, server: Server) -> None:
    page = desk.page
    panel = page.locator("#night-panel")
    edit = page.get_by_text("Edit in place")
    before = page.locator(".headline-now").inner_text()
    edit.click()
    field = page.locator("#now-headline").get_by_label("Headline")
    # Before, each letter is a key.
    expect(field).to_be_focused()
    desk.write("Never published")
    desk.press("Escape")
    expect(page.locator(".headline-now")).to_have_text(before)
    desk.focus_is_in("#now-headline summary")
    edit.click()
    expect(field).to_have_value(before)
    expect(field).to_be_focused()
    expect(page.locator(".headline-now")).to_be_hidden()
    desk.write("A night of recounts")
    # Somebody else's action arrives, and nothing typed is lost by it.
    server.seed(forty_counts.approve_a_quote, desk.night["election"])
    desk.waits(6)
    expect(field).to_have_value("A night of recounts")
    desk.press("Enter")
    preview = panel.frame_locator("iframe.reader-page")
    expect(preview.get_by_role("heading", name="A night of recounts").first).to_be_visible()
    expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
    # What is previewed is changed again in its place.
    desk.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("A night of recounts")
    desk.press("Enter")
    expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
    desk.press("Enter")
    desk.says("Headline published")
    expect(page.locator(".headline-now")).to_have_text("A night of recounts")
    expect(field).to_be_hidden()
    desk.focus_is_in("#now-headline")


def test_what_was_published_says_who_sent_it_and_who_published_it(desk: Desk) -> None:
    desk.press("1")
    desk.says("Result from Ravensholt published")
    newest = desk.page.locator("#queue-done li").first
    expect(newest).to_contain_text(re.compile(r"sent by \w.* from Ravensholt published by \w"))


def withdraw_up_to_the_tick(desk: Desk) -> None:
    """Publish the newest result and begin to withdraw it, up to the box that confirms it."""
    panel = desk.page.locator("#night-panel")
    desk.press("1")
    desk.says("Result from Ravensholt published")
    desk.press("w")
    expect(panel.get_by_label("Reason")).to_be_focused()
    desk.write("The wrong hall.")
    desk.press("Control+Enter")
    expect(panel.get_by_label("Yes: the winner changes from")).to_be_focused()


def test_withdrawn_result_is_restored_by_keyboard(desk: Desk) -> None:
    panel = desk.page.locator("#night-panel")
    withdraw_up_to_the_tick(desk)
    desk.press("Space", "Enter")
    desk.says("withdrawn: published as bulletin")
    desk.press("r")
    expect(panel.get_by_text("Readers will see again:")).to_be_visible()
    expect(panel.get_by_label("Why it stands after all")).to_be_focused()
    desk.write("It was the right hall.")
    desk.press("Control+Enter")
    desk.says("Published again as bulletin")


def test_sound_is_off_until_it_is_asked_for_and_the_browser_keeps_it(
    desk: Desk, server: Server
) -> None:
    page = desk.page
    page.evaluate("""() => {
      globalThis.tones = 0;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...at) {
        globalThis.tones += 1;
        start.apply(this, at);
      };
    }""")
    election = desk.night["election"]
    server.seed(forty_counts.queue_a_quote, election, "One more.")
    desk.waits(8)
    assert page.evaluate("tones") == 0
    desk.press("?")
    page.get_by_label("A sound when something new waits").check()
    # It is heard once when it is switched on: the browser lets the page sound from then on.
    assert page.evaluate("tones") == 1
    desk.press("Escape")
    server.seed(forty_counts.queue_a_quote, election, "And another.")
    desk.waits(9)
    assert page.evaluate("tones") == 2
    # What is settled makes none.
    server.seed(forty_counts.approve_a_quote, election)
    desk.waits(8)
    assert page.evaluate("tones") == 2
    page.reload()
    desk.is_ready()
    desk.press("?")
    expect(page.get_by_label("A sound when something new waits")).to_be_checked()


def test_filters_are_left_by_escape(desk: Desk) -> None:
    """Keys are keys again: no field keeps the focus."""
    at = desk
    at.press("f")
    filters = at.page.locator(".night-filters")
    expect(filters.get_by_label("Region")).to_be_focused()
    at.press("Escape")
    expect(filters.get_by_label("Region")).to_be_hidden()
    at.press("j", "j")
    at.is_on("Cressmoor")


def test_panel_that_a_key_opens_right_after_another_was_closed_is_shown(desk: Desk) -> None:
    """The browser tells of the closing later: that is no closing of the second."""
    page = desk.page
    page.keyboard.press("h")
    panel = page.locator("#night-panel")
    expect(panel.get_by_label("Headline")).to_be_focused()
    page.evaluate(
        """() => {
          document.getElementById("night-panel").close();
          document.querySelector(".night-head [data-key=p]").click();
        }"""
    )
    expect(panel.get_by_label("Title")).to_be_focused()


def test_what_is_to_be_put_right_is_in_sight(desk: Desk) -> None:
    """The form of a correction is longer than the screen."""
    panel = desk.page.locator("#night-panel")
    desk.page.set_viewport_size({"width": 1440, "height": 500})
    desk.press("1")
    desk.says("Result from Ravensholt published")
    desk.press("c")
    expect(panel.get_by_role("searchbox")).to_be_focused()
    desk.write("Ravensholt")
    desk.press("Enter")
    expect(panel.locator("[data-votes] input").first).to_be_focused()
    desk.press("Control+Enter")
    expect(panel.get_by_label("Reason")).to_be_focused()
    expect(panel.get_by_label("Reason")).to_be_in_viewport(ratio=1)


def test_control_and_enter_send_the_form_from_a_box_that_was_ticked(desk: Desk) -> None:
    withdraw_up_to_the_tick(desk)
    desk.press("Space", "Control+Enter")
    desk.says("withdrawn: published as bulletin")


def test_says_that_it_is_sending_and_can_be_sent_again(desk: Desk) -> None:
    """Until there is an answer, it may have been published."""
    page, held = desk.page, list[Route]()
    panel = page.locator("#night-panel")
    desk.press("p")
    expect(panel.get_by_label("Title")).to_be_focused()
    desk.write("Turnout")
    panel.get_by_label("Text").fill("It is up everywhere.")
    desk.press("Control+Enter")
    publish = panel.get_by_role("button", name="Publish the post")
    expect(publish).to_be_focused()
    page.route("**/post/**", lambda route: _hold(held, route), times=1)
    desk.press("Enter")
    expect(panel.get_by_role("button", name="Sending…")).to_be_disabled()
    wait_for(page, lambda: bool(held))
    held[0].abort("connectionreset")
    expect(panel.get_by_role("alert")).to_contain_text("The desk did not answer.")
    expect(publish).to_be_focused()
    desk.press("Enter")
    desk.says("Post published")


def test_says_once_and_in_its_language_what_the_server_says_of_its_failure(desk: Desk) -> None:
    page = desk.page
    panel, alert = page.locator("#night-panel"), page.locator("#night-panel").get_by_role("alert")
    error = get_template("500.html")
    page.route("**/post/**", lambda route: route.fulfill(status=503, body=error.render()), times=1)
    desk.press("p")
    expect(alert).to_have_text(
        "Something went wrong on the server, which has noted what it was. Load the page again in a"
        " minute. Results that were published are not affected."
    )
    expect(panel).not_to_contain_text("Loading")
    desk.press("Escape", "p")
    expect(panel.get_by_label("Title")).to_be_focused()
    desk.write("Turnout")
    panel.get_by_label("Text").fill("It is up everywhere.")
    sent = error.render({"sent": "script"})
    page.route("**/post/**", lambda route: route.fulfill(status=503, body=sent), times=2)
    for _again in range(2):
        with page.expect_response("**/post/**"):
            desk.press("Control+Enter")
        expect(panel.get_by_role("button", name="Sending…")).to_have_count(0)
        expect(alert).to_have_text(
            "Something went wrong on the server, which has noted what it was. What you sent may not"
            " have arrived. Send it again in a minute: nothing is published twice."
        )
    desk.press("Control+Enter")
    expect(panel.get_by_role("button", name="Publish the post")).to_be_focused()


@pytest.mark.parametrize("failure", ["503", "cut"])
def test_says_that_the_desk_does_not_answer_until_it_does(desk: Desk, failure: str) -> None:
    said = desk.page.locator("#night-unanswered")
    expect(said).to_be_empty()

    def fail(route: Route) -> None:
        if failure == "cut":
            route.abort("connectionreset")
        else:
            route.fulfill(status=503, body="<h1>Something went wrong</h1>")

    desk.page.route(NIGHT, fail)
    desk.page.evaluate("htmx.trigger('#night', 'refresh')")
    expect(said).to_have_text(
        "No answer from the desk: this may be out of date. It is asked again by itself."
    )
    desk.page.unroute(NIGHT)
    expect(said).to_be_empty()


def test_says_so_of_a_line_that_hangs(desk: Desk) -> None:
    """No error comes, and no answer."""
    page, held = desk.page, list[Route]()
    page.route(NIGHT, lambda route: _hold(held, route), times=1)
    page.clock.install()
    page.clock.fast_forward(60_000)
    wait_for(page, lambda: bool(held))
    said = page.locator("#night-unanswered")
    expect(said).to_be_empty()
    page.clock.fast_forward(20_000)
    expect(said).to_contain_text("No answer from the desk")
    held[0].continue_()
    expect(said).to_be_empty()


def _hold(held: list[Route], route: Route) -> None:
    held.append(route)


def test_answer_from_before_an_action_of_the_panel_is_not_shown(desk: Desk) -> None:
    page, held = desk.page, list[tuple[Route, APIResponse]]()

    def hold(route: Route) -> None:
        if "hx-request" in route.request.headers:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(lambda url: "/night/" in url, hold)
    page.evaluate("htmx.trigger('#night', 'refresh')")
    wait_for(page, lambda: len(held) == 1)
    page.get_by_text("Edit in place").click()
    expect(page.locator("#now-headline").get_by_label("Headline")).to_be_focused()
    desk.write("A night of recounts")
    desk.press("Enter")
    expect(page.get_by_role("button", name="Publish the headline")).to_be_focused()
    desk.press("Enter")
    expect(page.locator(".headline-now")).to_have_text("A night of recounts")
    route, before = held[0]
    route.fulfill(response=before)
    # The page has taken the answer up, and asks again.
    wait_for(page, lambda: len(held) == 2)
    assert page.locator(".headline-now").inner_text() == "A night of recounts"


def test_reason_typed_in_the_panel_survives_the_end_of_the_session(desk: Desk) -> None:
    page = desk.page
    desk.press("1")
    desk.says("Result from Ravensholt published")
    desk.press("w")
    expect(page.locator("#night-panel").get_by_label("Reason")).to_be_focused()
    desk.write("The wrong hall.")
    page.context.clear_cookies(name="sessionid")
    desk.press("Control+Enter")
    expect(page.get_by_text("what you typed is kept")).to_be_visible()
    page.get_by_label("Username").fill("neil")
    page.get_by_label("Password").fill(forty_counts.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("The wrong hall.")).to_be_visible()
    page.get_by_role("button", name="Send what I typed").click()
    # The step that publishes shows its preview again.
    expect(page.get_by_role("button", name="Withdraw the result")).to_be_visible()


def test_field_that_lacks_something_has_the_focus(desk: Desk) -> None:
    """Else what is typed into the text's place takes that of the title, which was selected."""
    panel = desk.page.locator("#night-panel")
    desk.press("p")
    expect(panel.get_by_label("Title")).to_be_focused()
    desk.write("Fire alarm")
    desk.press("Control+Enter")
    expect(panel.get_by_text("This field is required.")).to_be_visible()
    expect(panel.get_by_label("Text")).to_be_focused()
    expect(panel.get_by_label("Title")).to_have_value("Fire alarm")

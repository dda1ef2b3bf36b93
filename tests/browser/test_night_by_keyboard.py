"""A night run from the dashboard by keyboard only: the whole queue, with keys counted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Request, Route, expect

from tests.browser.axe import assert_no_violation
from tests.browser.night_desk import Desk, open_desk
from tests.chromium import wait_for
from tests.seeds import forty_counts
from tests.servers import Server

#: Keys for the whole queue of seven, with a note and a question typed (words count as one key).
MOST_KEYS = 40


@pytest.fixture
def desk(server: Server, new_context: Callable[..., BrowserContext]) -> Desk:
    return open_desk(server, new_context)


def _approve_and_set_aside(at: Desk) -> None:
    """With a note that reaches the phone; then it is taken back."""
    at.press("a")
    at.says("Result from Cressmoor published")
    at.press("x")
    at.write("Read the majority again.")
    at.press("Enter")
    at.says("Dunmarsh set aside. Ann Smith is told.")
    at.waits(4)
    at.focus_is_in("#queue-rows > li:first-child")
    at.press("u")
    at.says("Dunmarsh waits again.")
    at.waits(5)
    at.press("k", "k", "k", "k", "a")
    at.says("Result from Dunmarsh published")


def test_whole_queue_is_judged_by_keyboard_only(desk: Desk, server: Server) -> None:
    at = desk
    at.waits(7)
    expect(at.page).to_have_title("(7) The night: General election")
    assert_no_violation(at.page, "the night", outside=[".breadcrumbs"])
    at.press("j", "j")
    at.focus_is_in("#queue-rows > li:nth-child(2)")
    at.press("k")
    # One of two that differ, by whose it is.
    expect(at.page.get_by_role("button", name="Publish Ann Smith’s")).to_be_visible()
    at.press("1")
    at.says("Result from Ravensholt published")
    at.waits(6)
    at.focus_is_in("#queue-rows > li:first-child")
    _approve_and_set_aside(at)
    # A correction that was asked for, through its preview.
    at.press("a")
    at.takes_words_to_desk()
    at.press("Control+Enter")
    preview = at.page.get_by_role("heading", name="What readers will see: Bramblecombe")
    expect(preview).to_be_visible()
    expect(at.page.get_by_role("button", name="Publish the correction")).to_be_focused()
    at.press("Enter")
    at.says("corrected: published as bulletin")
    at.waits(3)
    # Two quotes at once.
    at.press("v", "j", "v", "s")
    at.says("2 published.")
    at.waits(1)
    # What is overdue: ask the reporter.
    at.press("q", "Enter")
    at.says("Asked: Ann Smith, at Millhaven.")
    assert server.seed(forty_counts.messages_to, at.night["election"], "ann-smith") == [
        "Millhaven: when is the declaration expected now?"
    ]
    assert server.seed(forty_counts.state, at.night["election"])["waiting"] == 0
    assert at.keys <= MOST_KEYS, at.pressed


def test_key_between_two_updates_is_not_lost(desk: Desk) -> None:
    """It waits for the first, and the second does not take its place in the queue of requests."""
    at = desk
    at.waits(7)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    at.page.route(lambda url: "/night/" in url, hold_the_first)
    refresh = "htmx.trigger('#night', 'refresh')"
    at.page.evaluate(refresh)
    wait_for(at.page, lambda: bool(held))
    at.press("1")
    at.page.evaluate(refresh)
    held[0].continue_()
    at.says("Result from Ravensholt published")


def test_row_that_another_editor_settles_takes_no_key_to_the_next(
    desk: Desk, server: Server
) -> None:
    """The key that was meant for the row before is no action upon the one that follows."""
    at = desk
    at.waits(7)
    at.press("j", "j")
    at.is_on("Cressmoor")
    server.seed(forty_counts.approve_result_of, at.night["election"], "Cressmoor")
    at.waits(6)
    at.says("What you were looking at was settled")
    at.is_on("Dunmarsh")
    requests: list[str] = []

    def see(request: Request) -> None:
        if request.method == "POST":
            requests.append(request.url)

    at.page.on("request", see)
    at.press("a")
    assert requests == []
    at.press("a")
    at.says("Result from Dunmarsh published")
    assert len(requests) == 1
    # So it is where other figures arrive for the row itself.
    at.is_on("Bramblecombe")
    at.press("k", "k", "k")
    at.is_on("Ravensholt")
    server.seed(forty_counts.send_a_third_result, at.night["election"], "Ravensholt")
    at.says("has changed: look")
    at.press("1")
    assert len(requests) == 1
    at.press("1")
    at.says("Result from Ravensholt published")
    assert len(requests) == 2


def test_nothing_says_to_look_and_press_once_nothing_waits(desk: Desk, server: Server) -> None:
    at = desk
    at.page.goto(f"{at.page.url}?kind=quotes")
    at.is_ready()
    at.waits(2)
    at.press("j", "j")
    at.is_on("Elmscar")
    server.seed(forty_counts.approve_a_quote, at.night["election"])
    at.says("What you were looking at was settled")
    server.seed(forty_counts.approve_a_quote, at.night["election"])
    at.waits(0)
    expect(at.page.locator("#night-messages")).to_be_empty()


def test_note_is_not_typed_into_the_next_row(desk: Desk, server: Server) -> None:
    """A row that is settled meanwhile stays while its note is written: letters are no keys."""
    at = desk
    at.waits(7)
    at.press("j", "j", "x")
    at.write("Please ")
    server.seed(forty_counts.approve_result_of, at.night["election"], "Cressmoor")
    at.waits(6)
    at.says("Another editor has settled this meanwhile.")
    at.write("read it again")
    note = at.page.locator("#queue-rows input[name=note]:focus")
    expect(note).to_have_value("Please read it again")
    at.is_on("Cressmoor")
    at.press("Escape")
    at.is_on("Dunmarsh")
    expect(at.page.locator("#queue-rows").get_by_text("Cressmoor")).to_have_count(0)


def test_words_that_no_field_receives_are_no_keys(desk: Desk) -> None:
    """As after a panel that has closed meanwhile: the letter a in them publishes nothing."""
    at = desk
    at.waits(7)
    at.press("j", "j", "j")
    at.is_on("Dunmarsh")
    requests: list[str] = []
    at.page.on("request", lambda request: requests.append(request.method))
    at.write("Who says that?")
    at.is_on("Dunmarsh")
    expect(at.page.locator("dialog[open]")).to_have_count(0)
    assert "POST" not in requests


def _declare_in_the_panel(at: Desk, panel: Locator) -> None:
    for votes in ("19000", "16000", "8000", "700", "500"):
        at.write(votes)
        at.press("Tab")
    at.press("Enter")
    expect(panel.get_by_text("kept at the desk until a second person")).to_be_visible()
    at.press("Enter")
    at.says("Thornby Vale: kept at the desk.")
    expect(panel).to_be_hidden()
    at.waits(8)
    at.is_on("Cressmoor")


def test_acts_open_in_place_and_give_the_focus_back(desk: Desk, server: Server) -> None:
    at = desk
    panel = at.page.locator("#night-panel")
    at.press("j", "j", "d")
    expect(panel.get_by_role("heading", name="Declare from here: which count?")).to_be_visible()
    expect(panel.get_by_role("searchbox")).to_be_focused()
    at.write("Thornby")
    at.press("Enter")
    expect(panel.get_by_role("heading", name="Declare: Thornby Vale")).to_be_visible()
    _declare_in_the_panel(at, panel)
    # Somebody else’s action arrives by itself, and nothing typed is lost by it.
    at.press("h")
    field = panel.get_by_label("Headline")
    expect(field).to_be_focused()
    field.fill("A night of recounts")
    server.seed(forty_counts.approve_a_quote, at.night["election"])
    at.waits(7)
    expect(field).to_have_value("A night of recounts")
    at.press("Enter")
    preview = panel.frame_locator("iframe.reader-page")
    expect(preview.get_by_role("heading", name="A night of recounts").first).to_be_visible()
    expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
    at.press("Enter")
    at.says("Headline published")
    expect(at.page.locator(".headline-now")).to_have_text("A night of recounts")
    # Back on the row, and not on the button of the action.
    at.is_on("Cressmoor")
    # A key in a field is a letter; with the keys switched off it is nothing.
    at.press("?")
    expect(at.page.locator("#night-keys")).to_be_visible()
    at.page.get_by_label("Keys of one character work").uncheck()
    at.press("Escape", "h")
    expect(panel).to_be_hidden()


def test_panel_asks_before_it_loses_what_was_typed(desk: Desk) -> None:
    """By the Escape key, by *Close*, and by what opens another page in it."""
    page = desk.page
    panel, asked = page.locator("#night-panel"), list[str]()
    field = panel.get_by_label("Headline")

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.keyboard.press("h")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert asked == []
    page.keyboard.press("h")
    expect(field).to_be_focused()
    field.fill("Too close to call")
    panel.get_by_role("button", name="Close").click()
    page.keyboard.press("Escape")
    wait_for(page, lambda: len(asked) == 2)
    expect(field).to_have_value("Too close to call")
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


@pytest.mark.parametrize("closes", ["requestClose()", "querySelector('[type=submit]').click()"])
def test_closed_panel_has_given_the_focus_back(desk: Desk, closes: str) -> None:
    """When it closes, not a frame later: a key that follows at once is meant for the night."""
    page = desk.page
    field = page.locator("#night-panel").get_by_label("Headline")
    page.keyboard.press("h")
    expect(field).to_be_focused()
    key = page.evaluate(
        f"""() => {{
            document.getElementById("night-panel").{closes};
            return document.activeElement.dataset.key;
        }}"""
    )
    assert key == "h", "of the link that opened the panel"
    page.keyboard.press("h")
    expect(field).to_be_focused()

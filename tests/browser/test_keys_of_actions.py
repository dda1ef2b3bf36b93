"""Keys needed for each action in a night of forty counts, run from the dashboard by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import needs
from tests.browser import phone_page
from tests.browser.night_desk import Desk, open_desk
from tests.seeds import forty_counts
from tests.servers import Server

#: The most keys of each action, words that are typed counted as one, and pages opened or loaded.
#: docs/running-a-night.md has this table.
LIMITS = {
    "Narrow the screen to a kind": (4, 1),
    "Show all again": (1, 1),
    "Publish one of two that differ": (1, 0),
    "Approve a result": (1, 0),
    "Set aside, with a note": (3, 0),
    "Undo that": (1, 0),
    "Approve a correction that was asked for": (5, 2),
    "Publish two quotes at once": (4, 0),
    "Ask a reporter": (2, 0),
    "Give a new time": (3, 0),
    "Declare a result of five candidates": (14, 3),
    "Correct a figure": (8, 3),
    "Correct a figure of the newest result": (6, 2),
    "Write a headline": (4, 2),
    "Write a post": (5, 2),
    "Write to all reporters": (3, 1),
    "Find a count": (3, 2),
    "Withdraw what was published last": (2, 1),
}
DOCS = needs.ROOT / "docs" / "running-a-night.md"


@pytest.fixture
def desk(server: Server, new_context: Callable[..., BrowserContext]) -> Desk:
    return open_desk(server, new_context)


def test_docs_have_the_limits() -> None:
    rows = re.findall(r"^\| ([A-Z][^|`]+) \| (\d+) \| (\d+) \|$", DOCS.read_text(), re.MULTILINE)
    assert {action: (int(keys), int(pages)) for action, keys, pages in rows} == LIMITS


def _filter(at: Desk) -> None:
    with at.action("Narrow the screen to a kind"):
        at.press("f", "Tab", "q", "Control+Enter")
        at.waits(2)
    at.is_ready()
    # What is done here leaves the screen narrowed, before the night is asked for again.
    at.page.route("**/night/?kind=quotes", lambda route: route.abort())
    at.press("n")
    expect(at.page.get_by_label("Message")).to_be_focused()
    at.write("Good morning.")
    at.press("Control+Enter")
    at.says("Sent to everybody at a count.")
    at.waits(2)
    at.page.unroute("**/night/?kind=quotes")
    with at.action("Show all again"):
        at.press("0")
        at.waits(7)
    at.is_ready()


def _judge(at: Desk, server: Server, phone: BrowserContext) -> None:
    with at.action("Publish one of two that differ"):
        at.press("1")
        at.says("Result from Ravensholt published")
    at.is_on("Cressmoor")
    with at.action("Approve a result"):
        at.press("a")
        at.says("Result from Cressmoor published")
    at.is_on("Dunmarsh")
    with at.action("Set aside, with a note"):
        at.press("x")
        at.write("Read the majority again.")
        at.press("Enter")
        at.says("Dunmarsh set aside. Ann Smith is told.")
    at.is_on("Bramblecombe")
    server.seed(forty_counts.let_sign_in, at.night["election"], "ann-smith", "Dunmarsh")
    count = phone.new_page()
    count.goto(server.url(f"/count/sign-in/?next=/count/{at.slug}/dunmarsh/"))
    phone_page.sign_in(count, "ann-smith")
    expect(count.get_by_text("Read the majority again.").first).to_be_visible()
    with at.action("Undo that"):
        at.press("u")
        at.says("Dunmarsh waits again.")
    at.is_on("Bramblecombe")
    with at.action("Approve a correction that was asked for"):
        at.press("a")
        at.takes_words_to_desk()
        at.press("Control+Enter")
        publish = at.page.get_by_role("button", name="Publish the correction")
        expect(publish).to_be_focused()
        at.press("Enter")
        at.says("corrected: published as bulletin")
    at.is_on("Pellbridge")
    with at.action("Publish two quotes at once"):
        at.press("v", "j", "v", "s")
        at.says("2 published.")
    at.is_on("Millhaven")


def _ask(at: Desk, server: Server) -> None:
    with at.action("Ask a reporter"):
        at.press("q", "Enter")
        at.says("Asked: Ann Smith, at Millhaven.")
    # The next key is a key: the field of the question is left.
    at.press("k")
    at.is_on("Dunmarsh")
    at.press("j")
    at.is_on("Millhaven")
    with at.action("Give a new time"):
        at.press("t")
        at.write(server.seed(forty_counts.in_an_hour, at.night["election"]))
        at.press("Enter")
        at.says("Millhaven is expected at")
    at.is_on("Dunmarsh")


def _publish(at: Desk) -> None:
    panel = at.page.locator("#night-panel")
    with at.action("Declare a result of five candidates"):
        at.press("d")
        expect(panel.get_by_role("searchbox")).to_be_focused()
        at.write("Thornby")
        at.press("Enter")
        expect(panel.locator("[data-votes] input").first).to_be_focused()
        for votes in ("19000", "16000", "8000", "700", "500"):
            at.write(votes)
            at.press("Enter" if votes == "500" else "Tab")
        expect(panel.get_by_role("button", name="Send it to the desk")).to_be_focused()
        at.press("Enter")
        at.says("Thornby Vale: kept at the desk.")
    at.is_on("Dunmarsh")
    with at.action("Correct a figure"):
        at.press("c")
        expect(panel.get_by_role("searchbox")).to_be_focused()
        at.write("Cressmoor")
        at.press("Enter")
        _correct_first_figure(at, "18062")
    at.is_on("Dunmarsh")
    with at.action("Correct a figure of the newest result"):
        at.press("C")
        expect(panel.get_by_text("Readers see now: Conservatives")).to_be_visible()
        _correct_first_figure(at, "18063")
    at.is_on("Dunmarsh")


def _correct_first_figure(at: Desk, votes: str) -> None:
    panel = at.page.locator("#night-panel")
    first = panel.locator("[data-votes] input").first
    expect(first).to_be_focused()
    at.write(votes)
    expect(first).to_have_value(votes)
    at.press("Enter")
    expect(panel.get_by_label("Reason")).to_be_focused()
    at.write("Read wrongly.")
    at.press("Control+Enter")
    expect(panel.get_by_role("button", name="Publish the correction")).to_be_focused()
    at.press("Enter")
    at.says("corrected: published as bulletin")
    expect(panel).to_be_hidden()


def _write(at: Desk) -> None:
    panel = at.page.locator("#night-panel")
    with at.action("Write a headline"):
        at.press("h")
        field = panel.get_by_label("Headline")
        expect(field).to_be_focused()
        at.write("A night of recounts")
        expect(field).to_have_value("A night of recounts")
        at.press("Enter")
        expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
        at.press("Enter")
        at.says("Headline published")
    at.is_on("Dunmarsh")
    with at.action("Write a post"):
        at.press("p")
        expect(panel.get_by_label("Title")).to_be_focused()
        at.press("Tab")
        at.write("Counting goes on.")
        at.press("Control+Enter")
        expect(panel.get_by_role("button", name="Publish the post")).to_be_focused()
        at.press("Enter")
        at.says("Post published")
    at.is_on("Dunmarsh")
    with at.action("Write to all reporters"):
        at.press("n")
        expect(panel.get_by_label("Message")).to_be_focused()
        at.write("Say when you expect it.")
        at.press("Control+Enter")
        at.says("Sent to everybody at a count.")
    at.is_on("Dunmarsh")


def _find_and_withdraw(at: Desk) -> None:
    panel = at.page.locator("#night-panel")
    with at.action("Find a count"):
        at.press("/")
        expect(panel.get_by_role("searchbox")).to_be_focused()
        at.write("Elmscar")
        at.press("Enter")
        expect(panel.get_by_role("heading", name="Elmscar")).to_be_visible()
    expect(panel.get_by_role("link", name="Declare")).to_be_focused()
    at.press("Escape")
    at.is_on("Dunmarsh")
    with at.action("Withdraw what was published last"):
        at.press("w")
        expect(panel.get_by_role("button", name="Withdraw it")).to_be_focused()
        at.press("Enter")
        at.says("Withdrawn: bulletin")
    at.is_on("Dunmarsh")


def test_each_action_takes_few_keys_and_leaves_the_focus(
    desk: Desk, server: Server, phone: BrowserContext
) -> None:
    at = desk
    at.waits(7)
    _filter(at)
    at.press("j")
    at.is_on("Ravensholt")
    _judge(at, server, phone)
    _ask(at, server)
    _publish(at)
    _write(at)
    _find_and_withdraw(at)
    for reporter in ("ann-smith", "jo-park", "r-five", "m-two"):
        shown = server.seed(forty_counts.messages_to, at.night["election"], reporter)
        assert "Say when you expect it." in shown
    at.print_effort()
    assert at.taken == LIMITS

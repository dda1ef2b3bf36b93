"""A small night with four reporters, run from the dashboard by keyboard only, and its log."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.night_desk import Desk, open_desk
from tests.seeds import four_reporters
from tests.servers import Server

#: The most keys (words that are typed count as one) and pages of each action.
LIMITS = {
    "Publish one of two that differ": (1, 0),
    "Publish a winner before the figures": (1, 0),
    "Publish a result": (1, 0),
    "Publish two quotes at once": (4, 0),
    "Publish the figures of a winner": (1, 0),
    "Publish the correction that was asked for": (5, 2),
    "Set a result aside, with a note": (3, 0),
    "Undo that": (1, 0),
    "Write a headline": (4, 2),
}
#: What the editor did, as the audit trail has it.
LOG = [
    ("declaration", "Ashcombe"),
    ("winner only", "Birchley"),
    ("declaration", "Cedarholt"),
    ("quote", "Cedarholt"),
    ("quote", "Cedarholt"),
    ("update", "Birchley"),
    ("declaration", "Dalewick"),
    ("correction", "Dalewick"),
    ("result: set aside", "Elmstead"),
    ("result: waits again", "Elmstead"),
    ("declaration", "Elmstead"),
    ("headline", ""),
]


def _publish(at: Desk, action: str, key: str, says: str) -> None:
    with at.action(action):
        at.press(key)
        at.says(says)


def _first_results(at: Desk, server: Server) -> None:
    election = at.night["election"]
    server.seed(four_reporters.send_two_that_differ, election)
    at.waits(1)
    # With the second, the row has changed: the first key after that does nothing.
    expect(at.page.locator("#queue-rows [data-key='1']")).to_have_count(1)
    at.press("k")
    at.is_on("Ashcombe")
    _publish(at, "Publish one of two that differ", "1", "Result from Ashcombe published")
    server.seed(four_reporters.send_winner, election)
    at.waits(1)
    at.press("k")
    at.is_on("Birchley")
    _publish(at, "Publish a winner before the figures", "a", "Result from Birchley published")


def _quotes(at: Desk, server: Server) -> None:
    server.seed(four_reporters.send_result_and_quotes, at.night["election"])
    expect(at.page.locator("#queue-rows > li", has_text="Cedarholt")).to_have_count(3)
    at.press("k", "k", "k", "k")
    _publish(at, "Publish a result", "a", "Result from Cedarholt published")
    at.is_on("Cedarholt")
    with at.action("Publish two quotes at once"):
        at.press("v", "j", "v", "s")
        at.says("2 published.")


def _figures_and_correction(at: Desk, server: Server) -> None:
    election = at.night["election"]
    server.seed(four_reporters.send_figures_of_winner, election)
    at.is_ready()
    row = at.page.locator("#queue-rows > li", has_text="Second person")
    expect(row).to_have_count(1)
    at.press("k", "k", "k")
    at.is_on("Birchley")
    _publish(at, "Publish the figures of a winner", "a", "Result from Birchley published")
    server.seed(four_reporters.send_result, election, "Dalewick", "kay-lane")
    at.waits(1)
    at.press("k")
    at.is_on("Dalewick")
    at.press("a")
    at.says("Result from Dalewick published")
    server.seed(four_reporters.ask_for_correction, election)
    at.waits(1)
    at.press("k")
    at.is_on("Dalewick")
    with at.action("Publish the correction that was asked for"):
        at.press("a")
        at.takes_words_to_desk()
        at.press("Control+Enter")
        publish = at.page.get_by_role("button", name="Publish the correction")
        expect(publish).to_be_focused()
        at.press("Enter")
        at.says("corrected: published as bulletin")


def _set_aside_and_headline(at: Desk, server: Server) -> None:
    server.seed(four_reporters.send_result, at.night["election"], "Elmstead", "pat-otter")
    at.waits(1)
    at.press("k")
    at.is_on("Elmstead")
    with at.action("Set a result aside, with a note"):
        at.press("x")
        at.write("Read the majority again.")
        at.press("Enter")
        at.says("Elmstead set aside. Pat Otter is told.")
    at.waits(0)
    with at.action("Undo that"):
        at.press("u")
        at.says("Elmstead waits again.")
    at.waits(1)
    at.press("k", "a")
    at.says("Result from Elmstead published")
    with at.action("Write a headline"):
        at.press("h")
        panel = at.page.locator("#night-panel")
        expect(panel.get_by_label("Headline")).to_be_focused()
        at.write("A night of narrow wins")
        at.press("Enter")
        expect(panel.get_by_role("button", name="Publish the headline")).to_be_focused()
        at.press("Enter")
        at.says("Headline published")


def test_four_reporters_night_is_run_by_keyboard_only(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    at = open_desk(server, new_context, four_reporters.night)
    at.waits(0)
    _first_results(at, server)
    _quotes(at, server)
    _figures_and_correction(at, server)
    _set_aside_and_headline(at, server)
    at.print_effort()
    entries = server.seed(four_reporters.audit_entries, at.slug)
    for entry in entries:
        print(entry)
    assert at.taken == LIMITS
    # Each action is there once, in words.
    ours = [(entry[1], entry[2]) for entry in entries if entry[0] == "neil"]
    assert ours == LOG
    assert not [entry for entry in entries if "_" in " ".join(entry)]

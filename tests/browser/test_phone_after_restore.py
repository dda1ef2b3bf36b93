"""A phone whose submissions the desk has no record of, since a backup was restored."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import strip
from tests.browser.phone_reporter import SIZES, Reporter, declare, reporter_at_elsewhere, says
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk of the test's own: a restore is of all its nights."""
    with make_desk() as desk:
        yield desk


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    return reporter_at_elsewhere(new_context, night, SIZES[0])


@pytest.fixture
def backup(reporter: Reporter, server: Server, tmp_path: Path) -> Path:
    """Made after the reporter signed in, before anything is sent."""
    file = tmp_path / "desk.tar.gz"
    server.manage("backup", file)
    return file


def restore(server: Server, backup: Path, page: Page) -> None:
    server.manage("restore", backup, "--yes")
    page.evaluate("dispatchEvent(new Event('online'))")  # it asks within a minute by itself
    strip(page, "The desk has no record of it")


def test_sends_a_result_again(reporter: Reporter, server: Server, backup: Path) -> None:
    page, address = reporter.page, f"{reporter.night.path}elsewhere/"
    declare(reporter)
    says(page, "bulletin 1")
    assert "21,000" in server.get(address)
    restore(server, backup, page)  # its receipt is open
    assert "21,000" not in server.get(address)
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="Published")).to_contain_text("bulletin 1")
    expect(page.get_by_role("button", name="Send it again")).to_be_hidden()
    expect(page.get_by_role("heading", name="Published")).to_be_focused()
    assert "21,000" in server.get(address)


def test_a_result_that_the_desk_typed_in_again_is_published_once(
    reporter: Reporter, server: Server, backup: Path
) -> None:
    page = reporter.page
    declare(reporter)
    says(page, "bulletin 1")
    reporter.open("elsewhere")
    restore(server, backup, page)
    server.seed(seeds.declare_elsewhere, reporter.night.slug)
    page.locator("#strip").get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="Published already")).to_be_visible()


#: What became of each of these, if the desk has no record of any.
FORGOTTEN = """async (states) => {
  const { answers, keep, remember } = await import("/static/reporter/answers.js");
  for (const state of states) keep({ key: state, label: state, fields: [] }, { state, words: "" });
  remember({}, answers());
  return Object.fromEntries(answers().map(({ key, state }) => [key, state]));
}"""


def test_nothing_is_lost_that_was_over(reporter: Reporter) -> None:
    over, wanted = ["taken-back", "set-aside", "superseded"], ["published", "kept", "corrected"]
    found = reporter.page.evaluate(FORGOTTEN, [*over, *wanted])
    assert found == {state: state for state in over} | dict.fromkeys(wanted, "unknown")


#: Which of these would be offered to be sent again.
AGAIN = """async () => {
  const { answers, keep } = await import("/static/reporter/answers.js");
  const items = [
    { draft: "result" },
    { draft: "notice", picture: { name: "notice.jpg" } },
    { draft: "notice", picture: null, takenBack: true },
    { draft: "message" },
  ];
  for (const [at, item] of items.entries())
    keep({ key: String(at), label: "", fields: [], ...item }, { state: "published" });
  return answers().filter(({ again }) => again).map(({ key }) => key);
}"""


def test_no_picture_and_no_answer_to_the_desk_is_sent_again(reporter: Reporter) -> None:
    assert reporter.page.evaluate(AGAIN) == ["0"]

"""What the phone reads in a box, and boxes filled from a pasted column."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server
from tests.typed_counts import TYPED_COUNTS, TYPED_PERCENTAGES

READ = """async (texts) => {
  const { readCount } = await import("/static/shared/text.js");
  return texts.map(readCount);
}"""
READ_PERCENTAGES = READ.replace("readCount", "readPercentage")
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""

#: Fills a box with what the server takes.
RIGHT = """(input) => {
  const { time, percentage } = input.dataset;
  input.value = time !== undefined ? "3.18" : percentage !== undefined ? "71,8" : "40 000";
}"""


@pytest.fixture
def night(server: Server) -> ServedNight:
    return ServedNight.seeded(server, seeds.night)


@pytest.fixture
def page(night: ServedNight, phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto(night.server.url(f"/count/sign-in/?next=/count{night.path}elsewhere/"))
    page.get_by_label("Name").fill("reporter")
    page.get_by_label("Password").fill(seeds.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    return page


def test_phone_reads_counts_as_the_server_does(page: Page) -> None:
    assert page.evaluate(READ, list(TYPED_COUNTS)) == list(TYPED_COUNTS.values())
    read = page.evaluate(READ_PERCENTAGES, list(TYPED_PERCENTAGES))
    assert read == list(TYPED_PERCENTAGES.values())


@pytest.mark.parametrize("text", ["21,000\n9000", "Ann\t21000\nBob\t9,000\n", "21000 \r\n 9000"])
def test_pasted_column_fills_the_boxes(page: Page, text: str) -> None:
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    ann.focus()
    page.evaluate(PASTE, text)
    expect(page.locator("[data-sum]")).to_contain_text("30,000 so far")
    assert [ann.input_value(), bob.input_value()] == ["21,000", "9,000"]
    page.reload()
    expect(ann).to_have_value("21,000")


@pytest.mark.parametrize("text", ["21000\n9000\n400", "21000\nnine"])
def test_pasted_column_that_does_not_fit_changes_nothing(page: Page, text: str) -> None:
    """More figures than boxes, or one that is none: the reporter types them."""
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    bob.fill("5")
    ann.focus()
    page.evaluate(PASTE, text)
    expect(page.locator("[data-pasted]")).to_contain_text("Nothing is filled in")
    assert [ann.input_value(), bob.input_value()] == ["", "5"]


def test_without_a_signal_the_phone_refuses_what_the_server_would(page: Page) -> None:
    """Times of day, percentages, and counts besides votes: not only once they arrive."""
    for name, votes in (("Ann", "21000"), ("Bob", "9000")):
        page.locator(f".result [data-name={name}]").fill(votes)
    page.context.set_offline(True)
    form = page.locator("form[data-check=result]")
    boxes = form.locator("[data-time], [data-most], [data-percentage]")
    assert form.locator("[data-time]").count() == form.locator("[data-percentage]").count() == 1
    for box in boxes.all():
        box.evaluate("(input) => { input.value = '3:99'; }")
    page.get_by_role("button", name="Check the result").click()
    expect(form.locator(".error")).to_have_count(boxes.count())
    for box in boxes.all():
        box.evaluate(RIGHT)
    page.get_by_role("button", name="Check the result").click()
    expect(page.locator("main [data-part=sum]")).to_contain_text("30,000")


def test_without_a_signal_nothing_wrong_is_kept_from_verification(page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_text("Verification, expected time").click()
    form = page.locator("form[data-outbox=count]")
    turnout = form.get_by_label("Turnout as announced")
    turnout.fill("171")
    form.get_by_role("button", name="Publish it").click()
    expect(turnout).to_be_focused()
    expect(form.locator(".error")).to_have_text("A percentage is between 0 and 100.")
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    turnout.fill("71,8")
    form.get_by_role("button", name="Publish it").click()
    expect(page.locator("#strip")).to_contain_text("Not sent yet")

"""Numbers as typed in the phone's boxes, and boxes filled from a pasted column."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import open_count
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.typed_counts import TYPED_COUNTS, TYPED_PERCENTAGES
from tests.typed_texts import CAPTIONS, FILES, SPEAKERS, WORDS

#: The number in each text, or the code of what is wrong with it.
READ = """async ([number, error, texts]) => {
  const scripts = await import("/static/shared/text.js");
  return texts.map((text) => scripts[error](text) || scripts[number](text));
}"""
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""

#: What the server takes in each box, by its field.
RIGHT = {
    "rejected": "100",
    "electorate": "50 000",
    "turnout_announced": "60,2",
    "declared_at": "3.18",
    "valid_announced": "30,000",
    "papers": "30 100",
}


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(night: ServedNight, phone: BrowserContext) -> Page:
    return open_count(phone.new_page(), night)


def test_phone_reads_counts_as_the_server_does(page: Page) -> None:
    read = page.evaluate(READ, ["readCount", "countError", list(TYPED_COUNTS)])
    assert read == list(TYPED_COUNTS.values())
    read = page.evaluate(READ, ["readPercentage", "percentageError", list(TYPED_PERCENTAGES)])
    assert read == list(TYPED_PERCENTAGES.values())


@pytest.mark.parametrize("signal", [True, False])
@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("Ann", "34,60", "The comma or space is in an odd place: check the figure."),
        ("Ann", "34.603", "Enter a whole number, without a decimal point."),
        ("Ann", "thirty", "Enter digits only, such as 34,603."),
        ("Ann", "１２３", "Enter digits only, such as 34,603."),
        ("Electorate", "12%", "Enter a number of votes, not a percentage."),
        (
            "Turnout as announced",
            "71.833",
            "Enter a percentage with two decimals at most, such as 71.8.",
        ),
        ("Turnout as announced", "171", "A percentage is between 0 and 100."),
    ],
)
def test_what_is_wrong_with_a_figure_is_said_at_its_box(
    page: Page, name: str, text: str, sentence: str, signal: bool
) -> None:
    """The same with a signal and without, to screen readers too."""
    form = page.locator("form[data-check=result]")
    for candidate, votes in (("Ann", "21000"), ("Bob", "9000")):
        form.locator(f"[data-name={candidate}]").fill(votes)
    box = form.get_by_label(name).first
    box.fill(text)
    page.context.set_offline(not signal)
    page.get_by_role("button", name="Check the result").click()
    expect(form.locator("p.error")).to_have_text(sentence)
    box = page.locator("form[data-check=result]").get_by_label(name).first
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(sentence)
    expect(box).to_have_value(text)


@pytest.mark.parametrize(
    "text",
    [
        *("21,000\n9000", "Ann\t21000\nBob\t9,000\n", "21000 \r\n 9000"),
        # Thousands that are parted by spaces, after a name; a column beside another of figures.
        *("Ann 21 000\nBob 9\u202f000", "1\t21000\n2\t9 000", "21 000\t\n9 000\t"),
        *("21  000\nBob   9 000", "Ann 1 21,000\nBob 2 9000", "1 21000\n2 9000"),
    ],
)
def test_pasted_column_is_shown_and_fills_the_boxes(page: Page, text: str) -> None:
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    ann.focus()
    page.evaluate(PASTE, text)
    shown = page.locator("[data-pasted] li")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("Ann: 21,000")
    expect(page.get_by_role("button", name="Fill them in")).to_be_focused()
    assert [ann.input_value(), bob.input_value()] == ["", ""]
    page.keyboard.press("Enter")
    expect(page.locator("[data-sum]")).to_contain_text("30,000 so far")
    assert [ann.input_value(), bob.input_value()] == ["21,000", "9,000"]
    page.reload()
    expect(ann).to_have_value("21,000")


def test_pasted_number_before_a_figure_is_no_part_of_it(page: Page) -> None:
    """“2 456” would be thousands by itself: the line above tells that it has two columns."""
    page.locator(".result [data-name=Ann]").focus()
    page.evaluate(PASTE, "Ann 1 8,415\nBob 2 456")
    shown = page.locator("[data-pasted] li")
    expect(shown.first).to_have_text("Ann: 8,415 (pasted: Ann 1 8,415)")
    expect(shown.last).to_have_text("Bob: 456 (pasted: Bob 2 456)")


def test_pasted_column_can_be_undone(page: Page) -> None:
    """What was typed before is there again, also in the draft."""
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    bob.fill("5")
    ann.focus()
    page.evaluate(PASTE, "Anna Bell\t21000\nBob\t9000")
    expect(page.locator("[data-pasted] li").first).to_contain_text("(pasted: Anna Bell 21000)")
    expect(page.locator("[data-pasted] li").last).to_contain_text("(instead of 5)")
    page.get_by_role("button", name="Fill them in").click()
    assert [ann.input_value(), bob.input_value()] == ["21,000", "9,000"]
    page.locator("[data-pasted]").get_by_role("button", name="Undo").click()
    assert [ann.input_value(), bob.input_value()] == ["", "5"]
    expect(page.locator("[data-sum]")).to_contain_text("5 so far")
    page.reload()
    expect(bob).to_have_value("5")
    expect(ann).to_have_value("")


def test_pasted_column_can_be_left(page: Page) -> None:
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    ann.focus()
    page.evaluate(PASTE, "21000\n9000")
    page.get_by_role("button", name="Leave the boxes as they are").click()
    expect(ann).to_be_focused()
    assert [ann.input_value(), bob.input_value()] == ["", ""]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("21000\n9000\n400", "3 lines are pasted, with room for 2 from here."),
        ("Ann\t21000\n\nBob\tnine", "this line does not end in a figure: Bob nine"),
        ("Ann 21 000\nBob 9 00", "this line does not end in a figure: Bob 9 00"),
    ],
)
def test_pasted_column_that_does_not_fit_changes_nothing(page: Page, text: str, why: str) -> None:
    """More figures than boxes, or one that is none: the reporter types them."""
    ann, bob = (page.locator(f".result [data-name={name}]") for name in ("Ann", "Bob"))
    bob.fill("5")
    ann.focus()
    page.evaluate(PASTE, text)
    expect(page.locator("[data-pasted]")).to_contain_text(f"Nothing is filled in: {why}")
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
        right = RIGHT[box.get_attribute("name") or ""]
        box.evaluate("(input, text) => { input.value = text; }", right)
    page.get_by_role("button", name="Check the result").click()
    expect(page.locator("main .sums")).to_contain_text("Your two totals make 30,000")


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


def test_without_a_signal_nothing_impossible_is_kept_from_verification(page: Page) -> None:
    """Nothing at all, which a double tap sends, and more papers than electors."""
    page.context.set_offline(True)
    page.get_by_text("Verification, expected time").click()
    form = page.locator("form[data-outbox=count]")
    form.get_by_role("button", name="Publish it").click()
    expect(form.locator(".error")).to_have_text("Fill in what has been announced.")
    form.get_by_label("Ballot papers verified").fill("50,001")
    form.get_by_label("Electorate").fill("50,000")
    form.get_by_role("button", name="Publish it").click()
    expect(form.locator(".error")).to_have_text(
        "There are more ballot papers than electors: check both."
    )
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    form.get_by_label("Ballot papers verified").fill("50,000")
    form.get_by_role("button", name="Publish it").dblclick()
    expect(page.locator("#strip")).to_contain_text("Not sent yet")
    expect(page.locator("#strip")).not_to_contain_text("And 1 more")


#: Sends a form offline with each of some values in one box; whether the outbox took it.
TRY = """([form, name, values]) => (async () => {
  const { items, takeBack } = await import("/static/reporter/outbox.js");
  const taken = [];
  for (const value of values) {
    const target = document.querySelector(`form[data-outbox=${form}]`);
    target.noValidate = true;
    target.elements[name].value = value;
    target.querySelector("button:not([type])").click();
    await new Promise((resolve) => setTimeout(resolve, 0));
    taken.push(items().length > 0);
    for (const { key } of items()) takeBack(key);
    if (form === "quote") {
      target.elements.speaker.value ||= "The mayor";
      target.elements.words.value ||= "A long night.";
    }
  }
  return taken;
})()"""


def tried(page: Page, form: str, name: str, values: dict[str, bool]) -> list[bool]:
    taken: list[bool] = page.evaluate(TRY, [form, name, list(values)])
    return taken


def test_phone_refuses_the_quotes_that_the_server_would(page: Page) -> None:
    page.context.set_offline(True)
    quote = page.locator("form[data-outbox=quote]")
    quote.get_by_label("Someone else").fill("The mayor")
    assert tried(page, "quote", "words", WORDS) == list(WORDS.values())
    assert tried(page, "quote", "speaker", SPEAKERS) == list(SPEAKERS.values())
    quote.get_by_label("Someone else").fill("")
    quote.get_by_label("What was said").fill("a" * 2001)
    quote.get_by_role("button", name="Publish the quote").click()
    errors = quote.locator(".error")
    expect(errors.first).to_have_text("Say who said it.")
    expect(errors.last).to_contain_text("At most 2000 characters: this has 2001.")
    # Nothing of it was cut off.
    assert len(quote.get_by_label("What was said").input_value()) == 2001


def send_photo(page: Page, content: bytes, caption: str) -> bool:
    """Send a photo without a signal; whether the outbox took it, which is emptied again."""
    photo = page.locator("form[data-outbox=photo]")
    photo.evaluate("(form) => { form.noValidate = true; }")
    head = content[:4096]
    photo.locator("[type=file]").evaluate(CHOOSE, [list(head), len(content)])
    photo.get_by_label("Caption").fill(caption)
    photo.get_by_label("What it shows").fill("Four people")
    photo.get_by_label("Credit").fill("Ann Hall")
    # One of the photo before stands until this one has been read.
    photo.evaluate(
        "(form) => { for (const error of form.querySelectorAll('.error')) error.remove(); }"
    )
    photo.get_by_role("button", name="Publish the photo").click()
    answered = page.locator("form[data-outbox=photo] .error, #strip[data-state=waiting]")
    expect(answered.first).to_be_visible()
    # The strip may say by now that it is being tried.
    taken: bool = page.evaluate(HOLDS_ONE)
    if taken:
        page.evaluate(EMPTY)
        expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    return taken


#: Chooses a file that begins like this, and is so long.
CHOOSE = """(input, [head, size]) => {
  const bytes = new Uint8Array(size);
  bytes.set(head);
  const data = new DataTransfer();
  data.items.add(new File([bytes], "photo", { type: "image/jpeg" }));
  input.files = data.files;
}"""
HOLDS_ONE = """async () => {
  const { items } = await import("/static/reporter/outbox.js");
  return items().length === 1;
}"""
EMPTY = """async () => {
  const { items, takeBack } = await import("/static/reporter/outbox.js");
  for (const { key } of items()) takeBack(key);
}"""


def test_phone_refuses_the_photos_that_the_server_would(page: Page) -> None:
    page.context.set_offline(True)
    picture = FILES["a PNG"][0]
    for caption, expected in CAPTIONS.items():
        assert send_photo(page, picture, caption) is expected, caption[:20]
    for name, (content, expected) in FILES.items():
        assert send_photo(page, content, "The stage") is expected, name

"""The night dashboard of forty counts on one screen of 1440 by 900 pixels, and on narrower ones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.fit import SPACED, STYLE, problems
from tests.browser.night_desk import open_desk
from tests.seeds import forty_counts
from tests.servers import Server

WINDOW = [1440, 900]
#: What is seen without scrolling: actions and states, the first decision, the page now, the phones.
SEEN = (
    ".night-head",
    ".night-head a[data-key]",
    "#night-states",
    "#queue-heading",
    "#queue-rows > li:first-child",
    "#queue-rows > li:first-child [data-key]",
    "#night-now > *",
    "#side-phones",
    "#side-system",
)
#: The size of the document: more than the window's where the page scrolls.
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
#: Elements that are not whole inside the window, as "selector: left, top, right, bottom".
OUTSIDE = """selectors => selectors.flatMap(selector => {
  const all = [...document.querySelectorAll(selector)].filter(each => each.checkVisibility());
  if (!all.length) return [`${selector}: is not there`];
  return all.flatMap(each => {
    const box = each.getBoundingClientRect();
    const edges = [box.left, box.top, box.right, box.bottom].map(Math.round);
    const [left, top, right, bottom] = edges;
    const fits = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    return fits ? [] : [`${selector}: ${edges.join(", ")}`];
  });
})"""
#: Words of elements that are broken over two lines, though no hyphen is in them.
BROKEN = """selector => [...document.querySelectorAll(selector)].flatMap(link => {
  const text = link.firstChild;
  return [...text.data.matchAll(/[^\\s-]+/g)].filter(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    // Where a line ends in an ellipsis, its words are measured twice.
    return new Set([...range.getClientRects()].map(each => each.top)).size > 1;
  }).map(match => match[0]);
})"""


def test_night_of_forty_counts_on_a_screen(
    server: Server, new_context: Callable[..., BrowserContext], subtests: pytest.Subtests
) -> None:
    at = open_desk(server, new_context)
    at.waits(7)
    with subtests.test("it fits"):
        assert at.page.evaluate(SIZE) == WINDOW
        assert at.page.evaluate(OUTSIDE, SEEN) == []
    with subtests.test("each decision is seen whole when it is come to"):
        for number in range(1, 8):
            at.press("j" if number > 1 else "k")
            at.focus_is_in(f"#queue-rows > li:nth-child({number})")
            row = f"#queue-rows > li:nth-child({number})"
            assert at.page.evaluate(OUTSIDE, [f"{row} summary", f"{row} [data-key]"]) == []
        assert at.page.evaluate(SIZE) == WINDOW
    with subtests.test("names in the lists of counts break between words"):
        expect(at.page.locator(".count-list a", has_text="Bramblecombe").first).to_be_visible()
        for width in (1440, 1366, 1280):
            at.page.set_viewport_size({"width": width, "height": 900})
            assert at.page.evaluate(BROKEN, ".count-list a") == [], width


#: Whether the words of a closed row and what stands in place of its buttons are apart.
APART = """row => {
  const range = document.createRange();
  range.selectNodeContents(row.querySelector(".fact"));
  const words = range.getBoundingClientRect();
  const instead = row.querySelector(".row-actions > .quiet").getBoundingClientRect();
  return words.bottom <= instead.top || words.right <= instead.left;
}"""


def test_row_of_ones_own_result_says_so_beside_its_words(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    """Who entered it may not publish it: the sentence lies over nothing."""
    at = open_desk(server, new_context)
    at.waits(7)
    server.seed(forty_counts.enter_a_result, at.night["election"], "Thornby Vale")
    at.waits(8)
    row = at.page.locator("#queue-rows > li", has_text="You entered this")
    expect(row.locator("> details")).not_to_have_attribute("open", "")
    assert row.evaluate(APART)


#: Rows whose words lie under their buttons: the row's text, with what is seen of a quote alone.
UNDER_BUTTONS = """() => [...document.querySelectorAll("#queue-rows > li")].flatMap(row => {
  const fact = row.querySelector(".fact"), buttons = row.querySelector(".row-actions");
  if (!fact || !buttons?.checkVisibility()) return [];
  const range = document.createRange();
  range.selectNodeContents(fact);
  const foot = fact.getBoundingClientRect().bottom, over = buttons.getBoundingClientRect();
  const under = [...range.getClientRects()].filter(line => line.top < foot - 4
    && line.right > over.left && line.left < over.right
    && Math.min(line.bottom, over.bottom) - Math.max(line.top, over.top) > 3);
  return under.length ? [row.innerText] : [];
})"""
#: What the measure takes for a problem and is none: the third line of a quote ends in an ellipsis,
#: and what follows is not drawn; buttons of the admin's own head are as high as a line.
INTENDED = ("cut by fact", "over each other", "hard to hit")


def test_night_loses_nothing_with_the_spacing_of_text_that_an_editor_may_set(
    server: Server, new_context: Callable[..., BrowserContext], subtests: pytest.Subtests
) -> None:
    """WCAG 2.2, 1.4.12, each decision open in turn."""
    at = open_desk(server, new_context)
    at.waits(7)
    at.page.evaluate(STYLE, SPACED)
    for number in range(1, 8):
        at.press("j" if number > 1 else "k")
        at.focus_is_in(f"#queue-rows > li:nth-child({number})")
        for width in (390, 1024, 1440):
            at.page.set_viewport_size({"width": width, "height": 900})
            with subtests.test("decision", number=number, width=width):
                found = problems(at.page)
                assert [one for one in found if not one.startswith(INTENDED)] == []
                assert at.page.evaluate(UNDER_BUTTONS) == []


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_words_of_a_quote_that_waits_are_not_broken_beside_its_buttons(
    server: Server, new_context: Callable[..., BrowserContext], width: int
) -> None:
    at = open_desk(server, new_context)
    at.page.set_viewport_size({"width": width, "height": 900})
    words = "Telecommunications, disproportionately uncharacteristically: intergovernmentalism."
    server.seed(forty_counts.queue_a_quote, at.night["election"], words)
    at.waits(8)
    fact = ".is-quote details:not([open]) .fact bdi"
    expect(at.page.locator(fact, has_text="Telecommunications")).to_be_visible()
    assert at.page.evaluate(BROKEN, fact) == []
    assert at.page.evaluate(UNDER_BUTTONS) == []

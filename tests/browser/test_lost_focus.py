"""What has the focus vanishes from an open page: the keyboard goes on from its place."""

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.pages import open_live
from tests.seeds import front
from tests.served_night import ServedNight

IS_FOCUSED = "() => document.activeElement !== document.body"
#: The module comes with the first focus.
MODULE_RUNS = "() => import('/static/reader/lost_focus.js')"
#: Timers run in order, and one may set another.
TIMERS_HAVE_RUN = "() => new Promise((end) => { setTimeout(() => setTimeout(end)); })"
#: Stands for a bulletin whose fragment lacks the link that the reader was on.
REPLACE = """async () => {
  const { swapFragment } = await import("/static/reader/replace.js");
  const card = document.querySelector(".was").closest("article");
  const now = card.cloneNode(true);
  for (const link of now.querySelectorAll("a")) link.replaceWith(link.textContent);
  swapFragment(card, now.outerHTML);
}"""


def focus_link_of(entry: Locator) -> None:
    page = entry.page
    link = entry.locator("a").first
    link.evaluate("link => link.classList.add('was')")
    link.focus()
    page.evaluate(MODULE_RUNS)


def test_withdrawn_entry_passes_the_focus_on_to_the_next(
    night: ServedNight, desktop: BrowserContext
) -> None:
    night.server.seed(front.post, night.slug, "A post.")
    page = open_live(desktop, night.url())
    post = page.locator("#bulletin-13")
    following = post.evaluate("post => post.nextElementSibling.id")
    focus_link_of(post)
    night.server.seed(front.withdraw_post, night.slug)
    expect(post).to_have_count(0)
    page.wait_for_function(IS_FOCUSED, timeout=3_000)
    assert page.evaluate("document.activeElement.closest('#feed > *').id") == following


def test_link_that_a_new_fragment_lacks_passes_the_focus_to_its_heading(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url())
    focus_link_of(page.locator("#feed > article").first)
    before = page.evaluate("scrollY")
    page.evaluate(REPLACE)
    page.wait_for_function(IS_FOCUSED, timeout=3_000)
    assert page.evaluate("document.activeElement.matches('#feed > article:first-child h3')")
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_reader_who_has_left_it_is_not_brought_back(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url())
    focus_link_of(page.locator("#feed > article").first)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(TIMERS_HAVE_RUN)
    page.evaluate(REPLACE)
    page.evaluate(TIMERS_HAVE_RUN)
    assert not page.evaluate(IS_FOCUSED)

"""Small screens, large text: nothing focused is covered, and nothing is wider than the screen.

WCAG 2.2: 2.4.11 Focus not obscured, 1.4.4 Resize text, 1.4.10 Reflow, 1.4.12 Text spacing. Every
control of every screen is reached with the Tab key on the smallest, and focused on the others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fit import SPACED, STYLE
from tests.browser.phone_page import sign_in
from tests.chromium import wait_for
from tests.seeds import screens
from tests.served_night import ServedNight
from tests.servers import Server

LARGE = "html { font-size: 200% !important }"


@dataclass(frozen=True)
class Screen:
    """A phone's screen, with a reader's own style."""

    name: str
    width: int
    height: int
    style: str = ""


SCREENS = (
    Screen("with the keyboard up", 320, 300),
    Screen("landscape", 568, 320),
    Screen("text of 200%", 320, 568, LARGE),
    # A window of 1280 × 1024.
    Screen("zoom of 400%", 320, 256),
    Screen("text spacing", 320, 568, SPACED),
)

#: Resolves once the page is drawn and its scripts have measured it.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: Defines `problem`: what is wrong with a focused control, as text.
PROBLEM = """const problem = (focused) => {
  const box = focused.getBoundingClientRect();
  const over = [...document.querySelectorAll(".strip, .sum")].filter((bar) =>
    getComputedStyle(bar).position === "sticky" && !bar.contains(focused) && bar.offsetHeight);
  const bars = over.map((bar) => bar.getBoundingClientRect());
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  const covered = bars.reduce((sum, bar) =>
    sum + Math.max(0, Math.min(box.bottom, bar.bottom) - Math.max(box.top, bar.top)), 0);
  const room = innerHeight - bars.reduce((sum, bar) => sum + bar.height, 0);
  const text = focused.textContent.trim().slice(0, 30);
  const name = `${focused.tagName} ${focused.name ?? ""} ${text}`;
  // A browser scrolls to the line that is typed in a box of several lines.
  const whole = focused.tagName !== "TEXTAREA" && box.height < room - 16;
  if (seen - covered < (whole ? box.height - 1 : 28)) {
    return `${name}: ${Math.round(seen - covered)} of ${Math.round(box.height)} px are seen`;
  }
  return "";
};"""
#: Of the control that has the focus, once the page is drawn; null at the end of the page.
FOCUSED = f"""async () => {{
  {PROBLEM}
  await ({DRAWN})();
  return document.activeElement === document.body ? null : problem(document.activeElement);
}}"""
#: Of every control, focused one after the other.
EACH = f"""() => {{
  {PROBLEM}
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary");
  const controls = [...all].filter((each) => each.type !== "hidden" && each.offsetParent);
  return controls.filter((each) => !each.disabled)
    .map((each) => {{ each.focus(); return problem(each); }}).filter(Boolean);
}}"""

#: Wherever the control is on the page.
CLICK = "(each) => each.click()"

#: Notes that the desk has answered the page's first report, which changes the line at the top.
NOTE_REPORT = "document.addEventListener('report', () => { globalThis.reported = true; })"

#: The elements that are wider than the screen, or cut off.
WIDE = """() => {
  const root = document.documentElement;
  const found = [];
  if (innerWidth > screen.width + 1 || root.scrollWidth > innerWidth) {
    found.push(`the page is ${root.scrollWidth} px of ${innerWidth}`);
  }
  for (const each of document.querySelectorAll("body *")) {
    const box = each.getBoundingClientRect();
    if (!box.width || each.closest(".visually-hidden, template, [hidden]")) continue;
    if (box.right > root.clientWidth + 1) {
      const text = each.textContent.trim().slice(0, 30);
      found.push(`${each.tagName}.${each.className} ${text} ends at ${box.right}`);
    }
  }
  return found.slice(0, 4);
}"""


@pytest.fixture
def page(server: Server, phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.add_init_script(NOTE_REPORT)
    return page


def problems(page: Page, screen: Screen) -> Iterator[str]:
    """What is wrong with the page that is open, on this screen."""
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    page.evaluate(STYLE, screen.style)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.evaluate(DRAWN)
    yield from page.evaluate(WIDE)
    if screen is not SCREENS[0]:
        yield from page.evaluate(EACH)
        return
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    for _control in range(200):
        page.keyboard.press("Tab")
        problem = page.evaluate(FOCUSED)
        if problem is None:
            return
        if problem:
            yield problem
    yield "the Tab key never leaves the page"


def all_problems(page: Page, name: str) -> list[str]:
    found = [
        f"{name}, {screen.name}: {problem}"
        for screen in SCREENS
        for problem in problems(page, screen)
    ]
    page.evaluate(STYLE, "")
    page.set_viewport_size({"width": 390, "height": 844})
    return found


def test_nothing_focused_is_covered_and_nothing_is_too_wide(server: Server, page: Page) -> None:
    night = ServedNight.seeded(server, screens.night)
    page.goto(server.url("/count/sign-in/"))
    found = all_problems(page, "sign-in")
    page.goto(server.url("/count/sign-in/?next=/count/"))
    sign_in(page)
    expect(page.locator("#strip")).to_be_visible()
    # Other tests on this server may have written to this reporter as well.
    expect(page.get_by_text("Which hall are you in?").first).to_be_visible()
    wait_for(page, lambda: bool(page.evaluate("globalThis.reported")))
    found += all_problems(page, "my counts")
    for slug in screens.COUNTS:
        page.goto(server.url(f"/count{night.path}{slug}/"))
        wait_for(page, lambda: bool(page.evaluate("globalThis.reported")))
        found += all_problems(page, slug)
    page.goto(server.url(f"/count{night.path}votes/"))
    for number, box in enumerate(page.locator(".result [data-votes]").all()[:3]):
        box.fill(f"2100{number}")
    page.get_by_role("button", name="Check the result").evaluate(CLICK)
    expect(page.locator("[data-incomplete]")).to_be_visible()
    found += all_problems(page, "boxes left empty")
    page.get_by_role("button", name="Check it as incomplete").evaluate(CLICK)
    # On the page that follows: the button that was pressed has these words, too.
    publish = page.get_by_role("button", name=re.compile("^(Publish|Send) .* as incomplete"))
    expect(publish).to_be_visible()
    found += all_problems(page, "check")
    publish.evaluate(CLICK)
    expect(page.locator("[data-receipt]")).to_be_visible()
    # Until then its sentences, and those at the top, change while they are measured.
    expect(page.locator("#strip")).to_contain_text("The desk has had it since")
    found += all_problems(page, "receipt")
    page.get_by_role("link", name="Outbox").evaluate(CLICK)
    expect(page.locator("[data-outbox-list]")).to_be_visible()
    found += all_problems(page, "outbox")
    assert not found, "\n".join(found)

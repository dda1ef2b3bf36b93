"""Time from a bulletin's arrival in a browser to its paint, beside the time of a reload.

Measured on a phone's and a desktop's page of a 650-seat night, with the processor slowed down four
times (a cheap phone), while declarations are published one by one.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from bench.rigs import ELECTION
from tests import needs
from tests.servers import Server

#: Factor on the processor's speed; the one that Lighthouse uses for a cheap phone.
SLOWDOWN = 4
DECLARED = 600
DECLARATIONS = 20

# Records the time from a message's arrival to the first frame that is painted after the page has
# applied it, which is when the page's sequence changes: messages are inflated in between.
WATCH = """
window.painted = [];
let arrived = 0;
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", () => { arrived = performance.now(); });
  }
};
document.addEventListener("DOMContentLoaded", () => {
  const { dataset } = document.documentElement;
  let last = dataset.sequence;
  new MutationObserver(() => {
    if (dataset.sequence === last) return;  // a heartbeat
    last = dataset.sequence;
    const since = arrived;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => painted.push(performance.now() - since);
      after.port2.postMessage(null);
    });
  }).observe(document.documentElement, { attributeFilter: ["data-sequence"] });
});
"""
# The time of a reload: from the request to the first contentful paint.
RELOAD = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.name === "first-contentful-paint") resolve(entry.startTime);
}).observe({type: "paint", buffered: true}))"""


@dataclass(frozen=True)
class PaintTime:
    """Milliseconds from arrival to paint, and of a reload."""

    screen: str
    median: float
    slowest: float
    reload: float


def paint_times(folder: Path) -> list[PaintTime]:
    """Measure both screens on one server, with the same declarations."""
    folder.mkdir()
    desk = Server(folder)
    desk.manage("migrate", "--verbosity", "0")
    _rehearse(desk, DECLARED)
    with desk, sync_playwright() as playwright:
        executable = needs.program("chromium", package="chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        pages = {
            "phone": _open(browser, desk, 390, 844),
            "desktop": _open(browser, desk, 1440, 900),
        }
        _rehearse(desk, DECLARED + DECLARATIONS)
        results = [_measure(screen, page) for screen, page in pages.items()]
        browser.close()
    return results


def _rehearse(desk: Server, declared: int) -> None:
    desk.manage("rehearse", ELECTION, "--speed", "0", "--declared", str(declared))


def _open(browser: Browser, desk: Server, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
    page.add_init_script(WATCH)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(desk.url(f"/{ELECTION}/"))
    page.wait_for_function("document.getElementById('connection-status').dataset.state === 'live'")
    page.evaluate("painted.length = 0")
    return page


def _measure(screen: str, page: Page) -> PaintTime:
    # A few more seats may be declared: those that are due at once are declared together.
    page.wait_for_function(
        "parseInt(document.querySelector('#progress .declared').textContent) >= "
        + str(DECLARED + DECLARATIONS)
    )
    times = page.evaluate("painted")
    reloads = []
    for _reload in range(5):
        page.reload()
        reloads.append(page.evaluate(RELOAD))
    return PaintTime(screen, median(times), max(times), median(reloads))

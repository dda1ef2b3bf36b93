"""From a bulletin's arrival in a browser to the declaration on the screen, and a reload beside it.

A phone's and a desktop's page of a 650-seat night, four times slower than this machine's processor
(what a cheap phone has), while declarations are published one by one.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from bench.night import ELECTION
from tests import needs
from tests.servers import Server

#: How much slower than this machine: what Lighthouse takes a cheap phone to be.
SLOWDOWN = 4
DECLARED = 600
DECLARATIONS = 20

# The time of a message's arrival, and of the first frame drawn after what it brought is in place.
WATCH = """
window.painted = [];
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => {
      const arrived = performance.now();
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => painted.push(performance.now() - arrived);
        after.port2.postMessage(null);
      });
    });
  }
};
"""
# A reload as its reader has it: from asking to the first contentful paint.
RELOAD = """() => new Promise((tell) => new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (one.name === "first-contentful-paint") tell(one.startTime);
}).observe({type: "paint", buffered: true}))"""


@dataclass(frozen=True)
class Painted:
    """Milliseconds: of the frames that came, and of loading the page again."""

    screen: str
    median: float
    slowest: float
    reload: float


def painting(folder: Path) -> list[Painted]:
    """Both screens before one server, declarations in turn."""
    folder.mkdir()
    desk = Server(folder)
    desk.manage("migrate", "--verbosity", "0")
    _rehearse(desk, DECLARED)
    with desk, sync_playwright() as playwright:
        executable = needs.program("chromium", package="chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        pages = {
            "phone": _opened(browser, desk, 390, 844),
            "desktop": _opened(browser, desk, 1440, 900),
        }
        _rehearse(desk, DECLARED + DECLARATIONS)
        found = [_measured(screen, page) for screen, page in pages.items()]
        browser.close()
    return found


def _rehearse(desk: Server, declared: int) -> None:
    desk.manage("rehearse", ELECTION, "--speed", "0", "--declared", str(declared))


def _opened(browser: Browser, desk: Server, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
    page.add_init_script(WATCH)
    slower = page.context.new_cdp_session(page)
    slower.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(desk.url(f"/{ELECTION}/"))
    page.wait_for_function("document.getElementById('sign-of-life').dataset.state === 'live'")
    page.evaluate("painted.length = 0")
    return page


def _measured(screen: str, page: Page) -> Painted:
    # The seats declared by now are a few more: those due at once are declared together.
    page.wait_for_function(
        "parseInt(document.querySelector('#progress .declared').textContent) >= "
        + str(DECLARED + DECLARATIONS)
    )
    took = page.evaluate("painted")
    reloads = []
    for _time in range(5):
        page.reload()
        reloads.append(page.evaluate(RELOAD))
    return Painted(screen, median(took), max(took), median(reloads))

"""Time from a bulletin's commit to its paint in a browser that is one of thousands of readers.

As deploy/ sets it up: a process for writers on Daphne, one for readers on uvicorn, and Redis
between them. One bulletin a second.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.night import Prepared
from bench.rig import DESK_ON_DAPHNE, DESK_ON_UVICORN, Rig, crowd
from bench.rigs import ELECTION
from tests import needs
from tests.backing import Redis
from tests.servers import Server

BULLETINS, SECONDS = 50, 1.0

#: What a crowd prints, see `bench.crowd`.
Reports = Iterator[dict[str, Any]]

# Records the wall clock at the first frame that is painted after a bulletin was applied.
WATCH = """
window.painted = {};
document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement;
  new MutationObserver(() => {
    const { sequence } = root.dataset;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        painted[sequence] ??= (performance.timeOrigin + performance.now()) / 1000;
      };
      after.port2.postMessage(null);
    });
  }).observe(root, { attributeFilter: ["data-sequence"] });
});
"""


@dataclass(frozen=True)
class CommitToPaint:
    """Milliseconds from commit to paint, and from commit to receipt by all other readers."""

    readers: int
    bulletins: int
    painted_p50: float
    painted_p99: float
    slowest: float
    received_p50: float
    received_p99: float


def commit_to_paint(prepared: Prepared, readers: int) -> CommitToPaint:
    """Raises tests.needs.Missing without Chromium or Redis."""
    folder = prepared.copy("commit-to-paint")
    url = f"sqlite:///{folder / 'desk.sqlite3'}"
    with Redis() as redis:
        desk = Server(
            folder,
            program="auto",
            database_url=url,
            redis_url=redis.url,
            environment={"DJANGO_SETTINGS_MODULE": "electiondesk.settings", "ROLE": "readers"},
        )
        writer = Rig(
            DESK_ON_DAPHNE,
            folder,
            None,
            {"ROLE": "writers", "DATABASE_URL": url, "REDIS_URL": redis.url},
        )
        with desk, writer, sync_playwright() as playwright:
            executable = needs.program("chromium", package="chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            # The browser is in the middle: readers are sent a bulletin in the order they came.
            path = DESK_ON_UVICORN.socket_path
            with crowd(desk, path, readers // 2) as earlier:
                page = _open(browser.new_page(bypass_csp=True), desk)
                with crowd(desk, path, readers - readers // 2) as later:
                    measured = _measure(page, writer, [earlier, later], readers)
            browser.close()
    return measured


def _receipts(crowds: list[Reports]) -> list[float]:
    """Return when each reader of the crowds received the next message."""
    return [at for reports in crowds for at in next(reports)["times"]]


def _open(page: Page, desk: Server) -> Page:
    page.add_init_script(WATCH)
    page.goto(desk.url(f"/{ELECTION}/"))
    page.wait_for_function("document.getElementById('connection-status').dataset.state === 'live'")
    return page


def _measure(page: Page, writer: Rig, crowds: list[Reports], readers: int) -> CommitToPaint:
    committed: dict[int, float] = {}
    received: list[float] = []
    # From the machine's monotonic clock to the wall clock, which the browser reads.
    offset = time.time() - time.monotonic()
    writer.publish()  # The first message opens connections that later ones use.
    _receipts(crowds)
    for _bulletin in range(BULLETINS):
        due = time.monotonic() + SECONDS
        published = writer.publish()
        committed[published["sequence"]] = published["committed"]
        received += [(at - published["committed"]) * 1000 for at in _receipts(crowds)]
        time.sleep(max(0.0, due - time.monotonic()))
    newest = max(committed)
    page.wait_for_function(f"window.painted[{newest}] !== undefined")
    painted: dict[str, float] = page.evaluate("painted")
    # A bulletin that a later one overtook was painted with it.
    delays = [
        min(at for number, at in painted.items() if int(number) >= sequence) - offset - commit
        for sequence, commit in committed.items()
    ]
    milliseconds = sorted(1000 * delay for delay in delays)
    return CommitToPaint(
        readers=readers,
        bulletins=len(milliseconds),
        painted_p50=median(milliseconds),
        painted_p99=quantiles(milliseconds, n=100, method="inclusive")[98],
        slowest=milliseconds[-1],
        received_p50=median(received),
        received_p99=quantiles(received, n=100, method="inclusive")[98],
    )

"""A night whose socket and responses a test controls, and the status that a page shows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import (
    Page,
    Route,
    WebSocketRoute,
    expect,
)

from tests.browser.pages import COUNT_REQUESTS, answer_by_clock, pass_time
from tests.chromium import wait_for
from tests.served_night import ServedNight

START = datetime(2026, 11, 26, 22, 43, tzinfo=UTC)

#: Counts the sockets that the page has opened.
COUNT_OPENED = """
window.opened = 0;
const Original = WebSocket;
window.WebSocket = class extends Original {
  constructor(...args) {
    super(...args);
    window.opened += 1;
  }
};
"""


class Desk:
    """A night's socket and HTTP answers under the control of a test."""

    def __init__(self, page: Page, night: ServedNight) -> None:
        self.page = page
        self.night = night
        self.sockets: list[WebSocketRoute] = []
        self.refuses_sockets = False
        self.requests = 0
        self.answer: Callable[[Route], None] = answer_by_clock
        page.route_web_socket("**/live/**", self._open)
        page.route("**/now/", self._ask)
        page.add_init_script(COUNT_REQUESTS)
        page.add_init_script(COUNT_OPENED)

    def _open(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        if self.refuses_sockets:
            socket.close(code=1011)

    def _ask(self, route: Route) -> None:
        self.requests += 1
        self.answer(route)

    def beat(self) -> None:
        """Tell the time by the page's clock, and send a heartbeat through the newest socket."""
        self.wait_for_socket(self.page.evaluate("window.opened"))
        self.sockets[-1].send(json.dumps({"clock": self.page.evaluate("Date.now() / 1000")}))
        root = self.page.evaluate("({...document.documentElement.dataset})")
        number = int(root["sequence"])
        frame = {"epoch": root["epoch"], "since": number, "sequence": number, "fragments": {}}
        self.sockets[-1].send(json.dumps(frame))

    def open_page(self) -> None:
        """Load the page at START, by a clock that moves only as the test says."""
        self.page.clock.install(time=START - timedelta(minutes=1))
        self.page.clock.pause_at(START)
        self.page.goto(self.night.url())
        self.wait_for_socket(1)

    def go_live(self) -> None:
        self.open_page()
        self.beat()
        expect_words(self.page, "live", "Live 22:43")

    def pass_time(self, seconds: int) -> None:
        """Move the page's clock, and let real requests be answered before they time out by it."""
        pass_time(self.page, seconds)

    def wait_for_socket(self, number: int) -> None:
        wait_for(self.page, lambda: len(self.sockets) >= number)


def expect_words(page: Page, state: str, words: str) -> None:
    status = page.locator("#connection-status")
    expect(status).to_have_attribute("data-state", state)

    def are_shown() -> bool:
        parts = [status.locator(part).inner_text() for part in (".state", ".when")]
        return " ".join(filter(None, parts)) == words

    wait_for(page, are_shown)

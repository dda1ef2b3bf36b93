"""A night whose socket and responses a test controls, and the status that a page shows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import (
    Page,
    Request,
    Route,
    WebSocketRoute,
    expect,
)

from tests.chromium import wait_for
from tests.served_night import ServedNight

START = datetime(2026, 11, 26, 22, 43, tzinfo=UTC)


class Desk:
    """A night's socket and HTTP answers under the control of a test."""

    def __init__(self, page: Page, night: ServedNight) -> None:
        self.page = page
        self.night = night
        self.sockets: list[WebSocketRoute] = []
        self.refuses_sockets = False
        self.requests = 0
        self.answer: Callable[[Route], None] = lambda route: route.continue_()
        self.unanswered = 0
        page.route_web_socket("**/live/**", self._open)
        page.route("**/now/", self._ask)
        page.on("request", lambda request: self._count(request, 1))
        page.on("requestfinished", lambda request: self._count(request, -1))
        page.on("requestfailed", lambda request: self._count(request, -1))

    def _count(self, request: Request, change: int) -> None:
        if request.url.endswith("/now/"):
            self.unanswered += change

    def _open(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        if self.refuses_sockets:
            socket.close(code=1011)

    def _ask(self, route: Route) -> None:
        self.requests += 1
        self.answer(route)

    def beat(self) -> None:
        """Send a heartbeat through the newest socket."""
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
        for _second in range(seconds):
            self.page.clock.run_for(1_000)
            wait_for(self.page, lambda: self.unanswered == 0)

    def wait_for_socket(self, number: int) -> None:
        wait_for(self.page, lambda: len(self.sockets) >= number)


def expect_words(page: Page, state: str, words: str) -> None:
    status = page.locator("#sign-of-life")
    expect(status).to_have_attribute("data-state", state)
    parts = [status.locator(part).inner_text() for part in (".state", ".when")]
    assert " ".join(filter(None, parts)) == words

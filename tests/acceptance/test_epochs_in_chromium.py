"""A new epoch on a running night: an open page reloads once and is live again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, WebSocket, expect

from tests.acceptance.epochs import CHANGES, EpochNight, Position, follow
from tests.chromium import wait_for
from tests.inflater import Inflater

pytestmark = [pytest.mark.services, pytest.mark.browser]

#: How often a page asks whether there is a newer one (static/reader/renewal.js).
TRIES = 6


class Watched:
    """A reader's page, with the number of its loads and the frames of its sockets."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loads = 0
        self.frames: list[dict[str, Any]] = []
        page.on("request", self._count_load)
        page.on("websocket", self._listen)

    def _count_load(self, request: Request) -> None:
        """Count it as it is asked for: its socket may be live before all of it is loaded."""
        self.loads += request.is_navigation_request()

    def _listen(self, socket: WebSocket) -> None:
        inflater = Inflater()
        socket.on("framereceived", lambda message: self.frames.append(inflater.read(message)))

    def is_live(self, epoch: str, sequence: int) -> None:
        """Return once a socket has said that the page is up to date at this number."""
        wanted = {"epoch": epoch, "since": sequence, "sequence": sequence, "fragments": {}}
        wait_for(self.page, lambda: wanted in self.frames)


@pytest.mark.parametrize("change", CHANGES)
def test_page_reloads_once_and_all_clients_stay_up_to_date(
    make_night: Callable[..., EpochNight], desktop: BrowserContext, change: str
) -> None:
    """A page that was open before the change, beside the clients of `follow`."""
    night = make_night()
    page = desktop.new_page()
    watched = Watched(page)
    root = page.locator("html")

    def looking(step: str, position: Position) -> None:
        if step == "changed":
            expect(root).to_have_attribute("data-epoch", position.epoch)
        elif step == "declared":
            expect(root).to_have_attribute("data-sequence", str(position.sequence))
            expect(page.locator("#feed")).to_contain_text("Far Vale")
        if step != "declared":
            watched.is_live(position.epoch, position.sequence)
        if step == "changed":
            watched.frames.clear()

    with night.desk:
        page.goto(night.desk.url("/ge/"))
        expect(page.locator("#connection-status")).to_have_attribute("data-state", "live")
        follow(night, change, looking)
    assert [frame for frame in watched.frames if "resync" in frame] == []
    assert watched.loads == 2


class Cache:
    """A cache in front of the desk that is stale the first times that it is asked for a newer page.

    It begins after the first load: Chromium takes a page that a test answers for one of another
    network, and refuses it sockets to this machine.
    """

    def __init__(self, page: Page, address: str, times: int) -> None:
        response = page.request.get(address)
        # Its body has been decoded already.
        decoded = ("content-encoding", "content-length")
        self.headers = {
            name: text for name, text in response.headers.items() if name not in decoded
        }
        self.body = response.body()
        self.times = times
        page.route(address, self._answer)

    def _answer(self, route: Route) -> None:
        if self.times == 0:
            route.continue_()
            return
        asks = route.request.method == "HEAD"
        self.times -= asks
        route.fulfill(status=200, headers=self.headers, body=b"" if asks else self.body)


def test_page_behind_a_cache_reloads_when_it_is_newer(
    make_night: Callable[..., EpochNight], desktop: BrowserContext
) -> None:
    night = make_night()
    page = desktop.new_page()
    watched = Watched(page)
    with night.desk:
        page.goto(night.desk.url("/ge/"))
        watched.is_live(night.position().epoch, 2)
        cache = Cache(page, night.desk.url("/ge/"), times=2)
        night.start_over()
        new = night.position()
        watched.is_live(new.epoch, 2)
    assert cache.times == 0
    assert watched.loads == 2


def test_page_ignores_an_older_epoch(
    make_night: Callable[..., EpochNight], desktop: BrowserContext
) -> None:
    """A cached response of `/now/` may be older than the page."""
    night = make_night()
    page = desktop.new_page()
    watched = Watched(page)
    with night.desk:
        old = night.position()
        night.start_over()
        new = night.position()
        stale = json.dumps({"epoch": old.epoch, "sequence": 2})
        page.route("**/ge/now/", lambda route: route.fulfill(body=stale))
        page.add_init_script("delete window.WebSocket; window.WebSocket = class { close() {} };")
        page.goto(night.desk.url("/ge/"))
        tries: list[Request] = []
        page.on("request", lambda sent: tries.append(sent) if sent.method == "HEAD" else None)
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for(page, lambda: len(tries) == TRIES)
        page.unroute("**/ge/now/")
        # It has given up, and polls for the position once more.
        night.declare_the_next()
        expect(page.locator("html")).to_have_attribute("data-sequence", "3")
        expect(page.locator("html")).to_have_attribute("data-epoch", new.epoch)
    assert watched.loads == 1

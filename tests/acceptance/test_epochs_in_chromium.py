"""A new epoch on a running night: an open page loads itself once, and is live from then on."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.acceptance.epochs import CHANGES, EpochNight

pytestmark = [pytest.mark.services, pytest.mark.browser]

#: Bounds the test where a page never does what is waited for.
PATIENCE_SECONDS = 30.0
PATIENCE_MS = 1000 * PATIENCE_SECONDS


class Watched:
    """A reader's page, how often it was loaded, and what its sockets were sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loads = 0
        self.frames: list[dict[str, Any]] = []
        page.on("domcontentloaded", self._count_load)
        page.on("websocket", self._listen)

    def _count_load(self, page: Page) -> None:
        self.loads += 1

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda text: self.frames.append(json.loads(text)))

    def is_live(self, epoch: str, sequence: int) -> None:
        """Return once a socket has said that the page is up to date at this number."""
        wanted = {"epoch": epoch, "since": sequence, "sequence": sequence, "fragments": {}}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.frames:
            assert time.monotonic() < deadline, self.frames
            self.page.wait_for_timeout(50)  # events are told during calls of the page alone


@pytest.mark.parametrize("change", CHANGES)
def test_page_loads_itself_once_and_stays_live(
    make_night: Callable[..., EpochNight], desktop: BrowserContext, change: str
) -> None:
    night = make_night()
    page = desktop.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watched = Watched(page)
    with night.desk:
        page.goto(night.desk.url("/ge/"))
        old = night.position()
        expect(page.locator("#sign-of-life")).to_have_attribute("data-state", "live")

        CHANGES[change](night)
        new = night.position()
        assert new.epoch != old.epoch
        root = page.locator("html")
        expect(root).to_have_attribute("data-epoch", new.epoch, timeout=PATIENCE_MS)
        watched.is_live(new.epoch, 2)
        watched.frames.clear()

        night.restart()
        watched.is_live(new.epoch, 2)
        night.declare_the_next()
        expect(root).to_have_attribute("data-sequence", "3", timeout=PATIENCE_MS)
        expect(page.locator("#feed")).to_contain_text("Far Vale")
        night.restart()
        watched.is_live(new.epoch, 3)
    assert [one for one in watched.frames if "resync" in one] == []
    assert watched.loads == 2

"""A test may end while its page waits for an answer, and may close its browser itself."""

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.chromium import wait_for


@pytest.fixture
def silent_site() -> Iterator[str]:
    """The address of a server that accepts connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


@pytest.mark.parametrize("routed", ["page", "context"])
def test_may_end_while_a_request_is_fetched(
    silent_site: str, desktop: BrowserContext, routed: str
) -> None:
    page = desktop.new_page()
    asked: list[str] = []

    def fetch(route: Route) -> None:
        asked.append(route.request.url)
        route.fetch()

    (page if routed == "page" else desktop).route(silent_site, fetch)
    page.evaluate("address => void fetch(address, { mode: 'no-cors' })", silent_site)
    wait_for(page, lambda: bool(asked))


def test_may_close_its_browser(desktop: BrowserContext) -> None:
    desktop.new_page()
    desktop.close()

"""Pages that the service worker keeps, where the network hangs or answers in the server's place."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import wait_until_kept
from tests.browser.phone_reporter import sign_in
from tests.chromium import PHONE, wait_for
from tests.faults.proxy import Proxy
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)

CACHED = """async () => {
  const cache = await caches.open("count-1");
  return (await cache.keys()).map(({ url }) => new URL(url).pathname);
}"""
#: As after a new release, whose files have other names.
KEEP_WITHOUT_FILES = """async () => {
  const cache = await caches.open("count-1");
  for (const { url } of await cache.keys()) await cache.delete(url);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: location.pathname });
}"""


class Portal(BaseHTTPRequestHandler):
    """A hall's welcome page, in answer to any address."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"<!doctype html><h1>Welcome to the WiFi</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def network(night: ServedNight) -> Iterator[Proxy]:
    with Proxy(night.server.port) as proxy:
        yield proxy


@pytest.fixture
def portal() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], night: ServedNight, network: Proxy) -> Page:
    """The page of a count that was opened through the network, and is kept."""
    page = new_context(**PHONE).new_page()
    address = f"http://127.0.0.1:{network.port}/count"
    page.goto(f"{address}/sign-in/{night.server.seed(seeds.sign_in_token)}/")
    page.get_by_role("button", name="Sign in on this phone").click()
    expect(page.get_by_role("heading", name="My counts")).to_be_visible()
    page.goto(f"{address}{night.path}elsewhere/")
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    wait_until_kept(page)
    page.locator(".result [data-name=Ann]").fill("21000")
    return page


def test_a_kept_page_has_its_scripts_where_the_line_hangs(page: Page, network: Proxy) -> None:
    address = page.url
    page.goto("about:blank")
    network.freeze()
    page.goto(address, wait_until="commit")
    expect(page.get_by_text("This page is as it was")).to_be_visible()
    expect(page.locator(".result [data-name=Ann]")).to_have_value("21000")
    network.thaw()


def test_a_kept_page_says_no_more_that_the_desk_is_silent_once_it_answers(
    page: Page, network: Proxy
) -> None:
    address = page.url
    page.goto("about:blank")
    network.freeze()
    page.goto(address, wait_until="commit")
    expect(page.locator("#strip")).to_contain_text("No answer from the desk")
    network.thaw()
    # No phone says “online” of a line that only hung.
    with page.expect_response("**/count/phone/"):
        page.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(page.locator("#strip")).not_to_contain_text("No answer from the desk")


def test_a_count_that_was_never_opened_has_a_page_without_a_signal(
    page: Page, night: ServedNight
) -> None:
    page.context.set_offline(True)
    page.goto(page.url.replace("elsewhere", "islington-north"))
    expect(page.get_by_role("heading", name="No answer from the desk")).to_be_visible()
    expect(page.get_by_text("cannot be opened without a signal")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()


def test_signing_out_without_a_signal_says_that_it_may_not_have_happened(page: Page) -> None:
    wait_for(page, lambda: bool(page.evaluate("caches.match('/count/').then(Boolean)")))
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This phone may still be signed in.")).to_be_visible()
    page.get_by_role("link", name="My counts").first.click()
    expect(page.get_by_role("heading", name="My counts")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_captive_portals_page_is_not_kept(page: Page, network: Proxy, portal: int) -> None:
    """Neither as the page of the count nor as a script."""
    address = page.url
    desk, network.target = network.target, portal
    network.cut()
    page.goto(address)
    expect(page.get_by_role("heading", name="Welcome to the WiFi")).to_be_visible()
    page.evaluate("fetch('/static/reporter/count.js')")
    network.refuse()
    page.goto(address)
    expect(page.get_by_text("This page is as it was")).to_be_visible()
    expect(page.locator(".result [data-name=Ann]")).to_have_value("21000")
    network.target = desk
    network.allow()


def test_a_page_is_kept_with_the_scripts_that_it_names(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    sign_in(page, night)
    address = f"/count{night.path}elsewhere/"
    page.goto(night.server.url(address))
    # Once: what the worker is still about to keep would be kept without the files.
    wait_until_kept(page)
    page.evaluate(KEEP_WITHOUT_FILES)
    wait_for(page, lambda: address in page.evaluate(CACHED))
    names = set(page.evaluate(CACHED))
    assert {"/static/reporter/count.js", "/static/reporter/reporter.css"} <= names

"""Failures of networks and servers while a phone declares a result."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.phone_reporter import QUOTE, Reporter
from tests.chromium import wait_for


def _answer(**response: Any) -> Callable[[Route], None]:
    return lambda route: route.fulfill(**response)


def _lose(route: Route) -> None:
    """It arrives, and the answer does not."""
    route.fetch()
    route.abort("connectionreset")


LIE = '{"key": "another", "state": "published", "sequence": 7, "at": "03:18"}'
JSON, HTML = "application/json", "text/html"

#: What a network does with what a phone posts.
NETWORKS: dict[str, Callable[[Route], None] | None] = {
    "absent": None,
    "cut off": lambda route: route.abort("connectionreset"),
    "loses answers": _lose,
    "welcome page": _answer(status=200, body="<h1>Welcome to the WiFi</h1>", content_type=HTML),
    "redirect": _answer(status=302, headers={"Location": "http://127.0.0.1:9/"}),
    "another's answer": _answer(status=200, body=LIE, content_type=JSON),
    "answer without a key": _answer(status=200, body='{"state": "kept"}', content_type=JSON),
    "broken answer": _answer(status=200, body='{"state":', content_type=JSON),
    **{
        f"captive portal, {status}": _answer(
            status=status, body="<h1>Sign in to the WiFi</h1>", content_type=HTML
        )
        for status in (401, 403, 404, 429)
    },
    "bad gateway": _answer(status=502, body="", content_type=HTML),
}


def play(reporter: Reporter, seat: str, network: str, votes: list[int]) -> None:
    """Declare a result while the network is like this, and then when it is well again."""
    page, screen = reporter.page, reporter.screen
    reporter.open(seat)
    page.locator("#quote textarea").fill(QUOTE)
    reporter.check(*votes)
    expect(page.locator("main .primary", has_text="Declare")).to_be_visible()
    TROUBLES.get(network, trouble)(reporter, network)
    screen.assert_true(f"{network}, after it")
    record = reporter.record()
    assert (record["bulletins"][seat], record["votes"][seat]) == (1, votes), network
    reporter.open(seat)
    expect(page.locator("#quote textarea")).to_have_value(QUOTE)


def trouble(reporter: Reporter, network: str) -> None:
    handler, page = NETWORKS[network], reporter.page
    posts = "**/count/**"
    if handler is None:
        reporter.context.set_offline(True)
    else:
        page.route(posts, lambda route: _only_posts(route, handler))
    reporter.tap()
    expect(page.locator("main [data-receipt]")).to_be_visible()
    reporter.settle()
    page.evaluate("dispatchEvent(new Event(navigator.onLine ? 'online' : 'offline'))")
    expect(page.locator("#strip")).to_have_attribute("data-state", "waiting")
    reporter.screen.assert_true(f"{network}, during it")
    if handler is None:
        reporter.context.set_offline(False)
    else:
        # An answer that is being lost is lost first.
        page.unroute_all(behavior="wait")
    reporter.go_online_until_sent()


def _only_posts(route: Route, handler: Callable[[Route], None]) -> None:
    if route.request.method == "POST":
        handler(route)
    else:
        route.continue_()


def hangs(reporter: Reporter, network: str) -> None:
    """Published at the desk, and no answer for longer than the phone waits."""
    page, held = reporter.page, list[Route]()

    def hold(route: Route) -> None:
        if held or "publish" not in (route.request.post_data or ""):
            # What else the phone posts meanwhile, and its next try, end by themselves.
            route.abort("connectionreset")
            return
        route.fetch()
        held.append(route)

    page.route("**/count/**", lambda route: _only_posts(route, hold))
    page.clock.install()
    reporter.tap()
    wait_for(page, lambda: bool(held))
    reporter.screen.assert_true(f"{network}, while it is sent")
    page.clock.run_for(21_000)
    reporter.settle()
    expect(page.locator("#strip")).to_contain_text("The desk may have it")
    reporter.screen.assert_true(f"{network}, given up")
    page.unroute("**/count/**")
    reporter.go_online_until_sent()
    page.clock.resume()


def server_killed(reporter: Reporter, network: str) -> None:
    server = reporter.night.server
    reporter.tap()
    server.kill()
    reporter.settle()
    reporter.page.evaluate("dispatchEvent(new Event('online'))")
    reporter.settle()
    reporter.screen.assert_true(f"{network}, while it is down")
    server.start()
    reporter.go_online_until_sent()


def slow(reporter: Reporter, network: str) -> None:
    """Two kilobytes a second."""
    session = reporter.context.new_cdp_session(reporter.page)
    line = {
        "offline": False,
        "latency": 400,
        "downloadThroughput": 2_000,
        "uploadThroughput": 2_000,
    }
    session.send("Network.emulateNetworkConditions", line)
    reporter.tap()
    reporter.screen.assert_true(f"{network}, while it is sent")
    reporter.go_online_until_sent()
    open_line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", open_line)


def new_release(reporter: Reporter, network: str) -> None:
    """Another release is served when the signal is back: the files of the page's own are gone."""
    context, server = reporter.context, reporter.night.server
    _keep_unsent(reporter)
    server.kill()
    context.route("**/static/**", lambda route: route.fulfill(status=404))
    server.start()
    reporter.screen.assert_true(f"{network}, before it is heard of")
    context.set_offline(False)
    reporter.go_online_until_sent()
    context.unroute("**/static/**")


#: What the outbox and the answers of the release before did not have.
EARLIER = """() => {
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith("outbox:"))) {
    const { content, draft, was, ...earlier } = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify(earlier));
  }
}"""


def opened_after_release(reporter: Reporter, network: str) -> None:
    """What the release before has stored is sent by the scripts of another, on a new page."""
    page = reporter.page
    _keep_unsent(reporter)
    page.evaluate(EARLIER)
    page.goto("about:blank")
    reporter.context.set_offline(False)
    reporter.open(reporter.seat)
    reporter.go_online_until_sent()


def _keep_unsent(reporter: Reporter) -> None:
    reporter.context.set_offline(True)
    reporter.tap()
    expect(reporter.page.locator("main [data-receipt]")).to_be_visible()
    reporter.settle()


TROUBLES: dict[str, Callable[[Reporter, str], None]] = {
    "slow": slow,
    "server killed": server_killed,
    "new release": new_release,
    "opened after a new release": opened_after_release,
    # The last one: its clock stays the page's.
    "hangs": hangs,
}

"""Fixtures for tests in Debian's Chromium, one browser to a run.

That browser is `chromium-headless-shell` where it is installed: the same build without windows of
its own, which takes a fifth less CPU. Tests of what it lacks use `full_chromium`.

Tests in a browser write with `Server.seed` and management commands: playwright's event loop runs in
the test's thread, where the ORM refuses to work.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from tests import needs

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
# Chromium's address bar draws its suggestions with two pages of its own, in every new context: half
# of what a context costs. The others are playwright's list, which this one replaces.
OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
# The browser connects to nothing but the server under test.
FLAGS = [
    f"--disable-features={','.join(OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Address that no server has; a script sends HEAD, which no service worker takes.
PROBE = "**/is-it-routed"
SCREENSHOTS = needs.ROOT / "test-results"
#: Bounds every wait of a test. It is no measure of the page: other tests run at the same time.
WAIT_SECONDS = 90.0
expect.set_options(timeout=WAIT_SECONDS * 1_000)
#: The pages' random number, from 0 to below 1, where `make soak` tries both ends of it.
CHANCE = os.environ.get("CHANCE")
#: Whether the test has failed, for fixtures that end after it.
FAILED = pytest.StashKey[bool]()


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    """Handle the page's events until `condition` holds, for at most WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"the condition never held; {_seen_on(page)}"
        page.wait_for_timeout(20)


def _seen_on(page: Page) -> str:
    """Describe a page and what it keeps, for the message of a test that fails elsewhere."""
    seen = page.evaluate("[navigator.onLine, document.body.innerText, {...localStorage}]")
    return f"seen on {page.url}: {str(seen)[:2_000]}"


def full_chromium_program() -> Path:
    """Return the path of the browser that has all that a reader's has. Raises Missing."""
    return needs.program("chromium", package="chromium")


def headless_chromium() -> Path:
    """Return the path of Chromium's headless shell, or of Chromium. Raises Missing."""
    try:
        return needs.program("chromium-headless-shell", package="chromium-headless-shell")
    except needs.Missing:
        return full_chromium_program()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, headless_chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def full_chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser with what the headless shell lacks, such as background sync.

    A module whose tests need it has its fixture `chromium` return this one.
    """
    with launched(playwright, full_chromium_program) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, program: Callable[[], Path], *flags: str) -> Iterator[Browser]:
    """Run a browser; skip the test where it is not installed."""
    try:
        executable = program()
    except needs.Missing as reason:
        needs.skip_for(reason)
    browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
    yield browser
    browser.close()


def _route_at_once(page: Page) -> None:
    """Have `page.route` return once it is the page's requests that are routed.

    Chromium says so before an open page has been told: what a key sends at once would go past.
    """
    route = page.route

    def routed(*args: Any, **options: Any) -> None:
        route(*args, **options)
        if page.url.startswith("http"):
            _await_routes(page)

    setattr(page, "route", routed)  # noqa: B010  (mypy refuses to assign to a method)


def _await_routes(page: Page) -> None:
    """Ask for a page that only a route has, until it is the route that answers."""
    answered = False

    def answer(route: Route) -> None:
        nonlocal answered
        answered = True
        route.fulfill(status=204)

    deadline = time.monotonic() + WAIT_SECONDS
    Page.route(page, PROBE, answer)
    while not answered:
        assert time.monotonic() < deadline, f"nothing is routed; {_seen_on(page)}"
        page.evaluate("fetch('/is-it-routed', { method: 'HEAD' }).then(() => {}, () => {})")
    page.unroute(PROBE)


def _watch(page: Page, page_errors: list[str]) -> None:
    """Collect uncaught script errors and violations of the content security policy."""
    page.on("pageerror", lambda error: page_errors.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            page_errors.append(f"{page.url}: {message.text}")
            if "Content Security" in message.text
            else None
        ),
    )


@pytest.fixture
def page_errors() -> list[str]:
    """Script errors and violations of the content security policy on any page of the test."""
    return []


@pytest.fixture
def new_context(
    chromium: Browser, page_errors: list[str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(**options of Browser.new_context)`: a browser with cookies of its own.

    If the test failed, a screenshot of each open page is saved. `page_errors` must be empty at the
    end: a test that provokes one removes it.
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "en-GB", **options})
        context.set_default_timeout(WAIT_SECONDS * 1_000)
        context.on("page", lambda page: _watch(page, page_errors))
        context.on("page", _route_at_once)
        if CHANCE:
            context.add_init_script(f"Math.random = () => {float(CHANCE)};")
        contexts.append(context)
        context.on("close", lambda closed: contexts.remove(closed))
        return context

    yield make
    if request.node.stash.get(FAILED, False):
        _save_screenshots(request.node.name, contexts)
    for context in list(contexts):
        _leave_routes(context)
        context.close()
    assert page_errors == [], page_errors


def _leave_routes(context: BrowserContext) -> None:
    """Let requests go that a test has routed: one that is being fetched would fail its end."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")


def _save_screenshots(name: str, contexts: list[BrowserContext]) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=screenshot_path(name, number), full_page=True)


def screenshot_path(name: str, number: int) -> Path:
    """The file of a picture; a test's id may have what separates folders, as “[/cy]” has."""
    return SCREENSHOTS / f"{name.replace('/', '-')}-{number}.png"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report: Any = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context(**PHONE)


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context(**DESKTOP)

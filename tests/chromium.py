"""Fixtures for tests in Debian's Chromium, one browser to a run.

Nothing here touches the ORM: playwright's own event loop runs in the test's thread, so a test
writes with `Server.seed` and the desk's commands.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import needs

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
# A browser that asks nobody anything but the server under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = needs.ROOT / "test-results"
WAIT_SECONDS = 30.0
#: Whether a test has failed, for the fixtures that end after it.
FAILED = pytest.StashKey[bool]()


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    """Let playwright handle what comes in until `condition` holds; bounded by WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        page.wait_for_timeout(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        executable = needs.program("chromium", package="chromium")
    except needs.Missing as reason:
        needs.skip_for(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def _watch(page: Page, faults: list[str]) -> None:
    """Note what a reader never sees: a script's uncaught error, a breach of the content policy."""
    page.on("pageerror", lambda fault: faults.append(f"{page.url}: {fault}"))
    page.on(
        "console",
        lambda line: (
            faults.append(f"{page.url}: {line.text}") if "Content Security" in line.text else None
        ),
    )


@pytest.fixture
def faults() -> list[str]:
    """Script errors and breaches of the content policy so far, on any page of this test."""
    return []


@pytest.fixture
def new_context(
    chromium: Browser, faults: list[str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(**options of Browser.new_context)`: one person's browser.

    At the end each open page is pictured if the test failed, and `faults` must be empty: a test
    that provokes one takes it out.
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        context.on("page", lambda page: _watch(page, faults))
        contexts.append(context)
        return context

    yield make
    if request.node.stash.get(FAILED, False):
        _picture(request.node.name, contexts)
    for context in contexts:
        context.close()
    assert faults == []


def _picture(name: str, contexts: list[BrowserContext]) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)


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

"""Unsent submissions are sent once by the service worker after the page is closed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.phone_elsewhere import (
    bulletins,
    check,
    declare,
    open_count,
    type_figures,
)
from tests.browser.phone_page import DRAIN, sign_in
from tests.browser.phone_screen import Screen
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds, truth
from tests.served_night import ServedNight

#: Whether the page has what hands over to the worker: without a signal it cannot load it.
HANDS_OVER = """performance.getEntriesByType("resource")
    .some(({name}) => name.includes("/background"))"""


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture(scope="session")
def chromium(full_chromium: Browser) -> Browser:
    """The headless shell has no background sync."""
    return full_chromium


class Worker:
    """The phone's service worker, woken as the browser wakes it once there is a signal."""

    def __init__(self, page: Page, origin: str) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.origin = origin
        self.registration = ""
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._keep)
        self.session.send("ServiceWorker.enable")
        wait_for(page, lambda: bool(self.registration))

    def _keep(self, event: dict[str, list[dict[str, str]]]) -> None:
        for each in event["registrations"]:
            if each["scopeURL"] == f"{self.origin}/count/":
                self.registration = each["registrationId"]

    def wake(self) -> None:
        self.session.send(
            "ServiceWorker.dispatchSyncEvent",
            {
                "origin": self.origin,
                "registrationId": self.registration,
                "tag": "outbox",
                "lastChance": False,
            },
        )


def hand_over(context: BrowserContext, night: ServedNight, ann: str) -> None:
    """Declare Elsewhere without a signal, and close the page once it says that it may be."""
    page = open_count(context, night)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(HANDS_OVER)
    context.set_offline(True)
    declare(page, ann, "9000")
    expect(page.locator("[data-part=line]")).to_contain_text("You may close this page")
    Screen(page, lambda: night.server.seed(truth.record, night.slug)).assert_true("to be closed")
    page.close()


def test_the_worker_sends_once_what_a_closed_page_left(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    context = new_context(**PHONE)
    blank = context.new_page()
    blank.goto(night.server.url("/"))
    hand_over(context, night, "21000")
    assert bulletins(night) == []
    context.set_offline(False)
    worker = Worker(blank, night.server.url("/").rstrip("/"))
    worker.wake()
    wait_for(blank, lambda: bulletins(night) == ["declaration"])
    worker.wake()
    page = context.new_page()
    page.goto(night.server.url("/count/"))
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    expect(page.locator("[data-outbox-count]")).to_have_text("")
    assert bulletins(night) == ["declaration"]


def test_a_session_that_has_ended_sends_nothing_and_is_named(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    context = new_context(**PHONE)
    blank = context.new_page()
    blank.goto(night.server.url("/"))
    hand_over(context, night, "21000")
    context.clear_cookies()
    context.set_offline(False)
    worker = Worker(blank, night.server.url("/").rstrip("/"))
    worker.wake()
    read = "caches.open('outbox').then((cache) => cache.matchAll())"
    read += ".then(([entry]) => entry.text())"
    wait_for(blank, lambda: "signed-out" in str(blank.evaluate(read)))
    page = context.new_page()
    page.goto(night.server.url(f"/count/sign-in/?next=/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_contain_text("Sign in again. Not sent yet, and safe")
    assert bulletins(night) == []
    sign_in(page)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


#: How often the worker has asked the page to take up what it has done.
COUNT_WAKES = """navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data === "outbox") globalThis.wakes = (globalThis.wakes ?? 0) + 1;
});"""


def test_a_page_in_sight_whose_session_has_ended_sends_once_for_each_sign(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    """The desk has looked at nothing: the phone does not say that it may have it."""
    context = new_context(**PHONE)
    context.add_init_script(COUNT_WAKES)
    # However long this takes, nothing is tried again but at a sign.
    context.add_init_script("globalThis.setInterval = () => 0")
    page = open_count(context, night)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(HANDS_OVER)
    worker = Worker(page, night.server.url("/").rstrip("/"))
    type_figures(page, "21000", "9000")
    check(page)
    context.clear_cookies(name="sessionid")
    posts = list[str]()
    count = night.server.url(f"/count{night.path}elsewhere/")
    page.on("request", lambda each: posts.append(each.url) if each.url == count else None)
    page.get_by_role("button", name="Declare Elsewhere").click()
    for wakes in (1, 2, 3):
        worker.wake()
        page.wait_for_function("(least) => (globalThis.wakes ?? 0) >= least", arg=wakes)
        page.evaluate(DRAIN)
    title = page.locator("[data-receipt] [data-part=title]")
    expect(title).to_have_text("Sign in again to send it")
    line = page.locator("#strip [data-words]")
    expect(line).to_contain_text("Sign in again. Not sent yet, and safe on this phone")
    expect(line).not_to_contain_text("may have it")
    expect(line).not_to_contain_text("tried again")
    # Seven signs, the handing over one of them, and each may come while a round is under way.
    assert len(posts) <= 14
    assert bulletins(night) == []

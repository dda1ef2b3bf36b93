"""Phones without newer browser features: a result is declared once on each of them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import sign_in
from tests.chromium import DESKTOP, PHONE
from tests.seeds import halls
from tests.served_night import ServedNight
from tests.servers import Server

#: Missing in Safari of iOS 15.0 or in Chrome 100, or in both.
OLD = (
    "AbortSignal.timeout", "AbortSignal.any", "structuredClone", "Crypto.prototype.randomUUID",
    "HTMLFormElement.prototype.requestSubmit", "SubmitEvent.prototype.submitter",
    "Array.prototype.at", "String.prototype.at", "Array.prototype.findLast",
    "Array.prototype.toSorted", "Array.fromAsync", "Object.hasOwn", "Object.groupBy",
    "Promise.withResolvers", "HTMLDialogElement", "BroadcastChannel", "Navigator.prototype.locks",
    "StorageManager.prototype.persist", "DecompressionStream", "CompressionStream", "SyncManager",
    "ServiceWorkerRegistration.prototype.sync", "Intl.DurationFormat", "Intl.Segmenter",
    "requestIdleCallback", "Element.prototype.checkVisibility", "createImageBitmap",
)  # fmt: skip
#: Missing on pages that are not served over HTTPS, and refused in private browsing.
REFUSED = (
    "Navigator.prototype.serviceWorker", "Navigator.prototype.storage",
    "Navigator.prototype.locks", "Navigator.prototype.clipboard", "Crypto.prototype.subtle",
    "Crypto.prototype.randomUUID", "caches", "indexedDB", "localStorage", "sessionStorage",
)  # fmt: skip
#: What the outbox cannot do without: each page falls back to plain forms.
WITHOUT_OUTBOX = (
    ("fetch",),
    ("AbortController",),
    ("Element.prototype.replaceChildren", "DOMParser", "Crypto.prototype.getRandomValues"),
)
#: Used where a form is taken, and nowhere before: a script that fails then has taken nothing.
MIDWAY = ("Element.prototype.matches",)

DELETE = """for (const path of %s) {
  const [name, ...owners] = path.split(".").reverse();
  const owner = owners.reverse().reduce((object, key) => object?.[key], globalThis);
  if (!owner) continue;
  delete owner[name];
  if (name in owner) Object.defineProperty(owner, name, { value: undefined });
}"""
REFUSE_LOCKS = """if (globalThis.LockManager) {
  LockManager.prototype.request = () => Promise.reject(new DOMException("no locks"));
}"""


@pytest.fixture
def night(server: Server) -> ServedNight:
    night = ServedNight.unseeded(server)
    server.seed(halls.reporter)
    server.seed(halls.night, night.slug, 8)
    return night


def _declare(page: Page, night: ServedNight, number: int) -> None:
    """Type the result of a hall, check it and declare it, whatever the page is made of."""
    page.goto(night.server.url(f"/count{night.path}hall-{number:02}/"))
    if page.get_by_label("Password").count():
        sign_in(page)
    page.wait_for_load_state("networkidle")
    for name, votes in zip(("Ann", "Bob", "Cat"), (20000 + number, 9000, 900), strict=True):
        page.get_by_role("textbox", name=name).first.fill(str(votes))
    page.get_by_role("button", name="Check the result").click()
    # The server's check, not the one that a phone makes without a signal.
    expect(page.get_by_text("only this phone has looked")).to_have_count(0)
    page.get_by_role("button", name="Declare Hall").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin")


def test_declares_once_whatever_the_browser_lacks(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    scripts = [DELETE % list(names) for names in (OLD, REFUSED, *WITHOUT_OUTBOX, MIDWAY)]
    for number, script in enumerate([*scripts, REFUSE_LOCKS]):
        context = new_context(**PHONE)
        context.add_init_script(script)
        _declare(context.new_page(), night, number)
    context = new_context(**PHONE)
    context.route("**/reporter/count*.js", lambda route: route.abort())
    _declare(context.new_page(), night, len(scripts) + 1)
    records = night.server.seed(halls.records, night.slug)
    for number in range(len(scripts) + 2):
        record = records[f"hall-{number:02}"]
        assert record["votes"] == [20000 + number, 9000, 900]
        assert (record["revisions"], record["bulletins"]) == (1, 1)


def test_only_room_on_the_screen_is_lost_without_resize_observer(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    context = new_context(**PHONE)
    context.add_init_script(DELETE % ["ResizeObserver"])
    page = context.new_page()
    _declare(page, night, 1)
    expect(page.locator("main [data-receipt]")).to_be_visible()
    expect(page.locator("#strip")).to_contain_text("bulletin")


def test_readers_and_editors_pages_run_without_newer_features(
    new_context: Callable[..., BrowserContext], still_night: ServedNight
) -> None:
    context = new_context(**DESKTOP)
    context.add_init_script(DELETE % list(OLD))
    page = context.new_page()
    page.goto(still_night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.goto(still_night.server.url("/admin/login/"))
    expect(page.get_by_label("Username")).to_be_visible()

"""The phone's outbox: when it sends, and with which browser features."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.phone_page import open_count
from tests.chromium import PHONE, wait_for
from tests.seeds import phone
from tests.served_night import ServedNight

#: Events after which the network may be back.
EVENTS = {
    "online": "dispatchEvent(new Event('online'))",
    "page shown": "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    "tab shown": "document.dispatchEvent(new Event('visibilitychange'))",
}


pytestmark = pytest.mark.night(seed=phone.night)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    # Playwright's routes do not see requests of a service worker.
    return new_context(**PHONE, service_workers="block")


@pytest.fixture
def count_page(context: BrowserContext, night: ServedNight) -> Page:
    """Return a count's page whose timers never fire: only events start sending."""
    page = context.new_page()
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    return open_count(page, night)


@pytest.mark.parametrize("event", EVENTS)
def test_network_event_during_a_failing_request_starts_another(
    count_page: Page, night: ServedNight, event: str
) -> None:
    page, tries = count_page, list[Route]()

    def hold_first(route: Route) -> None:
        if route.request.method != "POST" or tries:
            route.continue_()
            return
        tries.append(route)

    page.get_by_role("button", name="Ann").click()
    expect(page.get_by_role("button", name="Publish the winner")).to_be_visible()
    page.route(f"**/count{night.path}elsewhere/", hold_first)
    page.get_by_role("button", name="Publish the winner").click()
    wait_for(page, lambda: bool(tries))
    page.evaluate(EVENTS[event])
    tries[0].abort("internetdisconnected")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(phone.bulletins, night.slug) == ["winner_only"]


def test_answered_check_starts_sending(count_page: Page, night: ServedNight) -> None:
    page, failing = count_page, {"now": True}
    page.route("**/count/**", lambda route: route.abort() if failing["now"] else route.continue_())
    page.get_by_role("button", name="Recount", exact=True).click()
    page.locator("#state").get_by_role("button", name="Send now").click()
    expect(page.locator("#strip")).to_contain_text("Not answered yet")
    failing["now"] = False
    page.get_by_role("button", name="Ann").click()
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(phone.bulletins, night.slug) == ["status"]


@pytest.mark.parametrize("turns", [2, 3, 4])
def test_item_queued_while_a_round_ends_is_sent(
    count_page: Page, night: ServedNight, turns: int
) -> None:
    """In the turns of the event loop between the last look at the items and the round's end."""
    page = count_page
    page.evaluate(
        """async (turns) => {
          const { send } = await import("/static/reporter/outbox.js");
          const item = (status) => ({
            key: `${location.pathname} ${status}`, address: location.pathname, label: status,
            fields: [["step", "status"], ["status", status]],
          });
          document.addEventListener("outbox", async ({ detail }) => {
            if (!detail.answer || !detail.key.endsWith("bundle_check")) return;
            for (let turn = 0; turn < turns; turn += 1) await null;
            send(item("recount"));
          });
          await send(item("bundle_check"));
        }""",
        turns,
    )
    expect(page.locator("#strip")).to_contain_text("bulletin 2")


@pytest.mark.parametrize("missing", ["AbortSignal.timeout", "navigator.locks"])
def test_sends_without_recent_browser_features(
    context: BrowserContext, night: ServedNight, missing: str
) -> None:
    owner, _, name = missing.rpartition(".")
    context.add_init_script(f"Object.defineProperty({owner}, '{name}', {{ value: undefined }})")
    page = open_count(context.new_page(), night)
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Publish the winner").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")

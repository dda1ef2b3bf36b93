"""A tap on the state of a count waits five seconds: undone in time, and never lost."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_elsewhere import bulletins, declare, open_count
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server


def _tap(page: Page, status: str) -> None:
    page.get_by_role("button", name=status, exact=True).click()


def _stop_clock(page: Page) -> None:
    """Let only the test pass the page's time."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1_000 + 60"))


def test_a_status_can_be_undone_and_is_never_lost(
    new_context: Callable[..., BrowserContext], server: Server
) -> None:
    night = ServedNight.seeded(server, seeds.night)
    context = new_context(**PHONE, service_workers="block")
    page = open_count(context, night)
    _stop_clock(page)
    _undo_in_three_ways(page, night)
    _replace_by_another_tap(page, night)
    _leave_and_hide_the_page(page, night)
    # A phone that dies first has kept it.
    _tap(page, "Recount")
    expect(page.locator("[data-part=undo]")).to_be_visible()
    page.close()
    page = context.new_page()
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_contain_text("bulletin 4")
    # What is sent after it comes after it.
    _tap(page, "Returning officer on the stage")
    declare(page, "21000", "9000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 6")
    assert bulletins(night) == [*["status"] * 5, "declaration"]


def _undo_in_three_ways(page: Page, night: ServedNight) -> None:
    strip, line = page.locator("#strip"), page.locator("[data-part=undo]")
    # Undone by keyboard: the next stop after the buttons.
    _tap(page, "Recount")
    expect(strip).to_contain_text("Not sent yet: Recount. It waits five seconds.")
    expect(line).to_contain_text("Recount waits five seconds before it is sent.")
    for _stop in ("On the stage", "Awaiting", "Undo"):
        page.keyboard.press("Tab")
    expect(line.get_by_role("button", name="Undo")).to_be_focused()
    expect(line).to_contain_text("Recount waits while you decide.")
    page.clock.run_for(60_000)
    assert bulletins(night) == []
    page.keyboard.press("Enter")
    expect(strip).to_contain_text("Undone: Recount was not sent.")
    expect(line).to_be_hidden()
    expect(page.get_by_role("button", name="Recount", exact=True)).to_be_focused()
    # By the Escape key, and in the line at the top.
    _tap(page, "Recount")
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    _tap(page, "Recount")
    strip.get_by_role("button", name="Undo").click()
    expect(line).to_be_hidden()
    page.clock.run_for(60_000)
    assert bulletins(night) == []


def _replace_by_another_tap(page: Page, night: ServedNight) -> None:
    """Nobody has seen the first one."""
    _tap(page, "Recount")
    page.clock.run_for(4_000)
    _tap(page, "Returning officer on the stage")
    page.clock.run_for(4_000)
    assert bulletins(night) == []
    page.clock.run_for(1_500)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(seeds.status_elsewhere, night.slug) == "on_stage"


def _leave_and_hide_the_page(page: Page, night: ServedNight) -> None:
    """What waits is sent by either."""
    _tap(page, "Recount")
    page.goto(night.server.url("/count/"))
    wait_for(page, lambda: len(bulletins(night)) == 2)
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    _stop_clock(page)
    _tap(page, "Bundle check")
    page.evaluate(
        """Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        delete document.hidden;"""
    )
    expect(page.locator("#strip")).to_contain_text("bulletin 3")

"""The list of counts on a phone follows what the desk does, wherever its page came from."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.phone_elsewhere import check, open_count, type_figures
from tests.browser.phone_page import wait_until_kept
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


def entry(page: Page, count: str) -> Locator:
    return page.locator(".counts a", has_text=count)


def test_a_list_that_the_worker_kept_follows_once_there_is_a_signal(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    context = new_context(**PHONE)
    page = open_count(context, night)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(night.server.url("/count/"))
    wait_until_kept(page)
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    type_figures(page, "21000", "9000")
    check(page)
    context.set_offline(True)
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    night.server.seed(seeds.declare_north, night.slug)
    page.goto(night.server.url("/count/"))
    expect(page.get_by_text("This page is as it was")).to_be_visible()
    expect(entry(page, "Elsewhere")).to_contain_text("the result")
    entry(page, "Elsewhere").focus()
    context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("bulletin 2")
    for count in ("Elsewhere", "Islington North"):
        expect(entry(page, count)).to_contain_text("Missing: a quote, a photo of the notice")
    expect(page.get_by_text("This page is as it was")).to_have_count(0)
    expect(entry(page, "Elsewhere")).to_be_focused()


def test_a_list_that_stays_open_follows_the_desk(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    page = open_count(new_context(**PHONE), night)
    page.goto(night.server.url("/count/"))
    expect(entry(page, "Islington North")).to_contain_text("the result")
    night.server.seed(seeds.declare_north, night.slug)
    expect(entry(page, "Islington North")).to_contain_text("Missing: a quote")
    night.server.seed(seeds.take_elsewhere_away, night.slug)
    expect(entry(page, "Elsewhere")).to_have_count(0)


def test_a_count_opens_that_is_pressed_while_the_list_changes(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    page = open_count(new_context(**PHONE), night)
    page.goto(night.server.url("/count/"))
    entry(page, "Islington North").locator(".state").hover()
    page.mouse.down()
    night.server.seed(seeds.declare_north, night.slug)
    expect(entry(page, "Islington North")).to_contain_text("Missing: a quote")
    page.mouse.up()
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()

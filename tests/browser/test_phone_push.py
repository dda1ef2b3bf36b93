"""The switch on *My counts* of the messages that a phone is sent while no page is open."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.phone_reporter import sign_in
from tests.browser.push_service import PUSH_SERVICE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server

pytestmark = pytest.mark.night(seed=seeds.night)
WHAT = ("messages", "nothing more")
#: A browser whose memory is full, and one that denies what pages may keep.
FULL = """
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (name, value) {
    if (this === localStorage) throw new DOMException("", "QuotaExceededError");
    set.call(this, name, value);
  };
"""
DENIED = """
  Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("", "SecurityError"); },
  });
"""


def open_counts(push_server: Server, phone: BrowserContext) -> tuple[Page, Locator]:
    """Open *My counts* on a phone that takes messages; return the page and its switch."""
    night = ServedNight.seeded(push_server, seeds.night)
    phone.grant_permissions(["notifications"])
    phone.add_init_script(PUSH_SERVICE)
    page = phone.new_page()
    sign_in(page, night)
    return page, page.locator("#push")


def test_messages_are_turned_on_and_off(push_server: Server, phone: BrowserContext) -> None:
    page, box = open_counts(push_server, phone)
    on, off = (box.get_by_role("button", name=f"Send {what} to this phone") for what in WHAT)
    on.click()
    expect(box.get_by_role("status")).to_have_text("Messages are sent to this phone.")
    expect(on).to_be_hidden()
    assert push_server.seed(seeds.phones_with_push) == ["reporter"]
    page.reload()
    off.click()
    expect(box.get_by_role("status")).to_have_text("Nothing more is sent to this phone.")
    expect(off).to_be_hidden()
    assert push_server.seed(seeds.phones_with_push) == []
    page.reload()
    expect(on).to_be_visible()


def test_a_phone_that_subscribed_with_another_key_of_the_desk_subscribes_again(
    push_server: Server, phone: BrowserContext
) -> None:
    """The push service would refuse what is signed with the new key: nothing would be sent."""
    page, box = open_counts(push_server, phone)
    on, off = (box.get_by_role("button", name=f"Send {what} to this phone") for what in WHAT)
    on.click()
    expect(off).to_be_visible()
    key = page.evaluate("sessionStorage.getItem('push-service')")
    page.evaluate("sessionStorage.setItem('push-service', 'BA' + 'A'.repeat(85))")
    page.reload()
    expect(on).to_be_visible()
    on.click()
    expect(box.get_by_role("status")).to_have_text("Messages are sent to this phone.")
    assert page.evaluate("sessionStorage.getItem('push-service')") == key
    off.click()  # the other tests share this desk
    expect(on).to_be_visible()


def test_a_browser_that_blocks_messages_is_told_of(
    push_server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(push_server, seeds.night)
    phone.add_init_script("Notification.requestPermission = async () => 'denied';")
    page = phone.new_page()
    sign_in(page, night)
    box = page.locator("#push")
    box.get_by_role("button", name="Send messages to this phone").click()
    expect(box.get_by_role("status")).to_contain_text("Your browser blocks messages")
    assert push_server.seed(seeds.phones_with_push) == []


def test_a_phone_that_cannot_keep_that_it_subscribed_is_not_subscribed(
    push_server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(push_server, seeds.night)
    phone.grant_permissions(["notifications"])
    phone.add_init_script(PUSH_SERVICE)
    phone.add_init_script(FULL)
    page = phone.new_page()
    sign_in(page, night)
    box = page.locator("#push")
    box.get_by_role("button", name="Send messages to this phone").click()
    expect(box.get_by_role("status")).to_contain_text("That did not work")
    expect(box.get_by_role("button", name="Send messages to this phone")).to_be_visible()
    assert push_server.seed(seeds.phones_with_push) == []


def test_no_switch_where_the_browser_keeps_nothing(
    push_server: Server, phone: BrowserContext
) -> None:
    night = ServedNight.seeded(push_server, seeds.night)
    phone.add_init_script(DENIED)
    page = phone.new_page()
    sign_in(page, night)
    # Once it has run to its end; it fails if the script does.
    page.evaluate("import(document.querySelector('script[src*=\"push/reporters\"]').src)")
    expect(page.locator("#push")).to_be_hidden()


def test_no_switch_where_the_newsroom_sends_no_messages(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    with page.expect_response("**/push/settings/"):
        sign_in(page, night)
    expect(page.locator("#push")).to_be_hidden()

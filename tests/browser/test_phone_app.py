"""What a phone's browser does for the counts: storage, clipboard, polling and installing."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.browser.phone_page import wait_until_kept
from tests.browser.phone_reporter import sign_in
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

#: Longer than a phone waits between two reports without a socket.
REPORT_SECONDS = 21


pytestmark = pytest.mark.night(seed=seeds.night)


def open_elsewhere(context: BrowserContext, night: ServedNight) -> Page:
    page = context.new_page()
    sign_in(page, night)
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    return page


def fill_in_photo(page: Page) -> None:
    file = io.BytesIO()
    Image.effect_noise((1400, 700), 90).convert("RGB").save(file, "JPEG")
    photo = page.locator("#photo")
    photo.locator("[type=file]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    photo.locator("textarea").fill("The stage")
    photo.get_by_label("What it shows").fill("Four people")
    photo.get_by_label("Credit").fill("Ann Smith")


#: Taps a button, again while the first tap is worked on, and once more when it has been.
TAP_THREE_TIMES = """async (button) => {
  const { items } = await import("/static/reporter/outbox.js");
  const { answers } = await import("/static/reporter/answers.js");
  button.click();
  button.click();
  while (!items().length && !answers().length) await new Promise((done) => setTimeout(done, 5));
  button.click();
}"""


#: Sends what waits, and returns once nothing is on its way.
DRAIN = """async () => {
  const { drain } = await import("/static/reporter/outbox.js");
  await drain();
}"""


def test_double_tapped_photo_is_published_once(night: ServedNight, phone: BrowserContext) -> None:
    """The second tap comes while the photo is scaled, the third once it is in the outbox."""
    page = open_elsewhere(phone, night)
    fill_in_photo(page)
    page.get_by_role("button", name="Publish the photo").evaluate(TAP_THREE_TIMES)
    expect(page.locator("#strip")).to_contain_text("bulletin 1: Elsewhere, a photo")
    page.evaluate(DRAIN)
    assert night.server.seed(seeds.bulletins, night.slug) == ["photo"]


QUOTE = "A long night,\nand it is not over."
#: What was typed, as it is copied.
COPIED = f"""Elsewhere, a quote
Someone else: name: The mayor
What was said: {QUOTE}"""


def open_unsent_quote(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#quote").get_by_label("Someone else").fill("The mayor")
    page.locator("#quote textarea").fill(QUOTE)
    page.locator("#quote").get_by_role("button", name="Publish the quote").click()
    page.get_by_role("link", name="Outbox").click()
    page.get_by_role("button", name="Elsewhere, a quote").click()
    page.get_by_text("What it says").click()


def test_item_is_copied_as_text(night: ServedNight, phone: BrowserContext) -> None:
    phone.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_elsewhere(phone, night)
    open_unsent_quote(page)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == COPIED


#: A blank page, which is opened first, has neither a clipboard nor a storage.
REFUSE_TO_COPY = """
  if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error());
"""


def test_item_is_selected_where_nothing_can_be_copied(
    night: ServedNight, phone: BrowserContext
) -> None:
    phone.add_init_script(REFUSE_TO_COPY)
    page = open_elsewhere(phone, night)
    open_unsent_quote(page)
    page.get_by_role("button", name="Copy as text").click()
    wait_for(page, lambda: "A long night" in page.evaluate("getSelection().toString()"))
    # It stays while the phone tries again.
    page.evaluate(DRAIN)
    assert "A long night" in page.evaluate("getSelection().toString()")
    expect(page.get_by_role("button", name="Copy as text")).to_be_visible()


def test_phone_asks_every_twenty_seconds_where_the_socket_is_refused(
    night: ServedNight, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(**PHONE, service_workers="block")

    def refuse(socket: WebSocketRoute) -> None:
        socket.close()

    context.route_web_socket("**/count/socket/**", refuse)
    night.server.seed(seeds.with_second_person, night.slug)
    page = open_elsewhere(context, night)
    page.clock.install()
    page.reload()
    for name, votes in (("Ann", "21000"), ("Bob", "9000")):
        page.locator(f".result [data-name={name}]").fill(votes)
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The desk has it")
    night.server.seed(seeds.confirm_waiting, night.slug)
    with page.expect_response("**/count/phone/"):
        page.clock.run_for(REPORT_SECONDS * 1_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


COUNT_REQUESTS = """
  globalThis.persisting = 0;
  if (navigator.storage) {
    navigator.storage.persist = async () => { globalThis.persisting += 1; return true; };
  }
"""


def test_browser_is_asked_once_to_keep_what_is_unsent(
    night: ServedNight, phone: BrowserContext
) -> None:
    phone.add_init_script(COUNT_REQUESTS)
    page = open_elsewhere(phone, night)
    assert page.evaluate("persisting") == 0
    page.context.set_offline(True)
    quote = page.locator("#quote")
    quote.get_by_label("Someone else").fill("The mayor")
    for _number in range(2):
        quote.locator("textarea").fill(QUOTE)
        quote.get_by_role("button", name="Publish the quote").click()
        expect(quote.locator("textarea")).to_have_value("")
    assert page.evaluate("persisting") == 1


def test_counts_can_be_installed_and_open_on_my_counts(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = open_elsewhere(phone, night)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    session = phone.new_cdp_session(page)
    found: dict[str, Any] = session.send("Page.getAppManifest")
    assert (found["errors"], found["url"]) == ([], night.server.url("/count/app.webmanifest"))
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # The tests' windows are private ones.
    assert [each["errorId"] for each in errors] in ([], ["in-incognito"])
    manifest = page.evaluate("(url) => fetch(url).then((answer) => answer.json())", found["url"])
    assert (manifest["start_url"], manifest["display"]) == ("/count/", "standalone")
    page.goto(night.server.url(manifest["start_url"]))
    expect(page.get_by_role("heading", name="My counts", level=1)).to_be_visible()
    wait_until_kept(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="My counts", level=1)).to_be_visible()


def test_installed_app_has_its_name_in_the_language_of_the_phone(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(night.server.url("/count/"))
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    manifest = json.loads(phone.new_cdp_session(page).send("Page.getAppManifest")["data"])
    assert (manifest["name"], manifest["lang"]) == ("Desg Etholiad: cyfrifon", "cy")


def test_page_that_the_worker_took_over_while_it_loaded_opens_offline(
    night: ServedNight, phone: BrowserContext
) -> None:
    """*My counts* has started to install the worker, and a count is opened at once."""
    page, held = phone.new_page(), list[Route]()
    page.route("**/reporter/count.js", lambda route: route.abort())
    sign_in(page, night)
    count = phone.new_page()
    count.route("**/reporter/count.js", lambda route: held.append(route))
    count.goto(night.server.url(f"/count{night.path}elsewhere/"), wait_until="commit")
    wait_for(count, lambda: bool(held))
    page.unroute("**/reporter/count.js")
    page.reload()
    wait_for(count, lambda: bool(count.evaluate("Boolean(navigator.serviceWorker.controller)")))
    held[0].continue_()
    expect(count.locator("#strip")).to_contain_text("Nothing is waiting")
    wait_until_kept(count)


def test_my_counts_opens_offline_although_it_was_left_at_once(
    night: ServedNight, phone: BrowserContext
) -> None:
    """On a fresh phone the count is opened before the worker, which the first page starts."""
    page = phone.new_page()
    # The scripts of the first page, which start the worker, have not come yet.
    page.route("**/reporter/count.js", lambda route: route.abort())
    sign_in(page, night)
    page.unroute("**/reporter/count.js")
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    wait_until_kept(page)
    wait_for(page, lambda: bool(page.evaluate("caches.match('/count/').then(Boolean)")))
    phone.set_offline(True)
    page.goto(night.server.url("/count/"))
    expect(page.get_by_role("heading", name="My counts", level=1)).to_be_visible()

"""The reporter's pages on a phone: taps needed, drafts, the outbox, offline, accessibility."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.phone_page import (
    READ_OUT,
    count_url,
    link_url,
    open_north,
    sign_in,
    sign_in_url,
    stop_timers,
    strip,
    type_north,
    wait_until_kept,
)
from tests.chromium import FLAGS, PHONE, WAIT_SECONDS
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(night: ServedNight, new_context: Callable[..., BrowserContext]) -> Page:
    """Without a service worker, which shows an earlier page where the server is slow."""
    return open_north(night, new_context(**PHONE, service_workers="block"))


def test_result_takes_four_taps_and_nine_fields(night: ServedNight, phone: BrowserContext) -> None:
    """A tap is on a button or a link; a field is typed in."""
    page = phone.new_page()
    taps = 0

    def tap(role: Literal["button", "link"], name: str) -> None:
        nonlocal taps
        taps += 1
        page.get_by_role(role, name=name).tap()

    page.goto(link_url(night))
    tap("button", "Sign in on this phone")
    tap("link", "Islington North")
    strip(page, "Nothing is waiting on this phone.")
    page.locator(".result").get_by_label("Nick the").tap()
    expect(page.locator(".result").get_by_label("Nick the")).to_be_focused()
    for figure in READ_OUT[:-1]:
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    # From the last box Enter goes to the check.
    page.keyboard.type(READ_OUT[-1])
    expect(page.locator("[data-sum]")).to_contain_text("53,805 so far")
    tap("button", "Check the result")
    expect(page.get_by_text("with 227 rejected that is 54,032 of 75,162, 71.9%")).to_be_visible()
    tap("button", "Declare Islington North")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    strip(page, "bulletin 1: Islington North, the result")
    assert taps == 4
    assert len(READ_OUT) == 9


def test_enter_submits_nothing_before_the_script_has_loaded(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.goto(sign_in_url(night))
    page.route("**/*.js", lambda route: route.abort())
    sign_in(page)
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()
    posts.clear()
    page.get_by_label("James Clark").fill(READ_OUT[1])
    page.keyboard.press("Enter")
    page.get_by_label("Jeremy Corbyn").fill(READ_OUT[2])
    page.keyboard.press("Enter")
    expect(page.get_by_label("James Clark")).to_have_value(READ_OUT[1])
    assert posts == []
    page.get_by_role("button", name="Check the result").tap()
    expect(page.locator(".result [aria-invalid]").first).to_be_visible()
    expect(page.get_by_label("James Clark")).to_have_value(READ_OUT[1])
    expect(page.get_by_label("Jeremy Corbyn")).to_have_value(READ_OUT[2])
    assert len(posts) == 1


def test_result_is_declared_by_keyboard(night: ServedNight, page: Page) -> None:
    page.locator(".result").get_by_label("Nick the").focus()
    for figure in READ_OUT:
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith("Declare"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


def test_winner_takes_two_taps_and_full_counts_follow(night: ServedNight, page: Page) -> None:
    page.get_by_role("button", name="Jeremy Corbyn").tap()
    page.get_by_role("button", name="Publish the winner").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    # The phone's own check, after eight seconds without an answer, offers to declare instead.
    stop_timers(page)
    page.goto(count_url(night))
    type_north(page)
    page.get_by_role("button", name="Check the result").tap()
    page.get_by_role("button", name="Publish the full figures").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 2")


def test_winner_and_counts_queued_offline_are_sent_in_order(night: ServedNight, page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="Jeremy Corbyn").tap()
    page.get_by_role("button", name="Publish the winner").tap()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.go_back()
    page.go_back()
    type_north(page)
    page.get_by_role("button", name="Check the result").tap()
    page.get_by_role("button", name="Declare Islington North").tap()
    page.context.set_offline(False)
    strip(page, "bulletin 2")
    assert night.server.seed(seeds.bulletins, night.slug) == ["winner_only", "update"]


def test_the_phones_own_check_has_the_rows_of_the_desks(night: ServedNight, page: Page) -> None:
    rows = page.locator(".statement tbody tr")
    type_north(page, **{"Rejected ballots": "227"})
    page.get_by_role("button", name="Check the result").tap()
    expect(rows.last).to_contain_text("Rejected ballots")
    of_desk = [row.split()[-1] for row in rows.all_inner_texts()]
    page.get_by_role("button", name="Change figures").tap()
    page.context.set_offline(True)
    page.get_by_role("button", name="Check the result").tap()
    expect(page.get_by_text("only this phone has looked")).to_be_visible()
    expect(rows.last).to_contain_text("Rejected ballots")
    assert [row.split()[-1] for row in rows.all_inner_texts()] == of_desk
    page.go_back()
    page.locator(".result").get_by_label("Rejected ballots").fill("")
    page.get_by_role("button", name="Check the result").tap()
    expect(rows).to_have_count(len(of_desk) - 1)


def test_drafts_are_restored_after_a_reload(night: ServedNight, page: Page) -> None:
    type_north(page)
    page.locator("#quote textarea").fill("I will not lead the party")
    page.reload()
    expect(page.get_by_label("Jeremy Corbyn").first).to_have_value("34603")
    expect(page.locator("#quote textarea")).to_have_value("I will not lead the party")
    expect(page.get_by_text("What you had typed is here again.").first).to_be_visible()
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    strip(page, "bulletin 1")
    page.goto(count_url(night, "elsewhere"))
    expect(page.get_by_label("Ann").first).to_have_value("")


def test_draft_of_another_ballot_paper_is_asked_about(night: ServedNight, page: Page) -> None:
    # The phone's own check, after eight seconds without an answer, knows no other ballot paper.
    stop_timers(page)
    type_north(page)
    night.server.seed(seeds.swap_names, night.slug)
    page.reload()
    # The figures are with their candidates, who have other names now.
    expect(page.locator(".result").get_by_label("Yosef David")).to_have_value("5483")
    page.get_by_role("button", name="Check the result").click()
    errors = page.locator("#error-summary")
    expect(errors).to_contain_text("“James Clark” is now “Yosef David” on the ballot paper.")
    expect(page.locator(".result").get_by_label("Yosef David")).to_have_value("5483")
    page.get_by_role("button", name="Check the result").click()
    expect(page.get_by_role("button", name="Declare Islington North")).to_be_visible()


def test_another_reporter_neither_sees_nor_sends_queued_items(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = open_north(night, phone)
    type_north(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(night.server.url("/count/sign-in/"))
    # Either "not sent yet" or, if the page was left in the middle of a try, "not answered yet".
    strip(page, "Sign in again. Not")
    sign_in(page, "colleague")
    strip(page, "Kept on this phone for who typed it, and not sent")
    page.get_by_role("link", name="My counts").click()
    entry = page.locator("main .entry", has_text="Someone else is signed in on this phone")
    expect(entry).to_contain_text("not sent before who typed it signs in here again.")
    page.get_by_role("link", name="Islington North").click()
    expect(page.get_by_label("Jeremy Corbyn").first).to_have_value("")
    assert night.server.seed(seeds.bulletins, night.slug) == []
    page.context.clear_cookies()
    page.goto(night.server.url("/count/sign-in/"))
    sign_in(page)
    strip(page, "bulletin 1")


def test_a_token_that_another_tab_has_changed_keeps_nobody_out(
    night: ServedNight, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(sign_in_url(night))
    phone.clear_cookies()
    phone.new_page().goto(sign_in_url(night))
    sign_in(page)
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()


def test_files_several_quotes_in_a_row(night: ServedNight, page: Page) -> None:
    quote = page.locator("#quote")
    quote.get_by_label("Who said it?").select_option(label="Jeremy Corbyn")
    for number, words in enumerate(["Thank you all.", "I will not lead... again."], start=1):
        quote.get_by_label("What was said").fill(words)
        quote.get_by_role("button", name="Publish the quote").click()
        strip(page, f"bulletin {number}: Islington North, a quote")
        expect(quote.get_by_label("What was said")).to_have_value("")
    expect(quote.get_by_label("Who said it?")).not_to_have_value("")
    page.reload()
    expect(page.locator(".filed").first).to_contain_text("I will not lead […] again.")


def test_photo_taken_offline_is_scaled_and_sent_later(
    night: ServedNight, page: Page, tmp_path: Path
) -> None:
    file = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(file, "JPEG")
    photo = page.locator("#photo")
    page.context.set_offline(True)
    photo.get_by_label("Photo", exact=True).set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    photo.get_by_label("Caption").fill("The declaration")
    photo.get_by_label("What it shows").fill("Six people on a stage")
    photo.get_by_label("Credit").fill("Ann Smith")
    photo.get_by_role("button", name="Publish the photo").click()
    strip(page, "Not sent yet: Islington North, a photo")
    page.context.set_offline(False)
    strip(page, "bulletin 1: Islington North, a photo")
    page.goto(night.url("islington-north/"))
    image = page.get_by_alt_text("Six people on a stage")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 640)


def test_status_takes_one_tap(night: ServedNight, page: Page) -> None:
    page.get_by_role("button", name="Returning officer on the stage").tap()
    strip(page, "bulletin 1: Islington North, the state of the count")
    stage = page.get_by_role("button", name="Returning officer on the stage")
    expect(stage).to_have_attribute("aria-pressed", "true")
    page.goto(night.url("islington-north/"))
    expect(page.locator(".status")).to_have_text("Returning officer on the stage")


def test_count_page_opens_offline(night: ServedNight, phone: BrowserContext) -> None:
    # Nothing but its button sends what waits: neither the worker nor a timer.
    phone.add_init_script("delete globalThis.SyncManager;")
    page = open_north(night, phone)
    wait_until_kept(page)
    type_north(page)
    night.server.stop()
    page.reload()
    expect(page.get_by_label("Jeremy Corbyn").first).to_have_value("34603")
    strip(page, "No answer from the desk")
    expect(page.get_by_text("This page is as it was")).to_be_visible()
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    strip(page, "Not answered yet")
    stop_timers(page)
    page.goto(count_url(night))
    strip(page, "Not answered yet")
    night.server.start()
    page.get_by_role("button", name="Send now").click()
    strip(page, "bulletin 1")


def test_queued_items_survive_closing_the_browser(
    night: ServedNight, chromium: Browser, tmp_path: Path
) -> None:
    kind = chromium.browser_type
    options = {"executable_path": "/usr/bin/chromium", "args": FLAGS, **PHONE}
    with kind.launch_persistent_context(tmp_path / "phone", **options) as first:
        first.set_default_timeout(WAIT_SECONDS * 1_000)
        page = first.new_page()
        page.goto(sign_in_url(night))
        sign_in(page)
        # Offline before the scripts run, a click would lead to the browser's own error page.
        strip(page, "Nothing is waiting on this phone.")
        type_north(page)
        first.set_offline(True)
        page.get_by_role("button", name="Check the result").click()
        page.get_by_role("button", name="Declare Islington North").click()
        strip(page, "Not sent yet")
    with kind.launch_persistent_context(tmp_path / "phone", **options) as again:
        again.set_default_timeout(WAIT_SECONDS * 1_000)
        page = again.new_page()
        page.goto(night.server.url("/count/"))
        if page.get_by_label("Password").count():
            sign_in(page)
        strip(page, "bulletin 1: Islington North, the result")


def test_works_without_javascript(
    night: ServedNight, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(link_url(night))
    page.get_by_role("button", name="Sign in on this phone").click()
    page.get_by_role("link", name="Islington North").click()
    page.get_by_role("button", name="Recount", exact=True).click()
    recount = page.get_by_role("button", name="Recount", exact=True, pressed=True)
    expect(recount).to_be_visible()
    type_north(page)
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Islington North").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 2")
    page.get_by_role("link", name="File a quote from here").click()
    page.locator("#quote").get_by_label("Someone else").fill("The mayor")
    page.locator("#quote").get_by_label("What was said").fill("A long night.")
    page.get_by_role("button", name="Publish the quote").click()
    expect(page.get_by_text("Published: bulletin 3.")).to_be_visible()

"""The phone's list of submissions: contents, state, actions and outcomes.

Each claim is held against the record of that moment.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.acceptance import pictures
from tests.browser.notifications import block_notifications
from tests.browser.phone_elsewhere import (
    box,
    bulletins,
    check,
    declare,
    go_online,
    only_reads,
    open_count,
    open_list,
    type_figures,
)
from tests.browser.phone_page import DRAIN, stop_timers, wait_until_kept
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    # Playwright's routes do not see requests of a service worker.
    return new_context(**PHONE, service_workers="block")


@pytest.fixture
def page(context: BrowserContext, night: ServedNight) -> Page:
    return open_count(context, night)


def listed(page: Page) -> list[str]:
    """Each entry of the list as one line."""
    entries = page.locator("main [data-outbox-list] .entry").all_inner_texts()
    return [" ".join(entry.split()) for entry in entries]


def test_an_unsent_result_can_be_read_changed_and_sent(
    context: BrowserContext, page: Page, night: ServedNight
) -> None:
    """A figure misheard without a signal: only the right one is published."""
    type_figures(page, "21000", "9000")
    check(page)
    context.set_offline(True)
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.get_by_text("What it says").click()
    expect(page.locator("[data-part=rows]")).to_contain_text("Ann Labour 21,000")
    open_list(page)
    expect(page.locator("main .entry")).to_contain_text(["Elsewhere, the result Not sent yet"])
    page.get_by_role("button", name="Elsewhere, the result").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()
    assert listed(page) == []
    context.set_offline(False)
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    assert bulletins(night) == []
    declare(page, "20000", "9000")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


ANNOUNCED = {
    "Rejected ballots": "120",
    "Electorate": "50,000",
    "Turnout as announced": "60.2",
    "Total valid votes as announced": "30,000",
    "Ballot papers at verification": "30,120",
    "Where you have it from": "The officer",
}


@pytest.mark.parametrize("signal", [True, False], ids=["checked by the desk", "by the phone"])
def test_an_unsent_result_has_everything_that_was_typed(page: Page, signal: bool) -> None:
    page.get_by_text("More that was announced").click()
    form = page.locator("form.result")
    for label, text in ANNOUNCED.items():
        form.get_by_label(label).fill(text)
    form.get_by_label("After a recount").check()
    type_figures(page, "21000", "9000")
    if signal:
        check(page)
    page.context.set_offline(True)
    if not signal:
        check(page)
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.get_by_text("What it says").click()
    rows = [" ".join(row.split()) for row in page.locator("[data-part=rows] li").all_inner_texts()]
    typed = [f"{label} {text}" for label, text in ANNOUNCED.items()]
    for row in [*typed, "After a recount"]:
        assert rows.count(row) == 1, rows
    assert [row for row in rows if row.startswith(("Ann", "Bob"))][1].endswith("9,000")


def test_taking_back_what_may_have_arrived_asks_the_desk(page: Page, night: ServedNight) -> None:
    """The answer is lost: the phone does not claim that it took anything back."""

    def lose_answer(route: Route) -> None:
        if route.request.method == "POST" and "publish" in (route.request.post_data or ""):
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    block_notifications(page.context)
    page.reload()
    type_figures(page, "21000", "9000")
    check(page)
    page.route("**/elsewhere/", lose_answer)
    page.clock.install()
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", name="Not answered yet")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Published")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


def test_the_list_follows_what_the_desk_does(page: Page, night: ServedNight) -> None:
    declare(page, "21000", "9000")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    night.server.seed(seeds.withdraw_elsewhere, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("Withdrawn")
    expect(page.locator("#strip")).to_contain_text("bulletin 2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Published, and withdrawn since")
    open_list(page)
    expect(page.locator(".entry")).to_contain_text("Published, and withdrawn since")


def test_what_waits_for_a_second_person_is_told_when_published(
    page: Page, night: ServedNight
) -> None:
    night.server.seed(seeds.with_second_person, night.slug)
    page.reload()
    declare(page, "21000", "9000")
    # In the sentence of the answer, or of the first report after it.
    expect(page.locator("#strip")).to_contain_text(re.compile("not published yet", re.IGNORECASE))
    open_list(page)
    expect(page.locator(".entry")).to_contain_text("The desk has it")
    night.server.seed(seeds.confirm_waiting, night.slug)
    go_online(page)
    expect(page.locator(".entry")).to_contain_text("Published")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")


def test_full_figures_follow_a_colleagues_winner(page: Page, night: ServedNight) -> None:
    type_figures(page, "21000", "9000")
    check(page)
    night.server.seed(seeds.winner_elsewhere, night.slug)
    page.get_by_role("button", name="Declare Elsewhere").click()
    title = "colleague published the winner only"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(f"{title}, bulletin 1: Ann.")).to_be_visible()
    # Nothing of theirs to compare: no column of dashes.
    expect(page.get_by_role("columnheader", name="Published")).to_be_hidden()
    expect(page.get_by_role("row", name="Ann 21,000")).to_be_visible()
    page.get_by_role("button", name="Publish mine after it").click()
    expect(page.locator("#strip")).to_contain_text("bulletin 2")
    assert bulletins(night) == ["winner_only", "update"]


def test_a_result_overtakes_a_photo(page: Page, night: ServedNight, tmp_path: Path) -> None:
    held: list[Route] = []

    def hold_photos(route: Route) -> None:
        if "photo.jpg" in str(route.request.post_data_buffer or b""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/elsewhere/", hold_photos)
    file = tmp_path / "photo.png"
    file.write_bytes(pictures.png(60, 40))
    page.locator("#id_photo_picture").set_input_files(file)
    page.locator("#photo textarea").fill("The stage")
    page.locator("#photo").get_by_label("What it shows").fill("Four people")
    page.locator("#photo").get_by_label("Credit").fill("Ann Hall")
    page.get_by_role("button", name="Publish the photo").click()
    wait_for(page, lambda: bool(held))
    declare(page, "21000", "9000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


def test_a_status_after_the_result_can_be_dropped(
    context: BrowserContext, page: Page, night: ServedNight
) -> None:
    context.set_offline(True)
    page.get_by_role("button", name="Recount", exact=True).click()
    expect(page.locator("#strip")).to_contain_text("Not sent yet")
    night.server.seed(seeds.winner_elsewhere, night.slug)
    context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("Cannot be taken: Elsewhere, the state")
    expect(page.locator("#strip")).to_contain_text("There is a result here now")
    page.locator("#strip").get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")


def test_a_confirmation_without_signal_is_kept_and_sent(
    context: BrowserContext, night: ServedNight
) -> None:
    night.server.seed(seeds.with_second_person, night.slug)
    night.server.seed(seeds.colleague_sends_elsewhere, night.slug)
    page = open_count(context, night)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("button", name="This is what I heard")).to_be_visible()
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    context.set_offline(True)
    page.get_by_role("button", name="This is what I heard").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    assert bulletins(night) == []
    context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]


def test_signing_out_without_signal_keeps_the_pages(
    night: ServedNight, phone: BrowserContext
) -> None:
    """On a fresh phone, whose first page came before there was a worker."""
    page = open_count(phone, night)
    address = page.url
    wait_until_kept(page)
    box(page, "Ann").fill("21000")
    phone.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This phone may still be signed in.")).to_be_visible()
    page.goto(address)
    expect(box(page, "Ann")).to_have_value("21000")


def test_a_winner_without_a_signal_leaves_votes_that_are_half_typed(
    page: Page, night: ServedNight
) -> None:
    address = page.url
    box(page, "Ann").fill("21000")
    page.route("**/elsewhere/", lambda route: only_reads(route))
    page.locator("#winner").get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Publish the winner").click()
    expect(page.locator("#strip")).to_contain_text("Elsewhere, the winner")
    page.goto(address)
    expect(page.locator("#strip")).to_contain_text("Elsewhere, the winner")
    expect(box(page, "Ann")).to_have_value("21000")
    page.unroute("**/elsewhere/")
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("bulletin 1: Elsewhere, the winner")
    assert bulletins(night) == ["winner_only"]


def test_an_answered_report_starts_sending(page: Page, night: ServedNight) -> None:
    # Its timer would send it, too.
    stop_timers(page)
    page.reload()
    type_figures(page, "21000", "9000")
    check(page)
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.locator("#strip")).to_have_attribute("data-state", "waiting")
    page.evaluate(DRAIN)
    page.unroute("**/elsewhere/")
    page.evaluate("import('/static/reporter/report.js').then(({ report }) => report())")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert bulletins(night) == ["declaration"]

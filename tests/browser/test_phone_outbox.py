"""The phone's list of submissions: contents, state, actions and outcomes.

Each claim is held against the record of that moment.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.acceptance import pictures
from tests.browser import phone_page
from tests.browser.notifications import block_notifications
from tests.browser.phone_page import DRAIN, stop_timers, strip, wait_until_kept
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds, truth
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    # Playwright's routes do not see requests of a service worker.
    return new_context(**PHONE, service_workers="block")


def open_count(context: BrowserContext, night: ServedNight, seat: str = "elsewhere") -> Page:
    return phone_page.open_count(context.new_page(), night, seat)


@pytest.fixture
def page(context: BrowserContext, night: ServedNight) -> Page:
    return open_count(context, night)


def box(page: Page, candidate: str) -> Locator:
    return page.locator(f".result [data-name={candidate}]")


def type_figures(page: Page, ann: str, bob: str) -> None:
    box(page, "Ann").fill(ann)
    box(page, "Bob").fill(bob)


def check(page: Page) -> None:
    page.get_by_role("button", name="Check the result").click()
    expect(page.get_by_role("button", name="Declare Elsewhere")).to_be_visible()


def declare(page: Page, ann: str, bob: str) -> None:
    type_figures(page, ann, bob)
    check(page)
    page.get_by_role("button", name="Declare Elsewhere").click()


def listed(page: Page) -> list[str]:
    """Each entry of the list as one line."""
    entries = page.locator("main [data-outbox-list] .entry").all_inner_texts()
    return [" ".join(entry.split()) for entry in entries]


def open_list(page: Page) -> None:
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()


def go_online(page: Page) -> None:
    """Make the page report now, as it does every so many seconds."""
    page.evaluate("dispatchEvent(new Event('online'))")


def bulletins(night: ServedNight) -> list[str]:
    kinds: list[str] = night.server.seed(seeds.bulletins, night.slug)
    return kinds


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


def test_top_line_tells_of_the_result_after_a_photo_is_with_the_desk(
    page: Page, night: ServedNight, tmp_path: Path
) -> None:
    night.server.seed(seeds.distrust_reporter, night.slug)
    file = tmp_path / "photo.png"
    file.write_bytes(pictures.png(60, 40))
    page.locator("#id_photo_picture").set_input_files(file)
    page.locator("#photo textarea").fill("The stage")
    page.locator("#photo").get_by_label("What it shows").fill("Four people")
    page.locator("#photo").get_by_label("Credit").fill("Ann Hall")
    page.get_by_role("button", name="Publish the photo").click()
    expect(page.locator("#strip")).to_contain_text("The desk has")
    page.goto(page.url.split("?")[0].split("#")[0])
    declare(page, "21000", "9000")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


def test_top_line_tells_the_newest_of_what_the_desk_did(page: Page, night: ServedNight) -> None:
    declare(page, "21000", "9000")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    page.goto(page.url.split("?")[0].split("#")[0])
    page.locator("#quote").get_by_label("Someone else").fill("The mayor")
    page.locator("#quote").get_by_label("What was said").fill("A long night.")
    page.get_by_role("button", name="Publish the quote").click()
    expect(page.locator("#strip")).to_contain_text("bulletin 2")
    night.server.seed(truth.withdraw_quote, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("a quote: Published")
    night.server.seed(seeds.withdraw_elsewhere, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("the result: Published")


def test_figures_that_the_reporter_put_right_are_no_news(page: Page, night: ServedNight) -> None:
    """Their later ones are published: that the first ones are not is no contradiction of it."""
    night.server.seed(seeds.with_second_person, night.slug)
    declare(page, "21000", "9010")
    # In the sentence of the answer, or of the first report after it.
    expect(page.locator("#strip")).to_contain_text(re.compile("not published yet", re.IGNORECASE))
    night.server.seed(seeds.colleague_sends_elsewhere, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("entered something else")
    page.reload()
    declare(page, "21000", "9000")
    expect(page.locator("[data-receipt] h1")).to_contain_text("bulletin 1")
    go_online(page)
    open_list(page)
    # The phone has heard of it, from this report or from the one that follows it.
    entries = page.locator("main [data-outbox-list] .entry")
    expect(entries.filter(has_text="Another took its place")).to_have_count(1)
    expect(page.locator("#strip")).to_contain_text("Sent")
    expect(page.locator("#strip")).not_to_contain_text("Another took its place")


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


def test_top_line_asks_about_the_result_before_what_cannot_be_taken(
    page: Page, night: ServedNight
) -> None:
    """A status and a result without a signal, and a colleague's winner meanwhile."""
    page.context.set_offline(True)
    page.get_by_role("button", name="Bundle check").click()
    declare(page, "21000", "9000")
    night.server.seed(seeds.winner_elsewhere, night.slug)
    page.context.set_offline(False)
    top = page.locator("#strip")
    asked = (
        "Not published: Elsewhere, the result. The desk asks you something. And 1 more to answer."
    )
    expect(top).to_contain_text(asked)
    top.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Publish mine after it").click()
    expect(top).to_contain_text("Cannot be taken: Elsewhere, the state of the count.")
    expect(top).to_contain_text("bulletin 2: Elsewhere, the result")
    expect(top).not_to_contain_text("more to answer")


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


def only_reads(route: Route) -> None:
    if route.request.method == "POST":
        route.abort("connectionreset")
    else:
        route.continue_()


def test_what_waited_together_is_said_to_be_sent_together(page: Page) -> None:
    """A result that is answered before what was written after it is not hidden by that."""
    address = page.url

    def without_posts(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.fallback()

    type_figures(page, "21000", "9000")
    check(page)
    page.route("**/count/**", without_posts)
    page.get_by_role("button", name="Declare Elsewhere").click()
    strip(page, "Elsewhere, the result")
    page.goto(address)
    page.locator("#quote").get_by_label("Someone else").fill("The mayor")
    page.locator("#quote textarea").fill("A long night.")
    page.locator("#quote button").click()
    strip(page, "And 1 more.")
    page.unroute("**/count/**")
    go_online(page)
    expect(page.locator("#strip[data-state=sent]")).to_contain_text(re.compile("Sent .+ Sent "))
    strip(page, "Elsewhere, a quote")
    strip(page, "Elsewhere, the result")


def test_what_another_of_ones_own_has_replaced_is_not_said(page: Page, night: ServedNight) -> None:
    """The same result from two tabs that had no signal."""
    night.server.seed(seeds.with_second_person, night.slug)
    tab = page.context.new_page()
    tab.goto(page.url)
    strip(tab, "Nothing is waiting")
    for each in (page, tab):
        each.bring_to_front()
        type_figures(each, "21000", "9000")
        check(each)
    page.context.set_offline(True)
    for each in (page, tab):
        each.get_by_role("button", name="Declare Elsewhere").click()
        strip(each, "Not sent yet: Elsewhere, the result.")
    page.context.set_offline(False)
    expect(tab.locator("#strip[data-state=sent]")).to_contain_text("The desk has had it")
    open_list(tab)
    expect(tab.locator("main .entry").nth(1)).to_be_visible()
    expect(tab.locator("main .entry", has_text="Another took its place")).to_have_count(1)
    expect(tab.locator("#strip")).not_to_contain_text("Another took its place")

"""The line at the top of the phone: which of several submissions it tells of.

Each claim is held against the record of that moment.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.acceptance import pictures
from tests.browser.phone_elsewhere import check, declare, go_online, open_list, type_figures
from tests.browser.phone_page import open_count, strip
from tests.chromium import PHONE
from tests.seeds import phone as seeds, truth
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], night: ServedNight) -> Page:
    # Playwright's routes do not see requests of a service worker.
    return open_count(new_context(**PHONE, service_workers="block").new_page(), night)


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


@pytest.mark.parametrize("published", ["reporter", "colleague"])
def test_page_says_nothing_of_a_difference_that_the_desk_has_decided(
    page: Page, night: ServedNight, published: str
) -> None:
    """Below the line that says what became of it, until the page is loaded again."""
    night.server.seed(seeds.with_second_person, night.slug)
    declare(page, "21000", "9010")
    expect(page.locator("#strip")).to_contain_text(re.compile("not published yet", re.IGNORECASE))
    night.server.seed(seeds.colleague_sends_elsewhere, night.slug)
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_contain_text("entered something else")
    difference = page.get_by_text("Nothing is published. These differ:")
    waiting = page.locator(".review-items").get_by_text("Waiting")
    for shown in (difference, waiting, page.locator("#winner")):
        expect(shown).to_be_visible()
    night.server.seed(seeds.decide_for, night.slug, published)
    go_online(page)
    expect(page.locator("#strip")).not_to_contain_text("entered something else")
    for past in (difference, waiting, page.locator("#winner")):
        expect(past).to_be_hidden()


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
    expect(entries.filter(has_text="Your later one took its place")).to_have_count(1)
    expect(page.locator("#strip")).to_contain_text("Sent")
    expect(page.locator("#strip")).not_to_contain_text("took its place")


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


def test_figures_put_right_in_another_language_are_no_news(page: Page, night: ServedNight) -> None:
    """What the phone calls them is in the language of that moment."""
    night.server.seed(seeds.with_second_person, night.slug)
    declare(page, "21000", "9010")
    expect(page.locator("#strip")).to_contain_text(re.compile("not published yet", re.IGNORECASE))
    night.server.seed(seeds.colleague_sends_elsewhere, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("entered something else")
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    page.wait_for_load_state()  # its scripts run: without them the phone keeps no answer
    type_figures(page, "21000", "9000")
    page.get_by_role("button", name="Gwirio’r canlyniad").click()
    page.get_by_role("button", name="Datgan Elsewhere").click()
    expect(page.locator("[data-receipt] h1")).to_contain_text("bwletin 1")
    go_online(page)
    page.get_by_role("link", name="Blwch anfon").click()
    entries = page.locator("main [data-outbox-list] .entry")
    expect(entries.filter(has_text="Cymerodd eich un diweddarach ei le")).to_have_count(1)
    expect(entries.filter(has_text="Elsewhere, y canlyniad")).to_have_count(2)
    expect(page.locator("#strip")).to_contain_text("bwletin 1")
    expect(page.locator("#strip")).not_to_contain_text("ei le")


def test_figures_put_right_without_scripts_are_not_anothers(page: Page, night: ServedNight) -> None:
    """The line is too bad for them: the phone has no answer to the later figures."""
    night.server.seed(seeds.with_second_person, night.slug)
    declare(page, "21000", "9010")
    expect(page.locator("#strip")).to_contain_text(re.compile("not published yet", re.IGNORECASE))
    night.server.seed(seeds.colleague_sends_elsewhere, night.slug)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    type_figures(page, "21000", "9000")
    page.get_by_role("button", name="Check the result").click()
    page.get_by_role("button", name="Declare Elsewhere").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    page.unroute("**/*.js")
    page.reload()
    expect(page.locator("#strip")).to_contain_text("Your later one took its place")
    expect(page.locator("#strip")).to_have_attribute("data-state", "sent")


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
    expect(tab.locator("main .entry", has_text="Your later one took its place")).to_have_count(1)
    expect(tab.locator("#strip")).not_to_contain_text("took its place")

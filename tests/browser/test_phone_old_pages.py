"""A page that is older than what was sent from it says so, and what was sent."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.phone_elsewhere import check, type_figures
from tests.browser.phone_page import open_count, strip, wait_until_kept
from tests.chromium import wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)

AS_IT_WAS = re.compile(r"This page is as it was at \d\d:\d\d on \d+ [A-Z][a-z]+\.")


@pytest.fixture
def page(phone: BrowserContext, night: ServedNight) -> Page:
    page = open_count(phone.new_page(), night)
    wait_until_kept(page)
    wait_for(page, lambda: bool(page.evaluate("caches.match('/count/').then(Boolean)")))
    return page


def declare(page: Page) -> None:
    type_figures(page, "21000", "9000")
    check(page)
    page.get_by_role("button", name="Declare Elsewhere").click()


def entries(page: Page) -> list[str]:
    listed = page.locator("main [data-served] .entry")
    return [re.sub(r"\s+", " ", text).strip() for text in listed.all_inner_texts()]


def reopen(page: Page) -> None:
    address = page.url
    page.goto("about:blank")
    page.goto(address)


def test_a_kept_page_says_what_was_sent_since(page: Page) -> None:
    declare(page)
    strip(page, "Sent")
    page.context.set_offline(True)
    reopen(page)
    expect(page.locator("main")).to_contain_text(AS_IT_WAS)
    expect(page.locator("main")).to_contain_text("From this phone, and not on this page yet:")
    assert re.match(r"Elsewhere, the result Published \d\d:\d\d, bulletin 1", entries(page)[0])


def test_a_kept_page_stays_as_it_was_once_the_desk_answers(page: Page) -> None:
    page.context.set_offline(True)
    reopen(page)
    declare(page)
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.goto(page.url)
    expect(page.locator("main [data-served] .entry")).to_contain_text("Not sent yet")
    strip(page, "No answer from the desk")
    page.context.set_offline(False)
    expect(page.locator("main [data-served] .entry")).to_contain_text("Published")
    expect(page.locator("#strip")).not_to_contain_text("No answer from the desk")
    expect(page.locator("main")).to_contain_text(AS_IT_WAS)
    page.reload()
    expect(page.locator(".published")).to_be_visible()
    strip(page, "Sent")
    expect(page.get_by_text(AS_IT_WAS)).to_be_hidden()
    assert entries(page) == []


def test_a_page_that_is_shown_again_says_what_was_sent_from_it(page: Page) -> None:
    declare(page)
    strip(page, "Sent")
    page.go_back()
    page.go_back()
    expect(page.locator(".state-now")).to_contain_text(
        re.compile(r"Awaiting\s+\(as of \d\d:\d\d\)")
    )
    expect(page.locator("main [data-served] .entry")).to_contain_text("Published")


def test_a_state_that_was_tapped_does_not_move_the_page(page: Page) -> None:
    page.get_by_role("button", name="Recount").click()
    strip(page, "bulletin 1")
    assert entries(page) == []


def test_a_kept_receipt_says_that_it_is_as_it_was(page: Page, night: ServedNight) -> None:
    declare(page)
    strip(page, "Sent")
    page.get_by_role("link", name="What became of it").click()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
    wait_until_kept(page)
    night.server.seed(seeds.withdraw_elsewhere, night.slug)
    page.context.set_offline(True)
    reopen(page)
    expect(page.locator("main")).to_contain_text(AS_IT_WAS)


def test_a_sum_is_that_of_the_figures_that_are_there_again(page: Page) -> None:
    type_figures(page, "21000", "9000")
    reopen(page)
    expect(page.locator("#result [data-restored]")).to_be_visible()
    expect(page.locator("[data-sum]")).to_have_text("30,000 so far")


def test_a_state_that_was_published_is_that_of_the_page(page: Page) -> None:
    page.get_by_role("button", name="Recount").click()
    strip(page, "bulletin 1")
    expect(page.locator(".state-now")).to_contain_text("Recount (")


def test_a_time_that_was_expected_before_is_said_no_longer(page: Page, night: ServedNight) -> None:
    later = night.server.seed(seeds.expect_elsewhere, night.slug)
    page.reload()
    expect(page.locator(".state-now")).to_contain_text("expected")
    page.get_by_text("Verification, expected time").click()
    page.get_by_label("Ballot papers verified").fill("31000")
    page.get_by_role("button", name="Publish it").click()
    strip(page, "bulletin 1")
    expect(page.locator(".state-now")).to_contain_text("expected")
    page.get_by_label("Declaration expected about").fill(later)
    page.get_by_role("button", name="Publish it").click()
    strip(page, "bulletin 2")
    expect(page.locator(".state-now")).not_to_contain_text("expected")
    page.reload()
    expect(page.locator(".state-now")).to_contain_text(later)


@pytest.mark.parametrize("back_first", [True, False])
def test_a_winner_that_was_sent_leaves_nothing_to_be_expected(
    page: Page, night: ServedNight, back_first: bool
) -> None:
    """Whether it is published while the page is shown, or while its receipt is."""
    night.server.seed(seeds.expect_elsewhere, night.slug)
    page.reload()
    strip(page, "Nothing is waiting")
    asked = page.get_by_role("heading", name="Only the winner so far?")
    expect(asked).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Publish the winner").click()
    strip(page, "Not sent yet")
    if back_first:
        go_back_to_count(page)
        expect(asked).to_be_visible()
    page.context.set_offline(False)
    strip(page, "bulletin 1")
    if not back_first:
        go_back_to_count(page)
    expect(page.locator("main .state-now")).to_be_visible()
    expect(page.locator("main [data-expected]")).to_be_hidden()
    expect(asked).to_be_hidden()
    expect(page.get_by_role("link", name="Winner only")).to_be_hidden()


def test_an_old_answer_does_not_end_what_a_newer_page_asks(page: Page, night: ServedNight) -> None:
    def lose_answer(route: Route) -> None:
        if is_post(route):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/count/**", lose_answer)
    page.get_by_role("button", name="Ann").click()
    page.get_by_role("button", name="Publish the winner").click()
    strip(page, "The desk may have it")
    night.server.seed(seeds.withdraw_elsewhere, night.slug)
    # Nothing but the answer itself may tell the phone what became of it.
    page.route("**/phone/", lambda route: route.abort())
    page.goto(page.url)
    asked = page.get_by_role("heading", name="Only the winner so far?")
    expect(asked).to_be_visible()
    strip(page, "The desk may have it")
    page.unroute("**/count/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    strip(page, "bulletin 1")
    expect(asked).to_be_visible()
    expect(page.get_by_role("link", name="Winner only")).to_be_visible()


def go_back_to_count(page: Page) -> None:
    for _view in ("receipt", "check"):
        page.go_back()
        if page.locator("main .state-now").count():
            return


def test_a_state_of_another_count_is_not_that_of_the_page(page: Page, night: ServedNight) -> None:
    page.goto(page.url.replace("elsewhere", "islington-north"))
    strip(page, "Nothing is waiting")
    page.route("**/count/**", lambda route: route.abort() if is_post(route) else route.continue_())
    page.get_by_role("button", name="Recount").click()
    page.get_by_role("button", name="Send now").first.click()
    strip(page, "The desk may have it")
    page.goto(page.url.replace("islington-north", "elsewhere"))
    strip(page, "The desk may have it")
    page.unroute("**/count/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    strip(page, "Sent")
    expect(page.locator(".state-now")).to_contain_text("Awaiting")
    expect(page.get_by_role("button", name="Recount")).not_to_have_attribute("aria-pressed", "true")


def is_post(route: Route) -> bool:
    return route.request.method == "POST"


def test_a_check_that_is_shown_again_says_nothing_of_what_is_published(page: Page) -> None:
    declare(page)
    strip(page, "Sent")
    page.go_back()
    expect(page.get_by_role("button", name="Declare Elsewhere")).to_be_visible()
    expect(page.locator("main .where")).to_have_text(
        "None of this is published until you press the button"
    )

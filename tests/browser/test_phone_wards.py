"""A ward of three seats on a phone without signal: what the phone states about its winners."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.phone_elsewhere import go_online
from tests.browser.phone_page import open_count
from tests.chromium import PHONE
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """Without a service worker, which shows an earlier page where the server is slow."""
    return new_context(**PHONE, service_workers="block")


def page_of(server: Server, phone: BrowserContext) -> tuple[ServedNight, Page]:
    night = ServedNight.seeded(server, seeds.council_night)
    return night, open_count(phone.new_page(), night, "abbey")


def test_three_winners_are_chosen_and_kept_offline(server: Server, phone: BrowserContext) -> None:
    night, page = page_of(server, phone)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.set_offline(True)
    for name in ("Ann", "Bob"):
        page.locator("#winner").get_by_label(name).check()
    page.get_by_role("button", name="Check: winners only").tap()
    expect(page.get_by_role("alert")).to_have_text("3 to be elected here: choose 3.")
    page.locator("#winner").get_by_label("Eve").check()
    page.get_by_role("button", name="Check: winners only").tap()
    expect(page.locator("main .winners")).to_contain_text("Ann, Bob and Eve are elected; full")
    page.get_by_role("button", name="Publish the winners").tap()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(page.locator("#strip")).to_contain_text("Abbey, the winners")
    page.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(seeds.bulletins, night.slug) == ["winner_only"]


def without_posts(route: Route) -> None:
    """The network as it is for a phone whose pages come, and whose posts do not arrive."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_winners_to_change_are_ticked_again(server: Server, phone: BrowserContext) -> None:
    _night, page = page_of(server, phone)
    page.locator(".result [data-name=Ann]").fill("900")
    page.route("**/count/**", without_posts)
    for name in ("Ann", "Bob", "Eve"):
        page.locator("#winner").get_by_label(name).check()
    page.get_by_role("button", name="Check: winners only").tap()
    page.get_by_role("button", name="Publish the winners").tap()
    # It has been tried: the desk is asked for it.
    expect(page.get_by_role("heading", name="Not answered yet")).to_be_visible()
    page.get_by_role("button", name="Change it").tap()
    page.wait_for_url("**#winner")
    page.unroute("**/count/**")
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("You took this back")
    ticked = page.locator("#winner :checked")
    assert [box.get_attribute("data-name") for box in ticked.all()] == ["Ann", "Bob", "Eve"]
    expect(page.locator(".result [data-name=Ann]")).to_have_value("900")


def test_change_it_shows_the_form_where_no_page_can_be_loaded(
    server: Server, phone: BrowserContext
) -> None:
    _night, page = page_of(server, phone)
    page.context.set_offline(True)
    for name in ("Ann", "Bob", "Eve"):
        page.locator("#winner").get_by_label(name).check()
    page.get_by_role("button", name="Check: winners only").tap()
    page.get_by_role("button", name="Publish the winners").tap()
    page.get_by_role("button", name="Change it").tap()
    ticked = page.locator("#winner :checked")
    expect(ticked).to_have_count(3)
    assert [box.get_attribute("data-name") for box in ticked.all()] == ["Ann", "Bob", "Eve"]
    expect(page.locator("#strip")).not_to_contain_text("Abbey, the winners")


def test_tie_across_the_last_seat_is_said_offline(server: Server, phone: BrowserContext) -> None:
    _night, page = page_of(server, phone)
    page.context.set_offline(True)
    for name, votes in zip(("Ann", "Bob", "Cat", "Dan", "Eve"), (9, 8, 7, 7, 1), strict=True):
        page.locator(f".result [data-name={name}]").fill(str(votes))
    page.get_by_role("button", name="Check the result").tap()
    expect(page.get_by_text("The vote is tied")).to_be_visible()
    expect(page.locator("[data-part=elected]")).to_be_hidden()


def test_some_totals_are_sent_as_incomplete_offline(server: Server, phone: BrowserContext) -> None:
    """The question is the same with a signal and without: who is missing, and one button."""
    night, page = page_of(server, phone)
    for name, votes in (("Ann", 900), ("Bob", 800)):
        page.locator(f".result [data-name={name}]").fill(str(votes))
    page.get_by_role("button", name="Check the result").tap()
    question = page.locator("[data-incomplete]")
    expect(question).to_be_focused()
    expect(question).to_contain_text("Missing: Cat, Dan, Eve")
    page.context.set_offline(True)
    page.locator(".result [data-name=Cat]").fill("700")
    page.get_by_role("button", name="Check the result").tap()
    expect(question).to_contain_text("Missing: Dan, Eve")
    page.get_by_role("button", name="Check it as incomplete").tap()
    expect(page.get_by_text("Incomplete: no result, nobody wins by it.")).to_be_visible()
    expect(page.locator("[data-part=elected]")).to_be_hidden()
    page.get_by_role("button", name="Send it as incomplete").tap()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(seeds.bulletins, night.slug) == ["incomplete"]
    page.goto(server.url(f"/count{night.path}abbey/"))
    expect(page.get_by_role("heading", name="Incomplete: 3 of 5 totals known")).to_be_visible()
    expect(page.locator(".result [data-name=Ann]")).to_have_value("900")

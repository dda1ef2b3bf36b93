"""What a page asks for besides the stream is asked for again where no answer comes."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import go_to_page_of_a_night, open_live, pass_time_until
from tests.browser.test_hotspot import SIGN_IN, declare_one
from tests.chromium import wait_for
from tests.served_night import ServedNight
from tests.servers import Server

ANSWERS = pytest.mark.parametrize("answers", ["error", "hotspot", "nothing"])


class Failing:
    """Answers of an address that are none, until `end`."""

    def __init__(self, page: Page, address: str, how: str) -> None:
        self.page, self.address, self.how, self.asked = page, address, how, 0
        page.route(address, self.answer)

    def answer(self, route: Route) -> None:
        self.asked += 1
        if self.how == "error":
            route.fulfill(status=503, body="Try again")
        elif self.how == "hotspot":
            route.fulfill(content_type="text/html", body=SIGN_IN)
        elif self.how == "gone":
            # With DEBUG, which these servers have, django-htmx shows the page of a 404 itself.
            route.fulfill(status=410, body="Nothing here")
        else:
            route.abort()

    def end(self) -> None:
        self.page.unroute(self.address)


@ANSWERS
def test_figures_around_a_seat(night: ServedNight, desktop: BrowserContext, answers: str) -> None:
    page = open_live(desktop, night.url("vale-11/"), stopped=True)
    around = page.locator("[data-refetched=around]")
    expect(around).to_contain_text("6 of 15")
    failing = Failing(page, night.url("vale-11/"), answers)
    night.declare("vale-13")
    pass_time_until(page, lambda: failing.asked > 0)
    failing.end()
    pass_time_until(page, lambda: "7\xa0of 15" in around.inner_text())


@ANSWERS
def test_list_of_what_is_followed(
    night: ServedNight, desktop: BrowserContext, answers: str
) -> None:
    page = desktop.new_page()
    page.goto(night.url("following/"))
    page.evaluate(f"localStorage['seats-{night.slug}'] = '[\"vale-20\"]'")
    page = open_live(desktop, night.url("following/"), stopped=True)
    expect(page.get_by_role("button", name="Stop following Vale 20")).to_be_visible()
    failing = Failing(page, "**/following/?seats=*", answers)
    declare_one(night, page)
    pass_time_until(page, lambda: failing.asked > 0)
    failing.end()
    pass_time_until(page, lambda: "Lab" in page.locator("#followed-list").inner_text())


def test_alert_of_the_last_result(night: ServedNight, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(night.url("following/"))
    page.evaluate(f"localStorage['seats-{night.slug}'] = '[\"vale-20\"]'")
    page = open_live(desktop, night.url("records/"), stopped=True)
    page.wait_for_function(f"() => localStorage['told-{night.slug}']")
    failing = Failing(page, f"**/{night.slug}/following/*/*/", "nothing")
    declare_one(night, page)
    pass_time_until(page, lambda: failing.asked > 0)
    failing.end()
    pass_time_until(page, lambda: page.locator(".alerts li").count() == 1)


def test_list_that_is_gone_is_asked_for_more_and_more_rarely(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url("changes/"), stopped=True)
    failing = Failing(page, "**/changes/", "gone")
    declare_one(night, page)
    pass_time_until(page, lambda: failing.asked >= 3)
    for _minute in range(180):
        page.clock.run_for(60_000)
    assert failing.asked < 15


def test_page_of_a_night_that_is_gone_is_asked_for_more_and_more_rarely(
    server: Server, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.clock.install()
    go_to_page_of_a_night(page, server)
    shown = page.locator("#night").inner_text()
    failing = Failing(page, page.url, "gone")
    page.clock.run_for(31_000)
    wait_for(page, lambda: failing.asked > 0)
    for _minute in range(60):
        page.clock.run_for(60_000)
    assert failing.asked < 15
    failing.end()
    page.evaluate("window.before = document.querySelector('#night')")
    for _minute in range(90):
        page.clock.run_for(60_000)
    # It has come again, with a trigger of its own.
    page.wait_for_function("() => !window.before.isConnected")
    again = page.locator("#night[hx-trigger^=every]")
    expect(again).to_have_text(shown, use_inner_text=True)


def test_reload_waits_for_the_desk_where_answers_have_no_etag(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_live(desktop, night.url())
    failing = Failing(page, night.url(), "hotspot")
    page.evaluate("document.querySelector('#feed > :nth-child(3)').remove()")
    night.declare("vale-20")
    wait_for(page, lambda: failing.asked > 1)
    assert page.evaluate("window.neverReloaded")
    failing.end()

    def without_etag(route: Route) -> None:
        response = route.fetch()
        headers = {name: text for name, text in response.headers.items() if name != "etag"}
        route.fulfill(response=response, headers=headers)

    page.route(night.url(), without_etag)
    expect(page.locator("#feed > *").first).to_have_attribute(
        "id", "result-vale-20", timeout=20_000
    )
    assert not page.evaluate("window.neverReloaded")

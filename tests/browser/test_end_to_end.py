"""End to end in Chromium: a reporter declares, an editor corrects, and open pages show both."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.pages import assert_equal_to_a_fresh_one, open_live, pass_time, stop_clock
from tests.seeds import the_night
from tests.served_night import ServedNight
from tests.servers import Server

FIGURES = {
    "James Clark": "5,483",
    "Jeremy Corbyn": "34,603",
    "Yosef David": "742",
    "Nick the Flying Brick": "236",
    "Caroline Russell": "4 326",
    "Nick Wakeling": "8451",
}


def sign_in(page: Page, name: str, button: str) -> None:
    page.get_by_label("name", exact=False).first.fill(name)
    page.get_by_label("Password").fill(the_night.PASSWORD)
    page.get_by_role("button", name=button, exact=True).click()


def _declare(phone: BrowserContext, server: Server) -> None:
    reporter = phone.new_page()
    reporter.goto(server.url("/count/"))
    sign_in(reporter, "reporter", "Sign in")
    reporter.get_by_role("link", name="Islington North").click()
    for name, votes in FIGURES.items():
        reporter.get_by_label(name).first.fill(votes)
    expect(reporter.locator("[data-sum]")).to_contain_text("53,841 so far")
    result = reporter.locator(".result")
    result.get_by_label("Rejected ballots").fill("227")
    result.get_by_label("Electorate").fill("75,162")
    result.get_by_label("Turnout as announced").fill("71.8")
    reporter.get_by_role("button", name="Check the result").click()
    expect(reporter.get_by_text("Your six totals make 53,841")).to_be_visible()
    reporter.get_by_role("button", name="Declare Islington North").click()
    expect(reporter.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


def _correct(desktop: BrowserContext, server: Server, contest: int) -> None:
    admin = desktop.new_page()
    admin.goto(server.url("/admin/"))
    sign_in(admin, "editor", "Log in")
    # Another page before the answer would leave this one signed out.
    expect(admin.get_by_role("heading", name="Site administration")).to_be_visible()
    admin.goto(server.url(f"/admin/results/contest/{contest}/correct/"))
    admin.get_by_label("Nick Wakeling").first.fill("8,415")
    admin.locator("#id_reason").fill("Two digits were transposed.")
    admin.get_by_role("button", name="See what readers will see").click()
    expect(admin.get_by_text("This is a preview")).to_be_visible()
    admin.get_by_role("button", name="Publish the correction").click()


def test_declaration_and_correction_reach_open_pages(
    server: Server,
    phone: BrowserContext,
    desktop: BrowserContext,
    new_context: Callable[..., BrowserContext],
) -> None:
    night = ServedNight.unseeded(server)
    north = server.seed(the_night.night, night.slug)
    live = open_live(desktop, night.url())
    seat = open_live(desktop, night.url("islington-north/"))

    _declare(phone, server)
    # Readers: headline, tally, table and sequence, on pages that never reloaded.
    headline = "Labour hold Islington North, majority 26,152"
    expect(live.locator("#headline h1")).to_have_text(headline)
    expect(live.locator(".parties [data-party=lab] .seats")).to_have_text("1")
    expect(live.locator("#feed")).to_contain_text("8,451")
    expect(live.locator("#progress")).to_contain_text("1 of 4 declared")
    expect(live.locator("#connection-status .sequence")).to_have_text("1")
    expect(seat.locator("table.result").first).to_contain_text("8,451")

    # The editor corrects a misheard count, with a reason, after the preview.
    _correct(new_context(viewport={"width": 1440, "height": 900}), server, north)
    expect(seat.locator(".standfirst").first).to_contain_text("26,188")
    corrected = seat.locator(".seat-night .differences div", has_text="Nick Wakeling")
    expect(corrected.locator("del")).to_have_text("was 8,451")
    expect(corrected.locator("ins")).to_have_text("is 8,415")
    expect(live.locator("#headline h1")).to_contain_text("26,188")
    expect(live.locator("#connection-status .sequence")).to_have_text("2")
    for page in (live, seat):
        assert page.evaluate("window.neverReloaded")
        assert_equal_to_a_fresh_one(page)
    live.goto(night.url("corrections/"))
    expect(live.get_by_text("Two digits were transposed.")).to_be_visible()
    expect(live.locator("del")).to_have_text("was 8,451")


def test_page_catches_up_after_its_socket_was_cut(server: Server, desktop: BrowserContext) -> None:
    night = ServedNight.seeded(server, the_night.night)
    routes: list[WebSocketRoute] = []
    down = {"now": False}

    def through(route: WebSocketRoute) -> None:
        if down["now"]:
            route.close(code=1011)
            return
        routes.append(route)
        route.connect_to_server()

    page = desktop.new_page()
    page.route_web_socket("**/live/**", through)
    page.route("**/now/", lambda route: route.abort())
    stop_clock(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")

    down["now"] = True
    routes[-1].close(code=1001)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "unreachable")
    server.seed(the_night.declare, night.slug)
    down["now"] = False
    page.clock.run_for(10_000)

    expect(page.locator("#connection-status .sequence")).to_have_text("3")
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    expect(page.locator("#progress")).to_contain_text("3 of 4 declared")
    assert page.evaluate("window.neverReloaded")
    page.clock.resume()
    assert_equal_to_a_fresh_one(page)


def test_page_of_another_epoch_reloads(server: Server, desktop: BrowserContext) -> None:
    night = ServedNight.seeded(server, the_night.night)
    page = open_live(desktop, night.url(), stopped=True)
    epoch = page.evaluate("document.documentElement.dataset.epoch")
    server.seed(the_night.rename_liberals_and_declare, night.slug, "The Liberals")
    expect(page.locator("#connection-status .state")).to_have_text("Catching up")
    page.clock.run_for(5_000)
    expect(page.locator("html")).not_to_have_attribute("data-epoch", epoch)
    expect(page.locator(".parties")).to_contain_text("The Liberals")
    assert page.evaluate("window.neverReloaded === undefined")


def test_page_polls_without_sockets(server: Server, desktop: BrowserContext) -> None:
    night = ServedNight.seeded(server, the_night.night)
    page = desktop.new_page()
    page.route_web_socket("**/live/**", lambda route: route.close(code=1011))
    stop_clock(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Updating")
    server.seed(the_night.declare, night.slug)
    pass_time(page, 20)
    expect(page.locator("#connection-status .sequence")).to_have_text("3")
    expect(page.locator("#connection-status .state")).to_have_text("Updating")
    page.clock.resume()
    assert_equal_to_a_fresh_one(page)

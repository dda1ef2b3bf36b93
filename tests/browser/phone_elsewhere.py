"""What a reporter does on the page of the count “Elsewhere”, of Ann and Bob."""

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser import phone_page
from tests.seeds import phone as seeds
from tests.served_night import ServedNight


def open_count(context: BrowserContext, night: ServedNight, seat: str = "elsewhere") -> Page:
    return phone_page.open_count(context.new_page(), night, seat)


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


def open_list(page: Page) -> None:
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("heading", name="Outbox", level=1)).to_be_visible()


def go_online(page: Page) -> None:
    """Make the page report now, as it does every so many seconds."""
    page.evaluate("dispatchEvent(new Event('online'))")


def bulletins(night: ServedNight) -> list[str]:
    kinds: list[str] = night.server.seed(seeds.bulletins, night.slug)
    return kinds


def only_reads(route: Route) -> None:
    """Handle a request as on a line that loses whatever is sent."""
    if route.request.method == "POST":
        route.abort("connectionreset")
    else:
        route.continue_()

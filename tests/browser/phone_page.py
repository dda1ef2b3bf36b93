"""Helpers for the page of a count on a phone."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.signed_in import sign_in_by_password
from tests.chromium import wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

#: In the order of the ballot paper, which is that of the boxes.
READ_OUT = ["236", "5483", "34603", "742", "4326", "8415", "227", "75162", "71.8"]


def count_url(night: ServedNight, seat: str = "islington-north") -> str:
    return night.server.url(f"/count{night.path}{seat}/")


def sign_in_url(night: ServedNight, seat: str = "islington-north") -> str:
    """Return the sign-in address that leads to a count."""
    return night.server.url(f"/count/sign-in/?next=/count{night.path}{seat}/")


def link_url(night: ServedNight) -> str:
    """Return a reporter's one-use sign-in link."""
    return night.server.url(f"/count/sign-in/{night.server.seed(seeds.sign_in_token)}/")


def sign_in(page: Page, name: str = "reporter") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(seeds.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_north(page: Page, **changes: str) -> None:
    figures = dict(
        zip(
            [
                "Nick the",
                "James Clark",
                "Jeremy Corbyn",
                "Yosef David",
                "Caroline",
                "Nick Wakeling",
            ],
            READ_OUT,
            strict=False,
        )
    )
    for name, votes in {**figures, **changes}.items():
        page.locator(".result").get_by_label(name).fill(votes)


def strip(page: Page, text: str) -> None:
    expect(page.locator("#strip")).to_contain_text(text)


def open_north(night: ServedNight, phone: BrowserContext) -> Page:
    page = open_count(phone.new_page(), night, "islington-north")
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()
    return page


def open_count(page: Page, night: ServedNight, seat: str = "elsewhere") -> Page:
    """Sign in, and open the page of a count until its scripts run."""
    sign_in_by_password(page.context, night.server, "reporter", seeds.PASSWORD)
    page.goto(count_url(night, seat))
    # With the status line the scripts run: drafts are stored from now on.
    strip(page, "Nothing is waiting on this phone.")
    return page


def stop_timers(page: Page) -> None:
    """Let nothing happen by itself on the page: it asks and tries again at events only."""
    page.clock.install()
    page.clock.pause_at("2100-01-01")


#: Try to send what waits: ends once no try is on its way, nor any that was asked for meanwhile.
DRAIN = "import('/static/reporter/outbox.js').then(({ drain }) => drain())"

#: Whether the service worker has the page, which it keeps after all that the page names.
KEPT = "caches.match(location.pathname, { ignoreSearch: true }).then(Boolean)"


def wait_until_kept(page: Page) -> None:
    """Wait until this page can be opened without a signal."""
    wait_for(page, lambda: bool(page.evaluate(KEPT)))

"""What an open page announces to screen readers as bulletins arrive: what is new, and only that."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import open_live
from tests.seeds import front, reading
from tests.served_night import ServedNight
from tests.servers import Server

#: Keeps in `announced` every line of the page's live region.
LISTEN = """() => {
  window.announced = [];
  const region = document.getElementById("announcer");
  const note = () => announced.push(region.textContent);
  new MutationObserver(note).observe(region, { childList: true });
}"""


def open_heard(context: BrowserContext, url: str) -> Page:
    page = open_live(context, url)
    page.evaluate(LISTEN)
    return page


def is_shown(page: Page, sequence: int) -> None:
    expect(page.locator("#connection-status .sequence")).to_have_text(str(sequence))


def announced(page: Page, line: str) -> None:
    """The page announces this line, and has announced nothing else."""
    expect(page.locator("#announcer")).to_have_text(line)
    assert page.evaluate("announced") == [line]


class TestSeat:
    def test_announces_its_own_result_only(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        page = open_heard(desktop, night.url("vale-20/"))
        night.declare("vale-21")
        is_shown(page, 13)
        night.declare("vale-20")
        is_shown(page, 14)
        announced(page, "Conservatives gain Vale 20 from Labour. Declared")

    def test_announces_its_correction(self, night: ServedNight, desktop: BrowserContext) -> None:
        page = open_heard(desktop, night.url("vale-03/"))
        night.declare("vale-21")
        is_shown(page, 13)
        night.server.seed(front.correct, night.slug, "vale-03")
        is_shown(page, 14)
        announced(page, "Conservatives gain Vale 03 from Labour. Corrected")


class TestCouncil:
    def test_announces_what_its_own_wards_change(
        self, server: Server, desktop: BrowserContext
    ) -> None:
        night = ServedNight.seeded(server, reading.two_councils)
        own = open_heard(desktop, night.url("bodies/eastshire/"))
        other = open_heard(desktop, night.url("bodies/westshire/"))
        sequence = int(own.locator("#connection-status .sequence").inner_text())
        server.seed(reading.declare_ward, night.slug)
        for page in (own, other):
            is_shown(page, sequence + 1)
        line = "Eastshire: 3 of 51 seats have declared. Green 3. 48 seats to come."
        announced(own, line)
        assert other.evaluate("announced") == []


class TestFeed:
    def test_announces_a_result_whose_entry_waits_while_the_page_is_scrolled(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        page = open_heard(desktop, night.url())
        page.evaluate("document.querySelector('#feed > :nth-child(7)').scrollIntoView()")
        night.declare("vale-20")
        expect(page.get_by_role("button", name="1 new")).to_be_visible()
        announced(page, "Conservatives gain Vale 20 from Labour, majority 12,000")

    def test_announces_a_correction(self, night: ServedNight, desktop: BrowserContext) -> None:
        page = open_heard(desktop, night.url())
        night.server.seed(front.correct, night.slug, "vale-03")
        announced(page, "Corrected: Vale 03")

    def test_announces_no_earlier_result_with_a_post(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        page = open_heard(desktop, night.url())
        night.server.seed(front.post, night.slug, "Something else.")
        expect(page.locator("#feed")).to_contain_text("Something else.")
        night.declare("vale-20")
        announced(page, "Conservatives gain Vale 20 from Labour, majority 12,000")


def test_embed_of_the_scoreboard_announces_its_headline(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = open_heard(desktop, night.embed_url("scoreboard"))
    night.declare("vale-20")
    is_shown(page, 13)
    announced(page, " ".join(page.locator("#headline h1").inner_text().split()))

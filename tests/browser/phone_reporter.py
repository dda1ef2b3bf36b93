"""A reporter's phone at one count; checks every sentence that it shows with the database."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_screen import Screen
from tests.browser.signed_in import sign_in_by_link
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds, truth
from tests.seeds.truth import Record
from tests.served_night import ServedNight

SIZES = [(390, 844), (320, 568)]
QUOTE = "A long night, and it is not over."
IS_SENDING = """async () => {
  const { items, isSending } = await import("/static/reporter/outbox.js");
  return items().some(({ key }) => isSending(key));
}"""


@dataclass
class Reporter:
    """A reporter's phone at one count."""

    context: BrowserContext
    page: Page
    night: ServedNight
    screen: Screen = field(init=False)
    seat: str = ""

    def __post_init__(self) -> None:
        self.screen = Screen(self.page, self.record)

    def record(self) -> Record:
        return self.night.server.seed(truth.record, self.night.slug)

    def open(self, seat: str) -> None:
        self.seat = seat
        self.page.goto(self.night.server.url(f"/count{self.night.path}{seat}/"))
        expect(self.page.locator("#strip")).to_be_visible()

    def check(self, *votes: int) -> None:
        for name, total in zip(("Ann", "Bob", "Cat"), votes, strict=False):
            self.page.locator(f".result [data-name={name}]").fill(str(total))
        self.page.get_by_role("button", name="Check the result").click()

    def tap(self) -> None:
        self.page.locator("main .primary", has_text="Declare").click(no_wait_after=True)

    def file_quote(self) -> None:
        self.page.locator("#quote").get_by_label("Someone else").fill("The mayor")
        self.page.locator("#quote textarea").fill(QUOTE)
        self.page.locator("#quote button").click()

    def ask(self) -> None:
        """Ask for a correction of what is published."""
        self.page.get_by_text("Ask the desk for a correction").click()
        self.page.locator("#ask").get_by_role("textbox", name="Ann Labour").fill("21005")
        self.page.locator("#ask").get_by_label("What is wrong").fill("Read out again.")
        self.page.locator("#ask form button.primary").click()

    def go_online(self) -> None:
        """A sign of the network, as the phone's system gives it, and what comes of it."""
        with self.page.expect_response("**/count/phone/"):
            self.page.evaluate("dispatchEvent(new Event('online'))")

    def go_online_until_sent(self) -> None:
        """Give signs of the network until all is sent, and nothing false is said meanwhile."""

        def is_sent() -> bool:
            self.page.evaluate("dispatchEvent(new Event('online'))")
            self.screen.assert_true("until it is sent")
            return self.state() == "sent"

        wait_for(self.page, is_sent)

    def state(self) -> str | None:
        return self.page.locator("#strip").get_attribute("data-state")

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        wait_for(self.page, lambda: not self.page.evaluate(IS_SENDING))


def sign_in(page: Page, night: ServedNight) -> None:
    """By a link, as reporters do."""
    token = night.server.seed(seeds.sign_in_token)
    page.goto(night.server.url(f"/count/sign-in/{token}/"))
    page.get_by_role("button", name="Sign in on this phone").click()
    expect(page.get_by_role("heading", name="My counts")).to_be_visible()


def reporter_of(
    new_context: Callable[..., BrowserContext],
    night: ServedNight,
    size: tuple[int, int],
    script: str = "",
) -> Reporter:
    # Playwright's routes do not see requests of a service worker.
    viewport = {"width": size[0], "height": size[1]}
    context = new_context(**{**PHONE, "viewport": viewport}, service_workers="block")
    context.add_init_script(script)
    sign_in_by_link(context, night, night.server.seed(seeds.sign_in_token))
    return Reporter(context, context.new_page(), night)


def reporter_at_elsewhere(
    new_context: Callable[..., BrowserContext], night: ServedNight, size: tuple[int, int]
) -> Reporter:
    """A reporter on the page of the count in Elsewhere, with nothing waiting."""
    reporter = reporter_of(new_context, night, size)
    reporter.open("elsewhere")
    says(reporter.page, "Nothing is waiting")
    return reporter


def says(page: Page, text: str) -> None:
    """Expect the status line to have the text."""
    expect(page.locator("#strip")).to_contain_text(text)


def declare(reporter: Reporter) -> None:
    """Check and declare a result of Elsewhere."""
    reporter.check(21000, 9000)
    reporter.tap()

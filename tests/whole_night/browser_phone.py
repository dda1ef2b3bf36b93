"""A reporter's phone in Chromium, whose every sentence is held against the database."""

from collections.abc import Iterator

from playwright.sync_api import Error, expect

from tests.browser.phone_screen import Screen
from tests.faults.history import History
from tests.seeds import phone, truth
from tests.seeds.truth import Record
from tests.seeds.whole_night import REPORTER, Seat
from tests.servers import Server
from tests.whole_night.clock import Clock
from tests.whole_night.pages import Browser

#: How often a reporter loads a page again that does not come, and seconds until they do.
LOADS, LOAD_SECONDS = 12, 20.0
#: Seconds in which the bad line lets a submission through.
SEND_SECONDS = 180


class BrowserPhone:
    """Declares seats on the bad line, each second one of them while the phone has no signal."""

    def __init__(self, browser: Browser, records: Server, history: History) -> None:
        self.site, self.records, self.history = browser.site, records, history
        self.page = browser.new_phone()
        self.screen = Screen(self.page, self.record)
        self.published: list[str] = []
        self.problems: list[str] = []
        self.reloads = 0

    def record(self) -> Record:
        return self.records.seed(truth.record, "ge", assigned_only=True)

    def sign_in(self) -> None:
        """By a link, as reporters do."""
        token = self.records.seed(phone.sign_in_token)
        self.page.goto(self.site.url(f"/count/sign-in/{token}/"))
        self.page.get_by_role("button", name="Sign in on this phone").click()
        expect(self.page.get_by_role("heading", name="My counts")).to_be_visible()

    def wait_until(self, clock: Clock, seconds: float) -> None:
        """Wait for a moment of the night; meanwhile every page's events are handled."""
        while clock.now < seconds:
            self.page.wait_for_timeout(200)

    def declare(self, seat: Seat, *, without_signal: bool) -> None:
        """Declare a seat; what goes wrong is one of `problems`."""
        votes = [total for _pk, total in seat["votes"]]
        # Under a key that only the phone knows.
        self.history.record(REPORTER, "invoke", key=seat["slug"], seat=seat["slug"], votes=votes)
        try:
            self._declare(seat, without_signal)
        except (AssertionError, Error) as exc:
            self.problems.append(f"{seat['slug']}: {str(exc)[:600]}")
            self.page.context.set_offline(False)

    def _declare(self, seat: Seat, without_signal: bool) -> None:
        page = self.page
        self._open(f"/count/ge/{seat['slug']}/")
        for pk, total in seat["votes"]:
            page.locator(f".result [name=votes-{pk}]").fill(str(total))
        for name in ("rejected", "electorate"):
            box = page.locator(f".result [name={name}]")
            if seat[name] and box.count():
                box.fill(str(seat[name]))
        page.get_by_role("button", name="Check the result").click()
        button = page.locator("main .primary", has_text="Declare")
        expect(button).to_be_visible()
        reason = page.locator("main [name=warning_reason]")
        if reason.count():
            reason.fill("As read out.")
        page.context.set_offline(without_signal)
        button.click(no_wait_after=True)
        expect(page.locator("main [data-receipt]")).to_be_visible()
        self.screen.assert_true("without a signal" if without_signal else "on a bad line")
        page.context.set_offline(False)
        self._until_sent(seat)

    def _open(self, path: str) -> None:
        """Load a page until it is there with its scripts, which show the strip."""
        for _load in range(LOADS):
            try:
                self.page.goto(self.site.url(path), timeout=LOAD_SECONDS * 1_000)
                self.page.locator("#strip").wait_for(timeout=LOAD_SECONDS * 1_000)
                self.page.locator(".result").wait_for(timeout=1_000)
            except Error:
                self.reloads += 1
                self.page.wait_for_timeout(1_000)
            else:
                return
        raise AssertionError(f"{path} did not come in {LOADS} loads")

    def _until_sent(self, seat: Seat) -> None:
        strip = self.page.locator("#strip")
        for _second in range(SEND_SECONDS):
            self.page.evaluate("dispatchEvent(new Event('online'))")
            if strip.get_attribute("data-state") == "sent":
                break
            self.page.wait_for_timeout(1_000)
        expect(strip).to_have_attribute("data-state", "sent")
        self.screen.assert_true("when it is sent")
        self.published.append(seat["slug"])

    def untrue(self) -> Iterator[str]:
        """What it has said was published, and is not, once."""
        yield from self.problems
        record = self.record()
        for seat in self.published:
            times = record["bulletins"][seat]
            if times != 1:
                yield f"{seat}: said to be published, and is in {times} bulletins"

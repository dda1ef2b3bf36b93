"""Reporters' phones under network failures: one declaration, nothing lost, no false claim.

Each case is repeated with other delays; a failure names the seed of its round.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.notifications import block_notifications
from tests.browser.phone_page import DRAIN, sign_in
from tests.browser.signed_in import sign_in_by_password
from tests.chromium import PHONE, wait_for
from tests.seeds import halls, phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server
from tests.soak import rounds

pytestmark = pytest.mark.soak

ROUNDS = rounds(3, 20)
#: Collects every text that the page shows about submissions.
WATCH = """
if (location.protocol.startsWith("http")) {
  globalThis.texts = JSON.parse(sessionStorage.getItem("texts") ?? "[]");
  const note = () => {
    const text = [...document.querySelectorAll("#strip, [data-receipt], .receipt")]
      .map((one) => one.textContent.replace(/\\s+/g, " ")).join(" | ");
    if (text && texts.at(-1) !== text) {
      texts.push(text);
      sessionStorage.setItem("texts", JSON.stringify(texts));
    }
  };
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(note).observe(document, all);
}
"""


@dataclass
class Hall:
    """One round of a case: a count, its votes, and its delays."""

    night: ServedNight
    page: Page
    context: BrowserContext
    number: int
    chance: random.Random

    @property
    def slug(self) -> str:
        return f"hall-{self.number:02}"

    @property
    def votes(self) -> list[int]:
        """Votes that differ in every hall and cause no warning."""
        return [20000 + self.number, 11000 - self.number, 900]

    def wait(self, most: float) -> None:
        self.page.wait_for_timeout(self.chance.uniform(0, most))

    def open(self, page: Page | None = None) -> None:
        (page or self.page).goto(self.night.server.url(f"/count{self.night.path}{self.slug}/"))

    def type_it(self, page: Page | None = None) -> None:
        page = page or self.page
        for name, votes in zip(("Ann", "Bob", "Cat"), self.votes, strict=True):
            page.get_by_role("textbox", name=name).first.fill(str(votes))

    def check(self, page: Page | None = None) -> None:
        page = page or self.page
        page.get_by_role("button", name="Check the result").click()
        expect(page.get_by_role("button", name="Declare Hall")).to_be_visible()

    def tap(self, page: Page | None = None) -> None:
        (page or self.page).get_by_role("button", name="Declare Hall").click(no_wait_after=True)

    def signal(self) -> None:
        """A sign of the network, as the phone's system gives it."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def claims(self) -> bool:
        """Return whether anything shown so far claims that this was published."""
        texts = self.page.evaluate("globalThis.texts ?? []")
        return any("bulletin" in text and f"Hall {self.number:02}" in text for text in texts)

    def expect_published(self, page: Page | None = None) -> None:
        page = page or self.page
        strip = page.locator("#strip")

        def is_sent() -> bool:
            page.evaluate("dispatchEvent(new Event('online'))")
            return strip.get_attribute("data-state") == "sent"

        wait_for(page, is_sent)
        expect(strip).to_contain_text(f"Hall {self.number:02}")


@pytest.fixture
def night(server: Server) -> ServedNight:
    night = ServedNight.unseeded(server)
    server.seed(halls.reporter)
    server.seed(halls.night, night.slug, ROUNDS)
    return night


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], server: Server) -> BrowserContext:
    # Playwright's routes do not see requests of a service worker, which has a test of its own.
    context = new_context(**PHONE, service_workers="block")
    context.add_init_script(WATCH)
    sign_in_by_password(context, server, "reporter", seeds.PASSWORD)
    return context


def each_hall(night: ServedNight, context: BrowserContext, case: str) -> Iterator[Hall]:
    """Yield each count with its form filled in."""
    for number in range(ROUNDS):
        page = context.new_page()
        hall = Hall(night, page, context, number, random.Random(f"{case}-{number}"))
        hall.open()
        page.evaluate("localStorage.clear(); sessionStorage.clear(); globalThis.texts = []")
        hall.type_it()
        yield hall
        page.close()


def assert_each_once(records: dict[str, halls.Record], shown: dict[str, str]) -> None:
    """Assert one declaration for each count, as typed, under the number shown on the phone."""
    for number in range(ROUNDS):
        record = records[f"hall-{number:02}"]
        assert (record["revisions"], record["bulletins"]) == (1, 1), number
        assert record["votes"] == [20000 + number, 11000 - number, 900], number
        assert f"bulletin {record['sequence']}:" in shown[f"hall-{number:02}"], number


def play(
    night: ServedNight, context: BrowserContext, case: str, play_round: Callable[[Hall], None]
) -> dict[str, halls.Record]:
    shown: dict[str, str] = {}
    for hall in each_hall(night, context, case):
        play_round(hall)
        hall.expect_published()
        shown[hall.slug] = hall.page.locator("#strip p").inner_text()
    records = night.server.seed(halls.records, night.slug)
    assert_each_once(records, shown)
    return records


# --- Without a network ----------------------------------------------------------------------


def test_sends_after_coming_online(night: ServedNight, context: BrowserContext) -> None:
    def play_round(hall: Hall) -> None:
        hall.context.set_offline(True)
        hall.check()
        expect(hall.page.get_by_text("only this phone has looked")).to_be_visible()
        hall.wait(100)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not sent yet")).to_be_visible()
        hall.wait(200)
        assert not hall.claims()
        hall.context.set_offline(False)

    play(night, context, "before", play_round)


def test_sends_again_after_the_network_fails_during_the_request(
    night: ServedNight, context: BrowserContext
) -> None:
    def play_round(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(60)
        hall.context.set_offline(True)
        hall.wait(200)
        hall.context.set_offline(False)

    play(night, context, "during", play_round)


def test_shows_the_answer_on_a_page_reopened_offline(
    night: ServedNight, context: BrowserContext
) -> None:
    def play_round(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(250)
        hall.context.set_offline(True)
        hall.wait(50)
        hall.context.set_offline(False)
        hall.open()

    play(night, context, "after", play_round)


# --- Without an answer ----------------------------------------------------------------------


def test_lost_answer_is_retried_without_a_second_declaration(
    night: ServedNight, context: BrowserContext
) -> None:
    """The server has published it, but the phone cannot know: it retries and claims nothing."""

    def play_round(hall: Hall) -> None:
        # All of them until the phone has said what it knows: it may try again at any moment.
        left: list[None] | None = None

        def lose(route: Route) -> None:
            if route.request.method == "POST" and (left is None or left):
                if left:
                    left.pop()
                route.fetch()
                route.abort("connectionreset")
                return
            route.continue_()

        hall.check()
        hall.page.route(f"**/count{night.path}**", lose)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not answered yet")).to_be_visible()
        assert not hall.claims()
        left = [None] * hall.chance.randint(0, 2)
        hall.wait(100)

    block_notifications(context)
    play(night, context, "lost", play_round)


def test_server_killed_during_the_request(night: ServedNight, context: BrowserContext) -> None:
    def play_round(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(90)
        night.server.kill()
        night.server.start()

    play(night, context, "killed", play_round)


def test_ignores_responses_without_the_idempotency_key(
    night: ServedNight, context: BrowserContext
) -> None:
    """Errors, redirects, a proxy's sign-in page, a hotel's portal."""

    def play_round(hall: Hall) -> None:
        welcome = "<!doctype html><title>Welcome to the Leisure Centre WiFi</title>"
        portal = night.server.url("/count/sign-in/")
        answers: list[dict[str, Any]] = [
            {"status": 500, "body": "<h1>Server Error (500)</h1>", "content_type": "text/html"},
            {"status": 502, "body": "", "content_type": "text/html"},
            {"status": 302, "headers": {"Location": portal}},
            {"status": 200, "body": welcome, "content_type": "text/html"},
            {"status": 200, "body": '{"state": "published"}', "content_type": "application/json"},
        ]
        left = hall.chance.sample(answers, 3)

        def talk(route: Route) -> None:
            if route.request.method == "POST" and left:
                route.fulfill(**left.pop())
                return
            route.continue_()

        hall.check()
        hall.page.route(f"**/count{night.path}**", talk)
        hall.tap()
        for _time in range(2):
            hall.page.wait_for_timeout(60)
            claims = hall.claims()
            # Looked at after it: the last of the answers may be given meanwhile.
            assert left == [] or not claims
            hall.signal()

    play(night, context, "talk", play_round)


# --- One submission, several taps -----------------------------------------------------------


def test_double_tap_declares_once(night: ServedNight, context: BrowserContext) -> None:
    def play_round(hall: Hall) -> None:
        hall.check()
        hall.page.evaluate(
            """(pause) => {
              const button = [...document.querySelectorAll("main button")]
                .find((one) => one.innerText.startsWith("Declare"));
              const form = button.form;
              button.click();
              form.requestSubmit(button);
              setTimeout(() => form.requestSubmit(button), pause);
            }""",
            hall.chance.uniform(0, 80),
        )

    play(night, context, "double", play_round)


def test_two_tabs_declare_once(night: ServedNight, context: BrowserContext) -> None:
    def play_round(hall: Hall) -> None:
        other = hall.context.new_page()
        hall.open(other)
        hall.type_it(other)
        hall.check(other)
        hall.check()
        both = [hall.page, other]
        hall.chance.shuffle(both)
        hall.tap(both[0])
        hall.wait(60)
        hall.tap(both[1])
        for page in both:
            expect(page.locator("#strip")).to_contain_text("ublished")
        other.close()
        # The second one shows that the result is published already.
        hall.page.evaluate(
            """() => {
              const all = JSON.parse(localStorage.getItem("answers"));
              const first = all.filter((one) => one.state === "published");
              localStorage.setItem("answers", JSON.stringify(first));
            }"""
        )

    play(night, context, "tabs", play_round)


# --- The session and the clock --------------------------------------------------------------


def test_sends_after_signing_in_again(night: ServedNight, context: BrowserContext) -> None:
    def play_round(hall: Hall) -> None:
        hall.check()
        hall.context.set_offline(True)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not sent yet")).to_be_visible()
        hall.context.clear_cookies()
        hall.wait(80)
        hall.context.set_offline(False)
        hall.signal()
        # While the phone tries once more there is no button.
        hall.page.evaluate(DRAIN)
        expect(hall.page.locator("#strip")).to_contain_text("safe on this phone")
        assert not hall.claims()
        hall.page.locator("#strip button").click()
        sign_in(hall.page)
        # The page of signing in has the line at the top as well.
        expect(hall.page.get_by_role("heading", name="Hall", level=1)).to_be_visible()
        expect(hall.page.locator("#strip")).to_be_visible()

    play(night, context, "session", play_round)


@pytest.mark.parametrize("days", [-1, 1])
def test_declaration_time_ignores_a_wrong_phone_clock(
    night: ServedNight, context: BrowserContext, days: int
) -> None:
    """It is the server's time, less the seconds for which the phone held the item back."""
    context.add_init_script(
        f"""const real = Date; const out = {days} * 86400_000;
        globalThis.Date = class extends real {{
          constructor(...given) {{ super(...(given.length ? given : [real.now() + out])); }}
          static now() {{ return real.now() + out; }}
        }};"""
    )

    def play_round(hall: Hall) -> None:
        hall.context.set_offline(True)
        hall.check()
        hall.tap()
        hall.wait(100)
        hall.context.set_offline(False)

    records = play(night, context, f"clock {days}", play_round)
    for number in range(ROUNDS):
        seconds_ago = records[f"hall-{number:02}"]["seconds_ago"]
        assert seconds_ago is not None
        assert -2 < seconds_ago < 600, number

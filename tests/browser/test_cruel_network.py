"""A phone at the count, and a network that does its worst: every time exactly one declaration,
nothing typed lost, and nothing said that the desk has not said.

Each case is played again and again with other delays; a failure names the seed of its round.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.chromium import PHONE, wait_for
from tests.seeds import halls
from tests.served_night import ServedNight
from tests.servers import Server
from tests.soak import rounds

pytestmark = pytest.mark.soak

ROUNDS = rounds(3, 20)
#: Notes every sentence that the page shows to its reporter about what it has sent.
WATCH = """
if (location.protocol.startsWith("http")) {
  globalThis.said = JSON.parse(sessionStorage.getItem("said") ?? "[]");
  const note = () => {
    const text = [...document.querySelectorAll("#strip, [data-receipt], .receipt")]
      .map((one) => one.textContent.replace(/\\s+/g, " ")).join(" | ");
    if (text && said.at(-1) !== text) {
      said.push(text);
      sessionStorage.setItem("said", JSON.stringify(said));
    }
  };
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(note).observe(document, all);
}
"""


@dataclass
class Hall:
    """One round: a count, what is typed there, and how long things take."""

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
        """Different in every hall, and nothing that a check would ask about."""
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
        expect(page.get_by_role("button", name="Declare Hall")).to_be_visible(timeout=15_000)

    def tap(self, page: Page | None = None) -> None:
        (page or self.page).get_by_role("button", name="Declare Hall").click(no_wait_after=True)

    def signal(self) -> None:
        """A sign of the network, as the phone's system gives it."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def claims(self) -> bool:
        """Whether anything shown so far claims that this was published."""
        said = self.page.evaluate("globalThis.said ?? []")
        return any("bulletin" in text and f"Hall {self.number:02}" in text for text in said)

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
    # Routes do not see what a service worker fetches: it has a test of its own.
    context = new_context(**PHONE, service_workers="block")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(server.url("/count/sign-in/"))
    sign_in(page)
    expect(page.get_by_role("heading", name="My counts")).to_be_visible()
    page.close()
    return context


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("reporter")
    page.get_by_label("Password").fill(halls.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def each_hall(night: ServedNight, context: BrowserContext, case: str) -> Iterator[Hall]:
    """Every hall in turn, the form filled in; at the end of the round it must be published once."""
    for number in range(ROUNDS):
        page = context.new_page()
        hall = Hall(night, page, context, number, random.Random(f"{case}-{number}"))
        hall.open()
        page.evaluate("localStorage.clear(); sessionStorage.clear(); globalThis.said = []")
        hall.type_it()
        yield hall
        page.close()


def assert_each_once(records: dict[str, halls.Record], told: dict[str, str]) -> None:
    """Exactly one declaration of each hall, as typed, under the number that the phone was told."""
    for number in range(ROUNDS):
        found = records[f"hall-{number:02}"]
        assert (found["revisions"], found["bulletins"]) == (1, 1), number
        assert found["votes"] == [20000 + number, 11000 - number, 900], number
        assert f"bulletin {found['sequence']}:" in told[f"hall-{number:02}"], number


def play(
    night: ServedNight, context: BrowserContext, case: str, act: Callable[[Hall], None]
) -> dict[str, halls.Record]:
    told: dict[str, str] = {}
    for hall in each_hall(night, context, case):
        act(hall)
        hall.expect_published()
        told[hall.slug] = hall.page.locator("#strip p").inner_text()
    records = night.server.seed(halls.records, night.slug)
    assert_each_once(records, told)
    return records


# --- The signal goes ------------------------------------------------------------------------


def test_offline_before_the_tap(night: ServedNight, context: BrowserContext) -> None:
    def act(hall: Hall) -> None:
        hall.context.set_offline(True)
        hall.check()
        expect(hall.page.get_by_text("only this phone has looked")).to_be_visible()
        hall.wait(100)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not sent yet")).to_be_visible()
        hall.wait(200)
        assert not hall.claims()
        hall.context.set_offline(False)

    play(night, context, "before", act)


def test_offline_while_it_is_on_its_way(night: ServedNight, context: BrowserContext) -> None:
    def act(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(60)
        hall.context.set_offline(True)
        hall.wait(200)
        hall.context.set_offline(False)

    play(night, context, "during", act)


def test_offline_after_the_answer_and_the_page_opened_again(
    night: ServedNight, context: BrowserContext
) -> None:
    def act(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(250)
        hall.context.set_offline(True)
        hall.wait(50)
        hall.context.set_offline(False)
        hall.open()

    play(night, context, "after", act)


# --- The answer goes ------------------------------------------------------------------------


def test_the_answer_is_lost(night: ServedNight, context: BrowserContext) -> None:
    """The desk has published it and the phone cannot know: it asks again, and says nothing."""

    def act(hall: Hall) -> None:
        lost = {"left": hall.chance.randint(1, 3)}

        def lose(route: Route) -> None:
            if route.request.method == "POST" and lost["left"]:
                lost["left"] -= 1
                route.fetch()
                route.abort("connectionreset")
                return
            route.continue_()

        hall.check()
        hall.page.route(f"**/count{night.path}**", lose)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not sent yet")).to_be_visible()
        assert not hall.claims()
        hall.wait(100)

    play(night, context, "lost", act)


def test_the_server_is_killed_at_any_moment_of_it(
    night: ServedNight, context: BrowserContext
) -> None:
    def act(hall: Hall) -> None:
        hall.check()
        hall.tap()
        hall.wait(90)
        night.server.kill()
        night.server.start()

    play(night, context, "killed", act)


def test_errors_redirects_and_other_peoples_pages_are_no_answer(
    night: ServedNight, context: BrowserContext
) -> None:
    """500s, a proxy's login page, a hotel's welcome: none of them says that anything was taken."""

    def act(hall: Hall) -> None:
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
            assert left == [] or not hall.claims()
            hall.signal()

    play(night, context, "talk", act)


# --- One intent, many taps ------------------------------------------------------------------


def test_a_double_tap(night: ServedNight, context: BrowserContext) -> None:
    def act(hall: Hall) -> None:
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

    play(night, context, "double", act)


def test_two_tabs(night: ServedNight, context: BrowserContext) -> None:
    def act(hall: Hall) -> None:
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
            expect(page.locator("#strip")).to_contain_text("ublished", timeout=10_000)
        other.close()
        # Whichever was second says that it stands already.
        hall.page.evaluate(
            """() => {
              const all = JSON.parse(localStorage.getItem("answers"));
              const first = all.filter((one) => one.state === "published");
              localStorage.setItem("answers", JSON.stringify(first));
            }"""
        )

    play(night, context, "tabs", act)


# --- The person and the clock ---------------------------------------------------------------


def test_the_session_ends_while_there_is_no_signal(
    night: ServedNight, context: BrowserContext
) -> None:
    def act(hall: Hall) -> None:
        hall.check()
        hall.context.set_offline(True)
        hall.tap()
        expect(hall.page.get_by_role("heading", name="Not sent yet")).to_be_visible()
        hall.context.clear_cookies()
        hall.wait(80)
        hall.context.set_offline(False)
        hall.signal()
        expect(hall.page.locator("#strip")).to_contain_text("safe on this phone")
        assert not hall.claims()
        hall.page.locator("#strip button").click()
        sign_in(hall.page)
        expect(hall.page.locator("#strip")).to_be_visible()

    play(night, context, "session", act)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_out(night: ServedNight, context: BrowserContext, days: int) -> None:
    """The time of a declaration is the desk's own, less the seconds that the phone held it back."""
    context.add_init_script(
        f"""const real = Date; const out = {days} * 86400_000;
        globalThis.Date = class extends real {{
          constructor(...given) {{ super(...(given.length ? given : [real.now() + out])); }}
          static now() {{ return real.now() + out; }}
        }};"""
    )

    def act(hall: Hall) -> None:
        hall.context.set_offline(True)
        hall.check()
        hall.tap()
        hall.wait(100)
        hall.context.set_offline(False)

    records = play(night, context, f"clock {days}", act)
    for number in range(ROUNDS):
        seconds_ago = records[f"hall-{number:02}"]["seconds_ago"]
        assert seconds_ago is not None
        assert -2 < seconds_ago < 600, number

"""Each sentence on a phone's screen is checked against the database at that moment.

Networks fail, hang or answer for the server; the server is killed, or replaced by another release;
storage is full; other people publish and withdraw meanwhile. Each thing is published once, nothing
that was typed is lost, and no sentence is false.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.phone_claims import SILENT
from tests.browser.phone_networks import NETWORKS, TROUBLES, play
from tests.browser.phone_reporter import SIZES, Reporter, reporter_of, sign_in
from tests.seeds import halls, phone as seeds, truth
from tests.served_night import ServedNight
from tests.servers import Server
from tests.soak import SOAK, rounds

ROUNDS = rounds(1, 10)

# --- Networks -------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("size", SIZES if SOAK else SIZES[1:], ids=str)
@pytest.mark.parametrize("networks", [NETWORKS, TROUBLES], ids=["networks", "troubles"])
def test_says_nothing_false_on_any_network(
    server: Server,
    new_context: Callable[..., BrowserContext],
    networks: dict[str, Any],
    size: tuple[int, int],
) -> None:
    """One phone for all of them, each at a count of its own."""
    night = ServedNight.unseeded(server)
    server.seed(halls.reporter)
    server.seed(halls.night, night.slug, len(networks) * ROUNDS)
    reporter = reporter_of(new_context, night, size)
    for hall, name in enumerate([*networks] * ROUNDS):
        play(reporter, f"hall-{hall:02}", name, [20000 + hall, 11000 - hall, 900])


# --- Storage --------------------------------------------------------------------------------

REFUSES = """
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (name, value) {
  if (this === localStorage && value.length >= %d) throw new DOMException("", "QuotaExceededError");
  set.call(this, name, value);
};
"""


@pytest.mark.parametrize(("what", "most"), [("refused", 0), ("full", 300)])
def test_says_nothing_false_of_what_it_cannot_keep(
    server: Server, new_context: Callable[..., BrowserContext], what: str, most: int
) -> None:
    night = ServedNight.seeded(server, seeds.night)
    reporter = reporter_of(new_context, night, SIZES[0], REFUSES % most)
    page, screen = reporter.page, reporter.screen
    reporter.open("elsewhere")
    reporter.context.set_offline(True)
    reporter.check(21000, 9000)
    expect(page.locator("main .primary", has_text="Declare")).to_be_visible()
    expect(page.locator("#strip")).to_contain_text("This phone cannot keep what you enter")
    screen.assert_true(f"{what}, as it was typed")
    page.go_back()
    reporter.tap()
    expect(page.locator("#strip")).to_contain_text("tried again while this page is open")
    screen.assert_true(f"{what}, not sent")
    server.seed(truth.revoke_passes, night.slug)
    reporter.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("gone if this page is closed")
    screen.assert_true(f"{what}, signed out")
    with reporter.context.expect_page() as opened:
        page.locator("#strip button").click()
    opened.value.close()
    sign_in(opened.value.context.new_page(), night)
    reporter.go_online_until_sent()
    assert reporter.record()["bulletins"]["elsewhere"] == 1


# --- Other people ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What others do, by seeds, before the phone sends, and after it has, or while it cannot.

    `shows` is a sentence that is on the screen in the end, and `bulletins` those of the count.
    """

    sends: Callable[[Reporter], None]
    done: tuple[Callable[[str], Any], ...]
    shows: str
    bulletins: int
    before: tuple[Callable[[str], Any], ...] = ()
    offline: bool = False


def result(reporter: Reporter) -> None:
    reporter.check(21000, 9000)
    reporter.tap()


def quote(reporter: Reporter) -> None:
    reporter.file_quote()


def correction(reporter: Reporter) -> None:
    reporter.ask()


CORRECT = seeds.add_ten_votes
SECOND = (seeds.with_second_person,)
DISTRUST = (seeds.distrust_reporter,)

CASES: dict[str, Case] = {
    "confirmed": Case(result, (seeds.confirm_waiting,), "Published", 1, before=SECOND),
    "set aside": Case(result, (truth.decline_waiting,), "Ask her party first.", 0, before=SECOND),
    "withdrawn": Case(result, (seeds.withdraw_elsewhere,), "readers do not see it", 2),
    "corrected": Case(result, (CORRECT,), "Corrected", 2),
    "corrected twice": Case(result, (CORRECT, CORRECT), "Corrected", 3),
    "quote set aside": Case(quote, (truth.decline_waiting,), "Ask her party", 0, before=DISTRUST),
    "quote published": Case(quote, (truth.approve_waiting,), "Published", 1, before=DISTRUST),
    "quote withdrawn": Case(quote, (truth.withdraw_quote,), "readers do not see it", 2),
    "quote reworded": Case(quote, (truth.reword_quote,), "Reworded", 2),
    "correction set aside": Case(
        correction, (truth.decline_waiting,), "Ask her party", 1, before=(seeds.declare_elsewhere,)
    ),
    "closed after it": Case(result, (seeds.close_night,), "The night is closed", 1),
    "closed": Case(result, (seeds.close_night,), "The desk asks you", 0, offline=True),
    "postponed": Case(
        result, (seeds.postpone_elsewhere,), "This poll is postponed", 1, offline=True
    ),
    "taken away": Case(result, (seeds.take_elsewhere_away,), "Ring the desk.", 0, offline=True),
    "overtaken": Case(result, (truth.colleague_declares,), "The desk asks you", 1, offline=True),
    "winner first": Case(result, (seeds.winner_elsewhere,), "The desk asks you", 1, offline=True),
    "withdrawn first": Case(
        *(result, (truth.colleague_declares, seeds.withdraw_elsewhere), "The desk asks you", 2),
        offline=True,
    ),
    "corrected meanwhile": Case(
        correction, (CORRECT,), "The desk asks you", 2, (seeds.declare_elsewhere,), offline=True
    ),
    # The last one: the phone is signed out by it.
    "revoked": Case(result, (truth.revoke_passes,), "Sign in again", 0, offline=True),
}


@pytest.mark.parametrize("size", SIZES if SOAK else SIZES[1:], ids=str)
@pytest.mark.parametrize("offline", [False, True], ids=["after it was sent", "before"])
def test_says_nothing_false_of_what_others_do(
    server: Server,
    new_context: Callable[..., BrowserContext],
    offline: bool,
    size: tuple[int, int],
) -> None:
    """One phone for all of them, each on a night of its own."""
    names = [name for name, case in CASES.items() if case.offline == offline]
    reporter = reporter_of(new_context, ServedNight.seeded(server, seeds.night), size)
    for name in names:
        reporter.night = ServedNight.seeded(server, seeds.night)
        run_case(reporter, name)
        reporter.page.evaluate("localStorage.clear()")


def run_case(reporter: Reporter, name: str) -> None:
    case, server, night = CASES[name], reporter.night.server, reporter.night
    page, screen = reporter.page, reporter.screen
    for seed in case.before:
        server.seed(seed, night.slug)
    reporter.open("elsewhere")
    reporter.context.set_offline(case.offline)
    case.sends(reporter)
    state = "waiting" if case.offline else "sent"
    expect(page.locator("#strip")).to_have_attribute("data-state", state)
    screen.assert_true(f"{name}, as it was sent")
    reporter.context.set_offline(True)
    expect(page.locator("#strip")).not_to_contain_text("Sending")
    if not case.offline:
        # From here on the page claims nothing of what happens: its browser may tell it late.
        expect(page.locator("#strip")).to_contain_text(SILENT)
    for seed in case.done:
        server.seed(seed, night.slug)
    screen.assert_true(f"{name}, while it cannot hear")
    reporter.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text(case.shows)
    reporter.settle()
    screen.assert_true(f"{name}, once it has heard")
    assert reporter.record()["bulletins"]["elsewhere"] == case.bulletins, name

"""The card to read out after a declaration, for each kind of election."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_page import open_count
from tests.chromium import PHONE
from tests.seeds import read_back as seeds
from tests.served_night import ServedNight
from tests.servers import Server


@dataclass(frozen=True)
class Declared:
    """What is typed, and how each row of the card begins."""

    seed: Callable[[str], None]
    votes: dict[str, str]
    card: list[str]
    electorate: str = ""
    more: dict[str, str] = field(default_factory=dict)


CARDS = {
    "general election": Declared(
        seeds.general,
        {"Ann": "8415", "Bob": "34603", "Cat": "5483", "Dan": "4326"},
        [
            "Majority: 26,188, 49.6% of the valid votes",
            "Turnout, valid votes: 70.3%, −7.0 on last time",
            "Bob (Lab): 65.5%, −8.",
            "Ann (Con): 15.9%, +3.2 points",
            "Swing: 5.9 points from Lab",
        ],
        electorate="75162",
    ),
    "with rejected ballots": Declared(
        seeds.mayor,
        {"Ann": "61000", "Bob": "52000", "Cat": "9000"},
        [
            "Majority: 9,000, 7.4% of the valid votes",
            "Turnout, all ballots: 30.8%",
            "Turnout, valid votes: 30.5%",
            "Turnout as announced: 30.8%",
            "Ann (Lab): 50.0%",
            "Bob (Con): 42.6%",
        ],
        electorate="400000",
        more={"Rejected ballots": "1000", "Turnout as announced": "30.8"},
    ),
    "ward of three seats": Declared(
        seeds.ward,
        {"Ann": "1900", "Bob": "1700", "Cat": "1500", "Dan": "1300", "Eve": "600"},
        ["Majority: 200"],
        electorate="5000",
    ),
    "mayor": Declared(
        seeds.mayor,
        {"Ann": "61000", "Bob": "52000", "Cat": "9000"},
        [
            "Majority: 9,000, 7.4% of the valid votes",
            "Turnout, valid votes: 30.5%",
            "Ann (Lab): 50.0%",
            "Bob (Con): 42.6%",
        ],
        electorate="400000",
    ),
    "referendum": Declared(
        seeds.referendum,
        {"Yes": "88000", "No": "72000"},
        [
            "Majority: 16,000, 10.0% of the valid votes",
            "Turnout, valid votes: 40.0%",
            "Yes: 55.0%",
            "No: 45.0%",
        ],
        electorate="400000",
    ),
}


@pytest.mark.parametrize("kind", CARDS)
def test_card_has_what_is_read_out(
    server: Server, new_context: Callable[..., BrowserContext], kind: str
) -> None:
    declared = CARDS[kind]
    night = ServedNight.seeded(server, declared.seed)
    # At the narrowest, nothing of it is cut.
    context = new_context(**{**PHONE, "viewport": {"width": 320, "height": 568}})
    page = open_count(context.new_page(), night, "abbey")
    for name, votes in declared.votes.items():
        page.locator(f".result [data-name={name}]").fill(votes)
    page.locator(".result").get_by_label("Electorate").fill(declared.electorate)
    for label, text in declared.more.items():
        page.locator(".result").get_by_label(label).fill(text)
    page.get_by_role("button", name="Check the result").click()
    declare = page.get_by_role("button", name="Declare Abbey")
    reason = page.get_by_label("Why is it right all the same?")
    expect(declare).to_be_visible()
    if reason.is_visible():
        reason.fill("Read out twice.")
    declare.click()
    card = page.locator("[data-part=read-back]")
    expect(card).to_be_visible()
    assert_rows(page, declared.card)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="What became of it").click()
    # The receipt has a card of the same class.
    page.wait_for_url("**/published/**")
    expect(page.locator(".read-back")).to_be_visible()
    assert_rows(page, declared.card)


def assert_rows(page: Page, expected: list[str]) -> None:
    rows: list[str] = page.locator(".read-back").first.evaluate(
        """(card) => [...card.querySelectorAll("dt")]
          .map((term) => `${term.innerText}: ${term.nextElementSibling.innerText}`)"""
    )
    assert len(rows) == len(expected), rows
    assert [
        row for row, begins in zip(rows, expected, strict=True) if not row.startswith(begins)
    ] == []


def test_there_is_no_card_where_no_poll_is_held(server: Server, phone: BrowserContext) -> None:
    night = ServedNight.seeded(server, seeds.unopposed)
    page = open_count(phone.new_page(), night, "abbey")
    expect(page.locator("main")).to_contain_text("elected unopposed")
    expect(page.locator(".result, .read-back")).to_have_count(0)

"""Rules about several figures on a phone without a signal: as the server's, and what comes of them.

`tests/reporter/test_typed_results.py` has the same cases.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.signed_in import sign_in_by_link
from tests.browser.test_phone_wards import without_posts
from tests.chromium import PHONE
from tests.seeds import phone as phone_seeds, typed_results as seeds
from tests.served_night import ServedNight
from tests.typed_results import TYPED_RESULTS, Typed

WARDS = sorted({typed.ward for typed in TYPED_RESULTS.values()})
#: What the phone's scripts say of each case, as it is typed into the form.
SAY = """async (cases) => {
  const { knownOf, resultOf } = await import("/static/reporter/offline.js");
  const { makeLot } = await import("/static/reporter/lot.js");
  const { messagesOf, sentencesOf } = await import("/static/reporter/rules.js");
  const form = document.querySelector("form.result");
  const known = knownOf(form);
  makeLot(form);
  return cases.map(([votes, fields, lot]) => {
    form.reset();
    const boxes = [...form.querySelectorAll("[data-votes]")];
    for (const input of form.querySelectorAll("input[type=text]")) input.value = "";
    boxes.forEach((input, at) => { input.value = votes[at] ?? ""; });
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    const drawn = [...form.querySelectorAll("[name=lot]")];
    drawn.forEach((input, at) => { input.checked = lot.includes(at); });
    const result = resultOf(form);
    const incomplete = votes.includes(null);
    const messages = messagesOf(result, known, { incomplete });
    const isStated = !incomplete && !messages.some(({ level }) => level === "block");
    return {
      messages: messages.map(({ level, code, field, text }) => [level, code, field, text]),
      sentences: isStated ? sentencesOf(result, known) : [],
    };
  });
}"""


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """Without a service worker, whose own requests no route of a test keeps from arriving."""
    return new_context(**PHONE, service_workers="block")


@pytest.fixture
def page(night: ServedNight, phone: BrowserContext) -> Page:
    sign_in_by_link(phone, night, night.server.seed(phone_seeds.sign_in_token))
    return phone.new_page()


def open_ward(page: Page, night: ServedNight, ward: str) -> None:
    page.goto(night.server.url(f"/count{night.path}{ward}/"))
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")


def typed_into(typed: Typed) -> list[Any]:
    return [list(typed.votes), typed.fields, list(typed.lot)]


def test_phone_says_what_the_server_does(page: Page, night: ServedNight) -> None:
    server = night.server.seed(seeds.said, night.slug)
    for ward in WARDS:
        open_ward(page, night, ward)
        names = [name for name, typed in TYPED_RESULTS.items() if typed.ward == ward]
        said = page.evaluate(SAY, [typed_into(TYPED_RESULTS[name]) for name in names])
        for name, phone in zip(names, said, strict=True):
            expected = {each: server[name][each] for each in ("messages", "sentences")}
            assert phone == expected, name


def fill(page: Page, votes: dict[str, int]) -> None:
    for name, total in votes.items():
        page.locator(f".result [data-name={name}]").fill(str(total))


def check(page: Page) -> None:
    page.get_by_role("button", name="Check the result").click()


def test_ward_of_three_seats_is_stated_as_by_the_server(page: Page, night: ServedNight) -> None:
    open_ward(page, night, "castle")
    page.get_by_text("More that was announced").click()
    page.locator("form.result").get_by_label("Ballot papers at verification").fill("1200")
    page.locator("form.result").get_by_label("Electorate").fill("5000")
    fill(page, {"Ann": 900, "Bob": 800, "Cat": 700, "Dan": 300, "Eve": 200})
    check(page)
    expect(page.get_by_role("button", name="Declare Castle")).to_be_visible()
    parts = ["main .statement .winners", "main .sums"]
    stated = [" ".join(page.locator(part).inner_text().split()) for part in parts]
    page.go_back()
    page.context.set_offline(True)
    check(page)
    expect(page.get_by_role("button", name="Declare Castle")).to_be_visible()
    assert [" ".join(page.locator(part).inner_text().split()) for part in parts] == stated
    expect(page.locator("main tr.elected")).to_have_count(3)


def test_impossible_figures_are_named_at_their_box(page: Page, night: ServedNight) -> None:
    open_ward(page, night, "abbey")
    page.context.set_offline(True)
    fill(page, {"Ann": 6000, "Bob": 4000, "Cat": 500})
    check(page)
    box = page.locator("form.result").get_by_label("Electorate")
    expect(box).to_be_focused()
    expect(page.locator("form.result .error")).to_contain_text("more than the electorate of 10,000")
    fill(page, {"Ann": 3000})
    check(page)
    expect(page.get_by_role("button", name="Declare Abbey")).to_be_visible()


def test_odd_figures_are_asked_about_once(page: Page, night: ServedNight) -> None:
    """The reason is typed without a signal, and the desk does not ask for it again."""
    open_ward(page, night, "abbey")
    page.context.set_offline(True)
    fill(page, {"Ann": 500, "Bob": 400, "Cat": 100})
    check(page)
    expect(page.get_by_text("Turnout of 10.0% would be unusual")).to_be_visible()
    page.get_by_role("button", name="Declare Abbey").click()
    expect(page.get_by_text("Say why it is right, or change the figures.")).to_be_visible()
    page.get_by_label("Why is it right all the same?").fill("A by-election.")
    page.get_by_role("button", name="Declare Abbey").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.get_by_text("What it says").click()
    expect(page.locator("[data-part=rows]")).to_contain_text("A by-election.")
    page.context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(phone_seeds.bulletins, night.slug) == ["declaration"]


def test_what_the_phone_could_not_know_is_asked_all_the_same(
    page: Page, night: ServedNight
) -> None:
    """A reason for what the phone showed does not accept what only the desk knows."""
    open_ward(page, night, "dell")
    page.context.set_offline(True)
    # Last time's votes of two parties, the other way round: the phone does not compare them.
    fill(page, {"Ann": 20500, "Bob": 1000, "Cat": 13500})
    page.locator("form.result").get_by_label("Electorate").fill("95000")
    check(page)
    expect(page.get_by_text("The electorate is 95,000")).to_be_visible()
    page.get_by_label("Why is it right all the same?").fill("A new register.")
    page.get_by_role("button", name="Declare Dell").click()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="The desk asks: is it right?")).to_be_visible()
    expect(page.locator("main [data-part=reason]")).to_contain_text("are they swapped?")
    why = page.get_by_label("Why is it right all the same?")
    expect(why).to_have_value("A new register.")
    assert night.server.seed(phone_seeds.bulletins, night.slug) == []
    why.fill("A new register, and Cat is well known.")
    page.get_by_role("button", name="Send it with this reason").click()
    expect(page.locator("#strip")).to_contain_text("bulletin 1")


NOT_YET = re.compile("Not (sent|answered) yet")


def test_tie_is_decided_by_lot(page: Page, night: ServedNight) -> None:
    open_ward(page, night, "abbey")
    page.route("**/count/**", without_posts)
    fill(page, {"Ann": 2500, "Bob": 2500, "Cat": 500})
    check(page)
    lot = page.get_by_role("group", name="Drawn by lot")
    expect(lot).to_contain_text("The vote is tied between Ann, Bob: say who was drawn by lot.")
    expect(lot.get_by_label("Ann")).to_be_visible()
    expect(lot.get_by_label("Cat")).to_be_hidden()
    lot.get_by_label("Bob").check()
    check(page)
    expect(page.locator("main .statement .winners")).to_contain_text("Bob is duly elected")
    page.get_by_role("button", name="Declare Abbey").click()
    page.get_by_text("What it says").click()
    expect(page.locator("[data-part=rows]")).to_contain_text("Drawn by lot Bob")
    page.get_by_role("button", name="Change it").click()
    page.wait_for_url("**#result")
    expect(lot.get_by_label("Bob")).to_be_checked()
    check(page)
    page.get_by_role("button", name="Declare Abbey").click()
    expect(page.get_by_role("heading", name=NOT_YET)).to_be_visible()
    page.unroute("**/count/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).to_contain_text("bulletin 1")
    assert night.server.seed(phone_seeds.bulletins, night.slug) == ["declaration"]


def test_restored_lot_has_the_boxes_of_those_who_tie(page: Page, night: ServedNight) -> None:
    open_ward(page, night, "abbey")
    page.route("**/count/**", without_posts)
    fill(page, {"Ann": 2500, "Bob": 2500, "Cat": 500})
    check(page)
    lot = page.get_by_role("group", name="Drawn by lot")
    lot.get_by_label("Bob").check()
    page.reload()
    expect(lot.get_by_label("Bob")).to_be_checked()
    expect(lot.get_by_label("Ann")).to_be_visible()
    expect(lot.get_by_label("Cat")).to_be_hidden()

"""Sentences that were once false, and submissions that were once lost on a reporter's phone."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.acceptance import pictures
from tests.browser.phone_claims import SILENT
from tests.browser.phone_page import DRAIN, stop_timers
from tests.browser.phone_reporter import QUOTE, SIZES, Reporter, reporter_of
from tests.chromium import wait_for
from tests.seeds import phone as seeds, truth
from tests.served_night import ServedNight

#: Storage that holds so many characters in all.
HOLDS = """
const most = %d;
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (name, value) {
  const others = Object.keys(localStorage).filter((other) => other !== name);
  const length = others.reduce((sum, other) => sum + localStorage.getItem(other).length, 0);
  if (length + value.length > most) throw new DOMException("", "QuotaExceededError");
  set.call(this, name, value);
};
"""
#: Storage that takes no value longer than the one that it has.
FULL = """() => {
  Storage.prototype.setItem = (name, value) => {
    const most = (localStorage.getItem(name) ?? "").length;
    if (value.length > most) throw new DOMException("", "QuotaExceededError");
    localStorage[name] = value;
  };
}"""
REPORT = "import('/static/reporter/report.js').then(({ report }) => { report(); })"
OUTBOX = 'const outbox = await import("/static/reporter/outbox.js");'
ITEM = '{ key: "%s", address: location.pathname, fields: [["step", "quote"]], label: "%s" }'


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    return at_elsewhere(reporter_of(new_context, night, SIZES[0]))


def at_elsewhere(reporter: Reporter) -> Reporter:
    reporter.open("elsewhere")
    expect(reporter.page.locator("#strip")).to_contain_text("Nothing is waiting")
    return reporter


def says(reporter: Reporter, text: str | re.Pattern[str]) -> None:
    expect(reporter.page.locator("#strip")).to_contain_text(text)


def lose_answers(page: Page) -> None:
    """What is posted to the count arrives, and the answer does not."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/elsewhere/", lose)
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))


def declare(reporter: Reporter) -> None:
    reporter.check(21000, 9000)
    reporter.tap()


def declare_without_answer(reporter: Reporter) -> None:
    reporter.check(21000, 9000)
    expect(reporter.page.locator("main .primary", has_text="Declare")).to_be_visible()
    lose_answers(reporter.page)
    reporter.tap()
    reporter.settle()
    says(reporter, "The desk may have it")


def come_back_online(reporter: Reporter) -> None:
    reporter.page.unroute("**/elsewhere/")
    reporter.page.unroute("**/count/phone/")
    reporter.go_online()
    reporter.settle()


def test_a_notice_is_not_said_to_wait_for_publication(reporter: Reporter, tmp_path: Path) -> None:
    file = tmp_path / "notice.png"
    file.write_bytes(pictures.png(60, 40))
    reporter.page.locator("#id_notice_picture").set_input_files(file)
    reporter.page.get_by_role("button", name="Send it to the desk").click()
    # With the time, once the desk was asked again.
    sent = (
        r"Elsewhere, the notice: The desk has (it|had it since \d\d:\d\d)\. Readers never see it\."
    )
    expect(reporter.page.locator("#strip")).to_contain_text(re.compile(sent))
    reporter.screen.assert_true("sent")
    reporter.go_online()
    says(reporter, "Readers never see it.")
    reporter.screen.assert_true("heard of")


def test_what_may_have_arrived_is_not_called_unsent_once_signed_out(reporter: Reporter) -> None:
    declare_without_answer(reporter)
    reporter.night.server.seed(truth.revoke_passes, reporter.night.slug)
    come_back_online(reporter)
    says(reporter, "You are signed out")
    says(reporter, "The desk may have it")
    expect(reporter.page.locator("#strip button")).to_have_text("Sign in")
    reporter.screen.assert_true("signed out")
    reporter.page.goto(reporter.night.server.url("/count/sign-in/"))
    says(reporter, "Not answered yet, so the desk may have it")
    assert "Not sent yet" not in reporter.page.locator("#strip").inner_text()


def test_an_answer_to_an_earlier_try_does_not_hide_a_later_one_of_another_tab(
    reporter: Reporter,
) -> None:
    """Without the lock, which is waited for 20 seconds, two tabs try at once."""
    first, held = reporter.page, list[Route]()
    first.context.add_init_script(
        "Object.defineProperty(navigator, 'locks', { value: undefined });"
    )
    second = first.context.new_page()
    for page in (first, second):
        stop_timers(page)
        page.goto(first.url)
        page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    reporter.check(21000, 9000)
    expect(first.locator("main .primary", has_text="Declare")).to_be_visible()
    first.route("**/elsewhere/", lambda route: held.append(route))
    reporter.tap()
    wait_for(first, lambda: bool(held))
    lose_answers(second)
    second.evaluate(DRAIN)
    expect(second.locator("#strip")).to_contain_text("The desk may have it")
    held[0].fulfill(status=401, json={"state": "signed-out"})
    reporter.settle()
    says(reporter, "The desk may have it")
    assert "Not sent yet" not in first.locator("#strip").inner_text()
    first.unroute("**/elsewhere/")
    first.evaluate("dispatchEvent(new Event('online'))")
    says(reporter, "bulletin 1")


def test_signed_out_says_that_news_of_the_desk_are_missing(reporter: Reporter) -> None:
    slug = reporter.night.slug
    reporter.night.server.seed(seeds.with_second_person, slug)
    declare(reporter)
    says(reporter, re.compile("not published yet", re.IGNORECASE))
    reporter.night.server.seed(truth.revoke_passes, slug)
    reporter.go_online()
    says(reporter, "What the desk has done since is not here yet.")
    expect(reporter.page.locator("#strip button")).to_have_text("Sign in")
    reporter.night.server.seed(seeds.confirm_waiting, slug)
    reporter.go_online()
    reporter.screen.assert_true("confirmed")


def test_an_answer_from_before_the_signal_was_lost_is_not_taken_for_news(
    reporter: Reporter,
) -> None:
    page, held, released = reporter.page, list[Route](), Event()
    declare(reporter)
    says(reporter, "Sent")
    # However long it is held, the phone waits for it.
    stop_timers(page)
    page.route(
        "**/count/phone/",
        lambda route: route.continue_() if released.is_set() else held.append(route),
    )
    page.evaluate(REPORT)
    wait_for(page, lambda: bool(held))
    page.evaluate("dispatchEvent(new Event('offline'))")
    says(reporter, SILENT)
    # The page has taken up what it says once the script is done with it.
    with page.expect_event("console", lambda message: message.text == "heard"):
        page.evaluate("document.addEventListener('report', () => console.log('heard'))")
        held[0].continue_()
    says(reporter, SILENT)
    # Without the route, the browser would go on with those that are held by itself.
    released.set()
    for later in held[1:]:
        later.continue_()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).not_to_contain_text(SILENT)


def test_a_result_that_arrived_before_the_count_was_taken_away_is_told(reporter: Reporter) -> None:
    declare_without_answer(reporter)
    reporter.night.server.seed(seeds.take_elsewhere_away, reporter.night.slug)
    # The answer to the result itself: the report has none.
    reporter.page.unroute("**/elsewhere/")
    reporter.page.evaluate("dispatchEvent(new Event('online'))")
    says(reporter, "Sent")
    reporter.screen.assert_true("taken away")


def test_what_is_taken_back_after_the_count_was_taken_away_is_answered(reporter: Reporter) -> None:
    page = reporter.page
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    reporter.file_quote()
    says(reporter, "The desk may have it")
    reporter.night.server.seed(seeds.take_elsewhere_away, reporter.night.slug)
    reporter.page.locator("[data-show-outbox]").click()
    page.locator("main .entry").click()
    page.get_by_role("button", name="Take it back").click()
    come_back_online(reporter)
    says(reporter, "You took this back")
    reporter.screen.assert_true("taken back")


def test_a_refused_taking_back_is_said_and_can_be_dropped(reporter: Reporter) -> None:
    page = reporter.page
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    reporter.file_quote()
    says(reporter, "The desk may have it")
    (waiting,) = page.evaluate(f"(async () => {{ {OUTBOX} return outbox.items(); }})()")

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        # Between two clicks the phone may send the quote itself again.
        if b"take-back" not in (route.request.post_data_buffer or b""):
            route.abort("connectionreset")
            return
        answer = {"key": waiting["key"], "state": "refused", "words": "Ring the desk."}
        route.fulfill(status=422, json=answer)

    # It comes before the route that aborts: no request in between reaches the desk.
    page.route("**/elsewhere/", refuse)
    page.locator("[data-show-outbox]").click()
    page.locator("main .entry").click()
    page.get_by_role("button", name="Take it back").click()
    says(reporter, "Cannot be taken: Elsewhere, a quote. Ring the desk.")
    page.locator("#strip button").click()
    page.get_by_role("button", name="Take it back").click()
    says(reporter, "Nothing is waiting on this phone.")


def test_what_is_taken_back_is_not_sent_by_the_next_page(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    """Storage is as full as can be."""
    reporter = at_elsewhere(reporter_of(new_context, night, SIZES[0]))
    page = reporter.page
    page.route("**/elsewhere/", lambda route: route.abort("connectionreset"))
    reporter.file_quote()
    says(reporter, "The desk may have it")
    page.evaluate(FULL)
    page.locator("[data-show-outbox]").click()
    page.locator("main .entry").click()
    page.get_by_role("button", name="Take it back").click()
    says(reporter, "Taking back")
    reporter.settle()
    page.unroute("**/elsewhere/")
    reporter.open("elsewhere")
    reporter.settle()
    assert seeds_of(reporter) == []


def seeds_of(reporter: Reporter) -> list[str]:
    kinds: list[str] = reporter.night.server.seed(seeds.bulletins, reporter.night.slug)
    return kinds


def test_what_was_refused_is_kept_once_there_is_room(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    """A photo is taken back to make room, as the line at the top says."""
    reporter = at_elsewhere(reporter_of(new_context, night, SIZES[0], HOLDS % 3_000))
    page = reporter.page
    reporter.context.set_offline(True)
    photo = ITEM % ("photo", "A photo")
    page.evaluate(f"""(async () => {{ {OUTBOX}
      outbox.send({{ ...{photo}, picture: "data:," + "a".repeat(2300) }});
      outbox.send({{ ...{ITEM % ("quote", "A quote")}, content: [["", "b".repeat(900)]] }});
    }})()""")
    says(reporter, "This phone cannot keep what you enter")
    page.evaluate(f'(async () => {{ {OUTBOX} outbox.takeBack("photo"); }})()')
    says(reporter, "Not sent yet: A quote. It is kept on this phone and tried again.")
    kept: str | None = page.evaluate("localStorage.getItem('outbox:quote')")
    assert kept is not None
    reporter.screen.assert_true("room")


def test_figures_to_change_stay_where_nothing_can_be_kept(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    reporter = at_elsewhere(reporter_of(new_context, night, SIZES[0], HOLDS % 0))
    page = reporter.page
    reporter.context.set_offline(True)
    declare(reporter)
    page.get_by_role("button", name="Change it").click()
    expect(page.locator(".result [data-name=Ann]")).to_have_value("21000")


def test_taking_one_back_loses_no_other_where_nothing_can_be_kept(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    reporter = at_elsewhere(reporter_of(new_context, night, SIZES[0], HOLDS % 0))
    page = reporter.page
    reporter.context.set_offline(True)
    reporter.file_quote()
    declare(reporter)
    page.get_by_role("button", name="Take it back").click()
    says(reporter, "Not sent yet: Elsewhere, a quote.")
    page.locator("[data-show-outbox]").click()
    expect(page.locator("main .entry")).to_have_count(1)
    page.locator("main .entry").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("main #quote textarea")).to_have_value(QUOTE)


def test_an_answer_of_a_later_release_is_not_called_unsent(reporter: Reporter) -> None:
    """It is a state of which this release's page has no title."""
    declare(reporter)
    says(reporter, "Sent")

    def answer(route: Route) -> None:
        data: dict[str, Any] = route.fetch().json()
        data["sent"] = {key: {**told, "state": "archived"} for key, told in data["sent"].items()}
        route.fulfill(json=data)

    reporter.page.route("**/count/phone/", answer)
    reporter.go_online()
    reporter.page.locator("[data-show-outbox]").click()
    entry = reporter.page.locator("main .entry")
    expect(entry.locator("[data-part=title]")).to_have_text("The desk has it")
    expect(entry.locator("[data-part=line]")).to_contain_text("Published")


def test_news_are_not_seen_on_a_page_that_nobody_looks_at(reporter: Reporter) -> None:
    page = reporter.page
    declare(reporter)
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    reporter.night.server.seed(seeds.withdraw_elsewhere, reporter.night.slug)
    reporter.go_online()
    expect(page.get_by_role("heading", level=1)).to_contain_text("withdrawn")
    says(reporter, "readers do not see it")
    assert has_news(page)
    page.evaluate("delete document.hidden")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert not has_news(page)


def has_news(page: Page) -> bool:
    news: bool = page.evaluate("JSON.parse(localStorage.answers).some(({ news }) => news)")
    return news


def test_unseen_news_outlast_many_later_answers(reporter: Reporter) -> None:
    reporter.context.set_offline(True)
    kept: list[str] = reporter.page.evaluate("""async () => {
      const { keep } = await import("/static/reporter/answers.js");
      const { reporter } = document.body.dataset;
      const common = { reporter, state: "withdrawn", words: "Withdrawn.", label: "It", settled: 1 };
      const answers = [...Array(60).keys()].map((number) => ({ ...common, key: `key-${number}` }));
      Object.assign(answers[59], { news: true, newsAt: 1 });
      localStorage.answers = JSON.stringify(answers);
      keep({ key: "newest", label: "It" }, { state: "published" });
      return JSON.parse(localStorage.answers).map(({ key }) => key);
    }""")
    assert (len(kept), kept[0], kept[-1]) == (41, "newest", "key-59")

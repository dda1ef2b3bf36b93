"""Messages of the desk appear once on the phone, from every channel, once the page is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phone_elsewhere import go_online, open_count
from tests.browser.phone_reporter import sign_in
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

TEXT = "Which hall are you in?"
#: Keeps the most times that the text was on the screen at once, whenever the page changed.
WATCH = f"""
globalThis.most = 0;
const count = () => {{
  const times = (document.body?.innerText ?? "").split("{TEXT}").length - 1;
  most = Math.max(most, times);
}};
const all = {{ subtree: true, childList: true, characterData: true, attributes: true }};
new MutationObserver(count).observe(document, all);
"""


pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], night: ServedNight) -> Page:
    """*My counts*, signed in."""
    context = new_context(**PHONE, service_workers="block")
    context.add_init_script(WATCH)
    page = context.new_page()
    sign_in(page, night)
    expect(page.locator("#strip")).to_be_visible()
    return page


def expect_once(page: Page) -> None:
    expect(page.locator("main [data-messages]")).to_contain_text(TEXT)
    expect(page.get_by_text(TEXT)).to_have_count(1)
    assert page.evaluate("most") == 1


def open_elsewhere(page: Page, night: ServedNight) -> None:
    page.goto(night.server.url(f"/count{night.path}elsewhere/"))
    expect(page.locator("#strip")).to_be_visible()


def test_comes_by_the_socket_to_the_page_that_lists_it(page: Page, night: ServedNight) -> None:
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect_once(page)
    go_online(page)
    expect_once(page)


def test_comes_by_asking_to_the_page_that_lists_it(page: Page, night: ServedNight) -> None:
    page.route_web_socket("**/count/socket/", lambda socket: socket.close(code=1011))
    page.reload()
    night.server.seed(seeds.write_to_reporters, night.slug)
    go_online(page)
    expect_once(page)
    go_online(page)
    expect_once(page)


def test_moves_from_the_strip_to_the_list_without_a_signal(page: Page, night: ServedNight) -> None:
    open_elsewhere(page, night)
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect(page.locator("#strip")).to_contain_text(TEXT)
    page.context.set_offline(True)
    page.locator("#strip button").click()
    expect_once(page)


def test_a_look_at_it_leads_to_it_below_a_long_list(page: Page, night: ServedNight) -> None:
    open_elsewhere(page, night)
    for state in ["Recount", "Bundle check"] * 3:
        page.get_by_role("button", name=state).click()
        page.get_by_role("button", name="Send now").first.click()
        expect(page.locator(".state-now")).to_contain_text(f"{state} (")
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect(page.locator("#strip")).to_contain_text(TEXT)
    page.locator("#strip button").click()
    expect(page.get_by_role("heading", name="From the desk")).to_be_focused()
    expect(page.get_by_text(TEXT)).to_be_in_viewport()
    night.server.seed(seeds.write_again, night.slug)
    expect(page.locator("main [data-messages]")).to_contain_text("Still there?")


def test_is_not_hidden_by_news_that_nobody_has_looked_at(page: Page, night: ServedNight) -> None:
    """What became of a quote is news until somebody looks; the desk's question is not held back."""
    page.evaluate(
        """() => localStorage.setItem("answers", JSON.stringify([{
          key: "quote", label: "Elsewhere, a quote", state: "published", words: "Published 22:10.",
          queued: 1, settled: 2, decided: true, news: true, newsAt: 3,
          reporter: document.body.dataset.reporter,
        }]))"""
    )
    open_elsewhere(page, night)
    expect(page.locator("#strip")).to_contain_text("Elsewhere, a quote:")
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect(page.locator("#strip")).to_contain_text(TEXT)
    expect(page.locator("#strip")).to_contain_text("Elsewhere, a quote:")
    page.locator("#strip button").click()
    expect(page.get_by_text(TEXT)).to_be_in_viewport()


def test_is_not_in_the_strip_of_the_page_that_lists_it(page: Page, night: ServedNight) -> None:
    """It came to the page of a count, and *My counts* is opened."""
    open_elsewhere(page, night)
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect(page.locator("#strip")).to_contain_text(TEXT)
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    page.goto(night.server.url("/count/"))
    expect_once(page)


def test_stays_on_a_page_that_has_not_heard_of_it(page: Page, night: ServedNight) -> None:
    """The page itself brought it, and what the phone stores is older."""
    page.goto("about:blank")
    night.server.seed(seeds.write_to_reporters, night.slug)
    page.route_web_socket("**/count/socket/", lambda socket: socket.close(code=1011))
    page.route("**/count/phone/", lambda route: route.abort("connectionreset"))
    page.goto(night.server.url("/count/"))
    expect(page.locator("#strip")).to_be_visible()
    expect_once(page)


def send_without_network(page: Page, text: str) -> None:
    """Answer the newest message while nothing leaves the phone."""
    page.route("**/count/messages/**", lambda route: route.abort("connectionreset"))
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    page.get_by_label("Answer").first.fill(text)
    page.get_by_role("button", name="Send", exact=True).first.click()


def answer_without_network(page: Page, text: str) -> None:
    """The same, and open what waits."""
    send_without_network(page, text)
    page.locator("#outbox").get_by_role("button", name="Your answer to the desk").click()


def test_an_unsent_answer_is_changed_where_it_was_written(page: Page, night: ServedNight) -> None:
    """On a phone without a service worker, which can load no page at this moment."""
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect_once(page)
    answer_without_network(page, "The sports hall")
    page.get_by_role("button", name="Change it").click()
    expect(page).to_have_url(night.server.url("/count/"))
    expect(page.get_by_label("Answer")).to_have_value("The sports hall")


def test_an_unsent_answer_is_changed_in_a_list_that_was_written_again(
    page: Page, night: ServedNight
) -> None:
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect_once(page)
    send_without_network(page, "The sports hall")
    page.get_by_role("button", name="Dark page").focus()
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect(page.get_by_label("Answer")).to_have_count(2)
    page.locator("#outbox").get_by_role("button", name="Your answer to the desk").click()
    page.get_by_role("button", name="Change it").click()
    expect(page).to_have_url(night.server.url("/count/"))
    expect(page.get_by_label("Answer").last).to_have_value("The sports hall")
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")


def test_taking_back_an_unsent_answer_leads_to_the_messages(page: Page, night: ServedNight) -> None:
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect_once(page)
    answer_without_network(page, "The sports hall")
    page.get_by_role("button", name="Take it back").click()
    expect(page).to_have_url(night.server.url("/count/"))
    expect(page.get_by_label("Answer")).to_have_value("")


def test_a_typed_answer_outlasts_whatever_the_page_hears(page: Page, night: ServedNight) -> None:
    """Typed in one of two boxes, and then the page is touched elsewhere."""
    night.server.seed(seeds.write_to_reporters, night.slug)
    night.server.seed(seeds.write_to_reporters, night.slug)
    answers = page.locator("main [data-messages]").get_by_label("Answer")
    expect(answers).to_have_count(2)
    answers.last.fill("The sports hall")
    answers.last.blur()
    page.evaluate("document.dispatchEvent(new CustomEvent('outbox', { detail: {} }))")
    expect(answers.last).to_have_value("The sports hall")
    night.server.seed(seeds.write_to_reporters, night.slug)
    go_online(page)
    expect(answers).to_have_count(3)
    expect(answers.last).to_have_value("The sports hall")
    page.reload()
    expect(page.locator("#strip")).to_be_visible()
    expect(answers.last).to_have_value("The sports hall")
    assert [box.input_value() for box in answers.all()[:-1]] == ["", ""]
    page.locator("main [data-messages]").get_by_role("button", name="Send").last.click()
    expect(answers.last).to_have_value("")
    page.reload()
    expect(page.locator("#strip")).to_be_visible()
    expect(answers.last).to_have_value("")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 201, "At most 200 characters: this has 201. Make it shorter."),
        ("\u200b", "Write an answer first."),
    ],
)
def test_phone_refuses_the_answers_that_the_server_would(
    page: Page, night: ServedNight, text: str, problem: str
) -> None:
    night.server.seed(seeds.write_to_reporters, night.slug)
    expect_once(page)
    box = page.get_by_label("Answer")
    # In one step: the list may be written again until something in it has the focus.
    page.evaluate("document.querySelector('main [data-messages] [name=answer]').focus()")
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main [data-messages] .error")).to_have_text(problem)
    expect(box).to_have_value(text)
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")


def test_a_message_of_the_desk_is_seen_and_answered(
    new_context: Callable[..., BrowserContext], night: ServedNight
) -> None:
    context = new_context(**PHONE, service_workers="block")
    page = open_count(context, night)
    night.server.seed(seeds.write_to_reporters, night.slug)
    go_online(page)
    expect(page.locator("#strip")).to_contain_text("The desk,")
    expect(page.locator("#strip")).to_contain_text("Which hall are you in?")
    assert night.server.seed(seeds.answers_to_messages, night.slug) == []
    page.locator("#strip").get_by_role("button", name="Look").click()
    expect(page.locator("#strip")).not_to_contain_text("Which hall")
    wait_for(page, lambda: night.server.seed(seeds.answers_to_messages, night.slug) == [""])
    context.set_offline(True)
    page.get_by_label("Answer").fill("The sports hall.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#strip")).to_contain_text("Not sent yet: Your answer to the desk")
    context.set_offline(False)
    expect(page.locator("#strip")).to_contain_text("Your answer to the desk")
    wait_for(
        page,
        lambda: night.server.seed(seeds.answers_to_messages, night.slug) == ["The sports hall."],
    )

"""Answers that come in another order than their questions: the later one's stays on the page."""

from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.browser.pages import COUNT_TEXTS
from tests.chromium import wait_for
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server

#: Follows another seat while the desk has not answered what was followed before.
CHANGE_TWICE = """async ({ election }) => {
  localStorage[`push-${election}`] = "1";
  const { update } = await import("/static/push/topics.js");
  const keys = { p256dh: "a", auth: "b" };
  const subscription = { toJSON: () => ({ endpoint: "https://push.example/1", keys }) };
  const follow = (seat) => { localStorage[`seats-${election}`] = JSON.stringify([seat]); };
  follow("vale-20");
  window.updates = [update(subscription)];
  follow("vale-21");
  window.updates.push(update(subscription));
}"""


def hold(held: list[Route], route: Route) -> None:
    held.append(route)


def answer(page: Page, route: Route, response: APIResponse | None = None) -> None:
    """Let a question be answered, and wait until the page's script has taken the answer up."""
    texts = page.evaluate("window.texts")
    route.fulfill(response=response or route.fetch())
    page.wait_for_function("texts => window.texts > texts", arg=texts)


def test_list_is_of_what_is_followed_last(
    still_night: ServedNight, desktop: BrowserContext
) -> None:
    page, held = desktop.new_page(), list[Route]()
    page.add_init_script(COUNT_TEXTS)
    page.goto(still_night.url("following/"))
    page.evaluate(f"localStorage['seats-{still_night.slug}'] = '[\"vale-20\", \"vale-21\"]'")
    page.reload()
    expect(page.get_by_role("button", name="Stop following Vale 21")).to_be_visible()
    page.route("**/following/?seats=vale-21", lambda route: hold(held, route))
    page.get_by_role("button", name="Stop following Vale 20").click()
    wait_for(page, lambda: bool(held))
    page.get_by_role("button", name="Stop following Vale 21").click()
    expect(page.get_by_text("None. Find one")).to_be_visible()
    answer(page, held[0])
    assert page.get_by_text("None. Find one").is_visible()


def test_figures_around_a_seat_are_those_of_the_last_question(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page, held = desktop.new_page(), list[tuple[Route, APIResponse]]()
    page.add_init_script(COUNT_TEXTS)
    page.goto(night.url("vale-11/"))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    around = page.locator("[data-refetched=around]")
    expect(around).to_contain_text("6 of 15")

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(night.url("vale-11/"), hold_the_first)
    night.declare("vale-13")
    wait_for(page, lambda: bool(held))
    night.declare("vale-15")
    expect(around).to_contain_text("8 of 15")
    shown = around.inner_text()
    answer(page, *held[0])
    assert around.inner_text() == shown


def test_desk_is_told_last_of_what_is_followed_last(
    server: Server, desktop: BrowserContext
) -> None:
    night = ServedNight.seeded(server, front.night_of_today)
    page, posted = desktop.new_page(), list[Route]()
    page.route(
        "**/push/settings/", lambda route: route.fulfill(json={"key": "key", "token": "token"})
    )
    page.route("**/push/", lambda route: hold(posted, route))
    page.goto(night.url("following/"))
    # The page's own look for a subscription, of which there is none, would turn messages off again.
    expect(page.locator("#push button").first).to_be_visible()
    page.evaluate(CHANGE_TWICE, {"election": night.slug})
    wait_for(page, lambda: bool(posted))
    page.evaluate("fetch('/push/settings/')")  # answered after all that was asked before
    assert len(posted) == 1
    posted[0].fulfill(status=503)
    wait_for(page, lambda: len(posted) == 2)
    assert "seats:vale-21" in (posted[1].request.post_data or "")
    posted[1].fulfill(status=204)
    assert page.evaluate("Promise.all(window.updates)") == [False, True]

"""Helpers for a reader's open page, shared by many tests."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.chromium import wait_for
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server

#: Each part of the page that has an id, with what it shows.
PARTS = """() => Object.fromEntries([...document.querySelectorAll("main [id]")]
    .map((element) => [element.id, element.innerText]))"""

# Every layout shift since the first paint, as browsers report it.
OBSERVE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifts.push(entry);
}).observe({type: "layout-shift", buffered: true});
"""
SHIFTS = """shifts.filter((shift) => shift.startTime > (window.countedFrom ?? 0))
  .map((shift) => [shift.value, shift.sources.map((source) => [
  source.node && (source.node.id || source.node.className),
  ...[source.previousRect, source.currentRect].map((at) => [at.x, at.y, at.width, at.height]),
])])"""


#: Counts in `unanswered` the page's requests whose answers have not come whole.
COUNT_REQUESTS = """
window.unanswered = 0;
const { fetch: ask } = window;
window.fetch = async (...request) => {
  if (window.leftUnanswered?.test(request[0])) return ask(...request);
  window.unanswered += 1;
  try {
    const answer = await ask(...request);
    await answer.clone().arrayBuffer();
    return answer;
  } finally {
    window.unanswered -= 1;
  }
};
"""
#: Counts there also the sockets that have not delivered anything.
COUNT_SOCKETS = """
const Original = WebSocket;
window.WebSocket = class extends Original {
  constructor(...args) {
    super(...args);
    window.unanswered += 1;
    const heard = new AbortController();
    const note = () => { window.unanswered -= 1; heard.abort(); };
    for (const type of ["message", "close"]) this.addEventListener(type, note, heard);
  }
};
"""
#: Counts in `texts` the answers that the page's scripts have read; what follows runs at once.
COUNT_TEXTS = """
window.texts = 0;
const { text: read } = Response.prototype;
Response.prototype.text = async function () {
  const text = await read.call(this);
  window.texts += 1;
  return text;
};
"""
ALL_ANSWERED = "() => window.unanswered === 0"


def open_live(context: BrowserContext, url: str, *, stopped: bool = False) -> Page:
    """Open a page and wait until its socket was heard; `neverReloaded` is lost if it reloads.

    With `stopped` its time passes only as the test says.
    """
    page = context.new_page()
    if stopped:
        stop_clock(page)
    page.goto(url)
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    return page


def go_to_page_of_a_night(page: Page, server: Server) -> None:
    """Open the page of a day on which a night is live."""
    night = ServedNight.seeded(server, front.night_of_today)
    page.goto(night.url())
    day = page.locator(".masthead time").first.get_attribute("datetime")
    page.goto(server.url(f"/nights/{day}/"))


def stop_clock(page: Page, now: datetime | None = None) -> None:
    """Let no timer of the pages that are opened from now on end until the test lets time pass."""
    page.add_init_script(COUNT_REQUESTS)
    page.add_init_script(COUNT_SOCKETS)
    now = now or datetime.now(UTC)
    page.clock.install(time=now - timedelta(hours=1))
    page.clock.pause_at(now)


def pass_time(page: Page, seconds: int) -> None:
    """Let a page's stopped time pass; what it asks is answered before its own timeouts end it."""
    for _second in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_function(ALL_ANSWERED)


def pass_time_until(page: Page, condition: Callable[[], bool]) -> None:
    """Let a page's stopped time pass, as `pass_time` does, until the condition holds."""

    def has_come() -> bool:
        page.wait_for_function(ALL_ANSWERED)
        if condition():
            return True
        page.clock.run_for(5_000)  # the shortest timeout is three times as long
        return False

    wait_for(page, has_come)


def is_live(page: Page) -> bool:
    return page.locator("#connection-status").get_attribute("data-state") == "live"


#: The list beside the map is counted from its seats as they are now, which a module does that comes
#: with the first bulletin.
KEY_IS_COUNTED = """() => {
  const key = document.querySelector("#map-key .key-parties");
  if (!key) return true;
  const seats = [...document.querySelectorAll("#map :is(.hex, .tile)")];
  const won = seats.filter((seat) => seat.matches("[data-party]:not(.open)"));
  const parties = (won.length ? won : seats).map((seat) => seat.dataset.party).filter(Boolean);
  const counts = {};
  for (const party of parties) counts[party] = (counts[party] ?? 0) + 1;
  const says = (row, number) => Number(row.querySelector("b").textContent) === number;
  const rows = [...key.querySelectorAll("li[data-party]")];
  const listed = new Set(rows.map((row) => row.dataset.party));
  return parties.every((party) => listed.has(party))
    && rows.every((row) => says(row, counts[row.dataset.party] ?? 0))
    && says(key.querySelector(".key-to-come"), seats.length - won.length)
    && says(key.querySelector(".key-changed"), won.filter((seat) => seat.dataset.from).length);
}"""


def assert_equal_to_a_fresh_one(page: Page, use: Callable[[Page], None] | None = None) -> None:
    """The page as it stands shows, part for part, what it shows after loading it again.

    `use` does to the page that was loaded again what the reader has done to this one.
    """
    expect(page.locator(".fresh")).to_have_count(0)
    # A party's name comes within seconds of its first seat.
    page.wait_for_function(KEY_IS_COUNTED)
    _bring_the_map_into_view(page)
    grown = page.evaluate(PARTS)
    page.reload()
    _bring_the_map_into_view(page)
    if use:
        use(page)
    fresh = page.evaluate(PARTS)
    different = {name for name in {*grown, *fresh} if grown.get(name) != fresh.get(name)}
    assert not different, [(name, grown.get(name), fresh.get(name)) for name in different]


def _bring_the_map_into_view(page: Page) -> None:
    """Have the card and, of hexagons, the buttons, which come when the map is first in view."""
    if not page.locator("#map :is(.hex, .tile)").count():
        return
    page.mouse.move(0, 0)  # over a seat it would name that seat
    page.locator("#map").scroll_into_view_if_needed()
    expect(page.locator(".map-card")).to_have_count(1)
    expect(page.locator(".map-card")).to_be_hidden()
    if page.locator("#map .hexmap").count():
        expect(page.locator(".map-buttons")).to_have_count(1)


def tell_time(page: Page, at: datetime) -> None:
    """Have the sockets that the page opens from now on say that it is this time."""
    told = json.dumps({"clock": at.timestamp()})

    def connect(socket: WebSocketRoute) -> None:
        desk = socket.connect_to_server()
        desk.on_message(
            lambda message: socket.send(told if str(message).startswith('{"clock"') else message)
        )

    page.route_web_socket("**/live/**", connect)


def answer_by_clock(route: Route) -> None:
    """Answer as the server would by the page's clock."""
    response = route.fetch()
    now = route.request.frame.evaluate("new Date().toUTCString()")
    route.fulfill(response=response, headers={**response.headers, "date": now})

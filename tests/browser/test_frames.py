"""Frames on an open page: entries of the feed, codings, and damaged frames."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, WebSocket, WebSocketRoute, expect

from tests.browser.pages import assert_equal_to_a_fresh_one, open_live, stop_clock
from tests.chromium import wait_for
from tests.seeds import front, reading
from tests.served_night import ServedNight
from tests.servers import Server

#: What a page says of itself to programs that read it as it was served.
SERVED = "head script[type='application/ld+json'], head meta[property^='og:']"


def seed(night: ServedNight, function: Callable[..., object], *args: str) -> None:
    night.server.seed(function, night.slug, *args)


def scroll_past_the_head_of_the_feed(page: Page) -> None:
    page.evaluate("document.querySelector('#feed > :nth-child(4)').scrollIntoView()")


class TestFeed:
    def test_entry_is_reworded_and_withdrawn_in_place_while_scrolled(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        seed(night, front.post, "The first wording.")
        page = open_live(desktop, night.url())
        post = page.locator("#bulletin-13")
        expect(post).to_contain_text("The first wording.")
        scroll_past_the_head_of_the_feed(page)
        night.declare("vale-20")
        expect(page.get_by_role("button", name="1 new")).to_be_visible()
        seed(night, front.reword_post, "The second wording.")
        expect(post).to_contain_text("The second wording.")
        seed(night, front.withdraw_post)
        expect(post).to_have_count(0)
        expect(page.get_by_role("button", name="1 new")).to_be_visible()
        page.get_by_role("button", name="1 new").click()
        expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-20")
        assert page.evaluate("window.neverReloaded")
        assert_equal_to_a_fresh_one(page)

    def test_withdrawn_words_leave_the_head_as_well(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        """A browser's reader view, and a page that is saved, take their words from there."""
        seed(night, front.post, "Words to withdraw.")
        page = open_live(desktop, night.url())
        assert "Words to withdraw." in page.content()
        seed(night, front.withdraw_post)
        expect(page.locator("#bulletin-13")).to_have_count(0)
        assert "Words to withdraw." not in page.content()

    def test_head_of_a_seat_does_not_stay_as_before_its_result(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        seat = open_live(desktop, night.url("vale-20/"))
        assert seat.locator(SERVED).count()
        night.declare("vale-20")
        expect(seat.locator(SERVED)).to_have_count(0)

    def test_withdrawn_quote_leaves_the_head_of_its_council(
        self, server: Server, desktop: BrowserContext
    ) -> None:
        """The page has no feed: the list with its quotes is fetched again."""
        night = ServedNight.seeded(server, reading.two_councils)
        seed(night, reading.declare_ward)
        seed(night, reading.quote_ward, "Words to withdraw.")
        council = open_live(desktop, night.url("bodies/eastshire/"))
        expect(council.locator("#listing")).to_contain_text("Words to withdraw.")
        assert council.locator(SERVED).count()
        seed(night, reading.withdraw_quote)
        expect(council.locator("#listing")).not_to_contain_text("Words to withdraw.")
        expect(council.locator(SERVED)).to_have_count(0)
        assert "Words to withdraw." not in council.content()

    def test_entry_that_comes_back_is_shown(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        """The list is full, so that a new entry pushes the last one out until it is withdrawn."""
        night.declare(*(f"vale-{number}" for number in range(12, 21)))
        page = open_live(desktop, night.url())
        oldest = page.locator("#feed > article").last.get_attribute("id")
        seed(night, front.post, "One more.")
        expect(page.locator("#feed")).to_contain_text("One more.")
        expect(page.locator(f"#feed > #{oldest}")).to_have_count(0)
        seed(night, front.withdraw_post)
        expect(page.locator("#feed > article").last).to_have_attribute("id", str(oldest))
        assert page.evaluate("window.neverReloaded")
        assert_equal_to_a_fresh_one(page)

    def test_focus_stays_on_an_entry_that_moves_down(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        page = open_live(desktop, night.url())
        link = page.locator("#feed > * a").first
        address = link.get_attribute("href")
        link.focus()
        night.declare("vale-20")
        expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-20")
        assert page.evaluate("document.activeElement.getAttribute('href')") == address

    def test_page_that_lacks_an_entry_loads_again(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        """An extension of the browser has removed one, say."""
        page = open_live(desktop, night.url())
        page.evaluate("document.querySelector('#feed > :nth-child(3)').remove()")
        night.declare("vale-20")
        expect(page.locator("#feed > *").first).to_have_attribute("id", "result-vale-20")
        assert not page.evaluate("window.neverReloaded")

    def test_offer_of_an_entry_that_is_withdrawn_goes_away(
        self, night: ServedNight, desktop: BrowserContext
    ) -> None:
        page = open_live(desktop, night.url())
        scroll_past_the_head_of_the_feed(page)
        seed(night, front.post, "One more.")
        expect(page.get_by_role("button", name="1 new")).to_be_visible()
        seed(night, front.withdraw_post)
        expect(page.locator(".new-entries")).to_have_count(0)


class Frames:
    """The messages that the page's sockets receive."""

    def __init__(self, page: Page) -> None:
        self.received: list[str | bytes] = []
        self.addresses: list[str] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.addresses.append(socket.url)
        socket.on("framereceived", lambda message: self.received.append(message))

    @property
    def binary(self) -> list[bytes]:
        return [message for message in self.received if isinstance(message, bytes)]


def test_page_reads_frames_that_have_the_one_before_as_their_dictionary(
    night: ServedNight, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    frames = Frames(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    for declared, slug in enumerate(("vale-20", "vale-21", "vale-22"), 13):
        night.declare(slug)
        expect(page.locator("#progress")).to_contain_text(f"{declared} of 31 declared")
    assert [message[0] for message in frames.binary] == [0, 1, 1]
    first, *others = map(len, frames.binary)
    assert all(size < first / 2 for size in others)
    assert "coding=deflate-previous" in frames.addresses[0]
    assert "topics=front" in frames.addresses[0]
    assert_equal_to_a_fresh_one(page)


def test_browser_without_raw_deflate_reads_deflated_frames(
    night: ServedNight, desktop: BrowserContext
) -> None:
    """As Chromium before 103 and Safari before 16.4 would."""
    desktop.add_init_script(WITHOUT_RAW_DEFLATE)
    page = desktop.new_page()
    frames = Frames(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    for declared, slug in enumerate(("vale-20", "vale-21"), 13):
        night.declare(slug)
        expect(page.locator("#progress")).to_contain_text(f"{declared} of 31 declared")
    assert len(frames.binary) == 2
    assert "coding=deflate&" in f"{frames.addresses[0]}&"
    assert_equal_to_a_fresh_one(page)


WITHOUT_RAW_DEFLATE = """
const Original = DecompressionStream;
window.DecompressionStream = class extends Original {
  constructor(format) {
    if (format === "deflate-raw") throw new TypeError("not a format");
    super(format);
  }
};
"""


def test_browser_that_cannot_inflate_reads_text(
    night: ServedNight, desktop: BrowserContext
) -> None:
    desktop.add_init_script("delete window.DecompressionStream")
    page = desktop.new_page()
    frames = Frames(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    night.declare("vale-20")
    expect(page.locator("#progress")).to_contain_text("13 of 31 declared")
    assert frames.binary == []
    assert "coding" not in frames.addresses[0]
    assert_equal_to_a_fresh_one(page)


def test_frames_are_applied_in_order_however_long_they_take_to_inflate(
    night: ServedNight, desktop: BrowserContext
) -> None:
    """The first frame is inflated last; a notice to reconnect follows it as text."""
    desktop.add_init_script(SLOW_FIRST_INFLATION)
    page = open_live(desktop, night.url())
    night.declare("vale-20")
    expect(page.locator("html")).to_have_attribute("data-sequence", "12")
    wait_for(page, lambda: page.evaluate("window.inflating") == 1)
    night.declare("vale-21")
    wait_for(page, lambda: page.evaluate("window.arrived") >= 2)
    assert page.locator("html").get_attribute("data-sequence") == "12"
    page.evaluate("window.goOn()")
    expect(page.locator("html")).to_have_attribute("data-sequence", "14")
    assert page.evaluate("window.neverReloaded")
    assert_equal_to_a_fresh_one(page)


#: Holds the first inflation until `goOn()`, and counts the messages that have arrived.
SLOW_FIRST_INFLATION = """
window.inflating = 0;
window.arrived = 0;
const held = new Promise((resolve) => { window.goOn = resolve; });
const { arrayBuffer } = Response.prototype;
Response.prototype.arrayBuffer = async function () {
  window.inflating += 1;
  if (window.inflating === 1) await held;
  return arrayBuffer.call(this);
};
const Original = WebSocket;
window.WebSocket = class extends Original {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") window.arrived += 1;
    });
  }
};
"""


def test_page_asks_for_text_after_a_damaged_frame(
    night: ServedNight, desktop: BrowserContext
) -> None:
    addresses: list[str] = []

    def damage(route: WebSocketRoute) -> None:
        addresses.append(route.url)
        server = route.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            route.send(message if isinstance(message, str) else b"damaged")

        server.on_message(pass_on)

    page = desktop.new_page()
    page.route_web_socket("**/live/**", damage)
    stop_clock(page)
    page.goto(night.url())
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    night.declare("vale-20")
    expect(page.locator("#progress")).to_contain_text("13 of 31 declared")
    page.clock.run_for(10_000)
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    night.declare("vale-21")
    expect(page.locator("#progress")).to_contain_text("14 of 31 declared")
    assert ["coding=deflate" in address for address in addresses] == [True, False]
    assert page.evaluate("window.neverReloaded")
    page.clock.resume()
    assert_equal_to_a_fresh_one(page)

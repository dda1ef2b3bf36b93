"""Pages in Safari's engines and in Firefox, over a line that breaks, and embeds on another site."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests import needs
from tests.browser.fit import MEASURE
from tests.browser.other_browsers import OTHER_BROWSERS, OtherBrowser, screen
from tests.faults.proxy import Proxy
from tests.other_site import OtherSite
from tests.seeds import forty_counts, phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    try:
        with screen() as name:
            yield name
    except needs.Missing as reason:
        needs.skip_for(reason)


@pytest.fixture(params=OTHER_BROWSERS)
def open_browser(
    request: pytest.FixtureRequest, tmp_path: Path, display: str
) -> Iterator[OtherBrowser]:
    try:
        browser = OTHER_BROWSERS[request.param](tmp_path / "browser", display)
    except needs.Missing as reason:
        needs.skip_for(reason)
    yield browser
    browser.close()


@pytest.fixture
def line(server: Server) -> Iterator[Proxy]:
    with Proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def address(line: Proxy) -> Callable[[str], str]:
    return lambda path: f"http://127.0.0.1:{line.port}{path}"


#: When the page was loaded.
LOADED = "return performance.timeOrigin"


def state(browser: OtherBrowser) -> str:
    return str(browser.run("return document.querySelector('#connection-status').dataset.state"))


def test_an_open_page_receives_what_is_published_and_says_when_it_cannot(
    open_browser: OtherBrowser, night: ServedNight, line: Proxy, address: Callable[[str], str]
) -> None:
    browser = open_browser
    browser.goto(address(night.path))
    browser.wait(lambda: state(browser) == "live")
    loaded = browser.run(LOADED)
    night.declare("vale-12")
    browser.wait_for_text("#feed", "Vale 12")
    line.refuse()
    browser.wait_for_text("#connection-status", "No answer since")
    night.declare("vale-13")
    line.allow()
    browser.wait_for_text("#feed", "Vale 13")
    browser.wait(lambda: state(browser) == "live")
    assert browser.run(LOADED) == loaded, "the page was loaded again"


#: How far the bar of each candidate is from its row's left and right edge, and whether it is in it.
BARS = """return [...document.querySelectorAll(".ghosted > span")].map((bar) => {
  const [box, row] = [bar, bar.closest("tr")].map((each) => each.getBoundingClientRect());
  const inside = box.top > row.top && box.bottom < row.bottom;
  return [Math.round(box.left - row.left), Math.round(box.right - row.right), inside];
})"""


def test_the_bar_of_a_candidate_runs_over_its_own_row(
    open_browser: OtherBrowser, night: ServedNight, address: Callable[[str], str]
) -> None:
    open_browser.goto(address(f"{night.path}vale-01/"))
    bars = open_browser.run(BARS)
    assert bars
    assert bars == [[0, 0, True]] * len(bars)


#: Whether the service worker has the open page, for when there is no signal.
KEPT = "return caches.match(location.pathname).then((page) => !!page)"


def sign_in_to_count(browser: OtherBrowser, url: str) -> None:
    browser.goto(url)
    browser.find("[name=username]").send_keys("reporter")
    browser.find("[name=password]").send_keys(seeds.PASSWORD)
    browser.find("form:has([name=password]) button").click()
    browser.wait_for_text("#strip", "Nothing is waiting on this phone.")


@pytest.mark.night(seed=seeds.night)
def test_a_result_declared_without_a_signal_is_published_once(
    open_browser: OtherBrowser, night: ServedNight, line: Proxy, address: Callable[[str], str]
) -> None:
    browser = open_browser
    count = f"/count{night.path}elsewhere/"
    sign_in_to_count(browser, address(f"/count/sign-in/?next={count}"))
    browser.wait(lambda: browser.run(KEPT))
    browser.find(".result [data-name=Ann]").send_keys("21000")
    browser.find(".result [data-name=Bob]").send_keys("9000")
    line.refuse()
    browser.press("Check the result")
    browser.wait_for_text("main", "Declare Elsewhere")
    browser.press("Declare Elsewhere")
    browser.wait_for_text("#strip", "Not answered yet: Elsewhere, the result.")
    browser.goto(address(count))
    browser.wait_for_text("#strip", "Not answered yet: Elsewhere, the result.")
    assert night.server.seed(seeds.bulletins, night.slug) == []
    line.allow()
    browser.wait_for_text("#strip", "bulletin 1")
    assert night.server.seed(seeds.bulletins, night.slug) == ["declaration"]


PAGES = ("", "vale-01/", "vale-20/", "feed/", "regions/", "parties/", "changes/", "records/")


@pytest.mark.parametrize("open_browser", ["WebKitGTK", "Firefox"], indirect=True)
def test_pages_fit_the_window(
    open_browser: OtherBrowser, still_night: ServedNight, address: Callable[[str], str]
) -> None:
    found: dict[tuple[str, int], list[str]] = {}
    for path in PAGES:
        open_browser.goto(address(still_night.path + path))
        for width in (390, 800, 1440):
            open_browser.set_width(width)
            if problems := open_browser.run(f"return ({MEASURE.strip().rstrip(';')})()"):
                found[path, width] = problems
    assert found == {}


EMBEDS = ("scoreboard", "feed", "vale-05")
FRAME = '<iframe src="{}" data-election-desk {} width="100%" height="900"></iframe>'
#: Pixels that a frame has below what is in it; less than nothing where that is cut.
ROOM = """return innerHeight
  - Math.max(...[...document.body.children].map((part) => part.getBoundingClientRect().bottom))"""


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'], ids=["open", "sandbox"])
def test_embeds_of_another_site_are_as_tall_as_their_content_and_live(
    open_browser: OtherBrowser, night: ServedNight, sandbox: str
) -> None:
    browser = open_browser
    frames = "".join(FRAME.format(night.embed_url(embed), sandbox) for embed in EMBEDS)
    script = f'<script async src="{night.server.origin}/static/reader/embedding.js"></script>'
    with OtherSite(f"<!doctype html><title>A newspaper</title>{script}{frames}") as site:
        browser.goto(site.url)
        for number in range(1, len(EMBEDS) + 1):
            browser.enter(browser.find(f"iframe:nth-of-type({number})"))
            browser.wait_for_text("#connection-status", "Updating" if sandbox else "Live")
            browser.wait(lambda: abs(browser.run(ROOM)) <= 8)
            browser.enter(None)
        night.declare("vale-20")
        browser.enter(browser.find(f"iframe:nth-of-type({EMBEDS.index('feed') + 1})"))
        browser.wait_for_text("#feed", "Vale 20")


@pytest.mark.parametrize("open_browser", ["WebKitGTK", "Firefox"], indirect=True)
def test_an_editor_publishes_at_the_night_dashboard_which_stays_live(
    open_browser: OtherBrowser, server: Server, address: Callable[[str], str]
) -> None:
    browser = open_browser
    election = server.seed(forty_counts.night, ServedNight.unseeded(server).slug)["election"]
    dashboard = f"/admin/results/election/{election}/night/"
    browser.goto(address(f"/admin/login/?next={dashboard}"))
    browser.set_width(1440)
    browser.find("[name=username]").send_keys("neil")
    browser.find("[name=password]").send_keys(forty_counts.PASSWORD)
    browser.find("#login-form [type=submit]").click()
    browser.wait_for_text("main", "7 things need a person")
    browser.wait(lambda: browser.run("return !!document.querySelector('.has-script')"))
    server.seed(forty_counts.approve_a_quote, election)
    browser.wait_for_text("main", "6 things need a person")
    browser.find("#now-headline summary").click()
    browser.find("#now-headline :is(input[type=text], textarea)").send_keys("A night of recounts")
    browser.press("See what readers will see")
    browser.wait_for_text("#night-panel", "Publish the headline")
    browser.press("Publish the headline")
    browser.wait_for_text(".headline-now", "A night of recounts")
    browser.wait_for_text("#night-messages", "Headline published")


@pytest.mark.night(seed=seeds.night)
def test_a_photo_taken_without_a_signal_is_published_once(
    open_browser: OtherBrowser,
    night: ServedNight,
    line: Proxy,
    address: Callable[[str], str],
    tmp_path: Path,
) -> None:
    browser = open_browser
    picture = tmp_path / "IMG_1.jpg"
    Image.effect_noise((3000, 1500), 90).convert("RGB").save(picture, "JPEG")
    sign_in_to_count(browser, address(f"/count/sign-in/?next=/count{night.path}elsewhere/"))
    line.refuse()
    browser.find("#photo [type=file]").send_keys(str(picture))
    browser.find("#photo [name$=caption]").send_keys("The stage")
    browser.find("#photo [name$=alt]").send_keys("Four people")
    browser.find("#photo [name$=credit]").send_keys("Ann Smith")
    browser.find("#photo form > button:not([type])").click()
    browser.wait_for_text("#strip", "Elsewhere, a photo")
    assert night.server.seed(seeds.bulletins, night.slug) == []
    line.allow()
    browser.wait_for_text("#strip", "bulletin 1: Elsewhere, a photo")
    assert night.server.seed(seeds.bulletins, night.slug) == ["photo"]

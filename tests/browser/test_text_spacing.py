"""Readers' pages with the spacing of text that a reader may set (WCAG 2.2, 1.4.12).

Nothing leaves the page, is cut or lies over something else, and no word breaks. Each page is loaded
once and made wider.
"""

from collections.abc import Sequence

import pytest
from playwright.sync_api import BrowserContext, Page

from results.arithmetic import ElectionKind
from tests.browser.fit import SPACED, STYLE, problems
from tests.seeds import narrow, reading
from tests.served_night import ServedNight
from tests.servers import Server

WIDTHS = (320, 390, 768, 1280)
#: Of a House, below its own address.
GENERAL = (
    "",
    "parties/",
    "parties/lab/",
    "regions/",
    "records/",
    "changes/",
    "feed/",
    "find/?q=ald",
)
COUNCILS = ("", "bodies/", "parties/", "corrections/")
#: Those of `reading.elections`.
OTHERS = (
    "/",
    "/ge/islington-north/",
    "/ge/corrections/",
    "/ge/regions/london/",
    "/alone/",
    "/chamber/",
    "/locals/bodies/northshire/",
    "/locals/northshire-castle/",
)
EMBEDS = ("/embed/ge/islington-north/", "/embed/locals/bodies/northshire/")
#: Gives every figure of seats three digits, as a House of 650 has them, and opens what is folded.
WIDEN = """() => {
  for (const part of document.querySelectorAll(".ends, .held-last, .board :is(.seats, .net)")) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      text.data = text.data.replace(/\\d+/g, (digits) => digits.padStart(3, "2"));
    }
  }
  for (const folded of document.querySelectorAll("details")) folded.open = true;
}"""


#: Lines of names of regions that leave the page, and pairs that lie over each other.
NAMES_ON_MAP = """() => {
  const lines = [...document.querySelectorAll(".map-labels tspan")]
    .filter((line) => line.checkVisibility());
  const boxed = lines.map((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    return { line, box: range.getBoundingClientRect(), text: line.textContent };
  });
  const out = boxed.filter(({ box }) => box.left < 0 || box.right > innerWidth)
    .map(({ text }) => text);
  const pairs = boxed.flatMap((one, at) => boxed.slice(at + 1).map((other) => [one, other]));
  const over = pairs.filter(([{ line, box }, { line: second, box: next }]) =>
    line.parentElement !== second.parentElement && box.left < next.right && next.left < box.right
    && Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top) > 3);
  return [boxed.length > 0, out, over.map((pair) => pair.map(({ text }) => text))];
}"""
#: Rows of seats taken, with the longest names of parties, that lie over their bars.
TAKEN = """(rows) => rows.filter((row) => {
  const [name, bar] = row.children;
  const [winner, loser] = name.querySelectorAll("b");
  [winner.textContent, loser.textContent] = ["DUP", "Alliance"];
  const range = document.createRange();
  range.selectNodeContents(name);
  return range.getBoundingClientRect().right > bar.getBoundingClientRect().left - 4;
}).length"""


@pytest.fixture(scope="module", autouse=True)
def _elections(shared_server: Server) -> None:
    shared_server.seed(reading.elections)


def found_on(page: Page, urls: Sequence[str], widths: Sequence[int] = WIDTHS) -> list[str]:
    """Each problem with its address and width, at every width of a page that is loaded once."""
    found = []
    for url in urls:
        page.goto(url)
        page.evaluate(STYLE, SPACED)
        page.evaluate(WIDEN)
        page.wait_for_function("document.fonts.status === 'loaded'")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{url} at {width}: {problem}" for problem in problems(page)]
    return found


@pytest.mark.parametrize("language", ["", "/cy"])
def test_general_election_at_half(server: Server, desktop: BrowserContext, language: str) -> None:
    night = ServedNight.seeded(server, narrow.house)
    pages = GENERAL if not language else ("", "parties/", "records/")
    urls = [server.url(f"{language}{night.path}{path}") for path in pages]
    urls.append(server.url(f"{language}/embed{night.path}scoreboard/"))
    assert found_on(desktop.new_page(), urls) == []


@pytest.mark.parametrize("language", ["", "/cy"])
def test_councils(server: Server, desktop: BrowserContext, language: str) -> None:
    night = ServedNight.seeded(server, narrow.councils_late)
    pages = COUNCILS if not language else ("", "bodies/")
    urls = [server.url(f"{language}{night.path}{path}") for path in pages]
    urls.append(server.url(f"{language}/embed{night.path}scoreboard/"))
    assert found_on(desktop.new_page(), urls) == []


@pytest.mark.parametrize("language", ["", "/cy"])
def test_mayors_and_referendum(server: Server, desktop: BrowserContext, language: str) -> None:
    nights = [ServedNight.seeded(server, seed) for seed in (narrow.mayors, narrow.referendum)]
    urls = [server.url(f"{language}{night.path}") for night in nights]
    assert found_on(desktop.new_page(), urls) == []


def test_other_pages(server: Server, desktop: BrowserContext) -> None:
    """Seat, ward, council, region, corrections, by-election, and the index of nights."""
    urls = [server.url(path) for path in (*OTHERS, *EMBEDS)]
    assert found_on(desktop.new_page(), urls) == []


def test_names_on_the_map_and_beside_the_seats_taken(
    server: Server, desktop: BrowserContext
) -> None:
    night = ServedNight.seeded(server, narrow.house_of_650)
    page = desktop.new_page()
    for path in (night.url(), night.embed_url("map")):
        page.goto(path)
        page.evaluate(STYLE, SPACED)
        for width in (264, 320, 360, 390, 768):
            page.set_viewport_size({"width": width, "height": 1200})
            assert page.evaluate(NAMES_ON_MAP) == [True, [], []], f"{path} at {width}"
            assert page.locator(".flows li:visible").evaluate_all(TAKEN) == 0, f"{path} at {width}"


@pytest.mark.parametrize(
    ("kind", "declared"),
    [(ElectionKind.SENEDD, 8), (ElectionKind.NI_ASSEMBLY, 8), (ElectionKind.COMMISSIONER, 2)],
)
def test_nights_of_lists_of_transferable_vote_and_of_areas(
    server: Server, desktop: BrowserContext, kind: ElectionKind, declared: int
) -> None:
    """The front, and a contest with a result and one without."""
    night = ServedNight.unseeded(server)
    contests = server.seed(narrow.embeds, night.slug, kind, declared)[-2:]
    paths = [night.path, *(f"{night.path}{contest}/" for contest in contests)]
    urls = [server.url(language + path) for language in ("", "/cy") for path in paths]
    assert found_on(desktop.new_page(), urls) == []

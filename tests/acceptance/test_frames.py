"""Embeds on another site's page: as tall as their content, and live in a sandbox."""

import re
from collections.abc import Callable
from html import unescape
from itertools import product

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server

pytestmark = pytest.mark.browser

EMBEDS = ("scoreboard", "map", "feed", "vale-05", "vale-20")
WIDTHS = (320, 700, 1200)
SANDBOXES = ("", 'sandbox="allow-scripts"')
FRAMES = tuple(product(EMBEDS, SANDBOXES))
HOST_PAGE = """<!doctype html><title>A newspaper</title><style>body {{ margin: 0 }}</style>
<script async src="{desk}/static/reader/embedding.js"></script>
{frames}"""
FRAME = """<iframe src="{url}" title="{embed}" data-election-desk {sandbox}
width="100%" height="480" style="border: 0; display: block"></iframe>"""
HEIGHTS = "[...document.querySelectorAll('iframe')].map((frame) => frame.clientHeight)"
#: A frame and its content may differ by this many pixels.
TOLERANCE = 8
#: How often a height that depended on the frame's own would change again.
ROUNDS = 5
AFTER_TWO_PAINTS = "requestAnimationFrame(() => requestAnimationFrame(drawn))"
#: Longer than a page without a socket waits between two questions, in milliseconds.
POLL = 21_000


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Server:
    server = make_desk()
    server.start()
    return server


@pytest.fixture
def night(server: Server) -> ServedNight:
    return ServedNight.seeded(server)


@pytest.fixture
def host_page(night: ServedNight, publish: Callable[[str], str]) -> str:
    """The address of a page with every embed, each with and without a sandbox."""
    frames = [
        FRAME.format(url=night.embed_url(embed), embed=embed, sandbox=sandbox)
        for embed, sandbox in FRAMES
    ]
    return publish(HOST_PAGE.format(desk=night.server.origin, frames="\n".join(frames)))


def embed_in(page: Page, number: int) -> FrameLocator:
    return page.frame_locator(f"iframe >> nth={number}")


def expect_connected(page: Page) -> None:
    """Return when every embed says how it hears of news: a sandbox has no socket."""
    for number, (embed, sandbox) in enumerate(FRAMES):
        state = embed_in(page, number).locator("#connection-status .state")
        expect(state, f"{embed} {sandbox}").to_have_text("Updating" if sandbox else "Live")


def open_host_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect_connected(page)
    return page


def content_heights(night: ServedNight, context: BrowserContext, width: int) -> list[int]:
    """How tall each embed is by itself, in a window too low to stretch it."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 100})
    heights = {}
    for embed in EMBEDS:
        page.goto(night.embed_url(embed))
        # Before, its first line is another, and so may be its font.
        expect(page.locator("#connection-status .state")).to_have_text("Live")
        page.evaluate("document.fonts.ready.then(() => {})")
        heights[embed] = page.evaluate("document.documentElement.scrollHeight")
    page.close()
    return [heights[embed] for embed, _sandbox in FRAMES]


def expect_heights(page: Page, heights: list[int]) -> None:
    """Return when each frame is as tall as its content."""
    page.wait_for_function(
        f"""(heights) => {HEIGHTS}.every(
            (height, at) => Math.abs(height - heights[at]) <= {TOLERANCE})""",
        arg=heights,
    )


def post_heights_again(page: Page) -> None:
    """Let every embed post its height; return when the page has heard each and is drawn again."""
    page.evaluate(
        """() => {
            window.heard = new Set();
            addEventListener("message", ({data, source}) => {
                if (data?.electionDesk) window.heard.add(source);
            });
        }"""
    )
    for frame in page.frames[1:]:
        frame.evaluate(
            "document.dispatchEvent(new CustomEvent('desk:applied', {detail: {ids: []}}))"
        )
    page.wait_for_function("(count) => window.heard.size === count", arg=len(FRAMES))
    # Not in the embeds: one that is out of sight is not drawn.
    page.evaluate(f"() => new Promise((drawn) => {AFTER_TWO_PAINTS})")


def test_height_settles_at_that_of_the_content(
    night: ServedNight, new_context: Callable[..., BrowserContext], host_page: str
) -> None:
    for width in WIDTHS:
        context = new_context(viewport={"width": width, "height": 900})
        page = open_host_page(context, host_page)
        expect_heights(page, content_heights(night, context, width))
        post_heights_again(page)
        settled = page.evaluate(HEIGHTS)
        for _time in range(ROUNDS):
            post_heights_again(page)
            assert page.evaluate(HEIGHTS) == settled, width
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_embeds_stay_live_and_resize(
    night: ServedNight, new_context: Callable[..., BrowserContext], host_page: str, width: int
) -> None:
    context = new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.clock.install()
    page.goto(host_page)
    expect_connected(page)

    night.declare("vale-20")
    page.clock.fast_forward(POLL)

    for number, (embed, sandbox) in enumerate(FRAMES):
        inside = embed_in(page, number)
        expect(inside.locator("#connection-status .sequence"), embed).to_have_text("13")
        state = inside.locator("#connection-status .state")
        expect(state, f"{embed} {sandbox}").to_have_text("Updating" if sandbox else "Live")
    for number in (FRAMES.index(("scoreboard", sandbox)) for sandbox in SANDBOXES):
        progress = embed_in(page, number).locator("#progress")
        expect(progress).to_contain_text("13 of 31 declared")
    expect_heights(page, content_heights(night, context, width))


def test_sandboxed_embed_reloads_in_a_new_epoch(
    night: ServedNight, desktop: BrowserContext, host_page: str
) -> None:
    page = desktop.new_page()
    page.clock.install()
    page.goto(host_page)
    number = FRAMES.index(("scoreboard", SANDBOXES[1]))
    inside = embed_in(page, number)
    expect(inside.locator("#connection-status .state")).to_have_text("Updating")

    night.server.seed(front.rename_labour, night.slug, "The Labour Party")
    # By a clock that then stands still: else the state that follows may be over before it is seen.
    page.clock.pause_at(page.evaluate(f"(Date.now() + {POLL}) / 1_000"))
    # It knows of the new epoch, and reloads after a random delay.
    expect(inside.locator("#connection-status .state")).to_have_text("Catching up")
    page.clock.fast_forward(POLL)

    expect(inside.locator(".parties")).to_contain_text("The Labour Party")


def test_offered_embed_code_works(
    night: ServedNight, desktop: BrowserContext, publish: Callable[[str], str]
) -> None:
    offered = re.findall(
        r"<textarea[^>]*>(.*?)</textarea>", night.server.get(f"/embed{night.path}"), re.DOTALL
    )
    assert len(offered) == 3
    for code in offered:
        page = desktop.new_page()
        page.goto(publish(f"<!doctype html><title>A newspaper</title>{unescape(code)}"))
        inside = page.frame_locator("iframe")
        expect(inside.locator("#connection-status .state")).to_have_text("Live")
        page.wait_for_function("document.querySelector('iframe').clientHeight !== 480")
        frame = page.frames[1]
        assert frame.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0

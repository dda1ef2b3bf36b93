"""Previews in the admin, in Chromium: each frame is as tall as the page in it."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.editor_desk import Desk, signed_in
from tests.seeds import desk_pages
from tests.servers import Server


@pytest.fixture
def desk(server: Server) -> Desk:
    return Desk.seeded(server)


#: Heights in px of the preview's frame and of the page in it, once they have had time to change
#: each other: thirty frames of the screen. Of a page that is still loading they are not the same.
HEIGHTS = """async () => {
  for (let shown = 0; shown < 30; shown += 1) await new Promise(requestAnimationFrame);
  const frame = document.querySelector("iframe.reader-page");
  const main = frame?.contentDocument?.querySelector("main");
  const last = main?.lastElementChild;
  if (!last) return [0, Infinity];
  const style = (element) => frame.contentWindow.getComputedStyle(element);
  const space = parseFloat(style(last).marginBottom) + parseFloat(style(main).paddingBottom);
  const end = last.getBoundingClientRect().bottom + frame.contentWindow.scrollY;
  return [frame.clientHeight, end + space];
}"""


@pytest.mark.parametrize("rehearsal", [False, True])
def test_preview_is_as_tall_as_its_content(
    desk: Desk, desktop: BrowserContext, rehearsal: bool
) -> None:
    if rehearsal:
        desk.server.seed(desk_pages.make_rehearsal, desk.slug)
    page = signed_in(desk, desktop)
    page.goto(desk.url("/admin/results/contest/{contest}/correct/"))
    page.get_by_label("Nick Wakeling").first.fill("8,416")
    page.locator("#id_reason").fill("Misheard.")
    page.get_by_role("button", name="See what readers will see").click()
    preview = page.frame_locator("iframe.reader-page")
    expect(preview.get_by_text("The corrections page")).to_be_visible()
    for width in (768, 1024, 1440, 1920, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        # Thirty frames are too few where a busy machine is late with the frame's script or fonts.
        page.wait_for_function(
            f"({HEIGHTS})().then(([frame, content]) => Math.abs(frame - content) <= 8)"
        )


#: Forms of the admin, what is typed in them by name of the field, and the button that leads on.
PUBLICATIONS = {
    "quote": ("/admin/results/quote/add/", {"words": "Well." * 40, "speaker": "The mayor"}, "Save"),
    "post": ("/admin/results/post/add/", {"title": "Two counts", "text": "We wait. " * 60}, "Save"),
    "headline": ("/admin/results/headline/add/", {"text": "A night of narrow wins"}, "Save"),
    "post of the night": (
        "/admin/results/election/{election}/night/post/",
        {"title": "Two counts", "text": "We wait. " * 60},
        "See what readers will see",
    ),
    "headline of the night": (
        "/admin/results/election/{election}/night/headline/",
        {"text": "A night of narrow wins"},
        "See what readers will see",
    ),
}


def test_previews_of_publications_are_as_tall_as_their_content(
    desk: Desk, desktop: BrowserContext
) -> None:
    page = signed_in(desk, desktop)
    for path, typed, button in PUBLICATIONS.values():
        page.goto(desk.url(path))
        for field, text in typed.items():
            page.locator(f"[name={field}]").fill(text)
        if election := page.locator("select[name=election]").all():
            election[0].select_option(label=desk_pages.name_of(desk.slug))
        # The form has a preview of its own, of what is typed.
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        preview = page.frame_locator("iframe.reader-page")
        expect(preview.locator("main")).to_contain_text(next(iter(typed.values())).strip()[:20])
        preview_fits(page)


def preview_fits(page: Page) -> None:
    for width in (1440, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            f"({HEIGHTS})().then(([frame, content]) => Math.abs(frame - content) <= 8)"
        )


def test_preview_of_a_photo_is_as_tall_as_its_content(desk: Desk, desktop: BrowserContext) -> None:
    """Its picture has its height before it has loaded, and afterwards."""
    photo = desk.server.seed(desk_pages.publish_photo, desk.slug)
    page = signed_in(desk, desktop)
    page.goto(desk.url(f"/admin/results/photo/{photo}/change/"))
    page.locator("[name=caption]").fill("Behind the stage")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    preview = page.frame_locator("iframe.reader-page")
    expect(preview.locator("main")).to_contain_text("Behind the stage")
    picture = preview.locator("main img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth > 0 && picture.clientHeight > 100")
    preview_fits(page)

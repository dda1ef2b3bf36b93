"""An archived night in a browser: from a plain web server, from a disk, and embedded."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect

from tests.file_server import serving
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.fixture(scope="module")
def archived(shared_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The night's slug, and the folder that has its archive in a folder of its own."""
    folder = tmp_path_factory.mktemp("archive")
    night = ServedNight.seeded(shared_server)
    shared_server.seed(front.close, night.slug)
    shared_server.manage("archive", night.slug, str(folder / "old nights" / "2019"))
    return night.slug, folder


def failures(page: Page) -> list[str]:
    """What the page asks for and does not get, from now on.

    What was still under way when the page was left is no failure: Chromium calls it aborted.
    """
    failed = list[str]()

    def note(answer: Response) -> None:
        if answer.status >= 400:
            failed.append(answer.url)

    def note_failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            failed.append(request.url)

    page.on("requestfailed", note_failed)
    page.on("response", note)
    return failed


def test_sub_folder_has_the_search_and_the_map(
    archived: tuple[str, Path], desktop: BrowserContext
) -> None:
    _slug, folder = archived
    page = desktop.new_page()
    failed = failures(page)
    with serving(folder) as address:
        page.goto(f"{address}old%20nights/2019/")
        page.get_by_role("radio", name="Gains").check()
        expect(page.locator("#mode-keys")).to_contain_text("gain", ignore_case=True)
        # The script of the search is loaded with the first focus.
        page.get_by_role("searchbox").first.focus()
        page.get_by_role("combobox").fill("Vale 03")
        page.get_by_role("option", name="Vale 03").click()
        expect(page.get_by_role("heading", name="Vale 03", level=1)).to_be_visible()
        assert page.url.startswith(f"{address}old%20nights/2019/")
        page.go_back()
        page.get_by_role("searchbox").first.focus()
        page.get_by_role("combobox").fill("Vale 03")
        expect(page.get_by_role("option", name="Vale 03")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Vale 03", level=1)).to_be_visible()
        page.go_back()
        page.get_by_role("searchbox").first.focus()
        page.get_by_role("combobox").fill("Vale")
        expect(page.get_by_role("option")).not_to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.get_by_role("option").first).to_be_visible()
        assert page.url.startswith(f"{address}old%20nights/2019/")
        assert failed == []


def test_embed_keeps_its_height_in_another_page(
    archived: tuple[str, Path], desktop: BrowserContext
) -> None:
    slug, folder = archived
    (script,) = folder.glob("old nights/2019/static/reader/embedding*.js")
    with serving(folder) as address:
        root = "old%20nights/2019"
        (folder / "story.html").write_text(
            f'<iframe data-election-desk height="50" src="{root}/embed/{slug}/scoreboard/">'
            "</iframe>"
            f'<script async src="{root}/static/reader/{script.name}"></script>'
        )
        page = desktop.new_page()
        failed = failures(page)
        page.goto(f"{address}story.html")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("12 of 31").first).to_be_visible()
        expect(page.locator("iframe")).not_to_have_attribute("height", "50")
        assert failed == []


def test_disk_shows_pages_and_their_links(
    archived: tuple[str, Path], new_context: Callable[..., BrowserContext]
) -> None:
    slug, folder = archived
    page = new_context().new_page()
    page.goto((folder / "old nights" / "2019" / "index.html").as_uri())
    expect(page.locator("h1").first).to_be_visible()
    expect(page).not_to_have_title(re.compile("live", re.IGNORECASE))
    page.locator("a[href$='vale-03/index.html']").first.click()
    expect(page.get_by_role("heading", name="Vale 03", level=1)).to_be_visible()
    # The style sheets are there.
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert slug in page.url

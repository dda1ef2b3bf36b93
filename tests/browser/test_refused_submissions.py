"""Submissions that can never be accepted are not retried, and the phone shows why."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.acceptance import pictures
from tests.browser.signed_in import sign_in_by_password
from tests.chromium import wait_for
from tests.seeds import one_seat
from tests.servers import Server

COUNT = "/count/ge/islington-north/"


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk on which nothing is published: every test is refused."""
    with make_desk() as desk:
        desk.seed(one_seat.night)
        yield desk


@pytest.fixture
def page(server: Server, phone: BrowserContext) -> Page:
    sign_in_by_password(phone, server, "trusted", one_seat.PASSWORD)
    page = phone.new_page()
    page.goto(server.url(COUNT))
    expect(page.get_by_role("heading", name="Islington North", level=1)).to_be_visible()
    # Once the scripts have the forms: before, they are sent as without scripts.
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting")
    return page


@pytest.fixture
def posts(page: Page) -> list[str]:
    """Collect the addresses of POSTs to the count."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if is_post(request.method, request.url) else None,
    )
    return sent


def is_post(method: str, address: str) -> bool:
    return method == "POST" and address.endswith(COUNT)


def send_photo(page: Page, content: bytes, folder: Path) -> None:
    file = folder / "photo.png"
    file.write_bytes(content)
    page.locator("#id_photo_picture").set_input_files(file)
    page.locator("#photo textarea").fill("The stage")
    page.locator("#photo").get_by_label("What it shows").fill("Four people")
    page.locator("#photo").get_by_label("Credit").fill("Ann Hall")
    page.get_by_role("button", name="Publish the photo").click()


def assert_not_sent_again(page: Page, posts: list[str]) -> None:
    """Assert that no event makes the page send again."""
    before = len(posts)
    for name in ("online", "pageshow"):
        page.evaluate("name => { dispatchEvent(new Event(name)); }", name)
    page.reload()
    expect(page.locator("#strip")).to_contain_text("Cannot be taken")
    wait_for(page, lambda: page.evaluate("document.readyState") == "complete")
    page.wait_for_load_state("networkidle")
    assert len(posts) == before


def test_unreadable_picture_is_not_retried(page: Page, posts: list[str], tmp_path: Path) -> None:
    send_photo(page, b"\x89PNG\r\n\x1a\n and no more", tmp_path)
    expect(page.locator("#strip")).to_contain_text("Cannot be taken: Islington North, a photo.")
    expect(page.locator("#strip")).to_contain_text("JPEG")
    assert_not_sent_again(page, posts)
    page.locator("#strip").get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="Cannot be taken")).to_be_visible()
    page.get_by_role("button", name="Send another in its place").click()
    expect(page).to_have_url(re.compile(r"\?again#photo$"))
    expect(page.locator("#photo textarea")).to_have_value("The stage")
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting on this phone.")


@pytest.mark.parametrize("status", [413, 415])
def test_proxys_413_and_415_are_not_retried(
    page: Page, posts: list[str], tmp_path: Path, status: int
) -> None:
    """nginx answers with a page of its own, without the idempotency key."""

    def refuse(route: Route) -> None:
        if is_post(route.request.method, route.request.url):
            route.fulfill(status=status, content_type="text/html", body="<h1>Too large</h1>")
        else:
            route.continue_()

    page.route(f"**{COUNT}", refuse)
    send_photo(page, pictures.png(60, 40), tmp_path)
    expect(page.locator("#strip")).to_contain_text("It is too large.")
    assert_not_sent_again(page, posts)
    page.unroute(f"**{COUNT}")
    page.locator("#strip").get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#strip")).to_contain_text("Nothing is waiting on this phone.")

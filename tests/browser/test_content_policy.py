"""The admin works under a content policy that allows nothing inline; violations fail tests."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.servers import Server

PASSWORD = "the-password-of-this-test"
EDITOR = {
    "DJANGO_SUPERUSER_USERNAME": "editor",
    "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    "DJANGO_SUPERUSER_EMAIL": "editor@desk.example",
}


@pytest.fixture(scope="module")
def desk(make_desk: Callable[..., Server]) -> Server:
    server = make_desk(environment=EDITOR)
    server.manage("createsuperuser", "--no-input")
    server.start()
    return server


def test_admin_pages_violate_no_policy(desk: Server, desktop: BrowserContext) -> None:
    page = desktop.new_page()
    page.goto(desk.url("/admin/"))
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    for path in ["/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/user/1/change/"]:
        answer = page.goto(desk.url(path))
        assert answer is not None
        assert answer.status == 200
    # The search box of contests is made by a script: it shows that scripts may run.
    expect(page.locator(".select2-selection").first).to_be_visible()


def test_violation_is_blocked_and_reported(
    desk: Server, desktop: BrowserContext, page_errors: list[str]
) -> None:
    page = desktop.new_page()
    page.goto(desk.url("/admin/login/"))
    with page.expect_console_message(lambda message: "Content Security" in message.text):
        page.evaluate("document.body.setAttribute('style', 'opacity: 0.5')")
    assert page.evaluate("getComputedStyle(document.body).opacity") == "1"
    assert len(page_errors) == 1
    page_errors.clear()

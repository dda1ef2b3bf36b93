"""The switch on a reader's page of what is followed: messages also while no page is open."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.push_service import PUSH_SERVICE
from tests.chromium import WAIT_SECONDS
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server


def test_a_browser_that_the_desk_has_lost_is_told_again(
    push_server: Server, desktop: BrowserContext
) -> None:
    """As after a restore of an earlier backup: the page goes on saying that messages are sent."""
    night = ServedNight.seeded(push_server, front.night_of_today)
    desktop.grant_permissions(["notifications"])
    desktop.add_init_script(PUSH_SERVICE)
    page = desktop.new_page()
    page.goto(night.url("following/"))
    page.get_by_role("button", name="Labour").click()
    page.get_by_role("button", name="Send me messages").click()
    expect(page.get_by_text("Your browser is sent messages.")).to_be_visible()
    followed = push_server.seed(front.followed_by_push, night.slug)
    assert len(followed) == 1
    assert followed[0].startswith("parties:")
    push_server.seed(front.forget_push, night.slug)
    with page.expect_response("**/push/", timeout=WAIT_SECONDS * 1_000):
        page.reload()
    expect(page.get_by_role("button", name="Send no more messages")).to_be_visible()
    assert push_server.seed(front.followed_by_push, night.slug) == followed
    page.get_by_role("button", name="Send no more messages").click()
    expect(page.get_by_text("Your browser is sent nothing more.")).to_be_visible()
    assert push_server.seed(front.followed_by_push, night.slug) == []

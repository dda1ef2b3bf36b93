"""The page of a polling day in a browser with and without scripts."""

import pytest
from playwright.sync_api import Browser

from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.mark.parametrize("scripts", [True, False])
def test_says_that_it_is_fetched_again_only_where_it_is(
    server: Server, chromium: Browser, scripts: bool
) -> None:
    night = ServedNight.seeded(server, front.night_of_today)
    night.declare("vale-11")
    with chromium.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(night.url())
        day = page.locator(".masthead time").first.get_attribute("datetime")
        page.goto(server.url(f"/nights/{day}/"))
        words = page.locator("#night .progress").first.inner_text()
    assert words.count("As of") == 1
    assert ("fetched again every 30 seconds" in words) is scripts

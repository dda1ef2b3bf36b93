"""What the desk is told of a phone, which its night screen shows to editors."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Request, Route

from tests.browser.phone_page import stop_timers
from tests.browser.phone_reporter import SIZES, Reporter, reporter_at_elsewhere
from tests.chromium import wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    return reporter_at_elsewhere(new_context, night, SIZES[0])


def unsent(request: Request) -> int:
    found = re.search(r'name="unsent"\s+(\d+)', request.post_data or "")
    assert found is not None
    return int(found[1])


def test_desk_is_told_once_all_is_sent(reporter: Reporter) -> None:
    """Else its screen said “1 kept on the phone, not at the desk” of each result, for a minute."""
    page, held = reporter.page, list[Route]()
    stop_timers(page)
    page.route("**/elsewhere/", lambda route: _hold(held, route))
    reporter.file_quote()
    wait_for(page, lambda: bool(held))
    # A report that is on its way may be of before; another follows it.
    with page.expect_request(lambda request: _is_report(request) and unsent(request) == 1):
        page.evaluate("dispatchEvent(new Event('pageshow'))")
    # The socket may have asked for another report before the answer came.
    with page.expect_request(lambda request: _is_report(request) and unsent(request) == 0):
        held[0].continue_()


def _is_report(request: Request) -> bool:
    return request.url.endswith("/count/phone/")


def _hold(held: list[Route], route: Route) -> None:
    held.append(route)

"""A contest is merged into another while a phone has no answer to what it sent from there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser.phone_page import DRAIN, stop_timers
from tests.browser.phone_reporter import SIZES, Reporter, declare, reporter_at_elsewhere, says
from tests.chromium import wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

pytestmark = pytest.mark.night(seed=seeds.night)


@pytest.fixture
def reporter(new_context: Callable[..., BrowserContext], night: ServedNight) -> Reporter:
    for seed in (seeds.with_second_person, seeds.distrust_reporter):
        night.server.seed(seed, night.slug)
    return reporter_at_elsewhere(new_context, night, SIZES[0])


@pytest.mark.parametrize("send", [declare, Reporter.file_quote], ids=["result", "quote"])
def test_what_had_arrived_is_said_to_be_at_the_desk(
    reporter: Reporter, send: Callable[[Reporter], None]
) -> None:
    page, arrived = reporter.page, list[int]()

    def lose_the_answer(route: Route) -> None:
        if route.request.headers.get("accept") == "application/json":
            arrived.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    stop_timers(page)
    # What the phone asks about its keys would settle it before it is sent again.
    page.route("**/count/phone/", lambda route: route.abort())
    page.route("**/elsewhere/", lose_the_answer)
    send(reporter)
    wait_for(page, lambda: bool(arrived))
    says(page, "Not answered yet")
    assert arrived[0] == 200
    reporter.night.server.seed(seeds.merge_elsewhere, reporter.night.slug)
    page.unroute("**/elsewhere/", lose_the_answer)
    page.evaluate(DRAIN)
    says(page, "The desk has had it since")
    assert len(reporter.night.server.seed(seeds.waiting, reporter.night.slug)) == 1

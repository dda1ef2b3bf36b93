"""Presses at the night dashboard that meet an update: none acts upon something else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Request, Route, expect

from tests.browser.night_desk import Desk, open_desk
from tests.chromium import wait_for
from tests.seeds import forty_counts
from tests.servers import Server

#: Time enough to merge what has come.
DRAWN = """() => new Promise((drawn) => {
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(drawn)), 100);
})"""
REFRESH = "() => htmx.trigger('#night', 'refresh')"


@pytest.fixture
def desk(server: Server, new_context: Callable[..., BrowserContext]) -> Desk:
    return open_desk(server, new_context)


def button_of(at: Desk, place: str, name: str) -> Locator:
    row = at.page.locator("#queue-rows > [data-row]", has_text=place).first
    return row.get_by_role("button", name=name)


#: Whether the button of a row is at a place of the window.
BUTTON_UNDER = "([x, y]) => document.elementFromPoint(x, y)?.closest('[data-row] button') != null"


def point_at(at: Desk, button: Locator) -> tuple[float, float]:
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    at.page.mouse.move(*place)
    return place


def posts_of(at: Desk) -> list[str]:
    """What the page sends from now on."""
    sent: list[str] = []

    def see(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data or "")

    at.page.on("request", see)
    return sent


def hold_refresh(at: Desk) -> Route:
    """Have the page ask, and hold its question back."""
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held or route.request.method == "POST":
            route.continue_()
        else:
            held.append(route)

    at.page.route(lambda url: "/night/" in url, hold_the_first)
    at.page.evaluate(REFRESH)
    wait_for(at.page, lambda: bool(held))
    return held[0]


def answer(at: Desk, held: Route) -> None:
    with at.page.expect_event("requestfinished"):
        held.continue_()
    at.page.evaluate(DRAWN)


def test_row_that_changes_while_its_button_is_pressed_is_the_one_that_was_seen(
    desk: Desk, server: Server
) -> None:
    """Newer figures take the place of those that were judged once the press is over."""
    at, sent = desk, posts_of(desk)
    at.waits(7)
    button = button_of(at, "Ravensholt", "Publish Ann Smith’s")
    seen = button.locator("xpath=..").locator("[name=item]").input_value()
    held = hold_refresh(at)
    server.seed(forty_counts.send_a_third_result, at.night["election"], "Ravensholt")
    point_at(at, button)
    at.page.mouse.down()
    answer(at, held)
    at.page.mouse.up()
    at.says("Result from Ravensholt published")
    assert [f"item={seen}&" in data for data in sent] == [True]


def test_row_that_slides_under_the_pointer_is_not_approved_by_the_press_for_another(
    desk: Desk, server: Server
) -> None:
    at, sent = desk, posts_of(desk)
    at.waits(7)
    point_at(at, button_of(at, "Cressmoor", "Approve"))
    server.seed(forty_counts.approve_result_of, at.night["election"], "Cressmoor")
    at.waits(6)
    at.page.mouse.down()
    at.page.mouse.up()
    at.says("Look, then press again")
    assert sent == []
    # Said once; the next press is for what is there.
    point_at(at, button_of(at, "Dunmarsh", "Approve"))
    at.page.mouse.down()
    at.page.mouse.up()
    at.says("Result from Dunmarsh published")


def test_answer_to_a_key_that_slides_a_row_under_the_mouse_is_no_reason_to_approve_it(
    desk: Desk,
) -> None:
    """The mouse rests on a button of the next row while a key approves the one above."""
    at, sent = desk, posts_of(desk)
    at.waits(7)
    button = button_of(at, "Cressmoor", "Approve")
    point_at(at, button_of(at, "Dunmarsh", "Approve"))
    # The second of a double click, which is not obeyed: the mouse has clicked here.
    at.page.mouse.down(click_count=2)
    at.page.mouse.up(click_count=2)
    button.focus()
    at.press("Enter")
    at.says("Result from Cressmoor published")
    at.waits(6)
    at.page.mouse.down()
    at.page.mouse.up()
    at.says("Something else has come under the mouse. Look, then press again")
    assert len(sent) == 1


def test_answer_that_comes_during_a_press_hides_nothing_that_others_did_meanwhile(
    desk: Desk, server: Server
) -> None:
    """One's own answer is shown when the press ends; what another editor did is told from it."""
    at, sent = desk, posts_of(desk)
    at.waits(7)
    held: list[Route] = []

    def hold_posts(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    at.page.route(lambda url: "/night/" in url, hold_posts)
    at.press("j", "j", "a")
    wait_for(at.page, lambda: bool(held))
    at.press("j")
    at.is_on("Dunmarsh")
    # No click comes of it, and the focus stays.
    at.page.locator("summary:focus").hover()
    at.page.mouse.down(button="middle")
    answer(at, held[0])
    server.seed(forty_counts.approve_result_of, at.night["election"], "Dunmarsh")
    at.page.evaluate(REFRESH)
    at.page.mouse.up(button="middle")
    at.waits(5)
    at.press("a")
    at.says("has changed: look")
    at.page.evaluate(DRAWN)
    assert len(sent) == 1


def test_control_and_enter_in_a_row_that_has_changed_is_asked_again(
    desk: Desk, server: Server
) -> None:
    at, sent = desk, posts_of(desk)
    at.waits(7)
    at.press("j", "x", " ", "Tab")
    at.write("Read it again.")
    server.seed(forty_counts.send_a_third_result, at.night["election"], "Ravensholt")
    at.says("has changed: look")
    at.press("Control+Enter")
    at.page.evaluate(DRAWN)
    assert sent == []
    at.press("Control+Enter")
    at.says("set aside")
    assert ["note=Read%20it%20again." in data for data in sent] == [True]


def test_press_after_the_mouse_was_moved_is_for_what_is_under_it(
    desk: Desk, server: Server
) -> None:
    at = desk
    at.waits(7)
    point_at(at, button_of(at, "Cressmoor", "Approve"))
    server.seed(forty_counts.approve_result_of, at.night["election"], "Cressmoor")
    at.waits(6)
    at.page.mouse.move(5, 5)
    point_at(at, button_of(at, "Dunmarsh", "Approve"))
    at.page.mouse.down()
    at.page.mouse.up()
    at.says("Result from Dunmarsh published")


def test_double_click_approves_one_result(desk: Desk) -> None:
    at = desk
    at.waits(7)
    # The row above is open, and a message is there: what follows comes to the same place.
    button_of(at, "Ravensholt", "Publish Ann Smith’s").click()
    at.says("Result from Ravensholt published")
    at.waits(6)
    sent = posts_of(at)
    mouse = point_at(at, button_of(at, "Cressmoor", "Approve"))
    at.page.mouse.down()
    at.page.mouse.up()
    at.says("Result from Cressmoor published")
    at.waits(5)
    assert at.page.evaluate(BUTTON_UNDER, list(mouse))
    at.page.mouse.down(click_count=2)
    at.page.mouse.up(click_count=2)
    at.page.evaluate(DRAWN)
    assert len(sent) == 1


def test_enter_on_a_button_whose_figures_have_changed_is_asked_again(
    desk: Desk, server: Server
) -> None:
    at, sent = desk, posts_of(desk)
    at.waits(7)
    button = button_of(at, "Ravensholt", "Publish Ann Smith’s")
    button.focus()
    server.seed(forty_counts.send_a_third_result, at.night["election"], "Ravensholt")
    at.says("has changed: look")
    at.press("Enter")
    at.page.evaluate(DRAWN)
    assert sent == []
    at.press("Enter")
    at.says("Result from Ravensholt published")


def test_focus_on_undo_stays_with_what_it_undoes(desk: Desk, server: Server) -> None:
    at = desk
    at.waits(7)
    at.press("j", "j", "x")
    at.write("Read it again.")
    at.press("Enter")
    at.says("Cressmoor set aside")
    undo = at.page.locator("#queue-done li", has_text="Cressmoor").get_by_role("button")
    undo.focus()
    server.seed(forty_counts.approve_result_of, at.night["election"], "Dunmarsh")
    expect(at.page.locator("#queue-done li").first).to_contain_text("Dunmarsh")
    expect(undo).to_be_focused()


def test_question_that_fails_during_a_press_is_not_told_once_the_next_one_was_answered(
    desk: Desk,
) -> None:
    page = desk.page
    held = hold_refresh(desk)
    page.mouse.move(2, 2)
    page.mouse.down()
    with page.expect_event("requestfailed"):
        held.abort()
    with page.expect_event("requestfinished"):
        page.evaluate(REFRESH)
    page.mouse.up()
    page.evaluate(DRAWN)
    assert page.locator("#night-unanswered").inner_text() == ""

"""A photo on a bad connection: sent in parts, delayed for a result, resumed, and abandoned."""

import io
import re
from collections.abc import Callable
from functools import partial

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import stop_clock
from tests.browser.phone_elsewhere import bulletins, declare, open_count, open_list
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight
from tests.servers import Server


class Line:
    """The line to the desk: `cut` takes the connection from the next so many parts.

    Every other one of these has arrived, and only its answer is lost. `hold` keeps parts back, and
    so does the line once it has cut all of them.
    """

    def __init__(self, page: Page) -> None:
        self.offsets: list[int] = []
        self.held: list[Route] = []
        self.cut, self.hold = 0, False
        page.route("**/count/**", self._answer)

    def _answer(self, route: Route) -> None:
        body = route.request.post_data_buffer or b""
        offset = re.search(rb'name="offset"\r\n\r\n(\d+)', body)
        if offset is None:
            route.continue_()
            return
        self.offsets.append(int(offset.group(1)))
        if self.cut:
            self.cut -= 1
            self.hold = self.cut == 0
            if self.cut % 2:
                route.fetch()
            route.abort("connectionreset")
        elif self.hold:
            self.held.append(route)
        else:
            route.continue_()


def _send_photo(page: Page, caption: str) -> None:
    file = io.BytesIO()
    Image.effect_noise((1400, 700), 90).convert("RGB").save(file, "JPEG")
    page.locator("#id_photo_picture").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    page.locator("#photo textarea").fill(caption)
    page.locator("#photo").get_by_label("What it shows").fill("Four people")
    page.locator("#photo").get_by_label("Credit").fill("Ann Smith")
    page.get_by_role("button", name="Publish the photo").click()


def _take_back_while_it_is_sent(page: Page, night: ServedNight, line: Line) -> None:
    page.goto(night.server.url(f"/count{night.path}islington-north/"))
    line.offsets.clear()
    line.hold = True
    _send_photo(page, "Not this one")
    wait_for(page, lambda: len(line.held) == 2)
    open_list(page)
    page.get_by_role("button", name="Islington North, a photo").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#strip")).not_to_contain_text("Islington North, a photo")
    line.hold = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).to_contain_text("bulletin 2")
    assert len(line.offsets) == 1
    assert bulletins(night) == ["declaration", "photo"]


def test_photo_goes_on_where_its_connection_broke(
    new_context: Callable[..., BrowserContext], server: Server
) -> None:
    night = ServedNight.seeded(server, seeds.night)
    context = new_context(**PHONE, service_workers="block")
    # The phone tries again, and gives up what hangs, only when the test says so.
    context.clock.install()
    page = open_count(context, night)
    stop_clock(page)
    line = Line(page)
    line.hold = True
    _send_photo(page, "The stage")
    wait_for(page, lambda: bool(line.held))
    line.hold, line.cut = False, 4
    line.held.pop().continue_()
    wait_for(page, lambda: line.cut == 3)
    # It says how much is there, and does not claim that the desk has the photo.
    expect(page.locator("#strip")).to_contain_text("Not sent yet: Elsewhere, a photo")
    expect(page.locator("#strip")).to_contain_text(re.compile(r"\b[1-9]\d?% of it has arrived"))
    while line.cut:
        is_less = partial(lambda before: line.cut < before, line.cut)
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for(page, is_less)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(page, lambda: bool(line.held))
    # A declaration does not wait for the part that hangs.
    line.hold = False
    declare(page, "21000", "9000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bulletin 1")
    expect(page.locator("#strip")).to_contain_text("bulletin 2: Elsewhere, a photo")
    assert bulletins(night) == ["declaration", "photo"]
    # Once it has begun it never begins again.
    assert line.offsets == sorted(line.offsets)
    assert line.offsets.count(0) == 1
    _take_back_while_it_is_sent(page, night, line)

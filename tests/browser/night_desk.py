"""An editor at the night dashboard, by keyboard only: keys and pages are counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.browser.signed_in import sign_in_by_password
from tests.seeds import forty_counts
from tests.served_night import ServedNight
from tests.servers import Server


@dataclass
class Desk:
    """An editor's page, with how many keys and pages it took.

    Words that are typed count as one key. A page is one that was loaded, or that opened over the
    night.
    """

    page: Page
    slug: str
    night: forty_counts.Keys
    keys: int = 0
    pages: int = 0
    pressed: list[str] = field(default_factory=list)
    #: Keys and pages of each action.
    taken: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Seconds of each action, from its first key until the night says that it is done.
    seconds: dict[str, float] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.pressed.append(key)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.keys += 1

    def count_page(self, response: Response) -> None:
        """Count a document, or what the panel fetched, unless it leads back to the night."""
        kind, path = response.request.resource_type, response.url.split("?")[0]
        opened = kind == "fetch" and response.status == 200 and not path.endswith("/night/")
        loaded = kind == "document" and response.frame.parent_frame is None
        self.pages += opened or loaded

    @contextmanager
    def action(self, name: str) -> Iterator[None]:
        """Count what an action takes: its keys, its pages, and its seconds on this machine."""
        keys, pages, began = self.keys, self.pages, perf_counter()
        yield
        self.seconds[name] = perf_counter() - began
        self.taken[name] = self.keys - keys, self.pages - pages

    def takes_words_to_desk(self) -> None:
        """Take what a reporter wrote to the desk as the reason of a correction."""
        reason = self.page.get_by_label("Reason", exact=True)
        expect(reason).to_be_focused()
        expect(reason).to_have_value("")
        self.press("Tab", "Enter")
        expect(reason).to_be_focused()
        expect(reason).not_to_have_value("")

    def print_effort(self) -> None:
        """Print the keys, pages and seconds of each action, and of all."""
        for name, (keys, pages) in self.taken.items():
            print(f"{name}: {keys} keys, {pages} pages, {self.seconds[name]:.1f} s")
        seconds = sum(self.seconds.values())
        print(f"All: {self.keys} keys, {self.pages} pages, {seconds:.1f} s")

    def is_ready(self) -> None:
        """The page's script runs: keys work."""
        expect(self.page.locator(".has-script")).to_be_visible()

    def waits(self, number: int) -> None:
        noun = "thing needs" if number == 1 else "things need"
        heading = self.page.get_by_role("heading", name=f"{number} {noun} a person")
        expect(heading).to_be_visible()

    def says(self, words: str) -> None:
        expect(self.page.locator("#night-messages")).to_contain_text(words)

    def focus_is_in(self, selector: str) -> None:
        """The focus is never lost: an update puts it on what took the place of its row."""
        inside = "selector => document.activeElement.closest(selector) !== null"
        self.page.wait_for_function(inside, arg=selector)

    def is_on(self, place: str) -> None:
        """The focus is on the row of a count."""
        on = "place => document.activeElement.closest('[data-row]')?.innerText.includes(place)"
        self.page.wait_for_function(on, arg=place)


def open_desk(
    server: Server,
    new_context: Callable[..., BrowserContext],
    make_night: Callable[[str], Any] = forty_counts.night,
) -> Desk:
    """Sign an editor in at the dashboard of a night that a seed function makes."""
    slug = ServedNight.unseeded(server).slug
    night = server.seed(make_night, slug)
    # The rules of accessibility are checked by a script of the test's own.
    size = {"width": 1440, "height": 900}
    context = new_context(viewport=size, bypass_csp=True)
    sign_in_by_password(context, server, "neil", forty_counts.PASSWORD, "/admin/login/")
    page = context.new_page()
    page.goto(server.url(f"/admin/results/election/{night['election']}/night/"))
    desk = Desk(page, slug, night)
    desk.is_ready()
    page.on("response", desk.count_page)
    return desk

"""Open pages in one Chromium, and what differs between them and fresh ones at the end."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.sync_api import Error, Frame, Page, sync_playwright

from tests import needs
from tests.chromium import DESKTOP, FLAGS, PHONE
from tests.other_site import OtherSite
from tests.seeds.counts import PASSWORD
from tests.tls import Site

#: Seconds for what an open page may take to be where the night is, after its end.
RECOVERY_SECONDS = 90.0
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
#: Each part of a page that has an id and none within it, with what it says and how it is drawn.
#: Without times of the clock: a dashboard says of when its figures are.
PARTS = """() => Object.fromEntries([...document.querySelectorAll("main [id], #night [id]")]
    .filter((element) => !element.querySelector("[id]"))
    .map((element) => [element.id, [
      element.textContent.replace(/\\d\\d:\\d\\d(:\\d\\d)?/g, "").replace(/\\s+/g, ""),
      element.getAttribute("class"),
    ]]))"""
#: Parts that say for how long the page has been open, which panel it shows, or who reads just now.
OWN = {"connection-status", "announcer", "night-messages", "wall-panels", "side-system"}
IS_LIVE = "document.querySelector('#connection-status')?.dataset.state === 'live'"
EMBED = '<!doctype html><title>Another site</title><iframe src="{url}" width="700" height="900">'


@dataclass
class Shown:
    """An open page: `frame` is the document that follows the night."""

    name: str
    page: Page
    url: str
    options: dict[str, Any]
    loads: int = 0

    @property
    def frame(self) -> Frame:
        """The page, or the frame in it."""
        return self.page.frames[-1]


@dataclass
class Browser:
    """Chromium with the pages that are open all night."""

    site: Site
    seat: str
    election: int
    editors: tuple[str, ...]
    shown: list[Shown] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            executable = needs.program("chromium", package="chromium")
            playwright = stack.enter_context(sync_playwright())
            rule = f"MAP {self.site.name}:443 127.0.0.1:{self.site.https_port}"
            self.chromium = playwright.chromium.launch(
                executable_path=executable, args=[*FLAGS, f"--host-resolver-rules={rule}"]
            )
            stack.callback(self.chromium.close)
            url = self.site.url("/embed/ge/feed/")
            self.other = stack.enter_context(OtherSite(EMBED.format(url=url))).url
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def open_all(self) -> None:
        front, seat = self.site.url("/ge/"), self.site.url(f"/ge/{self.seat}/")
        self._show("front, phone", front, PHONE)
        self._show("front, desktop", front, DESKTOP)
        self._show("seat", seat, PHONE)
        self._show("wall", self.site.url("/ge/wall/"), WALL)
        self._show("embed", self.other, DESKTOP)
        night = self.site.url(f"/admin/results/election/{self.election}/night/")
        for name in self.editors:
            self._show(f"dashboard of {name}", night, {**DESKTOP, "editor": name})

    def _show(self, name: str, url: str, options: dict[str, Any]) -> None:
        shown = Shown(name, self.new_page(options), url, options)
        shown.page.on("load", lambda _page: setattr(shown, "loads", shown.loads + 1))
        shown.page.on("pageerror", lambda error: self.errors.append(f"{name}: {error.message}"))
        shown.page.goto(url)
        self.shown.append(shown)

    def new_page(self, options: dict[str, Any]) -> Page:
        """A page of a context of its own, of an editor who is signed in where one is named."""
        editor = options.get("editor")
        given = {name: value for name, value in options.items() if name != "editor"}
        context = self.chromium.new_context(ignore_https_errors=True, locale="en-GB", **given)
        context.set_default_timeout(60_000)
        page = context.new_page()
        if editor:
            page.goto(self.site.url("/admin/"))
            page.get_by_label("Username").fill(editor)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_text("Site administration").wait_for()
        return page

    # --- At the end -----------------------------------------------------------------------------

    def problems(self, sequence: int) -> Iterator[str]:
        """A sentence for each difference between an open page and a fresh one."""
        yield from self.errors
        for shown in self.shown:
            try:
                yield from (f"{shown.name}: {each}" for each in self._differences(shown, sequence))
            except Error as exc:
                yield f"{shown.name}: {exc.message.splitlines()[0]}"

    def _differences(self, shown: Shown, sequence: int) -> Iterator[str]:
        fresh = self.new_page(shown.options)
        fresh.goto(shown.url)
        if "editor" not in shown.options:
            for name, frame in (("open", shown.frame), ("fresh", fresh.frames[-1])):
                if not self._comes_to(frame, sequence):
                    at = frame.evaluate(
                        "[document.documentElement.dataset.sequence,"
                        " document.querySelector('#connection-status')?.dataset.state]"
                    )
                    yield f"the {name} page is at {at}, not live at {sequence}"
        there, here = self._settled(fresh.frames[-1]), self._settled(shown.frame)
        fresh.context.close()
        for part in sorted(there.keys() | here.keys()):
            if part not in OWN and there.get(part) != here.get(part):
                yield f"shows another {part} than a fresh page: {_apart(here, there, part)}"

    def _comes_to(self, frame: Frame, sequence: int) -> bool:
        try:
            frame.wait_for_function(
                f"Number(document.documentElement.dataset.sequence) === {sequence} && {IS_LIVE}",
                timeout=RECOVERY_SECONDS * 1_000,
            )
        except Error:
            return False
        return True

    def _settled(self, frame: Frame) -> dict[str, Any]:
        """The parts, once they have not changed for a second."""
        before: dict[str, Any] = frame.evaluate(PARTS)
        for _look in range(30):
            frame.page.wait_for_timeout(1_000)
            now: dict[str, Any] = frame.evaluate(PARTS)
            if now == before:
                break
            before = now
        return before


def _apart(here: dict[str, Any], there: dict[str, Any], part: str) -> str:
    """Where the words of a part begin to differ."""
    if part not in here or part not in there:
        return "it has none" if part not in here else "a fresh page has none"
    own, fresh = str(here[part]), str(there[part])
    same = next(
        (at for at, pair in enumerate(zip(own, fresh, strict=False)) if len(set(pair)) > 1), 0
    )
    at = max(same - 30, 0)
    return f"{own[at : at + 90]!r}, not {fresh[at : at + 90]!r}"

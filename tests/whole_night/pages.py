"""Open pages in one Chromium, and what differs between them and fresh ones at the end."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from playwright.sync_api import (
    Error,
    Frame,
    Page,
    TimeoutError as PageTimeoutError,
    sync_playwright,
)

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
#: The ids of a page in the order in which it has them: an entry that is there twice, or out of
#: order, is seen in no part.
ORDER = """() => [...document.querySelectorAll("main [id], #night [id]")].map(({ id }) => id)"""
#: Parts that say for how long the page has been open, which panel it shows, or who reads just now.
OWN = {"connection-status", "announcer", "night-messages", "wall-panels", "side-system"}
IS_LIVE = "document.querySelector('#connection-status')?.dataset.state === 'live'"
EMBEDS = ("feed", "scoreboard", "map")
FRAME = '<iframe src="{url}" width="700" height="900"></iframe>'
#: What an open page may have more than a fresh one, in DOM nodes and in bytes of JavaScript: parts
#: that it took out and another part still names.
MORE_NODES, MORE_BYTES = 1.25, 5_000_000


@dataclass
class Shown:
    """An open page: `frame` is the document that follows the night."""

    name: str
    page: Page
    url: str
    options: dict[str, Any]
    #: Which of the page's frames follows the night: 0 for the page itself.
    number: int = 0
    loads: int = 0

    @property
    def frame(self) -> Frame:
        return self.page.frames[self.number]


@dataclass
class Browser:
    """Chromium with the pages that are open all night."""

    site: Site
    seat: str
    election: int
    editors: tuple[str, ...]
    #: The port of the bad line on which a phone reaches the site.
    line_port: int
    shown: list[Shown] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: Of each page, what it and a fresh one hold at the end.
    weights: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            executable = needs.program("chromium", package="chromium")
            playwright = stack.enter_context(sync_playwright())
            launch = partial(playwright.chromium.launch, executable_path=str(executable))
            self.chromium = launch(args=[*FLAGS, self._rule(self.site.https_port)])
            stack.callback(self.chromium.close)
            # The phone's pages have a service worker, for which the certificate must be trusted.
            flags = [*FLAGS, self._rule(self.line_port), "--ignore-certificate-errors"]
            self.phone_chromium = launch(args=flags)
            stack.callback(self.phone_chromium.close)
            urls = [self.site.url(f"/embed/ge/{name}/") for name in (*EMBEDS, self.seat)]
            frames = "".join(FRAME.format(url=url) for url in urls)
            page = f"<!doctype html><title>Another site</title>{frames}"
            self.other = stack.enter_context(OtherSite(page)).url
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def _rule(self, port: int) -> str:
        return f"--host-resolver-rules=MAP {self.site.name}:443 127.0.0.1:{port}"

    def open_all(self) -> None:
        front, seat = self.site.url("/ge/"), self.site.url(f"/ge/{self.seat}/")
        self._show("front, phone", front, PHONE)
        self._show("front, desktop", front, DESKTOP)
        self._show("seat", seat, PHONE)
        self._show("wall", self.site.url("/ge/wall/"), WALL)
        embeds = self._open("embeds", self.other, DESKTOP)
        for number, name in enumerate((*EMBEDS, "seat"), start=1):
            self.shown.append(Shown(f"embed, {name}", embeds, self.other, DESKTOP, number))
        night = self.site.url(f"/admin/results/election/{self.election}/night/")
        for name in self.editors:
            self._show(f"dashboard of {name}", night, {**DESKTOP, "editor": name})

    def _show(self, name: str, url: str, options: dict[str, Any]) -> None:
        page = self._open(name, url, options)
        shown = Shown(name, page, url, options, loads=1)
        page.on("load", lambda _page: setattr(shown, "loads", shown.loads + 1))
        self.shown.append(shown)

    def _open(self, name: str, url: str, options: dict[str, Any]) -> Page:
        page = self.new_page(options)
        page.on("pageerror", lambda error: self.errors.append(f"{name}: {error.message}"))
        page.goto(url)
        return page

    def new_phone(self) -> Page:
        """A reporter's page, on the bad line."""
        context = self.phone_chromium.new_context(locale="en-GB", **PHONE)
        context.set_default_timeout(60_000)
        return context.new_page()

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
        other = fresh.frames[shown.number]
        if "editor" not in shown.options:
            for name, frame in (("open", shown.frame), ("fresh", other)):
                if not self._comes_to(frame, sequence):
                    at = frame.evaluate(
                        "[document.documentElement.dataset.sequence,"
                        " document.querySelector('#connection-status')?.dataset.state]"
                    )
                    yield f"the {name} page is at {at}, not live at {sequence}"
        there, here = self._settled(other), self._settled(shown.frame)
        own_order, order = _order(shown.frame), _order(other)
        if not shown.number:
            yield from self._growth(shown, fresh)
        fresh.context.close()
        for part in sorted(there.keys() | here.keys()):
            if part not in OWN and there.get(part) != here.get(part):
                yield f"shows another {part} than a fresh page: {_apart(here, there, part)}"
        if own_order != order:
            yield f"has another order than a fresh page: {_first_difference(own_order, order)}"

    def _growth(self, shown: Shown, fresh: Page) -> Iterator[str]:
        """What the page holds after a night, beside one that has just been opened."""
        (nodes, size), (fresh_nodes, fresh_size) = _weigh(shown.page), _weigh(fresh)
        text = (
            f"{nodes} nodes and {size / 1e6:.1f} MB, "
            f"a fresh page {fresh_nodes} and {fresh_size / 1e6:.1f} MB"
        )
        self.weights[shown.name] = text
        if nodes > fresh_nodes * MORE_NODES or size > fresh_size + MORE_BYTES:
            yield f"has grown: {text}"

    def _comes_to(self, frame: Frame, sequence: int) -> bool:
        try:
            frame.wait_for_function(
                # A function: the site's policy forbids to evaluate text again and again.
                f"() => Number(document.documentElement.dataset.sequence) === {sequence}"
                f" && {IS_LIVE}",
                timeout=RECOVERY_SECONDS * 1_000,
                # A frame that is scrolled out of sight draws nothing: by default it is not asked.
                polling=200,
            )
        except PageTimeoutError:
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


def _order(frame: Frame) -> list[str]:
    return [name for name in frame.evaluate(ORDER) if name not in OWN]


def _first_difference(own: list[str], fresh: list[str]) -> str:
    """Where two lists of ids begin to differ."""
    at = next(
        (at for at, pair in enumerate(zip(own, fresh, strict=False)) if len(set(pair)) > 1), 0
    )
    return f"{own[at : at + 5]}, not {fresh[at : at + 5]} ({len(own)} and {len(fresh)} ids)"


def _weigh(page: Page) -> tuple[int, int]:
    """The page's nodes and bytes of JavaScript, after what can go has gone."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _round in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    session.detach()
    return metrics["Nodes"], metrics["JSHeapUsedSize"]


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

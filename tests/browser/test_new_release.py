"""A new release of the desk while a phone holds something unsent.

Its pages, scripts, styles and service worker are all others, and those of the release before are
gone from the server. Nothing held is lost, drafts stay, what was held is published once, and every
page has the scripts of its own release.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.phone_elsewhere import bulletins, declare
from tests.browser.phone_reporter import QUOTE, sign_in
from tests.browser.releases import NextRelease, ReleasedDesk
from tests.chromium import PHONE, wait_for
from tests.seeds import phone as seeds
from tests.served_night import ServedNight

#: The release that a page names, the one that its scripts name, and the files that it has loaded.
LOADED = """() => ({
  page: document.documentElement.dataset.release ?? "",
  scripts: globalThis.release ?? "",
  files: performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
    .filter((path) => /^\\/static\\/(shared|reporter|push)\\/.*\\.(js|css)$/.test(path)),
})"""
CACHED = """async (path) => {
  const page = await (await caches.open("count-1")).match(path);
  return (await page?.text()) ?? "";
}"""


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> NextRelease:
    return NextRelease(tmp_path_factory.mktemp("release"))


@pytest.fixture
def night(tmp_path: Path, static_root: Path, migrated_sqlite: bytes) -> Iterator[ServedNight]:
    (tmp_path / "desk.sqlite3").write_bytes(migrated_sqlite)
    desk = ReleasedDesk(tmp_path, static_root)
    desk.start()
    yield ServedNight.seeded(desk, seeds.night)
    desk.close()


class Phone:
    """A phone at Elsewhere with its service worker, and what it holds of this release."""

    def __init__(self, context: BrowserContext, night: ServedNight) -> None:
        self.context, self.night = context, night
        self.path = f"/count{night.path}elsewhere/"
        self.names = {"": self.desk.file_names()}
        self.page = context.new_page()
        sign_in(self.page, night)
        self.open()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.open()
        wait_for(self.page, lambda: bool(self.cached()))

    @property
    def desk(self) -> ReleasedDesk:
        assert isinstance(self.night.server, ReleasedDesk)
        return self.night.server

    def cached(self) -> str:
        """The page that the worker keeps."""
        text: str = self.page.evaluate(CACHED, self.path)
        return text

    def open(self) -> bool:
        """Whether the page that opened is the next release's."""
        self.page.goto(self.desk.url(self.path))
        return self._is_next()

    def _is_next(self) -> bool:
        is_next: bool = self.page.evaluate(LOADED)["page"] == "next"
        return is_next

    def hold(self) -> None:
        """Type a quote and declare, without a signal."""
        self.context.set_offline(True)
        self.page.locator("#quote textarea").fill(QUOTE)
        declare(self.page, "21000", "9000")
        expect(self.page.get_by_role("heading", name="Not sent yet")).to_be_visible()

    def deploy(self, release: NextRelease, static_root: Path | None = None) -> None:
        self.desk.deploy(release.root, static_root or release.static_root)
        self.names["next"] = self.desk.file_names()

    def expect_release(self, release: str) -> None:
        """The page has the scripts and styles of its release, and of no other."""
        loaded = self.page.evaluate(LOADED)
        assert (loaded["page"], loaded["scripts"]) == (release, release)
        files = {file.removeprefix("/static/") for file in loaded["files"]}
        assert files, "nothing was loaded"
        assert files <= self.names[release], files - self.names[release]

    def expect_draft(self) -> None:
        expect(self.page.locator("#quote textarea")).to_have_value(QUOTE)

    def expect_sent(self) -> None:
        expect(self.page.locator("#strip")).to_contain_text("bulletin 1")
        expect(self.page.locator("[data-outbox-count]")).to_have_text("")
        assert bulletins(self.night) == ["declaration"]

    def expect_next(self) -> None:
        """The page is the next release's with the draft, now and without a signal.

        The worker serves the page that it keeps where an answer takes more than six seconds.
        """
        wait_for(self.page, lambda: self._is_next() or self.open())
        self.expect_release("next")
        self.expect_draft()
        wait_for(self.page, lambda: 'data-release="next"' in self.cached())
        self.context.set_offline(True)
        self.open()
        expect(self.page.locator("#strip")).to_be_visible()
        self.expect_release("next")
        self.expect_draft()
        self.context.set_offline(False)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], night: ServedNight) -> Phone:
    return Phone(new_context(**PHONE), night)


def test_an_open_page_sends_what_it_holds(phone: Phone, next_release: NextRelease) -> None:
    phone.hold()
    phone.deploy(next_release)
    phone.context.set_offline(False)
    phone.expect_sent()
    phone.expect_release("")
    phone.open()
    phone.expect_sent()
    phone.expect_next()
    phone.page.locator("#quote").get_by_label("Someone else").fill("The mayor")
    phone.page.locator("#quote button").click()
    expect(phone.page.locator("#strip")).to_contain_text("bulletin 2")
    assert bulletins(phone.night) == ["declaration", "quote"]


def test_a_closed_page_is_opened_again_by_the_next_release(
    phone: Phone, next_release: NextRelease
) -> None:
    phone.hold()
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.deploy(next_release)
    phone.context.set_offline(False)
    phone.open()
    phone.expect_sent()
    phone.expect_next()


def test_a_page_whose_scripts_never_came_is_not_kept(
    phone: Phone, next_release: NextRelease, tmp_path: Path
) -> None:
    """The signal goes between the page of the next release and its scripts."""
    phone.hold()
    phone.deploy(next_release, next_release.without_scripts(tmp_path / "static"))
    phone.context.set_offline(False)
    phone.page.goto("about:blank")
    phone.open()
    phone.context.set_offline(True)
    phone.open()
    expect(phone.page.locator("#strip")).to_contain_text("Elsewhere, the result")
    phone.expect_release("")
    phone.expect_draft()
    phone.deploy(next_release)
    phone.context.set_offline(False)
    phone.open()
    phone.expect_sent()
    phone.expect_next()


def test_an_old_page_keeps_its_scripts_where_the_next_release_fails(
    phone: Phone, next_release: NextRelease
) -> None:
    """Its pages are errors, so that the worker serves the one that it keeps."""
    phone.hold()
    next_release.break_pages()
    phone.deploy(next_release)
    phone.context.set_offline(False)
    phone.expect_sent()
    phone.open()
    phone.expect_release("")
    phone.expect_draft()
    next_release.mend_pages()
    phone.deploy(next_release)
    phone.open()
    phone.expect_next()
    assert bulletins(phone.night) == ["declaration"]

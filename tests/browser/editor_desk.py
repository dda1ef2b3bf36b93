"""A night whose pages of the admin are opened in Chromium, by an editor."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from tests.browser.signed_in import sign_in_by_password
from tests.seeds import desk_pages
from tests.served_night import ServedNight
from tests.servers import Server


@dataclass(frozen=True)
class Desk:
    """A night, and the keys of its objects in the admin."""

    server: Server
    slug: str
    keys: desk_pages.Keys

    def url(self, path: str) -> str:
        """Return an address of the admin; `{election}` and the like stand for the night's keys."""
        return self.server.url(path.format(**self.keys))

    @classmethod
    def seeded(cls, server: Server) -> "Desk":
        slug = ServedNight.unseeded(server).slug
        return cls(server, slug, server.seed(desk_pages.night, slug))


def signed_in(desk: Desk, context: BrowserContext) -> Page:
    sign_in_by_password(context, desk.server, "editor", desk_pages.PASSWORD, "/admin/login/")
    return context.new_page()

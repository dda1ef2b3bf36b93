"""Sign in for tests of other pages: as the form does it, and without opening its page.

In a browser the page of signing in costs as much as that of a count, whose scripts it has.
"""

import re

from playwright.sync_api import BrowserContext

from tests.served_night import ServedNight
from tests.servers import Server

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def sign_in_by_password(
    context: BrowserContext, server: Server, name: str, password: str, path: str = "/count/sign-in/"
) -> None:
    """Sign in at the form of reporters, or at that of another path."""
    _send(context, server.url(path), username=name, password=password)


def sign_in_by_link(context: BrowserContext, night: ServedNight, token: str) -> None:
    """Sign in by a reporter's link, of which a phone has the token."""
    _send(context, night.server.url(f"/count/sign-in/{token}/"))


def _send(context: BrowserContext, url: str, **fields: str) -> None:
    """Post a form that signs in; the context has the cookies."""
    token = TOKEN.search(context.request.get(url).text())
    assert token is not None
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token[1], **fields}
    answer = context.request.post(url, form=form, max_redirects=0)
    assert answer.status == 302, answer.text()

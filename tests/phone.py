"""HTTP client of a reporter: cookies and forms, without a browser."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.processes import START_SECONDS


class Addresses(Protocol):
    """Builds URLs of a desk."""

    def url(self, path: str) -> str: ...


@dataclass(frozen=True)
class Response:
    """The response after any redirects; `path` is that of the last request."""

    status: int
    path: str
    text: str


class Phone:
    """A client with cookies of its own; forms carry the CSRF token of the last page.

    `opener` builds the opener of the server's URLs from urllib's handlers.
    """

    def __init__(
        self,
        server: Addresses,
        *,
        opener: Callable[..., urllib.request.OpenerDirector] = urllib.request.build_opener,
    ) -> None:
        self.server = server
        self.cookies = http.cookiejar.CookieJar()
        self.opener = opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.token = ""
        self.timeout = START_SECONDS

    def sign_in(self, name: str, password: str) -> None:
        self.get("/count/sign-in/")
        answer = self.post("/count/sign-in/", {"username": name, "password": password})
        assert answer.status == 200, answer.text

    def get(self, path: str) -> Response:
        return self._open(urllib.request.Request(self.server.url(path)))

    def post(self, path: str, fields: Mapping[str, str]) -> Response:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self._open(urllib.request.Request(self.server.url(path), data=body))

    def send(self, path: str, fields: Mapping[str, str]) -> Response:
        """Post as the phone's outbox does, for a JSON response."""
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        accept = {"Accept": "application/json"}
        return self._open(urllib.request.Request(self.server.url(path), data=body, headers=accept))

    def _open(self, request: urllib.request.Request) -> Response:
        try:
            response = self.opener.open(request, timeout=self.timeout)
        except urllib.error.HTTPError as exc:
            response = exc
        with response:
            text = response.read().decode()
            answer = Response(response.status, urllib.parse.urlsplit(response.url).path, text)
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        if tokens:
            self.token = tokens[0]
        return answer

    def declare(self, count: str, votes: Mapping[int, int], **fields: str) -> Response:
        """Publish a result at `/count/…/`, as the check page's button sends it.

        `votes` by candidate id; `fields` are any others of the form ("key", "rejected", …).
        """
        self.get(count)
        boxes = {f"votes-{candidate}": str(total) for candidate, total in votes.items()}
        return self.post(count, {**boxes, "base_revision": "0", "step": "publish", **fields})

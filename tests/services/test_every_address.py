"""Security headers of every address, for every kind of user.

The addresses are taken from the resolver: a new one without an example here fails this test.
"""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from results.models import (
    Election,
)
from tests import nights
from tests.addresses import example, night_with_one_of_each, patterns

pytestmark = pytest.mark.django_db

EMBEDDED = re.compile(r"^/embed/[^/]+/(bodies/)?[^/]+/$")
#: Embeds and their errors: a browser says of others in a frame that the site refused to connect.
FRAMED = frozenset({200, 404, 410, 500, 503})


@pytest.fixture(autouse=True)
def facing_the_public(settings: Any, tmp_path: Any) -> None:
    settings.DEBUG = False
    settings.MEDIA_ROOT = tmp_path
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def night() -> Election:
    """One of everything that has a page."""
    return night_with_one_of_each()


class Inline(HTMLParser):
    """Finds inline scripts, styles and event handlers, which a strict policy refuses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        data = attributes.get("type") in ("application/ld+json", "application/json")
        if tag == "style" or (tag == "script" and "src" not in attributes and not data):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or "javascript:" in (value or "").lower():
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def problems_of(path: str, answer: HttpResponse) -> list[str]:
    """Return what is wrong with the response's headers; empty for nothing."""
    headers = answer.headers
    framed = bool(EMBEDDED.match(path)) and answer.status_code in FRAMED
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    is_link = re.match("/(count/sign-in|admin/login)/.+", path)
    referrer = "strict-origin" if is_link else "same-origin"
    # One that is deleted carries nothing: Django does not repeat its flags.
    cookies = {name: cookie for name, cookie in answer.cookies.items() if cookie.value}
    expected = {
        "an own policy": policy.get("default-src")
        in (("'self' https://testserver:*",) if framed else ("'self'", "'none'")),
        "nothing unsafe": "unsafe" not in str(policy) and "base-uri" in policy,
        "frames": policy.get("frame-ancestors") == ("*" if framed else "'none'"),
        "old frames": headers.get("X-Frame-Options") == (None if framed else "DENY"),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == referrer,
        "permissions": "geolocation=()" in headers.get("Permissions-Policy", ""),
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "https": "max-age=31536000" in headers.get("Strict-Transport-Security", ""),
        "cookies": all(cookie["secure"] and cookie["samesite"] for cookie in cookies.values()),
        "httponly": all(
            cookie["httponly"] for name, cookie in cookies.items() if name != "csrftoken"
        ),
        "kept private": path.startswith(("/admin", "/count"))
        or ("Cookie" not in headers.get("Vary", "") and not answer.cookies),
    }
    problems = [name for name, good in expected.items() if not good]
    if "html" in headers.get("Content-Type", "") and not answer.streaming:
        problems += Inline(answer.content.decode()).found
    return problems


def client_of(who: str) -> Client:
    """A client that returns error pages instead of raising exceptions."""
    client = Client(raise_request_exception=False)
    if who != "reader":
        client.force_login(nights.user(who, staff=who == "editor"))
    return client


@pytest.mark.parametrize("who", ["reader", "reporter", "editor"])
def test_every_address_answers_with_security_headers(night: Election, who: str) -> None:
    wrong, answered, client = {}, 0, client_of(who)
    addresses = [example(route, night.contests.get()) for route, _name in patterns()]
    for path in addresses:
        answer: Any = client.get(path, secure=True)
        answered += answer.status_code == 200
        problems = problems_of(path, answer)
        if answer.status_code >= 500:
            problems.append(f"status {answer.status_code}")
        if problems:
            wrong[path] = problems
    assert wrong == {}
    assert len(addresses) > 150
    assert answered > {"reader": 25, "reporter": 28, "editor": 120}[who]


class TestErrors:
    def ask(self, client: Client, method: str, path: str, status: int, **more: Any) -> None:
        answer: Any = getattr(client, method)(path, secure=True, **more)
        assert answer.status_code == status
        assert problems_of(path, answer) == []

    def test_404(self) -> None:
        self.ask(Client(), "get", "/nowhere/at/all/", 404)
        self.ask(Client(), "get", "/embed/nowhere/map/", 404)

    def test_400_for_a_wrong_host(self) -> None:
        self.ask(Client(), "get", "/", 400, headers={"host": "elsewhere.example"})

    def test_403_without_csrf_token(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        self.ask(strict, "post", "/count/sign-in/", 403, data={"username": "ann"})
        self.ask(strict, "post", "/admin/login/", 403, data={"username": "ann"})

    def test_403_for_an_invalid_sign_in_link(self) -> None:
        self.ask(Client(), "post", "/count/sign-in/no-such-token/", 403)

    def test_405(self, night: Election) -> None:
        self.ask(Client(), "post", "/ge/", 405)
        self.ask(Client(), "get", "/count/sign-out/", 405)

    @pytest.mark.parametrize("path", ["/ge/", "/count/", "/embed/ge/map/"])
    def test_500(self, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def break_down(*_args: Any, **_named: Any) -> Any:
            raise RuntimeError("a-secret-of-ours")

        monkeypatch.setattr("django.core.handlers.base.BaseHandler._get_response", break_down)
        client = Client(raise_request_exception=False)
        self.ask(client, "get", path, 500)
        assert b"a-secret-of-ours" not in client.get(path, secure=True).content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_checks_and_metrics_have_security_headers(path: str) -> None:
    answer: Any = Client().get(path, secure=True)
    assert problems_of(path, answer) == []


def test_redirects_http_to_https() -> None:
    assert Client().get("/").headers["Location"].startswith("https://")

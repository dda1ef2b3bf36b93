"""Security headers of every address, for every kind of user.

The addresses are taken from the resolver: a new one without an example here fails this test.
"""

import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group as Role
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.models import (
    WIDTHS,
    Assignment,
    Election,
    ExternalFigures,
    Group,
    Notice,
    Photo,
    ReporterPass,
    ReviewItem,
    SignInThrottle,
)
from tests import nights

pytestmark = pytest.mark.django_db

EMBEDDED = re.compile(r"^/embed/[^/]+/[^/]+/$")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


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
    election, editor, reporter = nights.election(), nights.user("editor", staff=True), nights.user()
    seat = nights.islington_north(election)
    Assignment.objects.create(reporter=reporter, contest=seat)
    by: dict[str, Any] = {"by": editor}
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), idempotency_key="result", **by
    )
    desk.publish(
        election, desk.HeadlineContent(text="A headline"), idempotency_key="headline", **by
    )
    desk.publish(election, desk.PostContent(text="A post."), idempotency_key="post", **by)
    desk.publish(
        election,
        desk.QuoteContent(words="Thank you.", speaker="Ann", role="Winner"),
        idempotency_key="quote",
        **by,
    )
    agency: dict[str, Any] = {
        "kind": next(iter(ExternalFigures.Kind)),
        "source": "Agency",
        "as_of": timezone.now(),
    }
    desk.publish(
        election,
        desk.ExternalFiguresContent(seats={"lab": 1}, **agency),
        idempotency_key="figures",
        **by,
    )
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(drawn, "JPEG")
    stored = store(SimpleUploadedFile("hall.jpg", drawn.getvalue()), drawn.tell())
    words: dict[str, Any] = {"caption": "The hall", "alt": "A hall", "credit": "Ann"}
    desk.publish(
        election,
        desk.PhotoContent(name=stored.name, contest=seat, **words),
        idempotency_key="photo",
        **by,
    )
    content = {"words": "Yes.", "speaker": "Ann", "role": "", "reported": False}
    desk.queue_for_review(
        seat, ReviewItem.Kind.QUOTE, content, by=reporter, idempotency_key="offer"
    )
    Group.objects.create(election=election, slug="key-seats", name="Key seats")
    Notice.objects.create(contest=seat, name=stored.name, by=reporter, idempotency_key="notice")
    Role.objects.create(name="editors")
    TOTPDevice.objects.create(user=editor, name="app")
    locked = {"kind": SignInThrottle.Kind.CODE, "scope": SignInThrottle.Scope.ADDRESS}
    an_hour = timezone.now() + timedelta(hours=1)
    SignInThrottle.objects.create(key="a-key", tries=10_000, ends_at=an_hour, **locked)
    ReporterPass.issue(reporter)
    return election


def patterns(urlpatterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every route of the resolver and its name."""
    for pattern in urlpatterns if urlpatterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


def example(route: str, night: Election) -> str:
    """An address that the route matches, of something that is there."""
    seat = night.contests.get()
    model = re.match(r"admin/(auth|results)/(\w+)/", route)
    of = apps.get_model(model[1], model[2]) if model else None
    obj = of._default_manager.first() if of else None
    known: dict[str, Any] = {
        "election_slug": night.slug,
        "day": night.date,
        "contest_slug": seat.slug,
        "contest_pk": seat.pk,
        "party_pk": nights.party("lab").pk,
        "election_pk": night.pk,
        "region_slug": "london",
        "group_slug": "key-seats",
        "label": "lab",
        "digest": "a-digest",
        "name": Photo.objects.get().name,
        "model": "offer",
        "rest": "",
        "width": min(WIDTHS),
        "token": "a-token-of-nobodys",
        "sequence": 1,
        "since": 0,
        "version": 1,
        "epoch": uuid.UUID(int=1),
        "app_label": "results",
        "url": "nowhere",
        "content_type_id": ContentType.objects.get_for_model(seat).pk,
        "object_id": obj.pk if obj else (None if of else seat.pk),
        "pk": obj.pk if obj else seat.review_items.get().pk,
        "id": obj.pk if obj else None,
    }

    def filled(match: re.Match[str]) -> str:
        value = known.get(match[1] or match[2])
        assert value is not None, f"{route} needs an example of {match[1] or match[2]} here"
        return str(value)

    return "/" + re.sub(r"[\^$]", "", PARAMETER.sub(filled, route))


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
    headers, framed = answer.headers, bool(EMBEDDED.match(path)) and answer.status_code == 200
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    referrer = "strict-origin" if re.match("/count/sign-in/.+", path) else "same-origin"
    expected = {
        "an own policy": policy.get("default-src") in ("'self'", "'none'"),
        "nothing unsafe": "unsafe" not in str(policy) and "base-uri" in policy,
        "frames": policy.get("frame-ancestors") == ("*" if framed else "'none'"),
        "old frames": headers.get("X-Frame-Options") == (None if framed else "DENY"),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == referrer,
        "permissions": "geolocation=()" in headers.get("Permissions-Policy", ""),
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "https": "max-age=31536000" in headers.get("Strict-Transport-Security", ""),
        "cookies": all(
            cookie["secure"] and cookie["samesite"] for cookie in answer.cookies.values()
        ),
        "httponly": all(
            cookie["httponly"] for name, cookie in answer.cookies.items() if name != "csrftoken"
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
    addresses = [example(route, night) for route, _name in patterns()]
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

    @pytest.mark.parametrize("path", ["/ge/", "/count/"])
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

"""Embeds: only they may be framed, and they carry epoch and sequence like any page."""

from typing import Any

import html5lib
import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from tests import nights

pytestmark = pytest.mark.django_db
EMBEDS = ["scoreboard", "map", "feed", "islington-north"]


@pytest.fixture(autouse=True)
def declared() -> None:
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )


@pytest.mark.parametrize("name", EMBEDS)
def test_embed_may_be_framed_by_any_site(client: Client, name: str) -> None:
    answer = client.get(f"/embed/ge/{name}/")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert 'data-sequence="1"' in answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(answer.content)


@pytest.mark.parametrize(
    ("origins", "host", "own"),
    [
        ([], "desk.example:20001", "http://desk.example:*"),
        (["http://desk.example:8443"], "desk.example:20001", "http://desk.example:8443"),
        (["http://*.example"], "desk.example", "http://desk.example:*"),
    ],
)
def test_embed_names_its_own_origin_for_a_sandbox_that_has_none(
    client: Client, settings: Any, origins: list[str], host: str, own: str
) -> None:
    """To Safari 'self' is nobody there. The port of a request is not what a cache may keep."""
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["desk.example"], origins
    answer = client.get("/embed/ge/scoreboard/", HTTP_HOST=host)
    for name in ("default-src", "font-src", "connect-src"):
        assert f"{name} 'self' {own}" in answer.headers["Content-Security-Policy"]
    assert own not in client.get("/ge/", HTTP_HOST=host).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/", "/ge/", "/ge/islington-north/", "/ge/changes/", "/embed/ge/", "/count/sign-in/"]
)
def test_other_pages_may_not_be_framed(client: Client, path: str) -> None:
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


@override_settings(DEBUG=False)
def test_address_without_an_embed_says_so_in_the_frame(client: Client) -> None:
    answer = client.get("/embed/ge/islington-nort/")
    assert answer.status_code == 404
    assert_framed(answer)
    page = answer.content.decode()
    assert "There is no such page" in page
    # Where its links lead may not be framed.
    assert '<base target="_blank">' in page
    assert "<base" not in client.get("/ge/islington-nort/").content.decode()


def test_desk_without_a_database_says_so_in_the_frame(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("the connection is closed")

    client.raise_request_exception = False
    monkeypatch.setattr("results.reader.public.is_public", fail)
    answer = client.get("/embed/ge/islington-north/")
    assert answer.status_code == 503
    assert_framed(answer)
    assert client.get("/ge/islington-north/").headers["X-Frame-Options"] == "DENY"


def assert_framed(answer: Any) -> None:
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers


def test_html_to_copy_has_this_servers_origin(client: Client) -> None:
    page = client.get("/embed/ge/").content.decode()
    assert "&lt;iframe src=&quot;http://testserver/embed/ge/scoreboard/&quot;" in page.replace(
        '"', "&quot;"
    )


def test_unknown_seats_and_elections_are_not_found(client: Client) -> None:
    assert client.get("/embed/ge/nowhere/").status_code == 404
    assert client.get("/embed/nowhere/scoreboard/").status_code == 404


@pytest.mark.parametrize("name", ["scoreboard", "map", "feed"])
def test_embed_of_a_rehearsal_has_a_banner(client: Client, name: str) -> None:
    nights.election("dummy", rehearsal=True)
    page = client.get(f"/embed/dummy/{name}/").content.decode()
    assert "Rehearsal: invented figures." in page

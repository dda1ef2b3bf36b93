"""What a phone is sent: a signal at a count may carry 2 kB a second."""

import gzip

import pytest
from django.test import Client

from results.models import Contest
from tests.reporter.conftest import URL, typed_fields

pytestmark = pytest.mark.django_db

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def test_pages_are_compressed(phone: Client, seat: Contest) -> None:
    for path, most in (("/count/", 5_000), (URL, 10_000), ("/count/worker.js", 5_000)):
        page = phone.get(path, headers=BROWSER)
        assert page.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in page.headers["Vary"]
        assert len(page.content) < most, path
        assert len(gzip.decompress(page.content)) > 2 * len(page.content)
    check = phone.post(URL, typed_fields(seat), headers=BROWSER)
    assert "None of this is published until" in gzip.decompress(check.content).decode()


def test_scripts_and_styles_are_compressed_before_they_are_collected(phone: Client) -> None:
    """Also by `make run`; not what is only confirmed, or asked for in part."""
    script = phone.get("/static/reporter/outbox.js", headers=BROWSER)
    assert script.headers["Content-Encoding"] == "gzip"
    body = script.getvalue()
    assert b"export function" in gzip.decompress(body)
    assert "ETag" not in script.headers
    since = {**BROWSER, "If-Modified-Since": script.headers["Last-Modified"]}
    unchanged = phone.get("/static/reporter/outbox.js", headers=since)
    assert (unchanged.status_code, unchanged.getvalue()) == (304, b"")
    part = phone.get("/static/reporter/outbox.js", headers={**BROWSER, "Range": "bytes=0-9"})
    assert len(part.getvalue()) == 10
    picture = phone.get("/static/shared/mark-192.png", headers=BROWSER)
    assert "Content-Encoding" not in picture.headers


def test_pages_of_a_client_that_reads_no_gzip_are_plain(phone: Client) -> None:
    assert "Content-Encoding" not in phone.get("/count/").headers


def test_other_pages_are_not_compressed_again(phone: Client) -> None:
    """Readers' pages are compressed once for all."""
    assert phone.get("/admin/login/", headers=BROWSER).headers.get("Content-Encoding") is None

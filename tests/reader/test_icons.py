"""The icon at the addresses that browsers ask for by themselves."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

ICONS = ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"]


@pytest.mark.parametrize("path", ICONS)
def test_browsers_that_look_for_an_icon_find_a_picture(client: Client, path: str) -> None:
    """Safari shows no SVG, and a page such as JSON names no icon: each wrote a 404 to the log."""
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Vary" not in answer.headers
    found = finders.find(answer.headers["Location"].removeprefix("/static/"))
    assert found
    with open(found, "rb") as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"

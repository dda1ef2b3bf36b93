"""Embeds: they alone may be framed, and they carry their number like any page."""

import html5lib
import pytest

from tests import nights

pytestmark = pytest.mark.django_db
EMBEDS = ["scoreboard", "map", "feed", "islington-north"]


@pytest.fixture(autouse=True)
def declared():
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )


@pytest.mark.parametrize("name", EMBEDS)
def test_an_embed_may_be_in_any_frame(client, name):
    answer = client.get(f"/embed/ge/{name}/")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert 'data-sequence="1"' in answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(answer.content)


@pytest.mark.parametrize(
    "path", ["/", "/ge/", "/ge/islington-north/", "/ge/changes/", "/embed/ge/", "/count/sign-in/"]
)
def test_no_other_page_may(client, path):
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_what_to_copy_names_this_desk(client):
    page = client.get("/embed/ge/").content.decode()
    assert "&lt;iframe src=&quot;http://testserver/embed/ge/scoreboard/&quot;" in page.replace(
        '"', "&quot;"
    )


def test_a_seat_that_is_not_there(client):
    assert client.get("/embed/ge/nowhere/").status_code == 404
    assert client.get("/embed/nowhere/scoreboard/").status_code == 404


@pytest.mark.parametrize("name", ["scoreboard", "map", "feed"])
def test_a_rehearsal_is_bannered_in_its_frame_too(client, name):
    nights.election("dummy", rehearsal=True)
    page = client.get(f"/embed/dummy/{name}/").content.decode()
    assert "Rehearsal: invented figures." in page

"""Pages come as the browser takes them, each coding with a tag of its own."""

import gzip

import brotli
import pytest

from results.reader.compression import coding_for
from tests import nights


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("BR", "br"),
        ("gzip;q=0, br;q=0.000", ""),
        (";;, ,q=1", ""),
    ],
)
def test_the_coding_a_browser_asks_for(accepted, coding):
    assert coding_for(accepted) == coding


@pytest.mark.django_db
class TestAPage:
    @pytest.fixture(autouse=True)
    def night(self):
        nights.islington_north(nights.election())

    def test_is_the_same_in_every_coding(self, client):
        plain = client.get("/ge/")
        small = client.get("/ge/", headers={"accept-encoding": "br"})
        older = client.get("/ge/", headers={"accept-encoding": "gzip"})
        assert brotli.decompress(small.content) == plain.content
        assert gzip.decompress(older.content) == plain.content
        assert (small.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == (
            "br",
            False,
        )
        assert {one.headers["Vary"] for one in (plain, small, older)} == {"Accept-Encoding"}
        assert len({one.headers["ETag"] for one in (plain, small, older)}) == 3

    def test_is_not_sent_again_in_the_coding_one_has(self, client):
        have = client.get("/ge/", headers={"accept-encoding": "br"}).headers["ETag"]
        again = client.get("/ge/", headers={"accept-encoding": "br", "if-none-match": have})
        assert again.status_code == 304

    def test_a_picture_is_packed_already(self, client):
        answer = client.get("/ge/card.png", headers={"accept-encoding": "br"})
        assert "Content-Encoding" not in answer.headers

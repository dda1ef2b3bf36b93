"""Pages come as the browser takes them, each coding with a tag of its own."""

import gzip

import brotli
import pytest
from django.urls import URLPattern, URLResolver

from results.live.colours import current_stylesheet
from results.models import Group
from results.reader import urls
from results.reader.compression import coding_for
from tests import nights

#: Shorter than this a coding saves nothing worth its headers.
SHORT = 300
#: Every address that readers and their programs ask for, by its name; pictures are below.
TEXTS = {
    "home_page": "/",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "live_page": "/ge/",
    "feed_page": "/ge/feed/",
    "bulletin_page": "/ge/bulletins/1/",
    "regions_page": "/ge/regions/",
    "region_page": "/ge/regions/london/",
    "group_page": "/ge/groups/patch/",
    "parties_page": "/ge/parties/",
    "party_page": "/ge/parties/lab/",
    "changes_page": "/ge/changes/",
    "records_page": "/ge/records/",
    "find_page": "/ge/find/?q=no-such-seat",
    "results_json": "/ge/results.json",
    "results_csv": "/ge/results.csv",
    "feed_atom": "/ge/feed.atom",
    "corrections_page": "/ge/corrections/",
    "now": "/ge/now/",
    "updates": "/ge/updates/0/",
    "between": "/ge/updates/{epoch}/0-1/",
    "party_styles": "/ge/parties-{mark}.css",
    "seat_page": "/ge/islington-north/",
    "embed_page": "/embed/ge/",
    "embed_scoreboard": "/embed/ge/scoreboard/",
    "embed_map": "/embed/ge/map/",
    "embed_feed": "/embed/ge/feed/",
    "embed_seat": "/embed/ge/islington-north/",
}
#: Compressed by their own formats.
PICTURES = {"photo", "election_card", "seat_card"}


def names_of(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


def test_every_address_of_readers_is_tried():
    assert set(names_of(urls.urlpatterns)) == TEXTS.keys() | PICTURES


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


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_compressed_as_the_browser_takes_it(client, name):
    election = nights.election()
    seat = nights.islington_north(election)
    nights.contest(election, "Elsewhere", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    Group.objects.create(election=election, slug="patch", name="Our patch").contests.add(seat)
    nights.declare(seat, *(votes for _name, _label, votes in nights.ISLINGTON_NORTH))
    path = TEXTS[name].format(epoch=election.night.epoch, mark=current_stylesheet()[1])

    plain = client.get(path)
    brotlied = client.get(path, headers={"accept-encoding": "br"})
    gzipped = client.get(path, headers={"accept-encoding": "gzip"})

    assert (plain.status_code, plain.headers.get("Content-Encoding")) == (200, None)
    if len(plain.content) < SHORT:
        return
    assert brotlied.headers["Content-Encoding"] == "br"
    assert brotli.decompress(brotlied.content) == plain.content
    assert gzipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(gzipped.content) == plain.content
    assert {one.headers["Vary"] for one in (plain, brotlied, gzipped)} == {"Accept-Encoding"}

"""Responses are compressed as the browser accepts, each coding with its own ETag."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import brotli
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from results.arithmetic import ElectionKind
from results.live.colours import current_stylesheet, themed_stylesheet
from results.models import Body, Group
from results.reader import urls
from results.reader.compression import coding_for
from tests import nights

#: Shorter responses need not be compressed.
MIN_BYTES = 300
#: Every public URL by name, except pictures.
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
    "seats_page": "/ge/seats/",
    "recap": "/ge/recap/?since=0",
    "find_page": "/ge/find/?q=no-such-seat",
    "following_page": "/ge/following/",
    "following_alerts": "/ge/following/{epoch}/0-1/",
    "find_names": "/ge/find/names.json",
    "results_json": "/ge/results.json",
    "results_csv": "/ge/results.csv",
    "log_json": "/ge/log.json",
    "verify_log": "/ge/verify_log.py",
    "results_schema": "/schema/results-1.json",
    "feed_atom": "/ge/feed.atom",
    "corrections_page": "/ge/corrections/",
    "map_modes": "/ge/map.json",
    "now": "/ge/now/",
    "updates": "/ge/updates/0/",
    "between": "/ge/updates/{epoch}/0-1/",
    "party_styles": "/ge/parties-{mark}.css",
    "seat_page": "/ge/islington-north/",
    "seat_csv": "/ge/islington-north/results.csv",
    "elections_page": "/nights/",
    "night_page": "/nights/2019-12-12/",
    "embed_page": "/embed/ge/",
    "embed_scoreboard": "/embed/ge/scoreboard/",
    "embed_map": "/embed/ge/map/",
    "embed_feed": "/embed/ge/feed/",
    "embed_seat": "/embed/ge/islington-north/",
    "wall_page": "/ge/wall/",
    "wall_styles": "/ge/wall/dark-{dark}.css",
    "body_wall": "/may/bodies/vale/wall/",
    "bodies_page": "/may/bodies/",
    "body_page": "/may/bodies/vale/",
    "bodies_csv": "/may/bodies.csv",
    "embed_body": "/embed/may/bodies/vale/",
}
#: Their formats are compressed already.
CARDS = {f"{of}_card" for of in ("election", "seat", "body", "region", "group", "party")}
PICTURES = {"icon", "photo", "house_logo", *CARDS, *(f"{name}_at" for name in CARDS)}
#: A few hundred bytes: what another site asks for once, the colours of a masthead, a name card.
SMALL = {"oembed", "house_styles", "seat_brief"}
#: What a reader's search leads to is private: it is in no cache, and compressed by nobody.
PRIVATE = {"find_posted"}


def names_of(patterns: Iterable[object]) -> Iterator[str | None]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


def test_every_public_url_is_covered() -> None:
    assert set(names_of(urls.urlpatterns)) == TEXTS.keys() | PICTURES | SMALL | PRIVATE


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
def test_coding_follows_accept_encoding(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def night(self) -> None:
        nights.islington_north(nights.election())

    def test_is_the_same_in_every_coding(self, client: Client) -> None:
        plain = client.get("/ge/")
        br = client.get("/ge/", headers={"accept-encoding": "br"})
        gz = client.get("/ge/", headers={"accept-encoding": "gzip"})
        assert brotli.decompress(br.content) == plain.content
        assert gzip.decompress(gz.content) == plain.content
        assert (br.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == (
            "br",
            False,
        )
        assert {response.headers["Vary"] for response in (plain, br, gz)} == {"Accept-Encoding"}
        assert len({response.headers["ETag"] for response in (plain, br, gz)}) == 3

    def test_is_not_modified_in_the_same_coding(self, client: Client) -> None:
        etag = client.get("/ge/", headers={"accept-encoding": "br"}).headers["ETag"]
        again = client.get("/ge/", headers={"accept-encoding": "br", "if-none-match": etag})
        assert again.status_code == 304

    def test_picture_is_not_compressed(self, client: Client) -> None:
        answer = client.get("/ge/card.png", headers={"accept-encoding": "br"})
        assert "Content-Encoding" not in answer.headers


@pytest.fixture(scope="module")
def answers(
    rolled_back_rows: Callable[[], AbstractContextManager[None]],
) -> dict[str, tuple[Any, Any, Any]]:
    """Each page of one night, by name: not compressed, by brotli, by gzip."""
    client = Client()
    with rolled_back_rows():
        election = nights.election()
        seat = nights.islington_north(election)
        nights.contest(election, "Elsewhere", [("Ann Hall", "con"), ("Bob Rice", "lab")])
        Group.objects.create(election=election, slug="patch", name="Our patch").contests.add(seat)
        nights.declare(seat, *(votes for _name, _label, votes in nights.ISLINGTON_NORTH))
        may = nights.election("may", kind=ElectionKind.COUNCIL, name="Council elections")
        vale = Body.objects.create(election=may, slug="vale", name="Vale")
        nights.contest(may, "Hill", [("Ann Hall", "con"), ("Bob Rice", "lab")], body=vale)
        marks = {"mark": current_stylesheet()[1], "dark": themed_stylesheet("dark")[1]}
        paths = {
            name: path.format(epoch=election.night.epoch, **marks) for name, path in TEXTS.items()
        }
        return {
            name: (
                client.get(path),
                client.get(path, headers={"accept-encoding": "br"}),
                client.get(path, headers={"accept-encoding": "gzip"}),
            )
            for name, path in paths.items()
        }


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_response_is_compressed(
    answers: dict[str, tuple[Any, Any, Any]], name: str
) -> None:
    plain, br, gz = answers[name]
    assert (plain.status_code, plain.headers.get("Content-Encoding")) == (200, None)
    if len(plain.content) < MIN_BYTES:
        return
    assert br.headers["Content-Encoding"] == "br"
    assert brotli.decompress(br.content) == plain.content
    assert gz.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(gz.content) == plain.content
    assert {response.headers["Vary"] for response in (plain, br, gz)} == {"Accept-Encoding"}

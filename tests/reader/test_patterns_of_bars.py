"""A party's part of a bar has its pattern, on pages that have several bars as well."""

import re

import pytest
from django.test import Client

from results.live.party_patterns import PATTERNS
from tests import councils, nights

pytestmark = pytest.mark.django_db


def drawn(client: Client, path: str) -> set[str]:
    """The parties in the page's bars that have patterns. Each of these is on the page, once."""
    page = client.get(path).content.decode()
    parts = set(re.findall(r'<rect class="part[^"]*"\s+data-party="([\w-]+)"', page))
    patterns = re.findall(r'<pattern id="b-([\w-]+)"', page)
    assert len(patterns) == len({*patterns})
    assert parts & PATTERNS.keys() <= {*patterns}
    return parts & PATTERNS.keys()


def test_every_region_s_bar_has_patterns(client: Client) -> None:
    election = nights.election()
    for region, label in (("North", "lab"), ("South", "ld")):
        people = [("Ann Hall", label), ("Bob Rice", "con")]
        seat = nights.contest(election, f"{region} Vale", people, region=region)
        nights.declare(seat, 9000, 8000)
    assert drawn(client, "/ge/regions/") == {"ld"}


@pytest.mark.parametrize("path", ["/council/", "/council/bodies/"])
def test_every_council_s_bar_has_patterns(client: Client, path: str) -> None:
    election = councils.council_night()
    for name, label in (("Oldham", "ld"), ("Vale", "green")):
        body = councils.council(election, {"One": ([label], [label])}, name=name, slug=name.lower())
        councils.declare(body.contests.get())
    assert drawn(client, path) == {"ld", "green"}

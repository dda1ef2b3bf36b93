"""No line of a reader's page ends between a number and what it counts."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from results.models import Election, Group
from tests import councils, nights

pytestmark = pytest.mark.django_db

#: A number and what it counts, or whose number it is, with a space where a line may end.
PARTED = re.compile(
    r"[\d,]+ (?:declared|seats declared|votes|points|vacant|postponed)\b|majority [\d,]+"
)


@pytest.fixture
def night() -> Election:
    night = nights.election()
    seats = [nights.islington_north(night)]
    people = [("Ann Hall", "con"), ("Bob Rice", "lab")]
    last = {"lab": 9000, "con": 8000}
    for name in ("Aford", "Beeford"):
        seats.append(nights.contest(night, name, people, region="London", last=last))
    group = Group.objects.create(election=night, slug="ours", name="Ours", about="Our 12 votes.")
    group.contests.set(seats)
    nights.declare(seats[0], *(votes for _name, _party, votes in nights.ISLINGTON_NORTH))
    nights.declare(seats[1], 12000, 9000)
    return night


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/ge/",
            "/ge/feed/",
            "/ge/islington-north/",
            "/ge/aford/",
            "/ge/changes/",
            "/ge/records/",
        ),
        *("/ge/regions/", "/ge/regions/london/", "/ge/groups/ours/", "/ge/parties/con/"),
        *("/ge/aford/brief.html", "/ge/wall/", "/ge/seats/", "/nights/2019-12-12/"),
    ],
)
def test_of_a_house(night: Election, client: Client, path: str) -> None:
    assert parted(client, path) == []


@pytest.mark.parametrize("path", ["/council/", "/council/bodies/harrowmere/", "/council/castle/"])
def test_of_a_council(client: Client, path: str) -> None:
    night = councils.council_night()
    wards: councils.Wards = {
        "Castle": (["lab"] * 3, ["lab", "green", "lab"]),
        "Weir": (["lab"], ["lab"]),
    }
    councils.council(night, wards)
    councils.declare(night.contests.get(name="Castle"))
    assert parted(client, path) == []


def parted(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    page = response.content.decode()
    body = re.sub(r"<(style|script).*?</\1>", "", page[page.index("<p") :], flags=re.S)
    # Without these no line ends, or none is seen.
    text = unescape(
        strip_tags(re.sub(r'<(\w+) class="visually-hidden".*?</\1>', "", body, flags=re.S))
    )
    return PARTED.findall(re.sub(r"[ \n]+", " ", text))

"""No line of a reader's page ends between a number and what it counts."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from results import desk
from results.models import Election, Group
from results.templatetags.formats import clauses
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


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "Conservatives up 22 seats, Labour down 23",
            (
                '<span class="clause">Conservatives up 22~seats,</span> '
                '<span class="clause">Labour down~23</span>'
            ),
        ),
        (
            "Brackenbridge: Labour up 3 seats",
            (
                '<span class="clause">Brackenbridge:</span> '
                '<span class="clause">Labour up 3~seats</span>'
            ),
        ),
        ("No party can win a majority", "No party can win a majority"),
        ("Rain & wind, 2 recounts", None),
        (
            "Labour hold Garnetgate and Bramblehurst Council, Greens gain Islington from Labour",
            "Labour hold Garnetgate and Bramblehurst Council, Greens gain Islington from Labour",
        ),
    ],
)
def test_short_clauses_of_a_headline_have_a_line_each(text: str, html: str | None) -> None:
    escaped = '<span class="clause">Rain &amp; wind,</span> <span class="clause">2~recounts</span>'
    assert clauses(text).replace("\N{NO-BREAK SPACE}", "~") == (html or escaped)


def test_headline_of_a_page_and_of_a_wall_is_set_by_clauses(client: Client) -> None:
    night = nights.election()
    nights.contest(night, "Aford", [("Ann Hall", "con")])
    content = desk.HeadlineContent(text="Rain in Aford, wind in Beeford")
    desk.publish(night, content, by=nights.user(), idempotency_key="h")
    for path in ("/ge/", "/ge/wall/"):
        page = client.get(path).text
        assert '<span class="clause">Rain in Aford,</span>' in page

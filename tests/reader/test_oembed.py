"""oEmbed: the embed of a page, found by the link in its head; nothing for other addresses."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client

from results.models import Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"


@pytest.fixture(autouse=True)
def host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def ask(url: str, **more: str) -> Any:
    return Client().get(f"/api/oembed?{urlencode({'url': url, **more})}")


def frame_of(html: str) -> dict[str, str]:
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    (frame,) = tree.iter("iframe")
    return dict(frame.attrib)


@pytest.mark.parametrize(
    ("path", "embed"),
    [
        ("/ge/", "/embed/ge/scoreboard/"),
        ("/ge/feed/", "/embed/ge/feed/"),
        ("/ge/islington-north/?utm_source=x#top", "/embed/ge/islington-north/"),
        ("/embed/ge/map/", "/embed/ge/map/"),
    ],
)
def test_gives_the_embed_of_a_page(seat: Contest, path: str, embed: str) -> None:
    answer = ask(ORIGIN + path)
    document = answer.json()
    assert (document["version"], document["type"]) == ("1.0", "rich")
    frame = frame_of(document["html"])
    assert frame["src"] == ORIGIN + embed
    assert Client().get(embed).status_code == 200
    assert Client().get(urlsplit(document["thumbnail_url"]).path).status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_lead_to_it(seat: Contest) -> None:
    for path in ("/ge/", "/ge/islington-north/"):
        page: Any = Client().get(path)
        (link,) = re.findall(r'<link [^>]*json\+oembed"[^>]*href="([^"]+)', page.content.decode())
        address = urlsplit(link.replace("&amp;", "&"))
        assert (address.path, address.scheme) == ("/api/oembed", "http")
        assert parse_qs(address.query)["url"] == [ORIGIN + path]
        assert ask(ORIGIN + path).status_code == 200


def test_fits_into_the_space_that_there_is(seat: Contest) -> None:
    document = ask(f"{ORIGIN}/ge/", maxwidth="300", maxheight="90000").json()
    assert (document["width"], document["height"]) == (300, 480)
    assert frame_of(document["html"])["width"] == "300"
    assert ask(f"{ORIGIN}/ge/", maxwidth="²").json()["width"] == 640
    # No embed is whole in less.
    assert ask(f"{ORIGIN}/ge/", maxwidth="200").json()["width"] == 264


def test_is_xml_as_well(seat: Contest) -> None:
    answer = ask(f"{ORIGIN}/ge/", format="xml")
    root = ElementTree.fromstring(answer.content)
    assert root.findtext("html") == ask(f"{ORIGIN}/ge/").json()["html"]


def test_another_format_is_no_error_of_the_desk(
    seat: Contest, caplog: pytest.LogCaptureFixture
) -> None:
    """OEmbed wants 501 for it; anybody could fill the log, and the reports of errors, with it."""
    assert ask(f"{ORIGIN}/ge/", format="yaml").status_code == 501
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    "origin",
    [
        "HTTP://TestServer",
        "http://testserver:80",
        "https://testserver",
        "http://second.example:8000",
    ],
)
def test_knows_the_site_however_its_address_is_written(
    settings: Any, seat: Contest, origin: str
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "second.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["http://second.example:8000"]
    answer = ask(f"{origin}/ge/")
    assert answer.status_code == 200
    assert f'src="{ORIGIN}/embed/ge/scoreboard/"' in answer.json()["html"]


@pytest.mark.parametrize(
    "url",
    [
        *("", "/ge/", "https://other.example/ge/", "http://testserver.other.example/ge/"),
        *("http://testserver@other.example/ge/", f"{ORIGIN}/admin/", f"{ORIGIN}/ge/records/"),
        *(
            "http://testserver:9/ge/",
            "http://testserver:x/ge/",
            f"{ORIGIN}/nowhere/",
            f"{ORIGIN}/ge/nowhere/",
            "http://[/ge/",
            "javascript:alert(1)",
        ),
    ],
)
def test_knows_only_pages_of_ours_that_have_an_embed(seat: Contest, url: str) -> None:
    assert ask(url).status_code == 404


def test_escapes_names_and_says_rehearsal_and_hides_drafts() -> None:
    night = nights.election(name='A "<b>" night', rehearsal=True)
    document = ask(f"{ORIGIN}/ge/").json()
    assert document["title"] == 'Rehearsal: A "<b>" night'
    assert frame_of(document["html"])["title"] == document["title"]
    Election.objects.filter(pk=night.pk).update(visibility="draft")
    assert ask(f"{ORIGIN}/ge/").status_code == 404

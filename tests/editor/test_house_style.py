"""House style: from the form to the pages of readers and to exports."""

import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from PIL import Image

from results.models import AuditEntry, Contest, HouseStyle
from tests.editor.conftest import address, client_of_role

FIELDS = {
    "name": "Northshire Echo & Post",
    "own_colours": "on",
    "ground": "#0b3d5c",
    "ink": "#ffffff",
    "corrections_text": "We correct in public.",
    "corrections_address": "https://echo.example/corrections",
    "timezone": "Europe/Dublin",
    "language": "en-gb",
}
PUBLISHER = escape(FIELDS["name"])


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 300)) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size).save(drawn, kind)
    return SimpleUploadedFile("logo", drawn.getvalue())


def post(client: Client, **fields: Any) -> Any:
    page: Any = client.get(address("housestyle_changelist"))
    seen = page.context["form"].initial["seen"]
    return client.post(address("housestyle_changelist"), FIELDS | {"seen": seen} | fields)


def errors(response: Any) -> set[str]:
    return set(response.context["form"].errors)


def test_reaches_pages_that_are_cached_and_everything_that_names_a_publisher(
    admin: Client, declared: Contest
) -> None:
    paths = ["/ge/", "/ge/feed.atom", "/ge/card.png", "/embed/ge/scoreboard/"]
    reader = Client()
    before: Any = {path: reader.get(path) for path in paths}
    assert "masthead/" not in before["/ge/"].content.decode()
    assert post(admin, logo_file=picture()).status_code == 302
    after: Any = {
        path: reader.get(path, headers={"If-None-Match": before[path].headers["ETag"]})
        for path in paths
    }
    assert {response.status_code for response in after.values()} == {200}
    page = after["/ge/"].content.decode()
    assert f'alt="{PUBLISHER}"' in page
    assert f'<meta property="og:site_name" content="{PUBLISHER}">' in page
    assert "We correct in public." in page
    assert 'href="https://echo.example/corrections"' in page
    found = re.search(r'ld\+json">(.*?)</script>', page)
    assert found is not None
    publisher = json.loads(found[1])["publisher"]
    assert publisher["name"] == FIELDS["name"]
    assert publisher["correctionsPolicy"] == FIELDS["corrections_address"]
    assert PUBLISHER in after["/ge/feed.atom"].content.decode()
    assert PUBLISHER in after["/embed/ge/scoreboard/"].content.decode()
    oembed: Any = reader.get("/api/oembed", {"url": "http://testserver/ge/"})
    assert oembed.json()["provider_name"] == FIELDS["name"]
    for path in re.findall(r'(?:href|src)="(/masthead/[^"]+)"', page):
        served: Any = reader.get(path)
        assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(served.content)) as logo:
        assert (logo.format, logo.size) == ("PNG", (384, 96))
    old: Any = reader.get("/masthead/an-older-one.png")
    assert old.headers["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(what="publisher’s style: changed")
    assert "publisher’s name: –" in entry.before
    assert "colour of the masthead: #0b3d5c" in entry.after
    assert "logo: 384 by 96 pixels" in entry.after


@pytest.mark.parametrize("kind", ["NewsArticle", "LiveBlogPosting"])
def test_article_names_its_author_and_its_picture(
    admin: Client, declared: Contest, kind: str
) -> None:
    """As https://developers.google.com/search/docs/appearance/structured-data/article asks."""
    assert post(admin).status_code == 302
    shown = declared if kind == "NewsArticle" else declared.election
    answer: Any = Client().get(shown.get_absolute_url())
    page = answer.content.decode()
    found = re.search(r'ld\+json">(.*?)</script>', page)
    assert found is not None
    article = json.loads(found[1])
    assert article["@type"] == kind
    assert article["author"] == {
        "@type": "NewsMediaOrganization",
        "name": FIELDS["name"],
        "url": "http://testserver/",
    }
    [picture_address] = article["image"]
    assert f'<meta property="og:image" content="{picture_address}">' in page
    drawn: Any = Client().get(picture_address)
    assert drawn.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"ground": "#777777", "ink": "#888888"}, {"ink"}),
        ({"ground": "red"}, {"ground"}),
        ({"timezone": "Mars/Olympus"}, {"timezone"}),
        ({"corrections_address": "javascript:alert(1)"}, {"corrections_address"}),
        ({"seen": "Europe/London en-gb older"}, {"__all__"}),
    ],
)
def test_refuses_and_keeps_what_was_typed(
    admin: Client, fields: dict[str, str], refused: set[str]
) -> None:
    response = post(admin, **fields)
    assert errors(response) == refused
    assert PUBLISHER in response.content.decode()
    assert not HouseStyle.objects.exists()


def test_the_systems_serif_in_place_of_ours(admin: Client, declared: Contest) -> None:
    reader = Client()
    assert "desk-serif-bold.woff2" in reader.get("/ge/").content.decode()
    post(admin, system_serif="on")
    page = reader.get("/ge/").content.decode()
    assert "woff2" not in page
    address_of_styles = re.search(r'href="(/masthead/[^"]+\.css)"', page)
    assert address_of_styles is not None
    styles = reader.get(address_of_styles[1]).content.decode()
    assert styles.startswith(":root{--serif:var(--system-serif)}")


def test_says_how_to_mend_a_file_that_is_no_picture(admin: Client) -> None:
    """A logo is drawn, not photographed: none of the sentences for a phone's photo fits."""
    cut_short = picture().read()[:200]
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 12
    for content, beginning in (
        (b"Not a picture.", "This file is no PNG, JPEG or WebP picture."),
        (cut_short, "This file cannot be read: it may be cut short."),
        (heic, "Pictures in Apple’s HEIC format cannot be read."),
    ):
        response: Any = post(admin, logo_file=SimpleUploadedFile("logo.png", content))
        (message,) = response.context["form"].errors["logo_file"]
        assert message == f"{beginning} Save the logo as a PNG."


def test_refuses_what_is_no_logo(admin: Client) -> None:
    svg = SimpleUploadedFile("logo.svg", b"\n<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert errors(post(admin, logo_file=svg)) == {"logo_file"}
    small = picture(size=(8, 8))
    assert errors(post(admin, logo_file=small)) == {"logo_file"}
    # Pages are light or dark; nobody isConnected a picture.
    colourless = {key: value for key, value in FIELDS.items() if key != "own_colours"}
    page: Any = admin.post(
        address("housestyle_changelist"),
        colourless | {"name": "", "seen": "Europe/London en-gb", "logo_file": picture()},
    )
    assert errors(page) == {"name", "own_colours"}
    assert not HouseStyle.objects.exists()


def test_removing_all_of_it_is_the_default_again(admin: Client, declared: Contest) -> None:
    before = Client().get("/ge/").content
    post(admin, logo_file=picture())
    nothing = dict.fromkeys(("name", "corrections_text", "corrections_address"), "")
    page: Any = admin.get(address("housestyle_changelist"))
    seen = page.context["form"].initial["seen"]
    fields = FIELDS | nothing | {"remove_logo": "on", "seen": seen}
    del fields["own_colours"]
    assert admin.post(address("housestyle_changelist"), fields).status_code == 302
    assert HouseStyle.load().version == ""
    assert Client().get("/ge/").content == before


def test_new_nights_begin_with_its_time_zone(admin: Client) -> None:
    post(admin)
    for path in (address("election_add"), "/admin/set-up/"):
        assert "Europe/Dublin" in admin.get(path).content.decode()


def test_editors_see_it_and_senior_editors_change_it(db: None) -> None:
    assert post(client_of_role("Editors")).status_code == 403
    assert post(client_of_role("Senior editors")).status_code == 302

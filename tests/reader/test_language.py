"""The languages of an election's pages: its own, and a second one at an address of its own."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from results.live.fragments import election_locale
from results.models import Contest, Election
from results.models.election import validate_election_slug
from results.models.languages import reading_in
from results.reader.languages import split_language
from tests import nights

PATHS = [
    "/ge/",
    "/ge/islington-north/",
    "/ge/feed/",
    "/embed/ge/scoreboard/",
    "/nights/2019-12-12/",
]


def set_languages(own: str, second: str = "") -> None:
    Election.objects.update(language=own, second_language=second)


@pytest.mark.parametrize("path", PATHS)
def test_page_is_in_the_elections_own_language(client: Client, seat: Contest, path: str) -> None:
    set_languages("cy")
    page = client.get(path).content.decode()
    assert '<html lang="cy"' in page
    assert 'lang="en-gb"' not in page
    assert "/cy/" not in page


@pytest.mark.parametrize("path", PATHS)
def test_second_language_has_addresses_of_its_own(client: Client, seat: Contest, path: str) -> None:
    set_languages("en-gb", "cy")
    assert '<html lang="en-gb"' in client.get(path).content.decode()
    page = client.get(f"/cy{path}").content.decode()
    assert '<html lang="cy"' in page
    inner = re.findall(r'(?:href|data-address)="(/(?!static/)[^"]*)"', page)
    assert inner
    assert [link for link in inner if not link.startswith("/cy/")] == []


def test_page_names_its_other_language(client: Client, seat: Contest) -> None:
    set_languages("en-gb", "cy")
    for path in ("/ge/", "/cy/ge/"):
        page = client.get(path).content.decode()
        for language, address in (("en-gb", "/ge/"), ("cy", "/cy/ge/")):
            link = f'<link rel="alternate" hreflang="{language}" href="http://testserver{address}">'
            assert link in page
        assert f'<link rel="canonical" href="http://testserver{path}">' in page
    assert 'lang="cy" hreflang="cy">Cymraeg</a>' in client.get("/ge/").content.decode()
    assert 'hreflang="en-gb">English</a>' in client.get("/cy/ge/").content.decode()


def test_election_of_one_language_has_no_switch(client: Client, seat: Contest) -> None:
    page = client.get("/ge/").content.decode()
    assert "hreflang" not in page
    assert "Cymraeg" not in page


@pytest.mark.parametrize("languages", [("en-gb", ""), ("cy", ""), ("cy", "en-gb")])
def test_language_that_is_not_the_second_leads_to_its_own(
    client: Client, seat: Contest, languages: tuple[str, str]
) -> None:
    set_languages(*languages)
    response = client.get("/cy/ge/islington-north/?q=a%20b")
    assert (response.status_code, response["Location"]) == (302, "/ge/islington-north/?q=a%20b")


def test_unknown_and_draft_elections_are_not_there_in_any_language(
    client: Client, seat: Contest
) -> None:
    assert client.get("/cy/nowhere/").status_code == 404
    Election.objects.update(second_language="cy", visibility=Election.Visibility.DRAFT)
    assert client.get("/cy/ge/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cy/admin/", "/cy/count/", "/cy/api/v1/", "/cy/live/", "/cyx/ge/"]
)
def test_only_readers_pages_are_in_other_languages(path: str) -> None:
    assert split_language(path) == ("", path)


def test_pages_of_both_languages_are_cached_apart(client: Client, seat: Contest) -> None:
    set_languages("en-gb", "cy")
    nights.declare(seat, *(votes for _name, _party, votes in nights.ISLINGTON_NORTH))
    own, other = client.get("/ge/"), client.get("/cy/ge/")
    assert own.content != other.content
    assert client.get("/ge/").content == own.content
    assert client.get("/cy/ge/").content == other.content
    unchanged = client.get("/cy/ge/", headers={"If-None-Match": other["ETag"]})
    assert unchanged.status_code == 304


def test_reading_in_a_language_ends(seat: Contest) -> None:
    set_languages("en-gb", "cy")
    election = Election.objects.get()
    with reading_in("cy"), election_locale(election):
        assert (translation.get_language(), election.get_absolute_url()) == ("cy", "/cy/ge/")
    with election_locale(election):
        assert (translation.get_language(), election.get_absolute_url()) == ("en-gb", "/ge/")


def test_second_language_is_another_one(seat: Contest) -> None:
    election = Election.objects.get()
    election.second_language = election.language
    with pytest.raises(ValidationError, match="choose the other one"):
        election.full_clean()


def test_page_of_embeds_in_a_second_language_names_addresses_in_it(
    client: Client, seat: Contest
) -> None:
    set_languages("en-gb", "cy")
    for prefix in ("", "/cy"):
        page = client.get(f"{prefix}/embed/ge/").content.decode()
        text = re.sub(r"<textarea.*?</textarea>|<script.*?</script>", "", page, flags=re.DOTALL)
        assert re.findall(r": http://testserver(\S*/embed/ge/) ", text) == [f"{prefix}/embed/ge/"]


def test_oembed_of_a_page_in_its_second_language(client: Client, seat: Contest) -> None:
    set_languages("en-gb", "cy")
    document = client.get("/api/oembed?url=http://testserver/cy/ge/islington-north/").json()
    assert 'src="http://testserver/cy/embed/ge/islington-north/"' in document["html"]


def test_page_in_a_second_language_links_to_its_oembed(client: Client, seat: Contest) -> None:
    set_languages("en-gb", "cy")
    page = client.get("/cy/ge/").content.decode()
    link = re.search(r'href="http://testserver([^"]*oembed[^"]*)"', page)
    assert link is not None
    assert client.get(link[1]).status_code == 200


def test_news_of_both_languages_is_cached_apart(client: Client, seat: Contest) -> None:
    set_languages("en-gb", "cy")
    nights.declare(seat, *(votes for _name, _party, votes in nights.ISLINGTON_NORTH))
    now = client.get("/ge/now/").json()
    path = f"ge/following/{now['epoch']}/0-{now['sequence']}/"
    other, own = client.get(f"/cy/{path}").json(), client.get(f"/{path}").json()
    assert own["words"]["address"] == "/ge/following/"
    assert other["words"]["address"] == "/cy/ge/following/"


def test_page_of_no_address_names_the_language_it_is_in(client: Client, db: None) -> None:
    page = client.get("/cy/nowhere/").content.decode()
    assert '<html lang="cy"' in page


@pytest.mark.parametrize("slug", ["cy", "en", "masthead", "push"])
def test_election_cannot_take_an_address_of_the_site(slug: str) -> None:
    with pytest.raises(ValidationError, match="address of the site"):
        validate_election_slug(slug)


def test_scripts_ask_at_the_address_of_the_pages_language() -> None:
    """An address made of the election's slug alone would be that of its own language."""
    scripts = (Path(__file__).parents[2] / "static/reader").glob("*.js")
    assert [path.name for path in scripts if "/${page.election}/" in path.read_text()] == []

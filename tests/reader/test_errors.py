"""Error pages: in the publisher's style where it is available."""

import re
from unittest.mock import patch

import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings

from results.models import Election, HouseStyle
from tests import nights


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/nowhere/at/all/", "/static-typo.css"])
def test_an_address_without_a_page_is_answered_in_the_publishers_style(
    client: Client, path: str
) -> None:
    HouseStyle(pk=HouseStyle.ONLY, name="Northshire Echo").save()
    with override_settings(DEBUG=False):
        answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no such page" in page
    assert "Northshire Echo" in page
    assert path not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/nowhere/at/all/", "/nowhere/feed/"])
def test_demo_shows_its_visitors_the_same_page_and_developers_the_patterns(
    client: Client, path: str
) -> None:
    with override_settings(DEBUG=True, DEMO=True):
        demo = client.get(path)
    with override_settings(DEBUG=True, DEMO=False):
        patterns = client.get(path)
    assert demo.status_code == patterns.status_code == 404
    assert "There is no such page" in demo.content.decode()
    assert "URLconf" not in demo.content.decode()
    assert "DEBUG = True" in patterns.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_pages_of_errors_have_their_styles_where_debug_is_on(client: Client, demo: bool) -> None:
    """A developer's page has them in itself."""
    client.raise_request_exception = False
    with (
        override_settings(DEBUG=True, DEMO=demo),
        patch("results.reader.home._list_page", side_effect=ZeroDivisionError),
    ):
        answers = [client.get("/nowhere/"), client.get("/nights/")]
    assert [answer.status_code for answer in answers] == [404, 500]
    for answer in answers:
        assert "default-src 'none'" not in answer.headers.get("Content-Security-Policy", "")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ge/islington-nort/", "/cy/ge/nowhere/at/all/"])
@override_settings(DEBUG=False)
def test_an_address_below_an_election_leads_to_it(client: Client, path: str) -> None:
    nights.election(second_language="cy", name_cy="Etholiad")
    welsh, english = '<a href="/cy/ge/">Etholiad</a>', '<a href="/ge/">General election</a>'
    link = welsh if path.startswith("/cy/") else english
    assert link in client.get(path).content.decode()
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    answer = client.get(path)
    assert answer.status_code == 404
    assert not {"Etholiad", "General election"} & set(re.split("[<>]", answer.content.decode()))


def test_a_failure_is_told_without_database_and_stylesheets() -> None:
    page = render_to_string("500.html")
    assert "Load the page again in a minute" in page
    assert '<div lang="cy">' in page
    assert "/static/" not in page

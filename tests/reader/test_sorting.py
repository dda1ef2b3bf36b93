"""Lists of names are in the order in which people sort them, on both databases."""

import json
import re

import pytest
from django.test import Client

from results.models import Contest, Party, Region
from tests import nights
from tests.editor.conftest import address

pytestmark = [pytest.mark.django_db, pytest.mark.db]
#: In order.
NAMES = ["Ángle", "Bath & West", "bath east", "Newark", "St Ives", "Ward 2", "Ward 10", "Ynys Môn"]


@pytest.fixture
def night() -> None:
    election = nights.election()
    for name in NAMES[::-1]:
        nights.contest(election, name, [("Ann", "lab"), ("Bob", "con")])
    for number, name in enumerate(NAMES[::-1]):
        Region.objects.create(election=election, name=name, slug=f"region-{number}")


def names_in(client: Client, path: str) -> list[str]:
    """The contests' names in the order in which a page first has them."""
    text = client.get(path).content.decode().replace("&amp;", "&")
    found = re.findall("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))), text)
    return list(dict.fromkeys(found))


def test_sorts_rows_by_name(night: None) -> None:
    assert [contest.name for contest in Contest.objects.all()] == NAMES
    assert [region.name for region in Region.objects.all()] == NAMES


@pytest.mark.parametrize("path", ["/ge/", "/ge/regions/", "/ge/results.csv", "/ge/results.json"])
def test_sorts_pages_by_name(client: Client, night: None, path: str) -> None:
    assert names_in(client, path) == NAMES


def test_sorts_the_document_by_name(client: Client, night: None) -> None:
    contests = json.loads(client.get("/ge/results.json").content)["contests"]
    assert [contest["name"] for contest in contests] == NAMES


def test_sorts_the_admin_by_name(client: Client, night: None) -> None:
    client.force_login(nights.user("editor", staff=True))
    assert names_in(client, address("contest_changelist")) == NAMES
    backwards = names_in(client, address("contest_changelist") + "?o=-0")
    assert backwards == NAMES[::-1]


def test_follows_a_new_name(night: None) -> None:
    contest = Contest.objects.get(name="Ward 10")
    contest.name = "Àbel"
    contest.save()
    assert Contest.objects.all()[0] == contest
    Party.objects.bulk_create([Party(slug="z", name="Éire", abbreviation="É")])
    assert Party.objects.get(slug="z").sort_key.startswith("0065")

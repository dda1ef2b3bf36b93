"""Odd files and names of files, sent by the form: the page of the load says what is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from results.models import Contest, Election
from tests import nights
from tests.setup.conftest import act, give

pytestmark = [pytest.mark.django_db, pytest.mark.db]

WARDS = "Ward,Seats,Electorate\nHill,1,4000\n"
LIST = "Ward,Candidate,Party\nHill,Ann Ash,Labour\n"


@pytest.mark.parametrize("char", ["\\ud800", "\\u0000"])
@pytest.mark.parametrize(
    "document",
    [
        '{"layout": "odd-r", "hexes": {"X": {"n": "CHAR", "q": 0, "r": 0}}}',
        '{"layout": "odd-r", "hexes": {"CHAR": {"n": "Vale"}}}',
        '{"layout": "CHAR", "hexes": {}}',
    ],
    ids=["name", "code", "layout"],
)
def test_map_with_characters_that_no_text_has(chief: Client, char: str, document: str) -> None:
    """No page can show half of a pair, and PostgreSQL stores neither."""
    night = nights.election()
    nights.contest(night, "Vale", [("Ann", "lab"), ("Bob", "con")])
    file = SimpleUploadedFile("map.hexjson", document.replace("CHAR", char).encode())
    load = give(chief, night, "map", file=file)
    assert load.state == "refused"
    page = chief.get(reverse("set_up_load", args=[load.pk]))
    assert "has characters that no text has" in page.content.decode()


def test_file_with_the_name_of_a_folder(chief: Client, draft: Election) -> None:
    """Each file is read from a folder of its own, and either may have any name."""
    files = {
        "file": SimpleUploadedFile("1", LIST.encode()),
        "second": SimpleUploadedFile("1", WARDS.encode()),
    }
    load = give(chief, draft, "candidates", **files)
    assert load.state == "ready", load.report
    act(chief, load, "apply")
    assert Contest.objects.get().electorate == 4000

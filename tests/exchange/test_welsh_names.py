"""Welsh names of seats and parties in files of candidates and of results."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from results.models import Contest, Election, Party
from tests.exchange import files

pytestmark = pytest.mark.django_db

CANDIDATES = """Council,Ward,Ward name (Welsh),Seats,Candidate,Party,Party name (Welsh)
Northshire Council,Riverbank,Glan yr Afon,1,Ann Hall,Bridge Party,Plaid y Bont
Northshire Council,Riverbank,,1,Bob Rice,Labour Party,Llafur Arall
Northshire Council,Mill,,1,Cat Moss,Bridge Party,
Northshire Council,Mill,,1,Dan Nye,Labour Party,
"""
RESULTS = """Ward,Name (Welsh),Electorate,Candidate,Party,party_name_cy,Votes,Polling day
Riverbank,Glan yr Afon,2000,Ann Hall,Bridge Party,Plaid y Bont,600,2022-05-05
Riverbank,Glan yr Afon,2000,Bob Rice,Labour Party,,500,2022-05-05
"""


def load_candidates(folder: Path, text: str = CANDIDATES) -> Election:
    path = files.write(folder, "candidates.csv", text)
    call_command("load_candidates", "may", path, "--date", "2026-05-07")
    return Election.objects.get(slug="may")


def without_welsh(text: str) -> str:
    """The same list without its Welsh names."""
    return text.replace("Glan yr Afon", "").replace("Plaid y Bont", "").replace("Llafur Arall", "")


def welsh() -> tuple[dict[str, str], str]:
    """The Welsh names of the wards by their own, and that of the Bridge Party."""
    contests = dict(Contest.objects.values_list("name", "name_cy"))
    return contests, Party.objects.get(name="Bridge Party").name_cy


def test_list_of_candidates_gives_them(tmp_path: Path) -> None:
    load_candidates(tmp_path)
    assert welsh() == ({"Riverbank": "Glan yr Afon", "Mill": ""}, "Plaid y Bont")
    assert Party.objects.get(slug="lab").name_cy == "Llafur"  # as it was known


def test_what_an_editor_entered_stays(tmp_path: Path) -> None:
    load_candidates(tmp_path, without_welsh(CANDIDATES))
    assert welsh() == ({"Riverbank": "", "Mill": ""}, "")
    Contest.objects.filter(name="Riverbank").update(name_cy="Min yr Afon")
    load_candidates(tmp_path)
    assert welsh() == ({"Riverbank": "Min yr Afon", "Mill": ""}, "Plaid y Bont")


def test_results_of_last_time_give_them(tmp_path: Path) -> None:
    load_candidates(tmp_path, without_welsh(CANDIDATES))
    path = files.write(tmp_path, "results.csv", RESULTS)
    call_command("load_results", "may", path, "--as", "previous")
    assert welsh() == ({"Riverbank": "Glan yr Afon", "Mill": ""}, "Plaid y Bont")


def test_pages_and_search_in_both_languages_have_them(tmp_path: Path, client: Client) -> None:
    load_candidates(tmp_path)
    Election.objects.update(second_language="cy")
    for before, name, party in (
        ("", "Riverbank", "Bridge Party"),
        ("/cy", "Glan yr Afon", "Plaid y Bont"),
    ):
        text = strip_tags(client.get(f"{before}/may/riverbank/").content.decode())
        assert name in text
        assert party in text
        for query in ("riverbank", "glan yr afon"):
            answer = client.get(f"{before}/may/find/", {"q": query})
            assert answer.headers["Location"] == f"{before}/may/riverbank/"

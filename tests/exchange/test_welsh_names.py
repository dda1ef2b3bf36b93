"""Welsh names of seats and parties in files of candidates and of results."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from results.exchange.parties import Parties
from results.models import Body, Contest, Election, LastResult, Party, PartyAlias, find_contests
from results.words.party_seats import read_party_seats
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


def test_file_in_welsh_is_of_the_same_wards(tmp_path: Path) -> None:
    election = load_candidates(tmp_path)
    Body.objects.update(name_cy="Cyngor Glannau'r Gogledd")
    rows = RESULTS.replace("Ward,", "Council,Ward,").replace(
        "Riverbank,Glan yr Afon", "Cyngor Glannau'r Gogledd,Glan yr Afon,"
    )
    path = files.write(tmp_path, "results.csv", rows)
    call_command("load_results", "may", path, "--as", "previous")
    assert LastResult.objects.get().contest.name == "Riverbank"
    assert Contest.objects.filter(election=election).count() == 2
    welsh_list = files.write(
        tmp_path, "again.csv", CANDIDATES.replace("Riverbank,", "Glan yr Afon,")
    )
    call_command("load_candidates", "may", welsh_list)
    assert welsh() == ({"Riverbank": "Glan yr Afon", "Mill": ""}, "Plaid y Bont")


def test_ward_with_the_name_comes_before_one_with_it_in_welsh(tmp_path: Path) -> None:
    load_candidates(tmp_path, CANDIDATES.replace("Mill", "Glan yr Afon"))
    rows = RESULTS.replace("Riverbank,", "Glan yr Afon,").replace(",Glan yr Afon,2000", ",,2000")
    path = files.write(tmp_path, "results.csv", rows)
    call_command("load_results", "may", path, "--as", "previous")
    assert LastResult.objects.get().contest.name == "Glan yr Afon"


def test_people_mean_the_ward_with_the_name_before_one_with_it_in_welsh(tmp_path: Path) -> None:
    election = load_candidates(tmp_path, CANDIDATES.replace("Mill", "Glan yr Afon"))
    found = find_contests(election, ["Glan yr Afon"])
    assert not found.ambiguous
    assert [each.name for each in found.contests] == ["Glan yr Afon"]


def test_people_may_name_the_council_of_a_ward_in_welsh(tmp_path: Path) -> None:
    election = load_candidates(tmp_path)
    Body.objects.update(name_cy="Cyngor y Gogledd")
    words = ["Mill, Cyngor y Gogledd", "Glan yr Afon, Cyngor y Gogledd"]
    assert [each.name for each in find_contests(election, words).contests] == ["Mill", "Riverbank"]


@pytest.mark.parametrize("word", ["Glan yr Afon", "glan yr afon northshire council", "Riverbank"])
def test_people_may_name_a_ward_in_either_language(tmp_path: Path, word: str) -> None:
    election = load_candidates(tmp_path)
    (found,) = find_contests(election, [word]).contests
    assert found.name == "Riverbank"


def test_composition_may_name_the_council_in_welsh(tmp_path: Path) -> None:
    load_candidates(tmp_path)
    Body.objects.update(name_cy="Cyngor Glannau'r Gogledd")
    rows = "Council,Party,Seats\nCyngor Glannau'r Gogledd,Bridge Party,2\n"
    call_command("load_composition", "may", files.write(tmp_path, "composition.csv", rows))
    assert list(Body.objects.get().composition_before.values()) == [2]


def test_counting_area_may_be_named_in_welsh(tmp_path: Path) -> None:
    people = ["Bro,Fro,Ann Hall,Bridge Party", "Bro,,Bob Rice,Labour Party"]
    text = "\n".join(["Area,Area name (Welsh),Candidate,Party", *people])
    path = files.write(tmp_path, "candidates.csv", text)
    call_command("load_candidates", "pcc", path, "--date", "2026-05-07", "--kind", "commissioner")
    areas = files.write(tmp_path, "areas.csv", "Counted for,Area\nFro,North\nFro,South\n")
    call_command("load_counting_areas", "pcc", areas)
    Contest.objects.filter(name="North").update(name_cy="Gogledd")
    again = files.write(tmp_path, "again.csv", "Counted for,Area\nBro,Gogledd\nBro,De\n")
    call_command("load_counting_areas", "pcc", again)
    names = Contest.objects.exclude(part_of=None).values_list("name", flat=True)
    assert sorted(names) == ["De", "North", "South"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Llafur", "lab"),
        ("Llafur Cymru", "lab"),
        ("Welsh Labour/Llafur Cymru", "lab"),
        ("Welsh Liberal Democrats - Democratiaid Rhyddfrydol Cymru", "ld"),
        ("Ceidwadwyr Cymreig", "con"),
        ("Wales Green Party / Plaid Werdd Cymru", "green"),
        ("Labour/Co-operative", "lab-co-op"),
        ("Plaid Cymru - The Party of Wales", "pc"),
        ("Labour / Green Party", "labour-green-party"),  # a joint description
        ("Llafur / Bridge Party", "llafur-bridge-party"),
        ("Plaid y Bont", "bridge-party"),
    ],
)
def test_party_may_be_named_in_either_language_or_both(
    tmp_path: Path, name: str, slug: str
) -> None:
    load_candidates(tmp_path)
    assert Parties().standing(name)["party"].slug == slug


@pytest.mark.parametrize(
    "name", ["Annibynnol", "ANNIBYNNOL", "Independent / Annibynnol", "Annibynnol - Independent"]
)
def test_independents_are_of_no_party_in_welsh(name: str) -> None:
    assert Parties().standing(name)["party"] is None
    assert not Party.objects.exists()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("UKIP / Brexit Party", {"ukip-brexit-party"}),
        ("Welsh Liberal Democrats / Plaid y Bont", {"welsh-liberal-democrats-plaid-y-bont"}),
        ("Welsh Labour / Llafur Cymru", {"lab"}),
    ],
)
def test_a_name_of_two_parties_stores_neither(name: str, stored: set[str]) -> None:
    Parties().standing(name)
    assert set(Party.objects.values_list("slug", flat=True)) == stored


def test_a_party_at_another_address_may_be_named_in_both_languages() -> None:
    """Its halves are found by the number, and by a spelling of the registry."""
    labour = Party.objects.create(
        slug="workers", name="Workers", name_cy="Y Gweithwyr", electoral_commission_id="PP53"
    )
    assert Parties().standing("Y Gweithwyr / Labour Party")["party"] == labour


def test_seats_may_be_typed_for_a_party_by_its_name_in_welsh(tmp_path: Path) -> None:
    load_candidates(tmp_path)
    PartyAlias.objects.all().delete()  # as an earlier release stored parties
    seats = read_party_seats("Plaid y Bont 3, Llafur 2")
    assert seats == {Party.objects.get(name="Bridge Party").slug: 3, "lab": 2}


def test_typed_name_of_a_party_comes_before_another_ones_in_welsh() -> None:
    Party.objects.create(slug="mill", name="Mill Party", name_cy="Bont")
    Party.objects.create(slug="bont", name="Bont")
    assert read_party_seats("Bont 3") == {"bont": 3}

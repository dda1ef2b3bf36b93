"""Candidates' gender and earlier elections, as read from files."""

from pathlib import Path

import pytest
from django.core.management import call_command

from results.models import Candidate, Election
from tests.exchange import files

pytestmark = pytest.mark.django_db

RESULTS = """ons_id,constituency_name,region_name,country_name,party_name,party_abbreviation,\
firstname,surname,gender,sitting_mp,former_mp,votes
X1,Upper Vale,North,England,Labour,Lab,Ann,Hall,Female,Yes,Yes,21000
X1,Upper Vale,North,England,Conservative,Con,Bob,Rice,Male,No,No,19000
X1,Upper Vale,North,England,Green,Grn,Cy,Lane,Non-binary,No,Yes,900
X1,Upper Vale,North,England,Independent,Ind,Di,Dale,Prefer not to say,No,,800
"""
SEATS = """ons_id,constituency_name,region_name,country_name,declaration_time,electorate,\
valid_votes,invalid_votes
X1,Upper Vale,North,England,2019-12-13 01:30:00,70000,41700,100
"""
NOMINATIONS = """id,name,gender,election,party_id,party_name,post_id,post_label,election_date
11,Tom Crone,male,parl.2019-12-12,party:63,Green Party,WMC:E14000793,Riverside,2019-12-12
12,Ann Hall,F,parl.2019-12-12,party:53,Labour Party,WMC:E14000793,Riverside,2019-12-12
13,Bob Abbot,,parl.2019-12-12,ynmp-party:2,Independent,WMC:E14000793,Riverside,2019-12-12
"""


def load_results(tmp_path: Path, results: str = RESULTS) -> None:
    paths = [
        files.write(tmp_path, name, text)
        for name, text in (("seats.csv", SEATS), ("candidates.csv", results))
    ]
    call_command("load_results", "vale", *paths, "--as", "declared", "--date", "2019-12-12")


def recorded() -> dict[str, tuple[str, bool | None]]:
    return {
        candidate.name: (candidate.gender, candidate.elected_before)
        for candidate in Candidate.objects.all()
    }


def test_results_say_gender_and_whether_elected_before(tmp_path: Path) -> None:
    """One “No” of two columns is not enough, and a word that is not known is not guessed."""
    load_results(tmp_path)
    assert recorded() == {
        "Ann Hall": ("female", True),
        "Bob Rice": ("male", False),
        "Cy Lane": ("other", True),
        "Di Dale": ("", None),
    }


@pytest.mark.parametrize("word", ["Yes", "Y", "TRUE", "yes."])
def test_sitting_member_is_read_from_every_word_for_yes(tmp_path: Path, word: str) -> None:
    rows = RESULTS.replace("Female,Yes", f"Female,{word}")
    load_results(tmp_path, rows)
    ann = Candidate.objects.get(name="Ann Hall")
    assert (ann.sitting_member, ann.elected_before) == (True, True)
    assert not Candidate.objects.exclude(pk=ann.pk).filter(sitting_member=True).exists()


def test_file_loaded_again_keeps_edits_and_fills_blanks(tmp_path: Path) -> None:
    load_results(tmp_path)
    Candidate.objects.filter(name="Bob Rice").update(gender="female", elected_before=True)
    Candidate.objects.filter(name="Ann Hall").update(gender="", elected_before=None)
    load_results(tmp_path)
    assert recorded()["Bob Rice"] == ("female", True)
    assert recorded()["Ann Hall"] == ("female", True)


def test_candidates_file_says_gender(tmp_path: Path) -> None:
    call_command("load_candidates", "vale", files.write(tmp_path, "list.csv", NOMINATIONS))
    assert {name: gender for name, (gender, _before) in recorded().items()} == {
        "Tom Crone": "male",
        "Ann Hall": "female",
        "Bob Abbot": "",
    }
    Candidate.objects.filter(name="Tom Crone").update(gender="other")
    call_command("load_candidates", "vale", files.write(tmp_path, "list.csv", NOMINATIONS))
    assert recorded()["Tom Crone"][0] == "other"
    assert Election.objects.count() == 1

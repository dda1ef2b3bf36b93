"""Queries of loading files: a number for each contest, and none for each candidate."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results.models import Candidate, Contest
from tests.exchange import files

pytestmark = pytest.mark.django_db

COLUMNS = (
    "person_id,person_name,election_id,ballot_paper_id,election_date,organisation_name,"
    "post_label,gss,party_name,party_id,seats_contested,cancelled_poll"
)
PARTIES = (("Labour Party", "PP53"), ("Green Party", "PP63"), ("Independent", "ynmp-party:2"))
DAY = "2031-05-02"
#: Of a ward of the file: its people and its ballot paper are created, and its seats are checked.
QUERIES_A_WARD = 4


def rows(wards: int, candidates: int) -> str:
    """A file of wards of two councils, with as many candidates in each."""
    lines = [COLUMNS]
    for ward in range(wards):
        council = f"council{ward % 2}"
        for place in range(candidates):
            number = ward * candidates + place + 1
            party, party_id = PARTIES[place % len(PARTIES)]
            lines.append(
                f"{number},Ann Hall{number},local.{council}.{DAY},local.{council}.ward{ward}.{DAY},"
                f"{DAY},{council},Ward {ward},E05{ward:06d},{party},{party_id},1,f"
            )
    return "\n".join(lines)


def queries_of(
    tmp_path: Path, text: str, slug: str, command: str = "load_candidates", *options: str
) -> int:
    file = files.write(tmp_path, f"{slug}.csv", text)
    with CaptureQueriesContext(connection) as captured:
        call_command(command, slug, file, *options)
    candidates = Candidate.objects.filter(contest__election__slug=slug)
    assert candidates.count() == len(text.splitlines()) - 1
    return len(captured)


def test_another_candidate_of_each_ward_takes_no_query(tmp_path: Path) -> None:
    few = queries_of(tmp_path, rows(6, 3), "few")
    Contest.objects.all().delete()
    assert queries_of(tmp_path, rows(6, 9), "many") <= few


def test_another_ward_takes_few_queries(tmp_path: Path) -> None:
    few = queries_of(tmp_path, rows(4, 5), "few")
    Contest.objects.all().delete()
    assert queries_of(tmp_path, rows(24, 5), "many") <= few + 20 * QUERIES_A_WARD


def test_loading_the_same_file_again_takes_fewer(tmp_path: Path) -> None:
    first = queries_of(tmp_path, rows(12, 5), "wards")
    assert queries_of(tmp_path, rows(12, 5), "wards") <= first


RESULTS = (
    "ons_id,constituency_name,declaration_time,electorate,invalid_votes,party_name,"
    "party_abbreviation,firstname,surname,sitting_mp,votes"
)


def results(seats: int, candidates: int) -> str:
    """A file of declared results, with as many candidates in each seat."""
    lines = [RESULTS]
    for seat in range(seats):
        of_seat = f"X{seat},Vale {seat},2019-12-12 23:3{seat},70000,9"
        for place in range(candidates):
            party = "Green,Green" if place % 2 else "Labour,Lab"
            lines.append(f"{of_seat},{party},Ann,Hall{place},No,{900 - place}")
    return "\n".join(lines)


def test_another_candidate_of_each_declared_result_takes_no_query(tmp_path: Path) -> None:
    _first, few, many = (  # the first load makes the parties
        queries_of(
            tmp_path, results(3, candidates), f"of-{candidates}", "load_results", "--as", "declared"
        )
        for candidates in (2, 3, 9)
    )
    assert many <= few

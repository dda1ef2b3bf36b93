"""`load_referendum`: questions with answers, decided by votes."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from results.arithmetic import BallotCounts, ElectionKind, Method, compute_outcome
from results.arithmetic.electoral_systems import ElectoralSystem
from results.live.seat import read_seats
from results.models import Contest, Election
from tests import nights

PLAN = "question,answer,electorate\nHillford plan,Yes,4000\nHillford plan,No,\n"


def load(folder: Path, text: str = PLAN, **options: Any) -> None:
    file = folder / "referendum.csv"
    file.write_text(text)
    call_command("load_referendum", "plan", str(file), "--date", "2019-12-12", **options)


def publish(contest: Contest, yes: int, no: int, name: str = "one") -> None:
    first, second = contest.candidates.order_by("ballot_order")
    counts = BallotCounts(votes={first.pk: yes, second.pk: no}, electorate=contest.electorate)
    nights.declare_counts(contest, counts, by=nights.user(), idempotency_key=name)


def page(client: Client, path: str = "/plan/") -> str:
    response = client.get(path)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize(("votes", "approved"), [((7, 5), (1,)), ((5, 7), (2,)), ((6, 6), ())])
def test_answer_with_most_votes_is_approved_and_none_where_equal(
    votes: tuple[int, int], approved: tuple[int, ...]
) -> None:
    counts = BallotCounts(votes=dict(zip((1, 2), votes, strict=True)))
    system = ElectoralSystem(method=Method.ANSWERS)
    outcome = compute_outcome(counts, seats=1, ballot_order=[1, 2], system=system)
    assert (outcome.elected, outcome.by_lot) == (approved, False)
    assert outcome.majority == abs(votes[0] - votes[1])


@pytest.mark.django_db
class TestReferendum:
    def test_is_decided_by_votes_and_nobody_is_elected(
        self, client: Client, tmp_path: Path
    ) -> None:
        load(tmp_path, name="Hillford neighbourhood plan")
        election = Election.objects.get()
        assert (election.kind, election.deposits) == (ElectionKind.REFERENDUM, False)
        publish(Contest.objects.get(), 900, 400)
        for path in ("/plan/", "/plan/hillford-plan/"):
            text = page(client, path)
            assert "Hillford plan: Yes, majority 500" in text
            assert "Yes has the most votes" in text
            for word in (">Elected", "is elected", "Independent", "Candidate<", "deposit"):
                assert word not in text, (path, word)
            assert "Hold and gain" not in text
            assert "Labour" not in text
        assert "Yes (" not in page(client, "/plan/feed.atom")

    @pytest.mark.parametrize(
        ("no", "title"),
        [(300, "Hillford plan: Yes, majority 600"), (900, "Hillford plan: the votes are equal")],
    )
    def test_loads_results_including_equal_votes(self, tmp_path: Path, no: int, title: str) -> None:
        load(tmp_path)
        file = tmp_path / "results.csv"
        file.write_text(f"question,answer,votes\nHillford plan,Yes,900\nHillford plan,No,{no}\n")
        options = ("--as", "declared", "--date", "2019-12-12", "--columns", "party_name=")
        call_command("load_results", "plan", str(file), *options)
        (seat,) = read_seats(Contest.objects.all())
        assert seat.title == title

    def test_equal_votes_need_no_lot(self, client: Client, tmp_path: Path) -> None:
        load(tmp_path)
        publish(Contest.objects.get(), 600, 600)
        text = page(client)
        assert "Hillford plan: the votes are equal" in text
        assert "1 of 1 declared" in text

    def test_draft_story_elects_nobody(self, tmp_path: Path) -> None:
        load(tmp_path)
        publish(Contest.objects.get(), 900, 400)
        call_command("stories", "plan", str(tmp_path / "stories"))
        text = (tmp_path / "stories" / "hillford-plan.txt").read_text()
        assert text.startswith("Yes has the most votes on Hillford plan with a majority of 500\n")
        assert "Yes had 900 votes." in text
        assert "elected" not in text

    def test_areas_add_up_by_votes(self, client: Client, tmp_path: Path) -> None:
        load(tmp_path)
        areas = tmp_path / "areas.csv"
        areas.write_text("counting area,electorate\nNorth,2000\nSouth,2000\n")
        call_command("load_counting_areas", "plan", str(areas))
        publish(Contest.objects.get(name="North"), 500, 499, "north")
        publish(Contest.objects.get(name="South"), 300, 600, "south")
        text = page(client)
        assert "Sum of 2 of 2" in text
        assert "1,099" in text
        publish(Contest.objects.get(part_of=None), 800, 1099, "whole")
        assert "Hillford plan: No, majority 299" in page(client)

    def test_loading_again_changes_nothing(self, tmp_path: Path) -> None:
        load(tmp_path)
        before = list(Contest.objects.get().candidates.values_list("pk", "name"))
        publish(Contest.objects.get(), 900, 400)
        load(tmp_path)
        assert list(Contest.objects.get().candidates.values_list("pk", "name")) == before

    def test_refuses_other_answers_after_publication(self, tmp_path: Path) -> None:
        load(tmp_path)
        publish(Contest.objects.get(), 900, 400)
        with pytest.raises(CommandError, match="has published votes"):
            load(tmp_path, PLAN.replace("No", "Neither"))

    def test_refuses_a_single_answer(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="“Hillford plan” has only one answer"):
            load(tmp_path, "question,answer\nHillford plan,Yes\n")
        assert not Election.objects.exists()

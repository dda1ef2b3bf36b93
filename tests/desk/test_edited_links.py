"""Regions whose constituencies or lists are edited, and merges of contests counted in areas."""

import pytest

from results import desk
from results.arithmetic import ElectionKind
from results.desk.counting_areas import follow_ballot_paper
from results.exchange.verification import check_election
from results.models import Bulletin, Candidate, Contest, Declaration, Election
from tests import nights
from tests.lists import chamber, list_ballot, names_elected, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def london() -> Contest:
    """Two constituencies, of which one is declared; the lists' votes are published."""
    night = chamber(ElectionKind.LONDON_ASSEMBLY)
    lists = {label: [f"{label} {place}" for place in range(1, 5)] for label in ("lab", "con")}
    region = list_ballot(night, "Greater London", lists, seats=4, method="lists")
    for name in ("Area 1", "Area 2"):
        people = [("Ann", "lab"), ("Bob", "con")]
        nights.contest(night, name, people, region_contest=region)
    publish(Contest.objects.get(name="Area 1"), {"lab": 500, "con": 300})
    publish(region, {"lab": 400, "con": 300})
    return region


def follow(night: Election, reason: str = "") -> list[Bulletin]:
    by, key = nights.user(), nights.key()
    return desk.follow_regions(night, by=by, idempotency_key=key, reason=reason)


def merge(duplicate: Contest, into: Contest) -> None:
    by, key = nights.user(), nights.key()
    desk.merge_contests(duplicate, into, by=by, reason="One ballot.", idempotency_key=key)


class TestRegion:
    def test_waits_no_longer_for_an_unlinked_constituency(self, london: Contest) -> None:
        Contest.objects.filter(name="Area 2").update(region_contest=None)
        assert names_elected(london) == []
        assert list(check_election(london.election)) != []
        assert len(follow(london.election)) == 1
        assert names_elected(london) == ["con 1", "lab 1", "con 2", "lab 2"]
        assert list(check_election(london.election)) == []
        assert follow(london.election) == []

    def test_waits_no_longer_for_a_merged_constituency(self, london: Contest) -> None:
        merge(Contest.objects.get(name="Area 2"), Contest.objects.get(name="Area 1"))
        assert names_elected(london) == ["con 1", "lab 1", "con 2", "lab 2"]

    def test_skips_a_winner_who_is_recognised_later(self, london: Contest) -> None:
        publish(Contest.objects.get(name="Area 2"), {"lab": 300, "con": 500})
        assert "lab 1" in names_elected(london)
        winner = Candidate.objects.get(contest__name="Area 1", name="Ann")
        Candidate.objects.filter(name="lab 1").update(person=winner.person)
        assert len(follow(london.election, "Ann stands in both.")) == 1
        assert "lab 1" not in names_elected(london)
        newest = Declaration.objects.filter(contest=london).order_by("-revision")[0]
        assert newest.kind == Declaration.Kind.CORRECTION
        assert newest.reason.endswith("were changed: Ann stands in both.")


class TestCountingAreas:
    @pytest.fixture
    def whole(self) -> Contest:
        night = nights.election(kind=ElectionKind.MAYOR, name="Mayor of Northshire")
        return nights.contest(night, "Northshire", [("Ann", "lab"), ("Bob", "con")])

    def test_keep_what_they_published_in_a_merge(self, whole: Contest) -> None:
        people = [("Bob", "con"), ("Ann", "lab")]
        duplicate = nights.contest(whole.election, "North Shire", people)
        area = nights.contest(whole.election, "Aford", [], part_of=duplicate)
        follow_ballot_paper([duplicate])
        nights.declare(area, 5, 10)
        merge(duplicate, whole)
        area.refresh_from_db()
        assert area.part_of == whole
        shown = area.candidates.values_list("name", "counts_for__contest")
        assert list(shown) == [("Ann", whole.pk), ("Bob", whole.pk)]
        assert Bulletin.objects.filter(contest=area, kind=Bulletin.Kind.DECLARATION).exists()
        assert list(check_election(whole.election)) == []

    def test_are_not_merged_into_their_whole(self, whole: Contest) -> None:
        area = nights.contest(whole.election, "Aford", [], part_of=whole)
        with pytest.raises(desk.InvalidTransition):
            merge(whole, area)

    def test_take_over_a_ballot_paper_of_their_own(self, whole: Contest) -> None:
        people = [("Ann", "lab"), ("Cat", "green")]
        area = nights.contest(whole.election, "Aford", people)
        ann = area.candidates.get(name="Ann")
        area.part_of = whole
        area.save()
        follow_ballot_paper([whole])
        assert [each.name for each in area.candidates.all()] == ["Ann", "Bob"]
        ann.refresh_from_db()
        assert ann.counts_for is not None
        assert ann.counts_for.contest == whole

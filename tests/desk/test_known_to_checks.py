"""Checks against other contests: identical figures, and thresholds of by-elections."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from results.arithmetic import ElectionKind
from results.arithmetic.known import NightSoFar
from results.arithmetic.thresholds import BY_ELECTION, COUNCIL_BY_ELECTION
from results.desk.checks import check, conditions_for
from results.live.seat import read_seats
from results.models import Body, Contest, Night, Standing
from tests import nights

pytestmark = [pytest.mark.django_db, pytest.mark.db]

CANDIDATES = [("Ann", "lab"), ("Bob", "con"), ("Cat", "green")]
VOTES = (9120, 7311, 812)


def contest(name: str, slug: str = "ge", **fields: Any) -> Contest:
    night = Night.objects.filter(election__slug=slug).first()
    election = night.election if night else nights.election(slug)
    return nights.contest(election, name, CANDIDATES, **fields)


def codes(seat: Contest, *votes: int) -> dict[str, object]:
    (read,) = read_seats([seat])
    messages = check(read, nights.ballot_counts(seat, *votes))
    return {message.code: message.params.get("other") for message in messages}


def test_finds_the_same_figures_of_another_contest() -> None:
    first, second, third = contest("First"), contest("Second"), contest("Third", "other")
    nights.declare(first, *VOTES)
    assert codes(second, *VOTES)["same_as_other"] == "First"
    # One of three is alike by chance; its own are no other contest's, nor another election's.
    assert "same_as_other" not in codes(second, VOTES[0], 7000, 801)
    assert "same_as_other" not in codes(first, *VOTES)
    assert "same_as_other" not in codes(third, *VOTES)


def test_a_result_that_was_withdrawn_is_no_other() -> None:
    first, second = contest("First"), contest("Second")
    nights.declare(first, *VOTES)
    by = nights.user()
    nights.withdraw(first, by=by, idempotency_key="w", base_revision=1, reason="Wrong seat.")
    assert "same_as_other" not in codes(second, *VOTES)


@pytest.mark.parametrize(
    ("kind", "thresholds"), [("uk-parliament", BY_ELECTION), ("council", COUNCIL_BY_ELECTION)]
)
def test_by_elections_have_thresholds_and_turnouts_of_their_own(
    kind: str, thresholds: object
) -> None:
    nights.election(kind=kind)
    last = {"lab": 9000, "con": 8000}
    usual = [contest(f"Usual {number}", last=last, electorate=70000) for number in range(6)]
    vacancy = contest("Vacancy", last=last, electorate=70000, by_election=True)
    for seat in usual:
        nights.declare(seat, 9000 + seat.pk, 8000, 100)
    nights.declare(vacancy, 3000, 2000, 100)
    (read,) = read_seats([vacancy])
    conditions = conditions_for(read, nights.ballot_counts(vacancy, 3000, 2000, 100))
    assert conditions.thresholds == thresholds
    assert conditions.known.night.changes.count == 0
    (read,) = read_seats(usual[:1])
    conditions = conditions_for(read, nights.ballot_counts(usual[0], 9000, 8000, 100))
    assert conditions.known.night.changes.count == 5


class TestOtherWardsOfTheCouncil:
    """What the checks of a ward are told of its council's others: shares, and votes used."""

    @pytest.fixture
    def wards(self) -> list[Contest]:
        """Three wards of three seats in Eastford, and one in Westford."""
        night = nights.election("council", kind=ElectionKind.COUNCIL, deposits=False)
        bodies = [
            Body.objects.create(election=night, slug=name.lower(), name=name)
            for name in ("Eastford", "Westford")
        ]
        candidates = [(f"{label}{n}", label) for label in ("lab", "con") for n in range(3)]
        return [
            nights.contest(night, name, candidates, seats=3, body=body)
            for name, body in zip("ABCD", [bodies[0]] * 3 + bodies[1:], strict=True)
        ]

    def of_night(self, ward: Contest) -> NightSoFar:
        (read,) = read_seats([ward])
        counts = nights.ballot_counts(ward, 500, 490, 480, 400, 390, 380)
        return conditions_for(read, counts).known.night

    def test_are_those_of_the_own_council_without_itself(self, wards: list[Contest]) -> None:
        first, second, third, other = wards
        nights.declare(first, 500, 490, 480, 400, 390, 380, papers=1000, rejected=0)
        nights.declare(second, 510, 500, 490, 400, 390, 380, papers=1000, rejected=10)
        nights.declare(other, 520, 510, 500, 400, 390, 380, papers=1000)
        of_night = self.of_night(third)
        assert (of_night.body_tally.complete, of_night.tally.complete) == (2, 3)
        assert of_night.used == pytest.approx((2640 / 3000, 2670 / 2970))
        assert self.of_night(second).body_tally.valid == 2640
        assert self.of_night(second).used == pytest.approx((2640 / 3000,))

    def test_papers_at_verification_count_as_well(self, wards: list[Contest]) -> None:
        nights.declare(wards[0], 500, 490, 480, 400, 390, 380)
        assert self.of_night(wards[1]).used == ()
        Standing.objects.filter(contest=wards[0]).update(verified_papers=900)
        assert self.of_night(wards[1]).used == pytest.approx((2640 / 2700,))

    def test_cost_no_query_in_a_general_election(
        self, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
    ) -> None:
        seat = contest("Aford")
        (read,) = read_seats([seat])
        night = Night.objects.select_related("election").get()
        counts = nights.ballot_counts(seat, *VOTES)
        with django_assert_num_queries(1):  # the same figures of another contest
            conditions_for(read, counts, night=night)

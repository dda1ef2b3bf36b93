"""What the checks are given of other contests: the same figures, by-elections apart."""

from typing import Any

import pytest

from results.arithmetic.thresholds import BY_ELECTION, COUNCIL_BY_ELECTION
from results.desk.checks import check, conditions_for
from results.live.seat import read_seats
from results.models import Contest, Night
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

"""Values that differ between consecutive revisions of a declaration."""

from datetime import timedelta

import pytest

from results.live.revision_differences import changes_in, revisions
from results.models import Contest, Declaration
from tests import nights

pytestmark = pytest.mark.django_db


def times_of_declaration(seat: Contest) -> list[tuple[str, str]]:
    """The times before and after in the newest revision, where they differ."""
    *_before, change = changes_in(revisions(Contest.objects.filter(pk=seat.pk)))
    return [
        (each.before, each.after)
        for each in change.differences
        if each.name == "Time of declaration"
    ]


@pytest.mark.parametrize("restored", [False, True])
def test_result_after_a_withdrawal_has_no_earlier_time(*, restored: bool) -> None:
    """What was withdrawn, as the result of another ward, was no declaration of this one."""
    seat = nights.contest(nights.election(), "Vale", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    counts, by = nights.ballot_counts(seat, 9000, 8000), nights.user()
    nights.declare(seat, 8000, 9000)
    first = Declaration.objects.get().declared_at
    assert first is not None
    nights.withdraw(seat, by=by, idempotency_key="w", base_revision=1, reason="Another ward.")
    assert times_of_declaration(seat) == []
    at = first if restored else first + timedelta(minutes=2)
    nights.declare_counts(seat, counts, by=by, idempotency_key="a", base_revision=2, declared_at=at)
    assert times_of_declaration(seat) == []


def test_corrected_time_is_a_difference() -> None:
    seat = nights.contest(nights.election(), "Vale", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    counts, by = nights.ballot_counts(seat, 9000, 8000), nights.user()
    nights.declare(seat, 9000, 8000)
    first = Declaration.objects.get().declared_at
    assert first is not None
    at = first - timedelta(minutes=2)
    why = {"reason": "Misheard.", "warning_reason": "As read out."}
    nights.correct(seat, counts, by=by, idempotency_key="c", base_revision=1, declared_at=at, **why)
    assert len(times_of_declaration(seat)) == 1

"""Details of several published results that are corrected in one transaction."""

from unittest.mock import Mock

import pytest

from results import desk
from results.live.fragments import render_night
from results.models import Bulletin, Candidate, Contest
from tests import nights
from tests.faults.parts import with_later
from tests.live.pages import after, all_pages

# Committed, because a bulletin reuses what was rendered for the last committed one.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contests() -> list[Contest]:
    """Two declared seats, and one that is awaited."""
    election = nights.election()
    names = ["Ash", "Elm", "Oak"]
    contests = [nights.contest(election, name, [("Ann", "lab"), ("Bob", "con")]) for name in names]
    for contest in contests[:2]:
        nights.declare(contest, 9000, 8500)
    return contests


def correct_all(contests: list[Contest]) -> list[desk.PublishResult]:
    """Rename a candidate of each contest, and correct what was published."""
    Candidate.objects.filter(contest__in=contests, name="Ann").update(name="Anne")
    return desk.correct_details(
        contests[0].election,
        desk.contests_corrected(contests),
        by=nights.user(),
        reason="Her name has an “e”.",
        idempotency_key="names",
    )


def test_night_is_rendered_once(contests: list[Contest], monkeypatch: pytest.MonkeyPatch) -> None:
    rendering = Mock(wraps=render_night)
    monkeypatch.setattr("results.desk.bulletins.render_night", rendering)
    results = correct_all(contests[:2])
    assert [result.bulletin.contest for result in results] == contests[:2]
    *others, last = Bulletin.objects.filter(sequence__gt=2).order_by("sequence")
    assert [bulletin.kind for bulletin in others] == ["details", "correction"]
    assert not any("corrections" in bulletin.fragments for bulletin in others)
    assert "corrections" in last.fragments
    rendering.assert_called_once()


def test_page_before_it_catches_up_to_a_fresh_page(contests: list[Contest]) -> None:
    election = contests[0].election
    page = all_pages(election)
    correct_all(contests[:2])
    assert with_later(page, after(election, 2)) == all_pages(election)
    nights.declare(contests[2], 9000, 8500)
    assert with_later(page, after(election, 2)) == all_pages(election)

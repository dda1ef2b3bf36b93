"""A declaration that is expected days after the poll has its day beside the time, everywhere."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Election
from results.words.times import expected_time
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours", "words"),
    [(3.5, "01:30"), (16, "14:00"), (40, "Sat 14:00"), (9 * 24 + 16, "Sun 22 Dec, 14:00")],
)
def test_has_its_day_from_a_day_after_the_poll_on(hours: float, words: str) -> None:
    election = nights.election()
    assert expected_time(election.polls_close + timedelta(hours=hours), election) == words


@pytest.fixture
def saturday(seat: Contest) -> Contest:
    at = datetime(2019, 12, 14, 14, tzinfo=seat.election.zone)
    Contest.objects.update(expected_at=at)
    return seat


@pytest.mark.parametrize("page", ["/ge/", "/ge/islington-north/", "/ge/wall/"])
def test_readers_see_the_day(client: Client, saturday: Contest, page: str) -> None:
    words = client.get(page).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Sat 14:00" in words


def test_headline_has_the_day(saturday: Contest) -> None:
    words = ElectionSnapshot(Election.objects.get()).night_summary
    assert "Sat 14:00" in f"{words.headline} {words.standfirst}"

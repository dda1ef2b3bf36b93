"""The close of poll is published once, by whoever is first, and pages change with it alone."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from results import desk
from results.desk.close_of_poll import CloseOfPollThread
from results.models import Bulletin, Contest, Election, Night
from tests import nights

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_log.py"
pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    """Of an election whose polls close in an hour."""
    close = timezone.now() + timedelta(hours=1)
    return nights.islington_north(nights.election(polls_close=close, date=close.date()))


def move_close(election: Election, hours: float) -> None:
    Election.objects.filter(pk=election.pk).update(
        polls_close=timezone.now() + timedelta(hours=hours)
    )


def closes() -> int:
    return Bulletin.objects.filter(kind=Bulletin.Kind.CLOSE).count()


def page_of(election: Election) -> str:
    return Client().get(f"/{election.slug}/").content.decode()


def test_headline_says_when_polls_close_until_the_bulletin(seat: Contest) -> None:
    assert "<h1>Polls close at " in page_of(seat.election)
    assert desk.publish_closes_of_poll() == []
    move_close(seat.election, -0.1)
    (bulletin,) = desk.publish_closes_of_poll()
    assert (bulletin.sequence, bulletin.kind, bulletin.summary) == (1, "close", "Polls have closed")
    page = page_of(seat.election)
    assert "Polls close" not in page
    assert "<h1>Polls have closed</h1>" in page


def test_bulletin_carries_only_the_headline_and_the_progress(seat: Contest) -> None:
    move_close(seat.election, -0.1)
    (bulletin,) = desk.publish_closes_of_poll()
    assert bulletin.fragments.keys() == {"headline", "progress"}
    assert sum(map(len, bulletin.fragments.values())) < 1000


def test_is_published_once_and_later_results_follow(seat: Contest) -> None:
    move_close(seat.election, -0.1)
    desk.publish_closes_of_poll()
    assert desk.publish_closes_of_poll() == []
    nights.declare_counts(
        seat,
        nights.islington_ballot_counts(seat),
        by=nights.user(),
        idempotency_key=nights.key(),
    )
    assert desk.publish_closes_of_poll() == []
    assert list(Bulletin.objects.values_list("sequence", "kind")) == [
        (1, "close"),
        (2, "declaration"),
    ]


def test_close_moved_to_later_before_it_is_published_then(seat: Contest) -> None:
    move_close(seat.election, 2)
    assert desk.publish_closes_of_poll() == []
    move_close(seat.election, -0.1)
    assert len(desk.publish_closes_of_poll()) == 1


def test_close_moved_to_later_after_it_is_published_again(seat: Contest) -> None:
    move_close(seat.election, -0.1)
    desk.publish_closes_of_poll()
    move_close(seat.election, 1)
    desk.start_new_epoch(seat.election)
    assert "<h1>Polls close at " in page_of(seat.election)
    assert desk.publish_closes_of_poll() == []
    move_close(seat.election, -0.05)
    assert len(desk.publish_closes_of_poll()) == 1


def test_draft_and_withdrawn_elections_have_no_bulletin(seat: Contest) -> None:
    for visibility in (Election.Visibility.DRAFT, Election.Visibility.WITHDRAWN):
        Night.objects.update(poll_closed_at=None)
        Election.objects.update(visibility=visibility)
        move_close(seat.election, -0.1)
        assert desk.publish_closes_of_poll() == []
    desk.publish_election(seat.election, by=nights.user("editor"))
    assert desk.publish_closes_of_poll() == []
    assert "<h1>Polls have closed</h1>" in page_of(seat.election)


def test_election_made_after_its_close_of_poll_needs_none(db: None) -> None:
    seat = nights.islington_north(nights.election())
    assert desk.publish_closes_of_poll() == []
    assert "<h1>Polls have closed</h1>" in page_of(seat.election)


def test_idle_poll_makes_one_query(seat: Contest, django_assert_num_queries: Any) -> None:
    thread = CloseOfPollThread()
    with django_assert_num_queries(1):
        thread.poll()


def test_night_page_says_when_polls_close_until_the_bulletin(seat: Contest) -> None:
    address = f"/nights/{seat.election.date}/"
    assert "polls close at" in Client().get(address).content.decode()
    move_close(seat.election, -0.1)
    desk.publish_closes_of_poll()
    assert "polls close at" not in Client().get(address).content.decode()


def test_rehearsal_begins_with_the_close_of_poll(db: None) -> None:
    call_command("rehearse", "try", speed=0, seats=3)
    assert Bulletin.objects.get(sequence=1).kind == "close"
    assert closes() == 1


def test_outsiders_verify_the_log(seat: Contest, tmp_path: Path) -> None:
    move_close(seat.election, -0.1)
    desk.publish_closes_of_poll()
    log = tmp_path / "log.json"
    log.write_bytes(Client().get(f"/{seat.election.slug}/log.json").content)
    script = subprocess.run([sys.executable, SCRIPT, log], capture_output=True, text=True)
    assert (script.returncode, "1 entries" in script.stdout) == (0, True), script.stdout
    call_command("verify", seat.election.slug)


@pytest.mark.django_db(transaction=True)
def test_processes_that_are_late_together_publish_it_once(seat: Contest) -> None:
    move_close(seat.election, -0.1)

    def publish(_number: int) -> int:
        try:
            return len(desk.publish_closes_of_poll())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(publish, range(8))) == 1
    assert closes() == 1

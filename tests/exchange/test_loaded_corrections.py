"""A load that changes what was published asks for a reason, and is published as a correction."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.exchange.verification import check_election
from results.models import Candidate, Contest, Declaration, Election
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db

FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)
REASON = "The nominations had the name wrong."


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nominations that name the declared winner otherwise."""
    monkeypatch.setattr("results.desk.checks.timezone.now", lambda: FAR_AHEAD)
    file = files.write(tmp_path, "candidates.csv", files.NOMINATIONS)
    call_command("load_candidates", "may", file)
    contest = Contest.objects.filter(candidates__isnull=False).distinct().first()
    assert contest is not None
    votes = range(900, 900 + contest.candidates.count())
    nights.declare(contest, *votes)
    winner = contest.candidates.order_by("ballot_order").last()
    assert winner is not None
    assert winner.name in files.NOMINATIONS
    changed = files.NOMINATIONS.replace(winner.name, "Zed Zephyr")
    return files.write(tmp_path, "changed.csv", changed)


def test_asks_for_the_reason_and_changes_nothing(file: Path) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("load_candidates", "may", file)
    assert "--reason" in str(raised.value)
    assert str(file) in str(raised.value)
    assert not Candidate.objects.filter(name="Zed Zephyr").exists()


def test_is_a_correction_with_the_reason(file: Path) -> None:
    call_command("load_candidates", "may", file, "--reason", REASON)
    revision = Declaration.objects.latest("pk")
    assert (revision.kind, revision.reason) == (Declaration.Kind.CORRECTION, REASON)
    assert list(check_election(Election.objects.get())) == []


def test_asks_nothing_where_nothing_published_changes(file: Path, tmp_path: Path) -> None:
    call_command("load_candidates", "may", files.write(tmp_path, "same.csv", files.NOMINATIONS))
    assert Declaration.objects.count() == 1

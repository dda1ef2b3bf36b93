"""A load that changes what was published asks for a reason, and is published as a correction."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results import desk
from results.exchange.verification import check_election
from results.live.seat import read_seats
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


LAST_TIME = """ward,candidate,party,votes,elected
Hill,Old Oak,Conservative,600,yes
Hill,Ann Ash,Labour,500,no
"""


class TestLastTimeAfterTheResult:
    """Who held a seat may be loaded once its winner is published, as of one elected unopposed."""

    @pytest.fixture
    def election(self) -> Election:
        ward = nights.contest(nights.election(kind="council"), "Hill", [("Ann Ash", "lab")])
        desk.publish_unopposed(ward, by=nights.user("desk"), idempotency_key="u", source="Notice")
        return ward.election

    @staticmethod
    def load(tmp_path: Path, text: str, *options: str) -> None:
        file = files.write(tmp_path, "last.csv", text)
        call_command("load_results", "ge", file, "--poll", "2015-05-07", *options)

    def test_is_published_without_a_reason(self, election: Election, tmp_path: Path) -> None:
        self.load(tmp_path, LAST_TIME)
        assert list(check_election(election)) == []
        (seat,) = read_seats(Contest.objects.all())
        assert seat.title == "Labour gain Hill from Conservatives, elected unopposed"

    def test_changed_winner_needs_a_reason(self, election: Election, tmp_path: Path) -> None:
        self.load(tmp_path, LAST_TIME)
        other = LAST_TIME.replace("600,yes", "400,no").replace("500,no", "500,yes")
        with pytest.raises(CommandError, match="--reason"):
            self.load(tmp_path, other)
        self.load(tmp_path, other, "--reason", "The file had the wrong winner.")
        assert list(check_election(election)) == []
        assert Declaration.objects.latest("pk").kind == Declaration.Kind.CORRECTION

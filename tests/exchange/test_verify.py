"""The command verify finds data that differs from the declarations."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from results.models import Contest, Night, Standing
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    corrected = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(
        seat, corrected, by=nights.user(), idempotency_key="2", base_revision=1, reason="Misheard."
    )
    return seat


def test_accepts_a_correct_night(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify", "ge", "--pages")
    assert capsys.readouterr().out == (
        "ge: 1 seats, 2 revisions and 2 bulletins, every figure as declared\n"
    )


def failed_output(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    with pytest.raises(SystemExit) as raised:
        call_command("verify", "ge", *options)
    assert raised.value.code == 1
    return capsys.readouterr().err


def execute_without_triggers(statement: str) -> None:
    """Change data as a disk error or a manual UPDATE would."""
    cursor = connection.cursor()
    table = statement.split()[1] if statement.startswith("UPDATE") else statement.split()[2]
    if connection.vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_for_good")
    else:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_for_good ON {table}")
    cursor.execute(statement)


def test_finds_a_changed_total(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    execute_without_triggers("UPDATE results_total SET votes = votes + 1 WHERE votes = 34603")
    assert "Islington North" in failed_output(capsys)


def test_finds_a_wrong_tally(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    night = Night.objects.get()
    night.tally["lines"]["lab"]["votes"] += 1
    night.save()
    assert "lab:" in failed_output(capsys)


def test_finds_a_wrong_status(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    Standing.objects.update(status="declared")
    assert "is declared, not corrected" in failed_output(capsys)


def test_finds_a_hole_in_the_log(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    execute_without_triggers("UPDATE results_bulletin SET sequence = 7 WHERE sequence = 2")
    assert "the log jumps from 1 to 7" in failed_output(capsys)


def test_finds_a_page_that_differs_from_what_was_sent(
    seat: Contest, capsys: pytest.CaptureFixture[str]
) -> None:
    seat.candidates.filter(name="James Clark").update(name="Jim Clark")
    assert "seat-islington-north: what was sent" in failed_output(capsys, "--pages")


def test_reports_a_missing_election() -> None:
    with pytest.raises(CommandError):
        call_command("verify", "nowhere")

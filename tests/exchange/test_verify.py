"""verify finds what is wrong with a night, and says nothing of one that is right."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from results.models import Night, Standing
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    fixed = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(
        seat, fixed, by=nights.user(), idempotency_key="2", base_revision=1, reason="Misheard."
    )
    return seat


def test_a_night_that_is_right(seat, capsys):
    call_command("verify", "ge", "--pages")
    assert capsys.readouterr().out == (
        "ge: 1 seats, 2 revisions and 2 bulletins, every figure as declared\n"
    )


def fails(capsys, *options):
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "ge", *options)
    assert ended.value.code == 1
    return capsys.readouterr().err


def without_triggers(statement):
    """Go behind the record's back, as a fault of the disk or of a hand would."""
    cursor = connection.cursor()
    table = statement.split()[1] if statement.startswith("UPDATE") else statement.split()[2]
    if connection.vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_for_good")
    else:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_for_good ON {table}")
    cursor.execute(statement)


def test_a_total_that_was_changed_behind_the_record(seat, capsys):
    without_triggers("UPDATE results_total SET votes = votes + 1 WHERE votes = 34603")
    assert "Islington North" in fails(capsys)


def test_a_tally_that_drifted(seat, capsys):
    night = Night.objects.get()
    night.tally["lines"]["lab"]["votes"] += 1
    night.save()
    assert "lab:" in fails(capsys)


def test_a_status_that_is_not_the_declarations(seat, capsys):
    Standing.objects.update(status="declared")
    assert "is declared, not corrected" in fails(capsys)


def test_a_hole_in_the_log(seat, capsys):
    without_triggers("UPDATE results_bulletin SET sequence = 7 WHERE sequence = 2")
    assert "the log jumps from 1 to 7" in fails(capsys)


def test_a_page_that_is_not_what_was_sent(seat, capsys):
    seat.candidates.filter(name="James Clark").update(name="Jim Clark")
    assert "seat-islington-north: what was sent" in fails(capsys, "--pages")


def test_an_election_that_is_not_there():
    with pytest.raises(CommandError):
        call_command("verify", "nowhere")

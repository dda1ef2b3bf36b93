"""The command verify finds data that differs from the declarations."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from electiondesk import release
from results import desk
from results.desk.publishing import locked_night
from results.exchange.verification import check_election
from results.models import Contest, Election, Night, Party, Standing
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    seat = nights.islington_north(nights.election())
    desk.report_status(
        seat,
        Standing.Status.UNDER_WAY,
        by=nights.user(),
        idempotency_key="0",
        verification=desk.Verification(electorate=75162, papers=54032, turnout=Decimal("71.9")),
    )
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
        "ge: 1 seat, 2 revisions and 3 bulletins, every figure as declared\n"
    )


def test_accepts_a_night_in_welsh(capsys: pytest.CaptureFixture[str]) -> None:
    """Names of parties are published in the language of the election."""
    seat = nights.islington_north(nights.election(language="cy"))
    Party.objects.update(name_cy=Concat(Value("Plaid "), "name"))
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    call_command("verify", "ge", "--pages")
    assert "every figure as declared" in capsys.readouterr().out


def test_says_that_no_page_could_be_compared(
    seat: Contest, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a restored backup: open pages load again, and have been sent nothing yet."""
    desk.start_new_epoch(seat.election)
    call_command("verify", "ge", "--pages")
    assert "every figure as declared" in (output := capsys.readouterr()).out
    assert "no page was compared" in output.err


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


def test_names_each_changed_figure_and_no_other(
    seat: Contest, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor has to find it among all that is stored of a contest and of the night."""
    execute_without_triggers("UPDATE results_total SET votes = votes + 1 WHERE votes = 34603")
    lines = failed_output(capsys).splitlines()
    assert "Islington North: majority is stored as 26188, its revisions give 26189" in lines
    assert "Islington North: adds 34603 to lines lab votes, not 34604" in lines
    assert "lab: votes 34603, its contests have 34604" in lines
    assert "valid: 53805, its contests have 53806" in lines
    assert max(map(len, lines)) < 200


def test_says_what_is_missing_of_a_stored_result(
    seat: Contest, capsys: pytest.CaptureFixture[str]
) -> None:
    standing = Standing.objects.get()
    del standing.summary["majority"], standing.contribution["valid"]
    standing.summary["elected"] = []
    standing.save()
    lines = failed_output(capsys).splitlines()
    assert "Islington North: majority is stored as nothing, its revisions give 26188" in lines
    assert any("elected is stored as [], its revisions give [{" in line for line in lines)


def test_finds_a_wrong_tally(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    night = Night.objects.get()
    night.tally["lines"]["lab"]["votes"] += 1
    night.save()
    assert "lab:" in failed_output(capsys)


def test_finds_a_wrong_status(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    Standing.objects.update(status="declared")
    assert "is declared, not corrected" in failed_output(capsys)


def test_finds_a_hole_in_the_log(seat: Contest, capsys: pytest.CaptureFixture[str]) -> None:
    execute_without_triggers("UPDATE results_bulletin SET sequence = 7 WHERE sequence = 3")
    assert "the log jumps from 2 to 7" in failed_output(capsys)


def test_finds_a_page_that_differs_from_what_was_sent(
    seat: Contest, capsys: pytest.CaptureFixture[str]
) -> None:
    seat.candidates.filter(name="James Clark").update(name="Jim Clark")
    assert "seat-islington-north: what was sent" in failed_output(capsys, "--pages")


#: What a change by SQL makes the check name.
CHANGED = {
    "UPDATE results_standing SET first_declared_at = '2019-12-13 01:00:00+00:00'": (
        "Islington North: first declared at"
    ),
    "UPDATE results_standing SET first_declared_at = NULL": "Islington North: first declared at",
    "UPDATE results_standing SET first_sequence = 3": "Islington North: first bulletin",
    "UPDATE results_standing SET verified_electorate = 9": "Islington North: electorate",
    "UPDATE results_standing SET verified_papers = 9": "Islington North: papers",
    "UPDATE results_standing SET verified_turnout = 9": "Islington North: turnout",
    "UPDATE results_standing SET turnout_change = 9": "Islington North: the change of turnout",
    "UPDATE results_standing SET turnout_change = NULL": "Islington North: the change of turnout",
    "UPDATE results_night SET turnout_changes = '{}'": "changes of turnout",
    'UPDATE results_night SET turnout_changes = \'{"": {"-3": 1}}\'': "changes of turnout",
    "UPDATE results_night SET epoch = '0123456789abcdef0123456789abcdef'": "epoch",
    "UPDATE results_milestone SET undone_by = 1": "milestone",
    "UPDATE results_milestone SET label = 'lab'": "milestone",
    # Facts and rules of the election.
    **{
        f"UPDATE results_election SET {change}": f"the election: the log says {change.split()[0]}"
        for change in (
            *("kind = 'council'", "polls_close = '2019-12-12 21:00:00+00:00'", "final = (1 = 1)"),
            *("rehearsal = (1 = 1)", "timezone = 'Europe/Paris'", "baseline = 'sitting'"),
            *("house_seats = 650", "deposits = (1 = 0)", "date = '2019-12-11'", "name = 'x'"),
            *("hex_layout = 'odd-q'", "language = 'cy'"),
        )
    },
    **{
        f"UPDATE results_body SET {change}": "the election: the log says bodies 1"
        for change in (
            *("name = 'x'", "seats = 9", "control_before = 'x'", "areas = 'division'"),
            "composition_before = '{\"lab\": 3}'",
        )
    },
    **{
        f"UPDATE results_region SET {change}": "the election: the log says regions 1"
        for change in ("name = 'x'", "nation = 'x'")
    },
    **{
        f"UPDATE results_contest SET {change} WHERE slug = 'islington-north'": (
            f"Islington North: the log says contest.{change.split()[0]}"
        )
        for change in (
            *("code = 'E14000763'", "ballot_paper_id = 'x'", "by_election = (1 = 1)"),
            "electorate = 9",
        )
    },
    **{
        f"UPDATE results_lastresult SET {change}": (
            f"Islington North: the log says last_time.{change.split()[0]}"
        )
        for change in (
            *("date = '2015-05-07'", "date = NULL", "notional = (1 = 1)", "seats = 2"),
            *("electorate = 9", "valid = 9", "rejected = 9"),
        )
    },
    **{
        f"UPDATE results_lastvotes SET {change} WHERE votes = 4946": (
            "Islington North: the log says last_time.votes"
        )
        for change in ("votes = 4947", "name = 'x'", "standing_as = 'speaker'", "share = 1.5")
    },
    "DELETE FROM results_lastvotes WHERE votes = 4946": "the log says last_time.votes",
    "UPDATE results_candidate SET description = 'x' WHERE ballot_order = 1": (
        "Islington North: the log says candidates 1.description"
    ),
    # What cannot be read.
    "UPDATE results_night SET tally = '[1]'": "the night’s totals cannot be read",
    'UPDATE results_night SET tally = \'{"lines": {"lab": 1}}\'': (
        "the night’s totals cannot be read"
    ),
    'UPDATE results_night SET turnout_changes = \'{"1": {"many": 1}}\'': "changes of turnout",
    "UPDATE results_standing SET contribution = '[1]'": "Islington North: what it adds",
    "UPDATE results_standing SET contribution = '{\"lines\": 1}'": "Islington North: what it adds",
    "UPDATE results_election SET timezone = 'Europe/Nowhere'": "time zone",
    "UPDATE results_candidate SET contest_id = {elsewhere} WHERE ballot_order = 2": (
        "Islington North: votes of revision"
    ),
    "UPDATE results_total SET candidate_id = {other} WHERE votes = 34603": (
        "Islington North: votes of revision"
    ),
    "UPDATE results_declaration SET details = '[]'": "Islington North",
    "UPDATE results_declaration SET details = '{}'": "Islington North",
    "DELETE FROM results_standing": "Islington North",
}


def test_finds_every_change_by_sql_and_what_cannot_be_read(seat: Contest) -> None:
    elsewhere = nights.contest(seat.election, "Elsewhere", [("Ann Other", "lab")])
    nights.contest(seat.election, "Further", [("Bea Other", "lab")])
    desk.start_new_epoch(seat.election)
    other = elsewhere.candidates.get().pk
    assert list(check_election(seat.election)) == []
    for template, named in CHANGED.items():
        statement = template.replace("{elsewhere}", str(elsewhere.pk))
        with transaction.atomic():
            execute_without_triggers(statement.replace("{other}", str(other)))
            findings = list(check_election(Election.objects.get()))
            transaction.set_rollback(True)
        assert any(named in finding for finding in findings), (statement, findings)


def test_accepts_a_count_that_goes_on_after_a_withdrawal(seat: Contest) -> None:
    by = nights.user()
    nights.withdraw(seat, by=by, idempotency_key="3", base_revision=2, reason="A recount.")
    desk.report_status(seat, Standing.Status.RECOUNT, by=by, idempotency_key="4")
    assert list(check_election(seat.election)) == []


def test_finds_equal_votes_and_a_lost_correction(seat: Contest) -> None:
    desk.correct_election(
        seat.election, [("Name", "A", "B")], by=nights.user(), reason="So.", idempotency_key="c"
    )
    assert list(check_election(Election.objects.get())) == []
    for statement, named in (
        ("UPDATE results_total SET votes = 7", "tie"),
        ("DELETE FROM results_electioncorrection", "correction of the election is missing"),
    ):
        with transaction.atomic():
            execute_without_triggers(statement)
            findings = list(check_election(Election.objects.get()))
            transaction.set_rollback(True)
        assert any(named in finding for finding in findings), (statement, findings)


def test_accepts_a_batch_with_a_declaration_that_was_undone(seat: Contest) -> None:
    last = {"lab": 9000, "con": 5000}
    candidates = [("Ann", "lab"), ("Bob", "con")]
    undone = nights.contest(seat.election, "Undone", candidates, last=last)
    other = nights.contest(seat.election, "Other", candidates, last=last)
    with desk.batch(seat.election):
        with suppress(ZeroDivisionError), locked_night(seat.election_id):
            nights.declare(undone, 8000, 7000)
            raise ZeroDivisionError
        nights.declare(other, 9000, 7000)
    assert list(check_election(seat.election)) == []


def test_reports_a_missing_election() -> None:
    with pytest.raises(CommandError):
        call_command("verify", "nowhere")


def test_costs_no_query_for_each_contest() -> None:
    counted = []
    for number in (2, 6):
        night = nights.election(f"night-{number}")
        for each in range(number):
            people = [("Ann", "lab"), ("Bob", "con")]
            nights.declare(nights.contest(night, f"Seat {each}", people), 9000, 8000)
        with CaptureQueriesContext(connection) as queries:
            assert list(check_election(night)) == []
        counted.append(len(queries))
    assert counted[1] == counted[0]


class TestUpgrade:
    """Another release renders pages otherwise, and open pages load again after it."""

    def test_compares_nothing_that_another_release_sent(
        self, seat: Contest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(release, "fingerprint", lambda: "another")
        seat.candidates.filter(name="James Clark").update(name="Jim Clark")
        assert "what was sent" not in failed_output(capsys, "--pages")
        seat.candidates.filter(name="Jim Clark").update(name="James Clark")
        call_command("verify", "ge", "--pages")
        assert "Another release sent every bulletin of this epoch" in capsys.readouterr().err

    def test_compares_what_this_release_has_sent_since(
        self, seat: Contest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(release, "fingerprint", lambda: "another")
        corrected = nights.islington_ballot_counts(seat, rejected=230)
        nights.correct(
            seat, corrected, by=nights.user(), idempotency_key="3", base_revision=2, reason="Again."
        )
        call_command("verify", "ge", "--pages")
        assert "Another release sent 3 bulletins of this epoch" in capsys.readouterr().err
        seat.candidates.filter(name="James Clark").update(name="Jim Clark")
        assert "seat-islington-north: what was sent" in failed_output(capsys, "--pages")

"""The record that migrations add to an upgraded desk agrees with what is published."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from results.arithmetic import ElectionKind
from results.arithmetic.hash_chain import canonical
from results.desk.published_contents import contest_content, last_time_content
from results.desk.stated_facts import disagreements, election_content
from results.exchange.chain_verification import check_content
from results.exchange.verification import check_election
from results.live.seat import read_seats
from results.models import (
    Bulletin,
    Candidate,
    ChainEntry,
    Contest,
    Declaration,
    Election,
    LastResult,
    LastVotes,
    Night,
    Standing,
    Total,
)
from tests import nights
from tests.exchange.test_verify import execute_without_triggers
from tests.present import present

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def seat() -> Contest:
    seat = nights.islington_north(nights.election())
    nights.declare(
        seat,
        *nights.islington_ballot_counts(seat).votes.values(),
        rejected=227,
        electorate=75162,
    )
    return seat


def test_changes_of_turnout_are_those_of_the_publishing_api(seat: Contest) -> None:
    Standing.objects.update(turnout_change=None)
    Night.objects.update(turnout_changes={})
    assert list(check_election(Election.objects.get()))
    migration = import_module("results.migrations.0025_known_to_checks")
    migration.fill_turnout_changes(apps, SimpleNamespace(connection=connection))
    assert list(check_election(Election.objects.get())) == []
    assert Standing.objects.get().turnout_change is not None


def test_changes_of_turnout_of_an_earlier_upgrade_are_put_right(db: None) -> None:
    """It computed a ward's from the seats of this time, and had by-elections in their region."""
    council = nights.election("may", kind=ElectionKind.COUNCIL)
    ward = nights.contest(council, "Hill", [("Ann Hall", "lab"), ("Bob Rice", "con")], seats=1)
    Contest.objects.filter(pk=ward.pk).update(by_election=True, electorate=4000)
    last = nights.add_last_time(ward, {"lab": 1800, "con": 1500})
    LastResult.objects.filter(pk=last.pk).update(seats=3, electorate=4000)
    nights.declare(Contest.objects.get(pk=ward.pk), 700, 500)
    right = Standing.objects.get().turnout_change, Night.objects.get().turnout_changes
    assert right[0] is not None
    Standing.objects.update(turnout_change=right[0] - 550)
    Night.objects.update(turnout_changes={"": {str(right[0] - 550): 1}})
    assert list(check_election(council))
    operation = import_module("results.migrations.0037_turnout_of_wards").Migration.operations[0]
    operation.code(apps, SimpleNamespace(connection=connection))
    assert (Standing.objects.get().turnout_change, Night.objects.get().turnout_changes) == right
    assert list(check_election(council)) == []


@pytest.mark.parametrize("seats_last_time", [1, 3])
@pytest.mark.parametrize("kind", [ElectionKind.COUNCIL, ElectionKind.COUNCIL_STV])
def test_changes_of_votes_are_those_of_the_publishing_api(
    db: None, kind: ElectionKind, seats_last_time: int
) -> None:
    """Where no electorate is known; the night's others keep theirs."""
    council = nights.election("may", kind=kind)
    names = [("Ann Hall", "lab"), ("Bob Rice", "con")]
    hill, dale = (nights.contest(council, name, names, seats=2) for name in ("Hill", "Dale"))
    for ward in (hill, dale):
        last = nights.add_last_time(ward, {"lab": 1800, "con": 1500})
        LastResult.objects.filter(pk=last.pk).update(seats=seats_last_time, electorate=None)
    Contest.objects.filter(pk=dale.pk).update(electorate=4000)
    for ward in (hill, dale):
        nights.declare(Contest.objects.get(pk=ward.pk), 1700, 1550)
    right = Standing.objects.get(contest=hill).turnout_change, Night.objects.get().turnout_changes
    of_dale = Standing.objects.get(contest=dale).turnout_change
    assert right[0] not in (None, of_dale)
    Standing.objects.filter(contest=hill).update(turnout_change=None)
    Night.objects.update(turnout_changes={"": {str(of_dale): 1}})
    assert list(check_election(council))
    migration = import_module("results.migrations.0057_changes_of_votes")
    migration.fill_changes_of_votes(apps, SimpleNamespace(connection=connection))
    stored = Standing.objects.get(contest=hill).turnout_change, Night.objects.get().turnout_changes
    assert stored == right
    assert list(check_election(council)) == []


def test_result_of_many_times_the_votes_of_last_time_is_published(db: None) -> None:
    """Its change is larger than the column holds where no electorate is known."""
    council = nights.election("may", kind=ElectionKind.COUNCIL)
    ward = nights.contest(council, "Hill", [("Ann Hall", "lab"), ("Bob Rice", "con")], seats=1)
    last = nights.add_last_time(ward, {"lab": 9, "con": 6})
    LastResult.objects.filter(pk=last.pk).update(electorate=None)
    nights.declare(Contest.objects.get(pk=ward.pk), 1800, 1500)
    right = Standing.objects.get().turnout_change
    assert right == 32_000
    Standing.objects.update(turnout_change=None)
    Night.objects.update(turnout_changes={})
    migration = import_module("results.migrations.0057_changes_of_votes")
    migration.fill_changes_of_votes(apps, SimpleNamespace(connection=connection))
    assert Standing.objects.get().turnout_change == right
    assert list(check_election(council)) == []


@pytest.mark.parametrize("without", ["electorate", "valid", "votes"])
def test_no_change_of_turnout_where_one_of_the_figures_is_missing(
    seat: Contest, without: str
) -> None:
    if without == "votes":
        LastResult.objects.all().delete()
    else:
        LastResult.objects.update(**{without: None})
    Standing.objects.update(turnout_change=None)
    Night.objects.update(turnout_changes={})
    migration = import_module("results.migrations.0025_known_to_checks")
    migration.fill_turnout_changes(apps, SimpleNamespace(connection=connection))
    standing = Standing.objects.get()
    (computed,) = read_seats([seat])
    assert standing.turnout_change == computed.turnout_change


def test_log_of_an_earlier_release_states_the_election(seat: Contest) -> None:
    # Without the check of heads, as if no entry had ever said it.
    execute_without_triggers("UPDATE results_bulletin SET content = '{}'")
    migration = import_module("results.migrations.0029_facts_of_elections")
    migration.state(apps, None)
    entry = ChainEntry.objects.get()
    assert entry.chain_number == Night.objects.get().entries == 2
    assert entry.head == Night.objects.get().head
    facts = json.loads(canonical(migration.facts_of(apps, seat.election)))
    now = json.loads(canonical(election_content(seat.election)))
    assert list(disagreements(facts, now)) == []


def test_entries_of_an_earlier_release_say_less(seat: Contest) -> None:
    """Of its columns nothing is compared but what they say; a new one was empty."""
    bulletin = Bulletin.objects.get()
    content = json.loads(bulletin.content or "")
    (contest,) = content["contests"]
    for row in contest["declaration"]["totals"]:
        del row["stage"]
    del contest["declaration"]["quota"], contest["last_time"], content["election"]
    bulletin.content = canonical(content)
    assert list(check_content(seat.election, bulletin)) == []
    present(bulletin.declaration).quota = 9
    assert list(check_content(seat.election, bulletin))


#: Columns that no page, file or result follows from, or that have a comparison of their own.
NOT_STATED = {
    Contest: {
        *("id", "election", "sort_key", "qualifier", "hex_q", "hex_r"),
        *("venue", "note", "expected_at"),  # of the count, and the desk's own words
        "name_cy",  # a translation of the name, which is stated
    },
    Candidate: {
        *("id", "contest", "person", "ballot_order", "standing_as"),  # their order is the list's
        *("gender", "elected_before"),  # of the person, shown as counts alone
    },
    # Stated in the entry's header, or of the desk alone.
    Declaration: {
        *("id", "contest", "sequence", "details", "note", "by"),
        *("warnings", "warning_reason"),
    },
    Total: {"id", "declaration"},
    LastResult: {"id", "contest", "source"},
    LastVotes: {"id", "last_result", "person"},
}
STATED_AS = {
    "standing_as": "party",
    "created_at": "recorded_at",
    "drawn_by_lot": "by_lot",
}


def test_every_column_of_a_fact_is_stated_or_named_here(seat: Contest) -> None:
    content = contest_content(read_seats([seat])[0])
    last = last_time_content(seat.last_result)
    assert last is not None
    stated = {
        Contest: content["contest"],
        Candidate: content["candidates"][0],
        Declaration: content["declaration"],
        Total: content["declaration"]["totals"][0],
        LastResult: last,
        LastVotes: last["votes"][0],
    }
    for model, content in stated.items():
        columns = {field.name for field in model._meta.concrete_fields}
        named = {STATED_AS.get(name, name) for name in columns - NOT_STATED[model]}
        assert named <= content.keys(), model

"""What migrations add to the record of a desk that is upgraded agrees with what is published."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from results.arithmetic.hash_chain import canonical
from results.desk.published_contents import identity, last_time_content
from results.desk.stated_facts import disagreements, election_content
from results.exchange.verification import check_election
from results.live.seat import read_seats
from results.models import (
    ChainEntry,
    Contest,
    Election,
    LastResult,
    LastVotes,
    Night,
    Standing,
)
from tests import nights
from tests.exchange.test_verify import execute_without_triggers

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
    migration = import_module("results.migrations.0028_facts_of_elections")
    migration.state(apps, None)
    entry = ChainEntry.objects.get()
    assert entry.chain_number == Night.objects.get().entries == 2
    assert entry.head == Night.objects.get().head
    facts = json.loads(canonical(migration.facts_of(apps, seat.election)))
    now = json.loads(canonical(election_content(seat.election)))
    assert list(disagreements(facts, now)) == []


#: Columns that no page, file or result follows from, or that have a comparison of their own.
NOT_STATED = {
    Contest: {
        *("id", "election", "sort_key", "qualifier", "hex_q", "hex_r"),
        *("venue", "note", "expected_at"),  # of the count, and the desk's own words
    },
    LastResult: {"id", "contest", "source"},
    LastVotes: {"id", "last_result", "person"},
}
STATED_AS = {"standing_as": "party"}


def test_every_column_of_a_fact_is_stated_or_named_here(seat: Contest) -> None:
    last = last_time_content(seat.last_result)
    assert last is not None
    stated = {
        Contest: identity(seat),
        LastResult: last,
        LastVotes: last["votes"][0],
    }
    for model, content in stated.items():
        columns = {field.name for field in model._meta.concrete_fields}
        named = {STATED_AS.get(name, name) for name in columns - NOT_STATED[model]}
        assert named <= content.keys(), model

"""Migrations undone and applied again on a database with data, as after a withdrawn release."""

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.exceptions import IrreversibleError
from pytest_django import DjangoDbBlocker

from results import desk
from results.arithmetic import ElectionKind
from results.exchange.verification import check_election
from results.models import Body, Declaration, Election, IdempotencyRecord
from tests import nights
from tests.old_records import migrate, newest

UNDONE = [("results", "0026_areas_of_bodies")]


@pytest.fixture
def database(
    renew_database: Callable[[], None], django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        renew_database()


@pytest.mark.db
def test_tallies_and_triggers_are_the_same_again(database: None) -> None:
    night = nights.election("council", kind=ElectionKind.COUNCIL)
    body = Body.objects.create(election=night, slug="northshire", name="Northshire", seats=1)
    people = [("Ann", "lab"), ("Bob", "con")]
    ward = nights.contest(night, "Hill", people, body=body, last={"con": 500})
    nights.declare(ward, 1_000, 500)
    # The release before has no place for this one.
    desk.take_back(ward, by=nights.user(), idempotency_key="taken back")
    migrate(*UNDONE)
    migrate(*newest())
    assert list(check_election(Election.objects.get())) == []
    assert not IdempotencyRecord.objects.filter(bulletin=None).exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Declaration._meta.db_table} SET rejected = 1")


@pytest.mark.django_db
def test_drafts_are_not_published_by_going_back() -> None:
    """Before visibility every election was public."""
    migration = import_module("results.migrations.0042_draft_elections")
    nights.election("shown")
    migration.refuse_to_publish(apps, None)
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    with pytest.raises(IrreversibleError, match="shown"):
        migration.refuse_to_publish(apps, None)

"""Append-only tables: the models and the database refuse updates."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from results import desk
from results.models import AppendOnlyError, Bulletin, Declaration, IdempotencyRecord, Total
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared() -> None:
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    desk.publish(
        seat.election,
        desk.QuoteContent(words="Thanks.", speaker="Ann"),
        by=nights.user(),
        idempotency_key="two",
    )
    desk.publish(
        seat.election,
        desk.HeadlineContent(text="He goes"),
        by=nights.user(),
        idempotency_key="three",
    )


@pytest.mark.parametrize("model", [Bulletin, Declaration, IdempotencyRecord, Total])
def test_rows_cannot_be_saved_again_or_deleted(model: Any) -> None:
    row = model.objects.earliest("pk")
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(AppendOnlyError):
        model.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        model.objects.update(pk=1)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("results_bulletin", "summary"),
        ("results_declaration", "reason"),
        ("results_total", "votes"),
        ("results_idempotencyrecord", "idempotency_key"),
        ("results_quote", "words"),
        ("results_headline", "text"),
    ],
)
def test_triggers_refuse_updates_in_sql(table: str, column: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"UPDATE {table} SET {column} = {column}")

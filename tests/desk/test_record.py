"""The record is append-only: in the models, and in the database beneath them."""

import pytest
from django.db import DatabaseError, connection, transaction

from results import desk
from results.models import AppendOnlyError, Bulletin, Declaration, IdempotencyRecord, Total
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared():
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
def test_a_row_is_never_saved_twice_or_deleted(model):
    row = model.objects.first()
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
def test_the_database_refuses_what_goes_round_the_models(table, column):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"UPDATE {table} SET {column} = {column}")

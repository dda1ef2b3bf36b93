"""Results for which nobody typed a time, while the desk's own clock is put right."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from time_machine import TimeMachineFixture

from results import desk
from results.arithmetic.declaration_times import time_as_sent
from results.models import Contest, Declaration, Election, ReviewItem
from tests import nights
from tests.reporter.conftest import outbox_fields, send

pytestmark = pytest.mark.django_db

#: The desk's clock before it is put right, an hour ahead, and after.
FAST, RIGHT = "2019-12-13T03:20:00+00:00", "2019-12-13T02:20:00+00:00"


@pytest.mark.parametrize("step", ["winner", "figures"])
def test_result_that_waited_is_published(
    phone: Client, seat: Contest, time_machine: TimeMachineFixture, step: str
) -> None:
    """The time of sending stands for its own, and is never one that is still to come."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    time_machine.move_to(FAST, tick=False)
    fields = outbox_fields(seat)
    if step == "winner":
        winner = str(seat.candidates.all()[0].pk)
        fields = {"step": "winner", "winners": winner, "base_revision": "0", "key": "mine"}
    send(phone, fields)
    time_machine.move_to(RIGHT, tick=False)
    desk.approve(ReviewItem.objects.get(), by=nights.user("editor", staff=True))
    assert Declaration.objects.get().declared_at == datetime.fromisoformat(RIGHT)


def test_clock_that_is_put_right_while_a_result_is_taken(
    seat: Contest, reporter: User, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(RIGHT, tick=False)
    nights.declare_winner(
        seat,
        seat.candidates.all()[:1],
        by=reporter,
        idempotency_key="k",
        declared_at=None,
        sent_at=datetime.fromisoformat(FAST),
    )
    assert Declaration.objects.get().declared_at == datetime.fromisoformat(RIGHT)


@pytest.mark.parametrize(
    ("sent", "declared"), [("21:00", "22:00"), ("23:10", "23:10"), ("23:50", "23:30")]
)
def test_time_as_sent_lies_between_the_close_of_poll_and_now(sent: str, declared: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(f"2019-12-12T{text}:00+00:00")

    shown = time_as_sent(at(sent), polls_close=at("22:00"), now=at("23:30"))
    assert shown == at(declared)

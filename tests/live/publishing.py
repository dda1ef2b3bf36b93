"""Publishing from the event loop of a test."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections

from results import desk
from results.models import Contest
from tests import nights


@sync_to_async
def publish(function: Callable[..., object], *args: object) -> None:
    try:
        function(*args, by=nights.user(), idempotency_key=nights.key())
    finally:
        connections.close_all()


async def declare(seat: Contest) -> None:
    def declare_islington(**who: Any) -> None:
        nights.declare_counts(seat, nights.islington_ballot_counts(seat), **who)

    await publish(declare_islington)


async def headline(seat: Contest, text: str) -> None:
    await publish(desk.publish, seat.election, desk.HeadlineContent(text=text))

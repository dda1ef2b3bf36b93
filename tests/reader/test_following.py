"""The page of what a reader follows says what they are told of."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import nights

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("final", [False, True])
def test_page_of_a_closed_night_promises_nothing(client: Client, final: bool) -> None:
    """A page of a closed night asks for nothing new, so that nobody is told of anything."""
    nights.islington_north(nights.election(final=final))
    page = client.get("/ge/following/").content.decode()
    assert ("nobody is told of anything any more" in page) is final
    assert ("ou are told" in page) is not final


@pytest.mark.parametrize(("days", "offers"), [(1, True), (4, True), (5, False)])
def test_offers_no_messages_days_after_a_night_that_nobody_closed(
    client: Client, days: int, offers: bool
) -> None:
    """Nothing is sent from three days after the night, so that a browser would be refused."""
    polls_close = timezone.now() - timedelta(days=days)
    nights.islington_north(nights.election(polls_close=polls_close, date=polls_close.date()))
    page = client.get("/ge/following/").content.decode()
    assert ("push/readers.js" in page) is offers
    assert ('id="push"' in page) is offers

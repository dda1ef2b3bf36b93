"""Fragments are in the election's own time zone, whoever publishes them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from results.models import Bulletin
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("active", ["UTC", "America/New_York"])
def test_bulletin_of_a_retimed_result_has_the_elections_time(client: Client, active: str) -> None:
    election = nights.election(timezone="Asia/Tokyo")
    seat = nights.islington_north(election)
    counts = nights.islington_ballot_counts(seat)
    request: dict[str, Any] = {"by": nights.user(), "warning_reason": "Read out."}
    with timezone.override(active):
        nights.declare_counts(
            seat,
            counts,
            idempotency_key=nights.key(),
            base_revision=0,
            declared_at=datetime(2019, 12, 12, 23, 10, tzinfo=UTC),
            **request,
        )
        nights.correct(
            seat,
            counts,
            idempotency_key=nights.key(),
            base_revision=1,
            reason="Misheard.",
            declared_at=datetime(2019, 12, 12, 23, 40, tzinfo=UTC),
            **request,
        )
    page = client.get("/ge/").text
    assert "08:40" in page
    bulletin = Bulletin.objects.get(sequence=2)
    entry = bulletin.fragments["bulletin-2"]
    assert "08:40" in entry
    assert "08:10" in entry
    assert "08:40" in bulletin.fragments["corrections"]
    seat_html = bulletin.fragments["seat-islington-north"]
    assert "08:40" in seat_html
    assert "08:10" in seat_html

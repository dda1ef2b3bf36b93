"""Corrections asked for by words alone: rows of the dashboard where no figure differs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from results.arithmetic import ElectionKind
from results.models import Contest, Declaration
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.editor.test_requested_corrections import ask_for, declare, row_of
from tests.lists import chamber, list_ballot, publish
from tests.present import present

WORDS = "No figure differs from what is published."


@pytest.mark.django_db
def test_region_whose_constituencies_no_phone_sends(admin: Client) -> None:
    """They are part of what was published, and of no form."""
    night = chamber(ElectionKind.SCOTTISH_PARLIAMENT)
    region = list_ballot(
        night, "Lothian", {"lab": ["Ann Ash"], "con": ["Bob Beech"]}, seats=2, method="lists"
    )
    publish(region, {"lab": 600, "con": 400})
    published = Declaration.objects.get().ballot_counts
    assert published.constituencies is not None
    item = ask_for(region, replace(published, constituencies=None), reason="Another region's.")
    row = row_of(admin.get(address("election_night", night.pk)), item)
    assert WORDS in row
    assert "Approve…" not in row


def test_no_time_is_compared_with_that_of_what_was_withdrawn(admin: Client, seat: Contest) -> None:
    declare(seat)
    published = Declaration.objects.get()
    at = present(published.declared_at) - timedelta(minutes=7)
    item = ask_for(seat, published.ballot_counts, declared_at=at.isoformat())
    why = {"base_revision": 1, "reason": "Another ward."}
    nights.withdraw(seat, by=nights.user("editor"), idempotency_key="w", **why)
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "Nothing is published here now" in row
    assert "Time of declaration:" not in row


def test_time_within_the_same_minute_is_no_other_time(admin: Client, seat: Contest) -> None:
    at = timezone.now().replace(second=30, microsecond=0) - timedelta(minutes=5)
    counts, later = nights.islington_ballot_counts(seat), at + timedelta(seconds=12)
    why = {"warning_reason": "As read out.", "idempotency_key": "1"}
    nights.declare_counts(seat, counts, by=nights.user(), declared_at=later, **why)
    item = ask_for(seat, counts, declared_at=at.isoformat())
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "Time of declaration:" not in row
    assert WORDS in row


def test_withdrawal_from_the_row_settles_the_request(admin: Client, seat: Contest) -> None:
    """It is what was asked for: nobody has to set it aside."""
    declare(seat)
    item = ask_for(seat, Declaration.objects.get().ballot_counts, reason="Of another ward.")
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    form = f"{address('contest_withdraw', seat.pk)}?item={item.pk}"
    assert f'href="{form}&amp;night={seat.election_id}"' in row
    opened = admin.get(form)
    assert "told the desk: Of another ward." in text_of(opened)
    assert form_data(opened).get("reason", "") == ""
    sent = form_data(opened) | {"reason": "It was of another ward.", "step": "preview"}
    preview = admin.post(form, sent)
    admin.post(form, form_data(preview) | {"step": "publish", "confirm": "nobody"})
    item.refresh_from_db()
    assert (item.state, present(item.bulletin).kind) == ("published", "withdrawal")
    night = text_of(admin.get(address("election_night", seat.election_id)))
    who = f"{item.by.get_username()} asked for it"
    assert f"Result from {seat.full_name} withdrawn by editor: {who}" in night
    assert "Correction sent by" not in night

"""Withdrawing a published result: form, preview, publication."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Bulletin, Contest, Declaration, Night, Standing
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, text_of


@pytest.fixture
def page(declared: Contest) -> str:
    return address("contest_withdraw", declared.pk)


@pytest.fixture
def sent(admin: Client, page: str) -> dict[str, Any]:
    return form_data(admin.get(page)) | {"reason": "The count was reopened.", "step": "preview"}


def test_form_shows_the_published_result(admin: Client, page: str) -> None:
    text = text_of(admin.get(page))
    assert "Labour hold Islington North, majority 26,188" in text
    assert "34,603" in text


def test_form_names_who_published_the_result(admin: Client, page: str, declared: Contest) -> None:
    User.objects.filter(username="reporter").update(first_name="Ann", last_name="Smith")
    assert "by Ann Smith." in text_of(admin.get(page))


def test_needs_a_reason(admin: Client, page: str, sent: dict[str, Any]) -> None:
    answer = admin.post(page, sent | {"reason": ""})
    assert answer.context["form"]["reason"].errors
    assert Bulletin.objects.count() == 1


def test_preview_shows_the_withdrawal_and_publishes_nothing(
    admin: Client, page: str, sent: dict[str, Any]
) -> None:
    answer = admin.post(page, sent)
    preview = answer.context["preview"]
    assert "The result we published here is withdrawn." in preview.page
    assert "The count was reopened." in preview.page
    assert preview.winners_after == "nobody"
    assert "Labour, seats: 1 0" in text_of(answer)
    assert Bulletin.objects.count() == 1


def test_needs_confirmation(admin: Client, page: str, sent: dict[str, Any]) -> None:
    assert admin.post(page, sent | {"step": "publish"}).context["unconfirmed"]
    assert Bulletin.objects.count() == 1


def test_sent_twice_is_published_once(
    admin: Client, page: str, sent: dict[str, Any], declared: Contest
) -> None:
    confirmed = sent | {"step": "publish", "confirm": "nobody"}
    first, second = (admin.post(page, confirmed, follow=True) for _ in range(2))
    assert "withdrawn: published as bulletin 2." in messages_of(first)
    assert messages_of(first) == messages_of(second)
    assert Declaration.objects.get(revision=2).kind == "withdrawal"
    assert Standing.objects.get().status == Standing.Status.WITHDRAWN
    assert Night.objects.get().standing_tally.seats == 0
    log = admin.get(f"/{declared.election.slug}/corrections/").content.decode()
    assert "The count was reopened." in log


def test_stale_form_shows_the_newer_revision(
    admin: Client, page: str, sent: dict[str, Any], declared: Contest
) -> None:
    nights.correct(
        declared,
        nights.islington_ballot_counts(declared, rejected=228),
        by=nights.user("colleague"),
        idempotency_key="theirs",
        base_revision=1,
        reason="A rejected ballot more.",
    )
    answer = admin.post(page, sent | {"step": "publish", "confirm": "nobody"})
    assert "published revision 2" in answer.context["notice"]
    assert answer.context["form"]["reason"].value() == "The count was reopened."
    assert Bulletin.objects.count() == 2

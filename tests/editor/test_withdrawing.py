"""Withdrawing a published result: with a reason, after seeing what readers will see."""

import pytest

from results.models import Bulletin, Declaration, Night, Standing
from tests import nights
from tests.editor.conftest import address, said, text_of, typed


@pytest.fixture
def page(declared):
    return address("contest_withdraw", declared.pk)


@pytest.fixture
def sent(admin, page):
    return typed(admin.get(page)) | {"reason": "The count was reopened.", "step": "preview"}


def test_the_form_shows_what_is_published(admin, page):
    text = text_of(admin.get(page))
    assert "Labour hold Islington North, majority 26,188" in text
    assert "34,603" in text


def test_a_reason_is_needed(admin, page, sent):
    answer = admin.post(page, sent | {"reason": ""})
    assert answer.context["form"]["reason"].errors
    assert Bulletin.objects.count() == 1


def test_the_preview_publishes_nothing_and_shows_the_seat_taken_back(admin, page, sent):
    answer = admin.post(page, sent)
    found = answer.context["found"]
    assert "The result we published here is withdrawn." in found.page
    assert "The count was reopened." in found.page
    assert found.winners_after == "nobody"
    assert "Labour, seats: 1 0" in text_of(answer)
    assert Bulletin.objects.count() == 1


def test_taking_a_winner_back_takes_a_tick(admin, page, sent):
    assert admin.post(page, sent | {"step": "publish"}).context["unconfirmed"]
    assert Bulletin.objects.count() == 1


def test_it_is_published_once_however_often_it_is_sent(admin, page, sent, declared):
    confirmed = sent | {"step": "publish", "confirm": "nobody"}
    first, second = (admin.post(page, confirmed, follow=True) for _ in range(2))
    assert "Withdrawn: published as bulletin 2." in said(first)
    assert said(first) == said(second)
    assert Declaration.objects.get(revision=2).kind == "withdrawal"
    assert Standing.objects.get().status == Standing.Status.WITHDRAWN
    assert Night.objects.get().standing_tally.seats == 0
    log = admin.get(f"/{declared.election.slug}/corrections/").content.decode()
    assert "The count was reopened." in log


def test_another_revision_meanwhile_is_shown_first(admin, page, sent, declared):
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

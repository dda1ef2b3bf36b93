"""The phone where no poll is held: the reason, and no form for votes."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Contest, Standing
from tests import nights
from tests.reporter.conftest import URL, phone_of, text_of


@pytest.fixture
def ward(reporter: User, seat: Contest) -> Contest:
    seat.candidates.exclude(name="Jeremy Corbyn").delete()
    return seat


def test_unopposed_has_no_form_for_votes(phone: Client, ward: Contest) -> None:
    desk.publish_unopposed(ward, by=nights.user("desk"), idempotency_key="u")
    html = phone.get(URL).content.decode()
    assert "Labour hold Islington North, elected unopposed" in html
    assert "there is nothing to type" in html
    assert 'inputmode="numeric"' not in html
    for step in ("check", "winner-check", "status", "ask"):
        assert f'value="{step}"' not in html
    counts = text_of(phone.get("/count/"))
    assert "Elected unopposed" in counts
    assert "Missing" not in counts


def test_postponed_has_no_form_for_votes(phone: Client, seat: Contest) -> None:
    nights.postpone(seat)
    html = phone.get(URL).content.decode()
    assert "The poll here is postponed" in html
    assert 'inputmode="numeric"' not in html
    assert "Missing" not in text_of(phone.get("/count/"))


def test_page_opened_before_does_not_take_a_postponement_back(phone: Client, seat: Contest) -> None:
    nights.postpone(seat)
    for fields in (
        {"step": "status", "status": "under_way", "key": "k1"},
        {"step": "count", "papers": "40000", "electorate": "75162", "key": "k2"},
    ):
        phone.post(URL, fields)
        assert Standing.objects.get(contest=seat).status == Standing.Status.POSTPONED


def test_votes_typed_before_are_refused_with_the_reason(phone: Client, seat: Contest) -> None:
    votes = {f"votes-{candidate.pk}": "100" for candidate in seat.candidates.all()}
    nights.postpone(seat)
    fields = votes | {"rejected": "1", "electorate": "75162", "base_revision": "0", "key": "k"}
    answer = phone.post(URL, fields | {"step": "publish", "warning_reason": "Right."})
    assert answer.status_code == 409
    assert "This poll is postponed" in text_of(answer)
    assert not Standing.objects.get(contest=seat).revision


def test_other_phones_are_told_too(colleague: User, seat: Contest) -> None:
    nights.postpone(seat)
    assert "Ring the desk" in text_of(phone_of(colleague).get(URL))

"""A correction that a reporter typed while the desk corrected the same result."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from results import desk
from results.models import Contest, ReviewItem
from tests import nights
from tests.reporter.conftest import JSON, URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(seat: Contest) -> Contest:
    counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, counts, by=nights.user(), idempotency_key=nights.key())
    return seat


def desk_corrects(seat: Contest) -> None:
    """Nick Wakeling has 8,451 instead of 8,415."""
    fixed = nights.islington_ballot_counts(seat, rejected=228)
    fixed = replace(fixed, votes={**fixed.votes, candidate(seat, "Nick Wakeling"): 8451})
    more = {"reason": "Misheard.", "idempotency_key": nights.key(), "base_revision": 1}
    nights.correct(seat, fixed, by=nights.user("editor", staff=True), **more)


def candidate(seat: Contest, name: str) -> int:
    return seat.candidates.get(name=name).pk


def field(html: str, name: str) -> str:
    (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
    (value,) = re.findall(r'value="([^"]*)"', tag)
    return str(value)


def typed(seat: Contest, **changes: str) -> dict[str, Any]:
    """The request as its form was opened at revision 1, with what the reporter changed."""
    counts = nights.islington_ballot_counts(seat)
    return {
        "step": "ask",
        "key": nights.key(),
        "base_revision": "1",
        **{f"votes-{pk}": str(votes) for pk, votes in counts.votes.items()},
        "rejected": "227",
        "electorate": "75162",
        "turnout_announced": "71.8",
        "reason": "Read out again.",
        **changes,
    }


def test_phone_is_told_what_the_desk_has_changed(phone: Client, declared: Contest) -> None:
    desk_corrects(declared)
    corbyn = candidate(declared, "Jeremy Corbyn")
    answer = phone.post(URL, typed(declared, **{f"votes-{corbyn}": "34630"}), **JSON)
    assert (answer.status_code, answer.json()["state"]) == (422, "faulty")
    text = " ".join(answer.json()["findings"])
    assert "bulletin 2" in text
    assert "Nick Wakeling: 8,451 is published now; it was 8415." in text
    assert "Rejected ballots: 228 is published now; it was 227." in text
    assert "Jeremy Corbyn" not in text
    assert not ReviewItem.objects.exists()


def test_phone_is_told_what_the_desk_has_changed_while_it_was_read(
    phone: Client, declared: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk has the night's lock when the request comes."""
    request_correction = desk.request_correction

    def after_the_desk(*args: Any, **options: Any) -> desk.SubmitResult:
        desk_corrects(declared)
        return request_correction(*args, **options)

    monkeypatch.setattr(desk, "request_correction", after_the_desk)
    answer = phone.post(URL, typed(declared, rejected="229"))
    html = answer.content.decode()
    assert "The desk has published other figures since you began, bulletin 2." in html
    assert field(html[html.index('id="ask"') :], "base_revision") == "2"


def test_form_comes_back_with_the_desks_figures_and_the_reporters_own(
    phone: Client, declared: Contest
) -> None:
    desk_corrects(declared)
    corbyn, wakeling = (candidate(declared, name) for name in ("Jeremy Corbyn", "Nick Wakeling"))
    sent = typed(declared, **{f"votes-{corbyn}": "34630", f"votes-{wakeling}": "8,420"})
    page = phone.post(URL, sent)
    assert page.status_code == 422
    html = page.content.decode()
    assert "Nick Wakeling: 8,451 is published now; you have 8,420." in html
    form = html[html.index('id="ask"') :]
    assert field(form, "rejected") == "228"
    assert field(form, f"votes-{corbyn}") == "34630"
    assert field(form, f"votes-{wakeling}") == "8,420"
    assert field(form, "base_revision") == "2"
    again = {**sent, "rejected": "228", "base_revision": "2", "key": nights.key()}
    assert phone.post(URL, again, **JSON).json()["state"] == "kept"


def test_request_that_has_arrived_keeps_its_answer(phone: Client, declared: Contest) -> None:
    sent = typed(declared, rejected="229")
    assert phone.post(URL, sent, **JSON).json()["state"] == "kept"
    desk_corrects(declared)
    assert phone.post(URL, sent, **JSON).json()["state"] == "kept"
    assert ReviewItem.objects.count() == 1


def test_withdrawn_result_is_not_corrected(phone: Client, declared: Contest) -> None:
    more = {"reason": "Wrong hall.", "idempotency_key": nights.key(), "base_revision": 1}
    nights.withdraw(declared, by=nights.user("editor", staff=True), **more)
    answer = phone.post(URL, typed(declared, rejected="229"), **JSON)
    assert answer.json()["state"] == "faulty"
    assert "withdrawn" in answer.json()["findings"][0]

"""Night dashboard: reporters' phones, and what reporters answered."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from results.desk.messages import answer_message
from results.editor.night import screen
from results.models import Assignment, Contest, Election, Message, Phone
from tests import nights
from tests.editor.conftest import Dashboard, address, client_of_role, staff_with


def test_lists_phones_with_unsent_results(dashboard: Dashboard, seat: Contest) -> None:
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = Client()
    phone.force_login(reporter)
    phone.post("/count/phone/", {"unsent": "2", "asked": "1"})
    text = dashboard()
    assert "2 kept on the phone, not at the desk" in text
    # A question of a check, a refused photo, a poll that is postponed meanwhile.
    assert "something there needs the reporter" in text
    assert f'<span class="where">{seat.name}</span>' in text
    phone.post("/count/phone/", {"unsent": "rubbish", "asked": "-1"})
    assert Phone.objects.get().unsent == 0
    assert Client().post("/count/phone/", {"unsent": "2"}).status_code == 401


def test_lists_reporters_who_have_not_signed_in_while_their_counts_are_awaited(
    dashboard: Dashboard, seat: Contest
) -> None:
    Assignment.objects.create(reporter=nights.user("absent"), contest=seat)
    text = dashboard()
    assert "<strong>absent</strong>" in text
    assert "not heard of yet" in text
    assert "0 of 1 heard within a minute" in text
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user("desk"), idempotency_key="k"
    )
    assert "<strong>absent</strong>" not in dashboard()


def test_says_of_how_many_counts_a_phone_is_beside_those_named(
    dashboard: Dashboard, seat: Contest
) -> None:
    for name in ("Abbey", "Castle", "Dean"):
        contest = nights.contest(seat.election, name, [("Ann", "lab"), ("Bob", "con")])
        Assignment.objects.create(reporter=nights.user(), contest=contest)
    Assignment.objects.create(reporter=nights.user(), contest=seat)
    phone = Client()
    phone.force_login(nights.user())
    phone.post("/count/phone/", {})
    assert "Abbey, Castle and 2 more" in dashboard()


def test_shows_what_reporters_answered_at_once(
    dashboard: Dashboard, seat: Contest, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A new answer changes what the viewers share, not the next step of the clock.
    monkeypatch.setattr(screen, "STEP_SECONDS", 10**7)
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    message = Message.objects.create(election=night, text="When?", to=reporter, by=nights.user("d"))
    assert "Answers of reporters" not in dashboard()
    for number, text in enumerate(("At three", "At <four>")):
        answer_message(
            message,
            text,
            reporter=reporter,
            idempotency_key=f"a{number}",
            written_at=timezone.now(),
        )
        page = dashboard()
        assert escape(text) in page
    assert "At three" not in page  # the last one takes its place
    assert re.search(r"to “When\?”", page)
    assert f'{address("election_night_note", night.pk)}?to={reporter.pk}"' in page


def test_answers_are_for_those_who_may_read_them(
    client: Client, seat: Contest, night: Election
) -> None:
    reporter = nights.user()
    message = Message.objects.create(election=night, text="When?", to=reporter, by=reporter)
    answer_message(
        message, "At three", reporter=reporter, idempotency_key="a", written_at=timezone.now()
    )
    client.force_login(staff_with("view_contest"))
    path = address("election_night", night.pk)
    assert "At three" not in client.get(path).content.decode()
    assert "At three" in client_of_role("Reporter managers").get(path).content.decode()

"""Answers to a phone's outbox, which repeats each request until one has its key."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from results.models import Bulletin, Contest, Declaration, Election, Quote, Standing
from results.reporter.worker import WORKER
from tests import needs, nights
from tests.present import present
from tests.reporter.conftest import URL, field, outbox_fields, phone_of, send, text_of

STATIC = needs.ROOT / "static"
#: The worker does not cache itself.
WORKERS = {f"/static/{name}" for name in WORKER}


def test_published_has_number_time_and_summary(phone: Client, seat: Contest) -> None:
    status, data = send(phone, outbox_fields(seat))
    assert status == 200
    assert data["key"] == "mine"
    assert (data["state"], data["sequence"]) == ("published", 1)
    assert data["line"] == "Labour hold Islington North, majority 26,188"
    assert data["address"] == f"{URL}published/1/"
    assert len(data["at"]) == 5


def test_published_result_has_what_is_read_out_on_the_radio(phone: Client, seat: Contest) -> None:
    """Figures of the House of Commons Library, CBP-8749."""
    data = send(phone, outbox_fields(seat))[1]
    facts = dict(data["facts"])
    assert facts["Majority"] == "26,188, 48.7% of the valid votes"
    assert facts["Turnout, valid votes"].startswith("71.6%")
    assert facts["Jeremy Corbyn (Lab)"].startswith("64.3%")
    page = text_of(phone.get(data["address"]))
    assert "26,188, 48.7% of the valid votes" in page


def test_winner_alone_has_no_figures_to_read_out(phone: Client, seat: Contest) -> None:
    corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "winner", "winners": corbyn, "base_revision": "0", "key": "first"}
    assert send(phone, winner)[1]["facts"] == []


def test_answers_a_winner_as_the_earlier_release_sent_it(phone: Client, seat: Contest) -> None:
    corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "flash", "winners": corbyn, "base_revision": "0", "key": "first"}
    assert send(phone, winner)[1]["state"] == "published"
    assert send(phone, winner | {"step": "winner"})[1]["sequence"] == 1


def test_same_key_gets_the_same_answer(phone: Client, seat: Contest) -> None:
    answers = [send(phone, outbox_fields(seat, waited=str(wait))) for wait in (0, 40, 4000)]
    assert answers[0] == answers[1] == answers[2]
    assert Bulletin.objects.count() == 1


def test_answers_unchanged_where_the_same_is_published(phone: Client, seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user("other"), idempotency_key="k"
    )
    status, data = send(phone, outbox_fields(seat))
    assert (status, data["state"], data["sequence"]) == (200, "unchanged", 1)


def test_warning_accepts_a_reason_under_the_same_key(phone: Client, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    odd = outbox_fields(seat, turnout_announced="78.1")
    status, data = send(phone, odd)
    assert (status, data["state"], data["key"]) == (422, "reason", "mine")
    assert data["findings"] == ["The turnout announced was 78.1%; these figures make 71.9%."]
    assert not Bulletin.objects.exists()
    status, data = send(phone, odd | {"warning_reason": "Read out twice."})
    assert (status, data["state"]) == (200, "published")
    assert Declaration.objects.get().warning_reason == "Read out twice."


def test_reason_accepts_only_the_warnings_that_were_shown(phone: Client, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    odd = outbox_fields(seat, valid_announced="53,806", turnout_announced="60")
    reason = {"warning_reason": "Read out twice.", "seen_warnings": "turnout_differs"}
    status, data = send(phone, odd | reason)
    assert (status, data["state"]) == (422, "reason")
    assert data["seen"] == "valid_announced_mismatch,turnout_differs"
    assert Bulletin.objects.count() == 0
    status, data = send(phone, odd | reason | {"seen_warnings": data["seen"]})
    assert (status, data["state"]) == (200, "published")
    # A lost answer is sent again, whatever is odd by then.
    assert send(phone, odd | reason | {"seen_warnings": "none"})[1] == data


def test_blocks_are_sentences(phone: Client, seat: Contest) -> None:
    status, data = send(phone, outbox_fields(seat, electorate="50000"))
    assert (status, data["state"], data["key"]) == (422, "faulty", "mine")
    assert "more than the electorate of 50,000" in data["findings"][0]
    status, data = send(phone, outbox_fields(seat, **{field(seat, "James Clark"): "12.5"}))
    assert data["findings"] == ["James Clark: Enter a whole number, without a decimal point."]


def test_conflict_has_both_results(phone: Client, seat: Contest) -> None:
    wakeling = seat.candidates.get(name="Nick Wakeling").pk
    others = {**nights.islington_ballot_counts(seat).votes, wakeling: 8451}
    nights.declare_counts(
        seat,
        nights.ballot_counts(seat, *others.values()),
        by=nights.user("other"),
        idempotency_key="k",
    )
    status, data = send(phone, outbox_fields(seat))
    assert (status, data["state"], data["key"]) == (409, "conflict", "mine")
    wakeling = next(row for row in data["rows"] if row["name"] == "Nick Wakeling")
    assert wakeling == {"name": "Nick Wakeling", "theirs": 8451, "ours": 8415}
    assert Bulletin.objects.count() == 1


def test_own_winner_is_no_conflict(phone: Client, seat: Contest) -> None:
    """The winner and then the votes, both typed before either was answered."""
    corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "winner", "winners": corbyn, "base_revision": "0", "key": "first"}
    assert send(phone, winner)[1]["state"] == "published"
    votes = outbox_fields(seat, declared_at="")
    assert send(phone, votes)[1]["sequence"] == 2
    assert send(phone, votes)[1]["sequence"] == 2
    assert [revision.kind for revision in Declaration.objects.order_by("pk")] == [
        "winner_only",
        "update",
    ]


def test_another_persons_winner_is_a_conflict(
    phone: Client, colleague: User, seat: Contest
) -> None:
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    nights.declare_winner(seat, [corbyn], by=colleague, idempotency_key="theirs", base_revision=0)
    status, data = send(phone, outbox_fields(seat, declared_at=""))
    assert (status, data["state"]) == (409, "conflict")


def test_subtracts_the_wait_from_the_declaration_time(phone: Client, seat: Contest) -> None:
    send(phone, outbox_fields(seat, waited="2400"))
    ago = timezone.now() - present(Declaration.objects.get().declared_at)
    assert timedelta(seconds=2395) < ago < timedelta(seconds=2460)


@pytest.mark.parametrize("waited", ["-500", "99999999999", "soon", ""])
def test_bounds_the_wait(phone: Client, seat: Contest, waited: str) -> None:
    status, data = send(phone, outbox_fields(seat, waited=waited))
    if waited == "soon":
        assert (status, data["state"]) == (422, "faulty")
        return
    assert data["state"] == "published"
    declared = present(Declaration.objects.get().declared_at)
    assert seat.election.polls_close <= declared <= timezone.now()


def test_refuses_another_or_no_reporter(phone: Client, colleague: User, seat: Contest) -> None:
    phone.post("/count/sign-out/")
    assert send(phone, outbox_fields(seat)) == (401, {"state": "signed-out"})
    other = phone_of(colleague)
    mine = outbox_fields(seat, reporter=str(nights.user().pk))
    assert send(other, mine) == (409, {"state": "another"})
    assert not Bulletin.objects.exists()


def test_session_without_its_second_factor_is_told_to_sign_in(
    phone: Client, seat: Contest, settings: Any
) -> None:
    """A redirect to the page for the code would be tried again for ever."""
    settings.SECOND_FACTOR = True
    User.objects.update(is_staff=True)
    assert send(phone, outbox_fields(seat)) == (401, {"state": "signed-out"})
    assert phone.get(URL)["Location"].startswith("/admin/second-factor/")
    assert not Bulletin.objects.exists()


def test_key_of_another_person_gives_no_answer(
    phone: Client, colleague: User, seat: Contest
) -> None:
    """A key belongs to its person: somebody else's gives no answer and repeats nothing."""
    assert send(phone, outbox_fields(seat))[1]["state"] == "published"
    status, data = send(
        phone_of(colleague), outbox_fields(seat, **{field(seat, "James Clark"): "1"})
    )
    assert (status, data["state"]) == (409, "conflict")


def test_refuses_a_key_used_for_something_else(phone: Client, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    assert send(phone, outbox_fields(seat))[0] == 200
    quote = {"step": "quote", "key": "mine", "speaker": "The mayor", "words": "Well."}
    status, data = send(phone, quote)
    assert (status, data["state"]) == (422, "faulty")
    assert not Quote.objects.exists()


def test_gives_a_csrf_token_to_a_signed_in_reporter(phone: Client, reporter: User) -> None:
    data = phone.get("/count/token/").json()
    assert data["reporter"] == reporter.pk
    assert len(data["token"]) > 30
    phone.post("/count/sign-out/")
    assert phone.get("/count/token/").json() == {"token": "", "reporter": None}


def test_keeps_csrf_token_for_anonymous_reporter(phone: Client) -> None:
    """The outbox of a phone without cookies may ask for a token while the page loads."""
    phone.cookies.clear()
    answer = phone.get("/count/token/")
    assert answer.json() == {"token": "", "reporter": None}
    assert not answer.cookies


def test_answers_status_verification_and_quote_alike(
    phone: Client, seat: Contest, reporter: User
) -> None:
    nights.trust(reporter)
    for fields in (
        {"step": "status", "status": "on_stage", "key": "a"},
        {"step": "count", "papers": "54032", "electorate": "75,162", "turnout": "71.8", "key": "b"},
        {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "c"},
    ):
        status, data = send(phone, fields)
        assert (status, data["state"], data["key"]) == (200, "published", fields["key"])
    assert Bulletin.objects.count() == 3
    seat.standing.refresh_from_db()
    assert seat.standing.status == Standing.Status.ON_STAGE


def test_worker_caches_every_script_and_existing_files_only(phone: Client) -> None:
    text = phone.get("/count/worker.js").content.decode()
    listed = text[text.index("SHELL = [") : text.index("];")].split('"')[1::2]
    own = list((STATIC / "reporter").glob("*.js"))
    imported = {
        name for file in own for name in re.findall(r'"\.\./shared/(\w+\.js)"', file.read_text())
    }
    scripts = {f"/static/reporter/{file.name}" for file in own}
    scripts |= {f"/static/shared/{name}" for name in imported}
    assert {path for path in listed if path.endswith(".js")} == scripts - WORKERS
    for path in listed:
        assert finders.find(path.removeprefix("/static/")), path


def test_status_that_nobody_reports_is_refused_for_good(phone: Client, seat: Contest) -> None:
    fields = {"step": "status", "status": "declared", "key": "a"}
    answer = phone.post(URL, fields, HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert (answer.json()["key"], answer.json()["state"]) == ("a", "refused")


class TestTimesTypedWithoutADay:
    """The night is over when the phone is online again: a time is of the night it was typed in."""

    WAITED = "84600"  # 23 hours and a half

    def test_expected_time_that_has_passed_since_is_not_of_the_next_night(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2019-12-13 22:40:00+00:00")
        announced = {"step": "count", "expected_at": "02:30", "key": "mine"}
        status, data = send(phone, announced | {"waited": self.WAITED})
        assert (status, data["state"]) == (422, "faulty")
        assert "That time has passed" in str(data)
        assert Contest.objects.get().expected_at is None
        send(phone, announced | {"key": "now"})
        assert str(Contest.objects.get().expected_at) == "2019-12-14 02:30:00+00:00"

    @pytest.mark.usefixtures("one_person")
    def test_time_of_a_declaration_was_of_one_day_when_it_was_typed(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2019-12-14 03:30:00+00:00")
        typed = outbox_fields(seat, declared_at="03:18")
        assert "on several days" in str(send(phone, typed)[1])
        status, _data = send(phone, typed | {"key": "late", "waited": self.WAITED})
        assert status == 200
        assert str(Declaration.objects.get().declared_at) == "2019-12-13 03:18:00+00:00"

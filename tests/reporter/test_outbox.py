"""What the desk answers to the outbox of a phone: always with its key, and always the truth."""

from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from results import desk
from results.models import Bulletin, Declaration, Election, Quote, Standing
from tests import needs, nights
from tests.reporter.conftest import JSON, URL, box, phone_of, typed

STATIC = needs.ROOT / "static"
#: Its own address is not one of those that it keeps.
WORKER = "/static/reporter/worker.js"


def send(phone, sent, path=URL):
    response = phone.post(path, sent, **JSON)
    return response.status_code, response.json()


def test_published_with_its_number_time_and_line(phone, seat):
    status, said = send(phone, typed(seat))
    assert status == 200
    assert said["key"] == "mine"
    assert (said["state"], said["sequence"]) == ("published", 1)
    assert said["line"] == "Labour hold Islington North, majority 26,188"
    assert said["address"] == f"{URL}published/1/"
    assert len(said["at"]) == 5


def test_the_same_key_has_the_same_answer_however_often_it_is_sent(phone, seat):
    answers = [send(phone, typed(seat, waited=str(wait))) for wait in (0, 40, 4000)]
    assert answers[0] == answers[1] == answers[2]
    assert Bulletin.objects.count() == 1


def test_what_stands_already_is_said_to_stand(phone, seat):
    desk.declare(
        seat, nights.islington_ballot_counts(seat), by=nights.user("other"), idempotency_key="k"
    )
    status, said = send(phone, typed(seat))
    assert (status, said["state"], said["sequence"]) == (200, "unchanged", 1)


def test_a_warning_asks_for_a_reason_and_the_same_key_brings_it(phone, seat):
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    odd = typed(seat, turnout_announced="78.1")
    status, said = send(phone, odd)
    assert (status, said["state"], said["key"]) == (422, "reason", "mine")
    assert said["findings"] == ["The turnout announced was 78.1%; these figures make 71.6%."]
    assert not Bulletin.objects.exists()
    status, said = send(phone, odd | {"warning_reason": "Read out twice."})
    assert (status, said["state"]) == (200, "published")
    assert Declaration.objects.get().warning_reason == "Read out twice."


def test_what_cannot_be_comes_back_in_words(phone, seat):
    status, said = send(phone, typed(seat, electorate="50000"))
    assert (status, said["state"], said["key"]) == (422, "faulty", "mine")
    assert "more than the electorate of 50,000" in said["findings"][0]
    status, said = send(phone, typed(seat, **{box(seat, "James Clark"): "12.5"}))
    assert said["findings"] == ["James Clark: Enter a whole number, without a decimal point."]


def test_a_conflict_brings_both_sets_of_figures(phone, seat):
    others = nights.islington_ballot_counts(seat).votes | {
        seat.candidates.get(name="Nick Wakeling").pk: 8451
    }
    desk.declare(
        seat,
        nights.ballot_counts(seat, *others.values()),
        by=nights.user("other"),
        idempotency_key="k",
    )
    status, said = send(phone, typed(seat))
    assert (status, said["state"], said["key"]) == (409, "conflict", "mine")
    wakeling = next(row for row in said["rows"] if row["name"] == "Nick Wakeling")
    assert wakeling == {"name": "Nick Wakeling", "theirs": 8451, "ours": 8415}
    assert Bulletin.objects.count() == 1


def test_ones_own_winner_sent_meanwhile_is_no_conflict(phone, seat):
    """The winner, then the figures, both typed before either was answered."""
    corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "flash", "winners": corbyn, "base_revision": "0", "key": "first"}
    assert send(phone, winner)[1]["state"] == "published"
    ballot_counts = typed(seat, declared_at="")
    assert send(phone, ballot_counts)[1]["sequence"] == 2
    assert send(phone, ballot_counts)[1]["sequence"] == 2
    assert [one.kind for one in Declaration.objects.order_by("pk")] == ["flash", "update"]


def test_anothers_winner_meanwhile_is_one(phone, colleague, seat):
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    desk.declare_winner(seat, [corbyn], by=colleague, idempotency_key="theirs", base_revision=0)
    status, said = send(phone, typed(seat, declared_at=""))
    assert (status, said["state"]) == (409, "conflict")


def test_the_wait_on_the_phone_is_taken_off_the_time(phone, seat):
    send(phone, typed(seat, waited="2400"))
    ago = timezone.now() - Declaration.objects.get().declared_at
    assert timedelta(seconds=2395) < ago < timedelta(seconds=2460)


@pytest.mark.parametrize("waited", ["-500", "99999999999", "soon", ""])
def test_a_wait_that_cannot_be_does_no_harm(phone, seat, waited):
    status, said = send(phone, typed(seat, waited=waited))
    if waited == "soon":
        assert (status, said["state"]) == (422, "faulty")
        return
    assert said["state"] == "published"
    declared = Declaration.objects.get().declared_at
    assert seat.election.polls_close <= declared <= timezone.now()


def test_who_is_signed_out_or_another_is_told_so_and_nothing_happens(phone, colleague, seat):
    phone.post("/count/sign-out/")
    assert send(phone, typed(seat)) == (401, {"state": "signed-out"})
    other = phone_of(colleague)
    mine = typed(seat, reporter=str(nights.user().pk))
    assert send(other, mine) == (409, {"state": "another"})
    assert not Bulletin.objects.exists()


def test_anothers_key_is_nothing_to_me(phone, colleague, seat):
    """A key is of the person: with somebody else's one learns nothing and repeats nothing."""
    assert send(phone, typed(seat))[1]["state"] == "published"
    status, said = send(phone_of(colleague), typed(seat, **{box(seat, "James Clark"): "1"}))
    assert (status, said["state"]) == (409, "conflict")


def test_a_key_used_for_something_else_is_refused(phone, seat):
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    assert send(phone, typed(seat))[0] == 200
    quote = {"step": "quote", "key": "mine", "speaker": "The mayor", "words": "Well."}
    status, said = send(phone, quote)
    assert (status, said["state"]) == (422, "faulty")
    assert not Quote.objects.exists()


def test_a_token_for_who_is_signed_in(phone, reporter):
    said = phone.get("/count/token/").json()
    assert said["reporter"] == reporter.pk
    assert len(said["token"]) > 30
    phone.post("/count/sign-out/")
    assert phone.get("/count/token/").json() == {"token": "", "reporter": None}


def test_who_is_not_signed_in_keeps_the_token_of_the_sign_in_page_they_opened(phone):
    """The outbox of a phone without cookies asks for one at the moment the page is on its way."""
    phone.cookies.clear()
    answer = phone.get("/count/token/")
    assert answer.json() == {"token": "", "reporter": None}
    assert not answer.cookies


def test_states_and_quotes_and_verification_answer_alike(phone, seat, reporter):
    nights.trust(reporter)
    for sent in (
        {"step": "status", "status": "on_stage", "key": "a"},
        {"step": "count", "papers": "54032", "electorate": "75,162", "turnout": "71.8", "key": "b"},
        {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "c"},
    ):
        status, said = send(phone, sent)
        assert (status, said["state"], said["key"]) == (200, "published", sent["key"])
    assert Bulletin.objects.count() == 3
    seat.standing.refresh_from_db()
    assert seat.standing.status == Standing.Status.ON_STAGE


def test_the_worker_lists_every_script_and_only_files_that_there_are(phone):
    text = phone.get("/count/worker.js").content.decode()
    listed = text[text.index("SHELL = [") : text.index("];")].split('"')[1::2]
    scripts = {
        f"/static/{folder}/{file.name}"
        for folder in ("reporter", "shared")
        for file in (STATIC / folder).glob("*.js")
    }
    assert {path for path in listed if path.endswith(".js")} == scripts - {WORKER}
    for path in listed:
        assert finders.find(path.removeprefix("/static/")), path

"""Messages of the desk to reporters: recipients, who has seen them, and answers."""

from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import (
    AuditEntry,
    Contest,
    Election,
    IdempotencyRecord,
    Message,
    MessageReading,
)
from tests import nights
from tests.editor.conftest import address
from tests.reporter.conftest import URL, phone_of
from tests.responses import Response


@pytest.fixture
def message(seat: Contest) -> Message:
    editor = nights.user("editor")
    return Message.objects.create(election=seat.election, text="Ring the desk.", by=editor)


def heard(phone: Client, **fields: str) -> list[dict[str, object]]:
    answer = phone.post("/count/phone/", fields)
    messages: list[dict[str, object]] = answer.json()["messages"]
    return messages


def reply(phone: Client, message: Message, text: str, key: str = "mine", **more: str) -> Response:
    fields = {"answer": text, "key": key, "step": "answer", **more}
    return phone.post(f"/count/messages/{message.pk}/", fields, HTTP_ACCEPT="application/json")


def test_everybody_at_the_election_gets_it(
    phone: Client, colleague: User, seat: Contest, message: Message
) -> None:
    for client in (phone, phone_of(colleague)):
        (one,) = heard(client)
        assert (one["text"], one["by"], one["read"]) == ("Ring the desk.", "editor", False)
    stranger = nights.user("stranger")
    elsewhere = nights.contest(nights.election("other"), "Elsewhere", [("Ann", "lab")])
    stranger.assignments.create(contest=elsewhere)
    assert heard(phone_of(stranger)) == []


def test_one_persons_is_nobody_elses(
    phone: Client, reporter: User, colleague: User, message: Message
) -> None:
    Message.objects.update(to=colleague)
    assert heard(phone) == []
    assert len(heard(phone_of(colleague))) == 1
    assert reply(phone, message, "Yes").json()["state"] == "refused"
    assert not MessageReading.objects.exists()


def test_is_read_once_it_was_shown(phone: Client, reporter: User, message: Message) -> None:
    heard(phone)
    assert not MessageReading.objects.exists()
    assert heard(phone, read=str(message.pk))[0]["read"] is True
    assert MessageReading.objects.get().reporter == reporter
    assert heard(phone, read="nonsense")[0]["read"] is True


def test_my_counts_shows_it_without_a_script(phone: Client, message: Message) -> None:
    page = phone.get("/count/").content.decode()
    assert "Ring the desk." in page
    assert MessageReading.objects.count() == 1
    sent = phone.post(f"/count/messages/{message.pk}/", {"answer": "On my way."})
    assert sent["Location"] == "/count/#messages"
    assert "On my way." in phone.get("/count/").content.decode()


def test_answer_to_an_older_message_arrives(phone: Client, message: Message) -> None:
    for number in range(12):
        Message.objects.create(election=message.election, text=str(number), by=message.by)
    assert reply(phone, message, "On my way.").json()["state"] == "kept"


def test_answer_arrives_once(phone: Client, message: Message) -> None:
    for _time in range(2):
        data = reply(phone, message, "On my way.").json()
        assert (data["state"], data["key"]) == ("kept", "mine")
    assert MessageReading.objects.get().answer == "On my way."
    assert AuditEntry.objects.filter(what="message answered").count() == 1
    sent = phone.post("/count/phone/", {"key": "mine"}).json()["sent"]
    assert sent["mine"]["words"] == "The desk has your answer."
    reply(phone, message, "Here.", key="another")
    assert MessageReading.objects.get().answer == "Here."
    assert AuditEntry.objects.filter(what="message answered").count() == 2


@pytest.mark.parametrize("text", ["", " ", "x" * 201, "\u200b"])
def test_refuses_an_answer_that_says_nothing_or_too_much(
    phone: Client, message: Message, text: str
) -> None:
    answer = reply(phone, message, text)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert not MessageReading.objects.filter(answer=text).exclude(answer="").exists()
    plain = phone.post(f"/count/messages/{message.pk}/", {"answer": text})
    assert plain.status_code == 422


def test_editor_writes_and_sees_who_has_read_it(
    admin_client: Client, phone: Client, reporter: User, seat: Contest
) -> None:
    fields = {"election": seat.election_id, "to": "", "text": "Which hall are you in?"}
    assert admin_client.post(address("message_add"), fields).status_code == 302
    message = Message.objects.get()
    assert message.by.username == "admin"
    reply(phone, message, "The sports hall.")
    page = admin_client.get(address("message_change", message.pk)).content.decode()
    assert "The sports hall." in page
    assert admin_client.get(address("message_changelist")).status_code == 200


@pytest.mark.parametrize("to", ["", "stranger"])
def test_editor_cannot_write_to_nobody(admin_client: Client, db: None, to: str) -> None:
    election: Election = nights.election()
    fields = {"election": election.pk, "text": "Hello?"}
    if to:
        stranger = nights.user(to)
        elsewhere = nights.contest(nights.election("other"), "Elsewhere", [("Ann", "lab")])
        stranger.assignments.create(contest=elsewhere)
        fields["to"] = stranger.pk
    answer = admin_client.post(address("message_add"), fields)
    assert answer.status_code == 200
    assert "is sent to" in answer.content.decode()
    assert not Message.objects.exists()


def test_password_alone_shows_no_message(phone: Client, reporter: User, message: Message) -> None:
    with patch("results.reporter.phone.lacks_second_factor", return_value=True):
        answer = phone.post("/count/phone/", {})
    assert (answer.status_code, answer.json()) == (401, {"state": "signed-out"})
    assert len(heard(phone)) == 1


def test_password_alone_is_told_nothing_of_any_key(phone: Client, reporter: User) -> None:
    """An empty answer would say that the desk knows none of them."""
    with patch("results.reporter.phone.lacks_second_factor", return_value=True):
        answer = phone.post("/count/phone/", {"key": "mine"})
    assert (answer.status_code, answer.json()) == (401, {"state": "signed-out"})


def test_an_older_answer_that_comes_late_takes_no_newer_ones_place(
    phone: Client, message: Message
) -> None:
    """Repeated, or arriving for the first time: the one that was written last stands."""
    reply(phone, message, "In the hall", "one")
    reply(phone, message, "On the stage", "two")
    late = [("In the hall", "one", "30"), ("On my way", "zero", "90")]
    for text, key, waited in late:
        answer = reply(phone, message, text, key, waited=waited).json()
        assert (answer["key"], answer["state"]) == (key, "kept")
        assert MessageReading.objects.get().answer == "On the stage"
    keys = ["zero", "one", "two"]
    sent = phone.post("/count/phone/", {"key": keys}).json()["sent"]
    assert {sent[key]["state"] for key in keys} == {"kept"}
    entries = AuditEntry.objects.filter(what="message answered")
    assert set(entries.values_list("after", flat=True)) == {
        "In the hall",
        "On the stage",
        "On my way",
    }


def test_taking_back_an_answer_says_what_became_of_it(
    phone: Client, seat: Contest, message: Message
) -> None:
    reply(phone, message, "In the hall", "one")

    def take_back(key: str, path: str = f"/count/messages/{message.pk}/") -> dict[str, str]:
        fields = {"step": "take-back", "key": key}
        answer: dict[str, str] = phone.post(path, fields, HTTP_ACCEPT="application/json").json()
        return answer

    assert take_back("one")["words"] == "The desk has your answer."
    assert take_back("one", URL)["words"] == "The desk has your answer."
    assert take_back("two")["state"] == "taken-back"
    assert take_back("two")["words"] == "You took this back before it arrived."
    # It comes after all.
    assert reply(phone, message, "Late", "two").json()["state"] == "refused"
    assert MessageReading.objects.get().answer == "In the hall"


def test_an_answer_that_arrived_is_kept_when_the_message_is_anothers(
    phone: Client, colleague: User, message: Message
) -> None:
    """Its answer was lost, and the phone sends it again, or takes it back."""
    reply(phone, message, "In the hall", "one")
    Message.objects.update(to=colleague)
    for step in ("answer", "take-back"):
        answer = reply(phone, message, "In the hall", "one", step=step)
        assert (answer.status_code, answer.json()["state"]) == (200, "kept")
    assert reply(phone, message, "Yes", "two").json()["state"] == "refused"


def test_taking_back_nothing_stores_nothing(phone: Client, message: Message) -> None:
    for path in (URL, f"/count/messages/{message.pk}/"):
        for key in ("", " ", "x" * 65):
            fields = {"step": "take-back", "key": key}
            answer = phone.post(path, fields, HTTP_ACCEPT="application/json")
            assert (answer.status_code, answer.json()["state"]) == (422, "faulty")
    assert not IdempotencyRecord.objects.exists()

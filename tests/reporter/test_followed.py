"""Outcomes of a phone's submissions, and taking back one without an answer."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Notice,
    Quote,
    ReviewItem,
)
from tests import nights
from tests.present import present
from tests.reporter.conftest import URL, outbox_fields, phone_of, send, text_of

QUOTE = {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "words"}


def followed(phone: Client, *keys: str) -> dict[str, dict[str, Any]]:
    """What the desk answers to the phone's report."""
    sent: dict[str, dict[str, Any]] = phone.post("/count/phone/", {"key": keys}).json()["sent"]
    return sent


def withdraw(seat: Contest, *, revision: int) -> None:
    nights.withdraw(
        seat,
        by=nights.user("editor"),
        reason="Wrong hall.",
        idempotency_key="w",
        base_revision=revision,
    )


def words_of(phone: Client, key: str = "mine") -> str:
    return str(followed(phone, key)[key]["words"])


def test_published_has_its_bulletin(phone: Client, seat: Contest, one_person: None) -> None:
    send(phone, outbox_fields(seat))
    sent = followed(phone, "mine", "unknown", "bad\0key")
    assert set(sent) == {"mine"}
    assert (sent["mine"]["state"], sent["mine"]["sequence"]) == ("published", 1)
    assert sent["mine"]["address"] == f"{URL}published/1/"
    assert sent["mine"]["words"].endswith(", bulletin 1.")


def test_correction_and_withdrawal_are_told(phone: Client, seat: Contest, one_person: None) -> None:
    send(phone, outbox_fields(seat))
    editor = nights.user("editor")
    votes = {**nights.islington_ballot_counts(seat).votes}
    votes[seat.candidates.get(name="Nick Wakeling").pk] = 8416
    corrected = nights.ballot_counts(seat, *votes.values())
    nights.correct(
        seat, corrected, by=editor, reason="Misheard.", idempotency_key="c", base_revision=1
    )
    assert followed(phone, "mine")["mine"]["state"] == "corrected"
    assert "bulletin 1. Corrected" in words_of(phone)
    assert words_of(phone).endswith("bulletin 2.")
    withdraw(seat, revision=2)
    assert followed(phone, "mine")["mine"]["state"] == "withdrawn"
    assert words_of(phone).endswith("bulletin 3: readers do not see it.")


def test_withdrawn_election_is_told(phone: Client, seat: Contest, one_person: None) -> None:
    send(phone, outbox_fields(seat))
    Election.objects.update(visibility=Election.Visibility.WITHDRAWN)
    assert words_of(phone).endswith(" was withdrawn: nothing in it can be published.")


def test_result_that_was_restored_is_published(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    published = words_of(phone)
    withdraw(seat, revision=1)
    figures = Declaration.objects.get(revision=1).ballot_counts
    nights.declare_counts(
        seat, figures, by=nights.user("editor"), base_revision=2, idempotency_key="r"
    )
    assert followed(phone, "mine")["mine"]["state"] == "published"
    assert words_of(phone) == published


def test_correction_that_was_restored_is_told(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    editor = nights.user("editor")
    corrected = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(
        seat, corrected, by=editor, reason="Misheard.", idempotency_key="c", base_revision=1
    )
    told = words_of(phone)
    withdraw(seat, revision=2)
    nights.declare_counts(seat, corrected, by=editor, base_revision=3, idempotency_key="r")
    assert followed(phone, "mine")["mine"]["state"] == "corrected"
    assert words_of(phone) == told


def test_other_figures_after_a_withdrawal_do_not_undo_it(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    withdraw(seat, revision=1)
    others = nights.islington_ballot_counts(seat, rejected=229)
    nights.declare_counts(
        seat, others, by=nights.user("editor"), base_revision=2, idempotency_key="r"
    )
    assert followed(phone, "mine")["mine"]["state"] == "withdrawn"


def test_waiting_then_set_aside_or_published(phone: Client, seat: Contest) -> None:
    send(phone, QUOTE)
    assert followed(phone, "words")["words"]["state"] == "in-review"
    assert "Not published yet." in words_of(phone, "words")
    item, editor = ReviewItem.objects.get(), nights.user("editor")
    desk.decline(item, by=editor, note="We have it already.")
    assert followed(phone, "words")["words"]["state"] == "set-aside"
    assert words_of(phone, "words").endswith("We have it already.")
    send(phone, {**QUOTE, "key": "again"})
    desk.approve(ReviewItem.objects.get(idempotency_key="again"), by=editor)
    answer = followed(phone, "again")["again"]
    assert answer["state"] == "published"
    # When it was published, not when the desk got it.
    assert f"Published {answer['at']}, bulletin 1." in answer["words"]


def test_reworded_and_withdrawn_quotes_are_told(
    phone: Client, seat: Contest, trusted: User
) -> None:
    send(phone, QUOTE)
    editor = nights.user("editor")
    quote = Quote.objects.get()
    desk.publish(
        seat.election,
        desk.QuoteContent(contest=seat, words="Well, well.", speaker="The mayor"),
        by=editor,
        idempotency_key="r",
        replaces=quote,
    )
    assert followed(phone, "words")["words"]["state"] == "reworded"
    newest = present(Quote.objects.filter(replaced_by=None).first())
    desk.withdraw_publication(newest, by=editor, idempotency_key="w")
    assert followed(phone, "words")["words"]["state"] == "withdrawn"
    assert words_of(phone, "words").endswith("bulletin 3: readers do not see it.")


def test_page_of_the_count_says_what_became_of_what_was_sent(phone: Client, seat: Contest) -> None:
    send(phone, QUOTE)
    editor = nights.user("editor")
    desk.approve(ReviewItem.objects.get(), by=editor)
    assert "Published, bulletin 1" in text_of(phone.get(URL))
    desk.withdraw_publication(Quote.objects.get(), by=editor, idempotency_key="w")
    page = text_of(phone.get(URL))
    assert re.search(r"Withdrawn \d\d:\d\d, bulletin 2: readers do not see it\.", page), page
    assert "Published, bulletin 1" not in page


def test_tells_nobody_about_another_persons(
    phone: Client, colleague: User, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    assert followed(phone_of(colleague), "mine") == {}


def test_signed_out_phone_is_told_nothing(phone: Client, seat: Contest) -> None:
    phone.post("/count/sign-out/")
    answer = phone.post("/count/phone/", {"key": "mine"})
    assert (answer.status_code, answer.json()) == (401, {"state": "signed-out"})


@pytest.mark.parametrize("step", ["publish", "winner", "status", "count", "quote", "ask"])
def test_what_was_taken_back_is_refused_when_it_arrives(
    phone: Client, seat: Contest, trusted: User, one_person: None, step: str
) -> None:
    status, data = send(phone, {"step": "take-back", "key": "mine"})
    assert (status, data["state"], data["key"]) == (200, "taken-back", "mine")
    if step == "ask":
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=trusted, idempotency_key="k"
        )
    before = Bulletin.objects.count()
    fields = {
        "publish": outbox_fields(seat),
        "winner": {"winners": str(seat.candidates.all()[0].pk), "base_revision": "0"},
        "status": {"status": "recount"},
        "count": {"papers": "54032"},
        "quote": QUOTE,
        "ask": outbox_fields(seat, reason="Misheard.", base_revision="1"),
    }[step]
    status, data = send(phone, {**fields, "step": step, "key": "mine"})
    assert status in (409, 422)
    assert data["state"] in ("faulty", "refused")
    assert Bulletin.objects.count() == before
    assert not ReviewItem.objects.exists()
    assert followed(phone, "mine")["mine"]["state"] == "taken-back"


def test_taking_back_what_is_published_changes_nothing(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    status, data = send(phone, {"step": "take-back", "key": "mine"})
    assert (status, data["state"], data["sequence"]) == (200, "published", 1)
    assert IdempotencyRecord.objects.count() == 1


def test_taking_back_twice_is_one_record(phone: Client, seat: Contest) -> None:
    for _time in range(2):
        status, data = send(phone, {"step": "take-back", "key": "mine"})
        assert (status, data["state"]) == (200, "taken-back")
    assert IdempotencyRecord.objects.get().bulletin is None


def test_taking_back_a_notice_that_arrived(phone: Client, seat: Contest, reporter: User) -> None:
    Notice.objects.create(contest=seat, name="a.jpg", by=reporter, idempotency_key="mine")
    status, data = send(phone, {"step": "take-back", "key": "mine"})
    assert (status, data["state"]) == (200, "kept")
    assert followed(phone, "mine")["mine"]["state"] == "kept"


def test_full_figures_follow_a_colleagues_winner(
    phone: Client, colleague: User, seat: Contest, one_person: None
) -> None:
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    nights.declare_winner(seat, [corbyn], by=colleague, idempotency_key="theirs", base_revision=0)
    mine = outbox_fields(seat, declared_at="")
    status, data = send(phone, mine)
    assert (status, data["state"], data["revision"]) == (409, "conflict", 1)
    assert data["title"] == "colleague published the winner only"
    assert data["words"] == "colleague published the winner only, bulletin 1: Jeremy Corbyn."
    status, data = send(phone, {**mine, "base_revision": "1", "follows": "1"})
    assert (status, data["state"]) == (200, "published")
    newest = present(Declaration.objects.order_by("-pk").first())
    assert (newest.kind, newest.revision) == ("update", 2)


def test_figures_follow_a_withdrawal_as_a_declaration(
    phone: Client, colleague: User, seat: Contest, one_person: None
) -> None:
    wrong = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8451)
    nights.declare_counts(seat, wrong, by=colleague, idempotency_key="k")
    withdraw(seat, revision=1)
    mine = outbox_fields(seat, declared_at="")
    status, data = send(phone, mine)
    assert (data["state"], data["revision"]) == ("conflict", 2)
    assert data["title"] == "editor withdrew what was published"
    assert data["words"] == "editor withdrew what was published, bulletin 2: Wrong hall."
    status, data = send(phone, {**mine, "base_revision": "2", "follows": "1"})
    assert (status, data["state"]) == (200, "published")
    assert present(Declaration.objects.order_by("-pk").first()).kind == "declaration"


def test_nothing_follows_full_figures(
    phone: Client, colleague: User, seat: Contest, one_person: None
) -> None:
    other = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8451)
    nights.declare_counts(seat, other, by=colleague, idempotency_key="k")
    data = send(phone, outbox_fields(seat))[1]
    assert "revision" not in data
    status, data = send(phone, outbox_fields(seat, base_revision="1", follows="1"))
    assert status == 409
    assert Bulletin.objects.count() == 1


def test_confirmation_is_answered_once(phone: Client, colleague: User, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    send(phone, outbox_fields(seat))
    item = ReviewItem.objects.get()
    second = phone_of(colleague)
    fields = {"step": "confirm", "item": str(item.pk), "key": "second", "ballot": ""}
    answers = [send(second, fields) for _time in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1]["state"]) == (200, "published")
    assert followed(second, "second")["second"]["state"] == "published"
    assert followed(phone, "mine")["mine"]["state"] == "published"
    assert Bulletin.objects.count() == 1


def test_confirmation_of_what_was_set_aside_is_refused(
    phone: Client, colleague: User, seat: Contest
) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    send(phone, outbox_fields(seat))
    item = ReviewItem.objects.get()
    desk.decline(item, by=nights.user("editor"))
    fields = {"step": "confirm", "item": str(item.pk), "key": "second", "ballot": ""}
    status, data = send(phone_of(colleague), fields)
    assert (status, data["state"]) == (422, "refused")


def test_status_after_the_result_is_refused_for_good(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    status, data = send(phone, {"step": "status", "status": "recount", "key": "late"})
    assert (status, data["state"], data["key"]) == (422, "refused", "late")
    assert "result here now" in data["words"]


def test_request_that_led_to_a_withdrawal_is_told_of_it(
    phone: Client, reporter: User, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    item = ReviewItem.objects.create(
        contest=seat,
        kind=ReviewItem.Kind.CORRECTION,
        content={"figures": nights.islington_ballot_counts(seat).to_json(), "base_revision": 1},
        by=reporter,
        idempotency_key="asked",
        fingerprint="",
    )
    withdraw(seat, revision=1)
    desk.close_review_item(item, Bulletin.objects.get(kind="withdrawal"), by=nights.user("editor"))
    told = followed(phone, "asked")["asked"]
    assert told["state"] == "published"
    assert re.fullmatch(r"The desk withdrew the result at \d\d:\d\d, bulletin 2\.", told["words"])
    assert "asked for" in told["label"]
    assert "The desk withdrew the result at" in text_of(phone.get(URL))

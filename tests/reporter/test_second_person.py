"""Results for a second person, who confirms them or enters the same."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results import desk
from results.desk import intents, revision_requests
from results.models import Bulletin, Contest, Declaration, Election, IdempotencyRecord, ReviewItem
from tests import nights
from tests.present import present
from tests.reporter.conftest import (
    URL,
    field,
    outbox_fields,
    phone_of,
    send,
    text_of,
)


@pytest.fixture
def always(seat: Contest) -> Contest:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    return seat


def test_holds_only_results_with_warnings(phone: Client, seat: Contest) -> None:
    status, data = send(
        phone, outbox_fields(seat, turnout_announced="78.1", warning_reason="Heard so.")
    )
    assert (status, data["state"], data["key"]) == (200, "kept", "mine")
    assert "second person" in data["words"]
    assert not Bulletin.objects.exists()
    status, data = send(phone, outbox_fields(seat, key="better"))
    assert data["state"] == "published"


def test_holds_a_small_majority(phone: Client, seat: Contest) -> None:
    """A majority under 150 votes needs a second person."""
    close = {field(seat, "Nick Wakeling"): "34454", "electorate": "110000"}
    _status, data = send(phone, outbox_fields(seat, **close))
    assert data["state"] == "reason"
    assert send(phone, outbox_fields(seat, **close, warning_reason="Yes."))[1]["state"] == "kept"


def test_publishes_the_first_of_two_matching_results(
    phone: Client, colleague: User, always: Contest
) -> None:
    assert send(phone, outbox_fields(always))[1]["state"] == "kept"
    _status, data = send(
        phone_of(colleague), outbox_fields(always, key="theirs", turnout_announced="71.8")
    )
    assert (data["state"], data["sequence"]) == ("published", 1)
    declaration = Declaration.objects.get()
    assert declaration.by.username == "reporter"
    # What only the second one noted is not lost.
    assert str(declaration.turnout_announced) == "71.80"
    again = send(phone, outbox_fields(always))
    assert (again[1]["state"], again[1]["sequence"]) == ("published", 1)
    repeated = send(
        phone_of(colleague), outbox_fields(always, key="theirs", turnout_announced="71.8")
    )
    assert repeated[1] == data
    assert Bulletin.objects.count() == 1
    item = ReviewItem.objects.get()
    assert (item.state, present(item.settled_by).username) == (
        ReviewItem.State.PUBLISHED,
        "colleague",
    )


def test_holds_two_results_that_differ(phone: Client, colleague: User, always: Contest) -> None:
    send(phone, outbox_fields(always))
    other = outbox_fields(always, key="theirs", **{field(always, "Nick Wakeling"): "8451"})
    status, data = send(phone_of(colleague), other)
    assert (status, data["state"]) == (200, "differs")
    assert not Bulletin.objects.exists()
    assert ReviewItem.objects.filter(state=ReviewItem.State.WAITING).count() == 2
    # One's own second try replaces one's first, and may agree.
    assert send(phone_of(colleague), outbox_fields(always, key="again"))[1]["state"] == "published"
    assert not ReviewItem.objects.filter(state=ReviewItem.State.WAITING).exists()


def follow(client: Client, key: str) -> dict[str, Any]:
    """What a phone is told of a submission when it next asks."""
    told: dict[str, Any] = client.post("/count/phone/", {"key": [key]}).json()["sent"][key]
    return told


class TestBlindEntry:
    """The second person types what they heard, without seeing what the first one sent."""

    @pytest.fixture
    def second(self, phone: Client, colleague: User, always: Contest) -> Client:
        send(phone, outbox_fields(always))
        return phone_of(colleague)

    def test_is_the_first_thing_offered(self, second: Client) -> None:
        page = second.get(URL)
        text = text_of(page)
        assert "Type what you heard, without looking at theirs." in text
        assert text.index("Type what I heard") < text.index("Compare with what I heard")
        assert "34603" not in page.content.decode()
        # Not Corbyn's 34,603, which a sentence has as an example of a figure.
        assert not [figure for figure in ("5,483", "4,326", "8,415") if figure in text]

    def test_same_figures_are_confirmed_by_two(
        self, phone: Client, second: Client, always: Contest
    ) -> None:
        data = send(second, outbox_fields(always, key="theirs"))[1]
        assert data["state"] == "published"
        assert data["line"].endswith("Confirmed by two people: you and reporter.")
        told = follow(phone, "mine")
        assert told["state"] == "published"
        assert told["words"].endswith("bulletin 1. Confirmed by two people: you and colleague.")
        for client in (phone, second):
            page = text_of(client.get(f"{URL}published/1/"))
            assert "Confirmed by two people: you and" in page

    def test_both_are_told_what_differs(
        self, phone: Client, second: Client, always: Contest
    ) -> None:
        other = {field(always, "Nick Wakeling"): "8451", "rejected": "272"}
        data = send(second, outbox_fields(always, key="theirs", **other))[1]
        theirs = (
            "reporter entered something else. Nick Wakeling: 8,415, you have 8,451. "
            "Rejected ballots: 227, you have 272. "
        )
        assert (data["state"], data["address"]) == ("differs", URL)
        assert data["words"].startswith(theirs)
        assert follow(second, "theirs")["words"] == data["words"]
        told = follow(phone, "mine")
        assert told["state"] == "differs"
        assert (
            "colleague entered something else. Nick Wakeling: 8,451, you have 8,415."
            in told["words"]
        )
        for client, figures in ((phone, "8,451 8,415"), (second, "8,415 8,451")):
            page = client.get(URL)
            assert "You two heard different figures Nothing is published." in text_of(page)
            assert f"Nick Wakeling {figures}" in text_of(page)
        assert 'value="8451"' in second.get(URL).content.decode()  # to be put right alone
        assert not Bulletin.objects.exists()

    def test_one_of_them_puts_it_right(
        self, phone: Client, second: Client, always: Contest
    ) -> None:
        other = {field(always, "Nick Wakeling"): "8451"}
        send(second, outbox_fields(always, key="theirs", **other))
        assert send(second, outbox_fields(always, key="again"))[1]["state"] == "published"
        assert follow(second, "theirs")["state"] == "superseded"
        assert follow(phone, "mine")["state"] == "published"

    def test_editor_sees_both_and_decides(
        self, phone: Client, second: Client, always: Contest
    ) -> None:
        other = {field(always, "Nick Wakeling"): "8451"}
        send(second, outbox_fields(always, key="theirs", **other))
        desk.approve(ReviewItem.objects.earliest("pk"), by=nights.user("editor"))
        assert follow(phone, "mine")["state"] == "published"
        assert follow(second, "theirs")["state"] == "replaced"

    def test_editor_may_type_it(self, second: Client, always: Contest) -> None:
        editor = phone_of(nights.user("editor", staff=True))
        assert "34603" not in editor.get(URL).content.decode()
        answer = send(editor, outbox_fields(always, key="desk"))[1]
        assert answer["state"] == "published"

    def test_winner_alone_contradicts_no_votes_that_elect_the_same(
        self, second: Client, always: Contest
    ) -> None:
        for name, state in (("Jeremy Corbyn", "kept"), ("James Clark", "differs")):
            winner = str(always.candidates.get(name=name).pk)
            fields = {"step": "winner", "winners": winner, "base_revision": "0", "key": name}
            assert send(second, fields)[1]["state"] == state


def test_contradiction_waits_where_only_warnings_do(
    phone: Client, colleague: User, seat: Contest
) -> None:
    """A check asked the first one for a reason; the second one's figures would pass alone."""
    odd = {"turnout_announced": "78.1", "warning_reason": "Heard so."}
    wrong = {field(seat, "Nick Wakeling"): "8451"}
    assert send(phone, outbox_fields(seat, **odd, **wrong))[1]["state"] == "kept"
    assert send(phone_of(colleague), outbox_fields(seat, key="theirs"))[1]["state"] == "differs"
    assert not Bulletin.objects.exists()
    assert send(phone, outbox_fields(seat, key="right"))[1]["state"] == "published"
    assert not ReviewItem.objects.filter(state=ReviewItem.State.WAITING).exists()


def test_own_first_try_waits_for_nobody_once_the_second_is_published(
    phone: Client, seat: Contest
) -> None:
    send(phone, outbox_fields(seat, turnout_announced="78.1", warning_reason="Heard so."))
    assert send(phone, outbox_fields(seat, key="better"))[1]["state"] == "published"
    assert follow(phone, "mine")["state"] == "superseded"
    assert "Your later one took its place" in follow(phone, "mine")["words"]


def test_own_later_figures_take_the_place_of_what_waits(phone: Client, always: Contest) -> None:
    send(phone, outbox_fields(always, **{field(always, "Nick Wakeling"): "8451"}))
    assert send(phone, outbox_fields(always, key="better"))[1]["state"] == "kept"
    assert follow(phone, "mine")["state"] == "superseded"
    assert follow(phone, "better")["state"] == "in-review"
    # The page of the count asks for what it asked for before.
    assert not any(follow(phone, key)["decided"] for key in ("mine", "better"))


def test_page_of_what_was_replaced_says_so(phone: Client, colleague: User, always: Contest) -> None:
    """Not that the desk has it, which it would publish."""
    send(phone, outbox_fields(always))
    second = phone_of(colleague)
    wrong = outbox_fields(always, key="theirs", **{field(always, "Nick Wakeling"): "8451"})
    send(second, wrong)
    send(second, {**wrong, "key": "again", field(always, "Nick Wakeling"): "8452"})
    desk.approve(ReviewItem.objects.earliest("pk"), by=nights.user("editor"))
    decided = [follow(second, key)["decided"] for key in ("theirs", "again")]
    assert (decided, follow(phone, "mine")["decided"]) == ([False, True], True)
    for key, heading in (("theirs", "Your later one"), ("again", "Another")):
        page = text_of(second.get(follow(second, key)["address"]))
        assert f"{heading} took its place" in page
        assert "This one is not published." in page
        assert "The desk has it" not in page


def test_nobody_confirms_their_own_result(phone: Client, reporter: User, always: Contest) -> None:
    reporter.is_superuser = True
    reporter.save()
    send(phone, outbox_fields(always))
    assert send(phone_of(reporter), outbox_fields(always, key="other phone"))[1]["state"] == "kept"
    item = ReviewItem.objects.get(state=ReviewItem.State.WAITING)
    with pytest.raises(desk.InvalidTransition):
        desk.approve(item, by=reporter)
    page = phone.post(URL, {"step": "confirm", "item": str(item.pk)})
    assert page.status_code == 404
    assert not Bulletin.objects.exists()


def test_colleague_compares_and_confirms(phone: Client, colleague: User, always: Contest) -> None:
    send(phone, outbox_fields(always))
    theirs = phone_of(colleague)
    assert "A colleague’s result waits for you" in text_of(theirs.get(URL))
    assert "your confirmation of the result" in text_of(theirs.get("/count/"))
    item = ReviewItem.objects.get()
    page = theirs.post(URL, {"step": "confirm-check", "item": str(item.pk)})
    assert "34,603" in text_of(page)
    assert "This is what I heard: publish it" in text_of(page)
    answer = theirs.post(URL, {"step": "confirm", "item": str(item.pk)}, follow=True)
    assert "bulletin 1" in text_of(answer)
    assert "Published" in text_of(phone.get(f"{URL}offered/{item.pk}/"))
    # Confirmed twice is published once.
    theirs.post(URL, {"step": "confirm", "item": str(item.pk)})
    assert Bulletin.objects.count() == 1


def test_confirms_as_the_earlier_release_sent_it(
    phone: Client, colleague: User, always: Contest
) -> None:
    send(phone, outbox_fields(always))
    fields = {"step": "confirm", "offer": str(ReviewItem.objects.get().pk), "key": "second"}
    assert send(phone_of(colleague), fields)[1]["state"] == "published"


def test_holds_a_winner_only_result(phone: Client, colleague: User, always: Contest) -> None:
    corbyn = str(always.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "winner", "winners": corbyn, "base_revision": "0", "key": "w"}
    assert send(phone, winner)[1]["state"] == "kept"
    item = ReviewItem.objects.get()
    other = phone_of(colleague)
    page = other.post(URL, {"step": "confirm-check", "item": str(item.pk)})
    assert "Jeremy Corbyn is elected" in text_of(page)
    assert send(other, winner)[1]["state"] == "published"


def test_winners_of_one_name_that_differ_are_told_apart(
    phone: Client, colleague: User, always: Contest
) -> None:
    always.candidates.filter(name="James Clark").update(name="Nick Wakeling")
    first, second = always.candidates.filter(name="Nick Wakeling")
    winner = {"step": "winner", "winners": str(first.pk), "base_revision": "0", "key": "w"}
    assert send(phone, winner)[1]["state"] == "kept"
    other = winner | {"winners": str(second.pk), "key": "theirs"}
    data = send(phone_of(colleague), other)[1]
    assert data["state"] == "differs"
    assert present(first.party).name != present(second.party).name
    for candidate in (first, second):
        assert f"Nick Wakeling ({present(candidate.party).name})" in data["words"]


def test_stale_item_stays_waiting(phone: Client, colleague: User, always: Contest) -> None:
    send(phone, outbox_fields(always))
    wakeling = always.candidates.get(name="Nick Wakeling").pk
    votes = {**nights.islington_ballot_counts(always).votes, wakeling: 8451}
    nights.declare_counts(
        always, nights.ballot_counts(always, *votes.values()), by=colleague, idempotency_key="k"
    )
    with pytest.raises(desk.StaleRevision):
        desk.approve(ReviewItem.objects.get(), by=nights.user("editor"))
    assert ReviewItem.objects.get().waits
    assert Bulletin.objects.count() == 1


def test_refuses_another_result_under_the_key_of_a_held_one(phone: Client, always: Contest) -> None:
    send(phone, outbox_fields(always))
    status, data = send(phone, outbox_fields(always, rejected="228"))
    assert (status, data["state"]) == (409, "faulty")


def test_shows_a_declined_item_with_its_note(phone: Client, always: Contest) -> None:
    send(phone, outbox_fields(always))
    desk.decline(ReviewItem.objects.get(), by=nights.user("editor"), note="Ring me first.")
    assert "Ring me first." in text_of(phone.get(URL))
    assert send(phone, outbox_fields(always))[1]["words"] == "Set aside"
    with pytest.raises(desk.InvalidTransition, match="editor has dealt with this"):
        desk.approve(ReviewItem.objects.get(), by=nights.user("other"))


def test_held_result_has_no_idempotency_record(phone: Client, always: Contest) -> None:
    send(phone, outbox_fields(always))
    assert not IdempotencyRecord.objects.exists()


def test_refuses_what_cannot_be_published_instead_of_holding_it(
    phone: Client, always: Contest
) -> None:
    """Full counts after a winner who was withdrawn complete nothing."""
    corbyn = always.candidates.get(name="Jeremy Corbyn")
    editor = nights.user("editor")
    nights.declare_winner(always, [corbyn], by=editor, idempotency_key="winner")
    update = outbox_fields(always, base_revision="2")
    nights.withdraw(
        always, by=editor, idempotency_key="withdrawal", base_revision=1, reason="Misheard."
    )
    request = desk.RevisionRequest(
        kind=Declaration.Kind.UPDATE, by=editor, idempotency_key="update", base_revision=2
    )
    with pytest.raises(desk.InvalidTransition):
        desk.submit_result(always, nights.islington_ballot_counts(always), request)
    assert not ReviewItem.objects.exists()
    assert send(phone, update)[1]["state"] == "kept"


def test_pair_takes_the_reason_that_one_of_the_two_gave(
    phone: Client, colleague: User, always: Contest
) -> None:
    assert send(phone, outbox_fields(always))[1]["state"] == "kept"
    odd = outbox_fields(always, key="theirs", turnout_announced="78.1")
    assert send(phone_of(colleague), odd)[1]["state"] == "reason"
    answer = send(phone_of(colleague), odd | {"warning_reason": "Read out twice."})
    assert answer[1]["state"] == "published"
    assert Declaration.objects.get().warning_reason == "Read out twice."


def test_reads_checks_and_identifies_a_request_once(
    phone: Client, always: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def counted(module: ModuleType, name: str) -> Callable[..., Any]:
        function = getattr(module, name)

        def call(*args: Any, **options: Any) -> Any:
            calls.append(name)
            return function(*args, **options)

        return call

    monkeypatch.setattr(revision_requests, "check", counted(revision_requests, "check"))
    monkeypatch.setattr(intents, "fingerprint_of", counted(intents, "fingerprint_of"))
    with CaptureQueriesContext(connection) as queries:
        send(phone, outbox_fields(always))
    locks = [query for query in queries if 'FROM "results_night"' in query["sql"]]
    assert sorted(calls) == ["check", "fingerprint_of"]
    assert len(locks) == 1

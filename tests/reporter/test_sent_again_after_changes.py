"""Submissions that phones send again after an editor changed the contest meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from results import desk
from results.models import (
    Assignment,
    Bulletin,
    Contest,
    Election,
    Notice,
    ReviewItem,
    keep_address,
)
from results.words.ballot_papers import names_to_text
from tests import nights
from tests.present import present
from tests.reporter.conftest import JSON, Fields, phone_of
from tests.reporter.test_submissions import picture

pytestmark = pytest.mark.django_db

PEOPLE = [("Ann Ash", "lab"), ("Bob Birch", "green")]
URL = "/count/may/abbey-n/"


@pytest.fixture(autouse=True)
def stored(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kept() -> Contest:
    always = Election.SecondPerson.ALWAYS
    night = nights.election("may", kind="council", name="Councils", second_person=always)
    return nights.contest(night, "Abbey", PEOPLE, slug="abbey")


@pytest.fixture
def count(kept: Contest) -> Contest:
    """The same ward again, to which the reporter is sent."""
    people = [*PEOPLE, ("Zed", "con")]
    contest = nights.contest(kept.election, "Abbey", people, slug="abbey-n")
    Assignment.objects.create(reporter=nights.user("reporter"), contest=contest)
    return contest


@pytest.fixture
def phone(count: Contest) -> Client:
    return phone_of(nights.user("reporter"))


def merge(duplicate: Contest, into: Contest) -> None:
    editor = nights.user("editor")
    desk.merge_contests(duplicate, into, by=editor, reason="One.", idempotency_key=nights.key())


def send(phone: Client, fields: Fields) -> tuple[int, dict[str, Any]]:
    for value in fields.values():
        if hasattr(value, "seek"):
            value.seek(0)
    response = phone.post(URL, fields, **JSON)
    return response.status_code, response.json()


def join(contest: Contest, name: str) -> None:
    labour = contest.candidates.get(name="Ann Ash").party
    contest.candidates.create(name=name, party=labour, ballot_order=9)


def ballot(contest: Contest) -> str:
    return names_to_text(dict(contest.candidates.values_list("pk", "name")))


def result(contest: Contest, *votes: int, **changes: Any) -> Fields:
    ids = contest.candidates.order_by("ballot_order").values_list("pk", flat=True)
    figures = {f"votes-{pk}": str(count) for pk, count in zip(ids, votes, strict=True)}
    rest = {"ballot": ballot(contest), "base_revision": "0", "step": "publish", "key": "mine"}
    return figures | rest | changes


def winner(contest: Contest, name: str = "Ann Ash", **changes: Any) -> Fields:
    chosen = {"winners": str(contest.candidates.get(name=name).pk), "step": "winner"}
    rest = {"ballot": ballot(contest), "base_revision": "0", "key": "mine"}
    return chosen | rest | changes


def quote(contest: Contest, **changes: Any) -> Fields:
    ann = contest.candidates.get(name="Ann Ash")
    said = {"candidate": str(ann.pk), "words": "Thank you.", "step": "quote", "key": "mine"}
    return said | {"ballot": ballot(contest)} | changes


def said_by_another(contest: Contest, **changes: Any) -> Fields:
    return quote(contest, candidate="", speaker="The mayor", **changes)


def photo(contest: Contest, **changes: Any) -> Fields:
    texts = {"caption": "The hall", "alt": "Rows of tables", "credit": "Ann Smith"}
    return texts | {"picture": picture(), "step": "photo", "key": "mine"} | changes


def notice(contest: Contest, **changes: Any) -> Fields:
    return {"picture": picture(), "step": "notice", "key": "mine"} | changes


Make = Callable[..., Fields]


def full_result(contest: Contest, **changes: Any) -> Fields:
    return result(contest, 500, 400, 300, **changes)


SENT = [full_result, winner, quote, said_by_another, photo, notice]


class TestContestMergedMeanwhile:
    """The answer was lost, an editor merged the contest, and the phone sends the same again."""

    @pytest.mark.parametrize("make", SENT)
    def test_same_submission_gets_its_first_answer(
        self, phone: Client, count: Contest, kept: Contest, make: Make
    ) -> None:
        fields = make(count)
        status, first = send(phone, fields)
        assert (status, first["state"]) == (200, "kept")
        merge(count, kept)
        for _time in range(2):
            status, again = send(phone, fields)
            assert (status, again) == (200, first | {"address": again["address"]})
        items = [item.contest for item in ReviewItem.objects.all()]
        assert [*items, *(each.contest for each in Notice.objects.all())] == [kept]

    @pytest.mark.parametrize(
        ("make", "other"),
        [
            (full_result, {"rejected": "7"}),
            (winner, {"name": "Bob Birch"}),
            (quote, {"words": "No."}),
            (said_by_another, {"words": "No."}),
            (photo, {"caption": "The stage"}),
        ],
    )
    def test_other_content_under_the_same_key_is_refused(
        self, phone: Client, count: Contest, kept: Contest, make: Make, other: dict[str, str]
    ) -> None:
        fields, changed = make(count), make(count, **other)
        send(phone, fields)
        merge(count, kept)
        status, data = send(phone, changed)
        assert (status in (409, 422), data["state"]) == (True, "faulty")
        assert "sent before with something else" in " ".join(data["findings"])
        assert ReviewItem.objects.count() == 1

    @pytest.mark.parametrize("make", SENT)
    def test_another_reporters_key_is_a_new_submission(
        self, phone: Client, count: Contest, kept: Contest, make: Make
    ) -> None:
        colleague = nights.user("colleague")
        Assignment.objects.create(reporter=colleague, contest=count)
        fields = make(count)
        send(phone, fields)
        merge(count, kept)
        if make in (full_result, winner):
            # A second person who enters the same publishes it.
            status, data = send(phone_of(colleague), fields)
            assert (status, data["state"], Bulletin.objects.count()) == (200, "published", 1)
            return
        assert send(phone_of(colleague), fields)[1]["state"] == "kept"
        assert {*Notice.objects.values_list("by__username", flat=True)} | {
            *ReviewItem.objects.values_list("by__username", flat=True)
        } == {"reporter", "colleague"}

    @pytest.mark.parametrize("make", SENT)
    def test_what_arrives_only_afterwards_is_taken(
        self, phone: Client, count: Contest, kept: Contest, make: Make
    ) -> None:
        """It was typed and kept on the phone before the merge."""
        fields = make(count)
        merge(count, kept)
        status, data = send(phone, fields)
        assert (status, data["state"]) == (200, "kept")
        assert send(phone, fields)[1]["state"] == "kept"

    def test_votes_keep_their_names(self, phone: Client, count: Contest, kept: Contest) -> None:
        fields = full_result(count)
        merge(count, kept)
        send(phone, fields)
        votes = present(ReviewItem.objects.get().ballot_counts).votes
        names = dict(kept.candidates.values_list("pk", "name"))
        assert {names[pk]: number for pk, number in votes.items()} == {
            "Ann Ash": 500,
            "Bob Birch": 400,
            "Zed": 300,
        }

    def test_candidate_whom_the_form_did_not_show_is_asked_for(
        self, phone: Client, count: Contest, kept: Contest
    ) -> None:
        fields = full_result(count)
        join(kept, "Dot Dale")
        merge(count, kept)
        status, data = send(phone, fields)
        assert (status, data["state"]) == (422, "faulty")
        assert "Dot Dale has been put on the ballot paper" in " ".join(data["findings"])

    def test_colleagues_result_is_confirmed(
        self, phone: Client, count: Contest, kept: Contest
    ) -> None:
        send(phone, full_result(count))
        colleague = nights.user("colleague")
        Assignment.objects.create(reporter=colleague, contest=count)
        item = ReviewItem.objects.get()
        fields = {"step": "confirm", "item": str(item.pk), "ballot": ballot(count), "key": "yes"}
        merge(count, kept)
        for _time in range(2):
            status, data = send(phone_of(colleague), fields)
            assert (status, data["state"], data["sequence"]) == (200, "published", 1)

    def test_status_and_verification_are_published_once(
        self, phone: Client, count: Contest, kept: Contest
    ) -> None:
        """Those that had arrived keep the contest from being merged away."""
        for fields in (
            {"step": "status", "status": "recount", "key": "status"},
            {"step": "count", "papers": "900", "electorate": "1200", "key": "verified"},
        ):
            assert send(phone, fields)[1]["state"] == "published"
            with pytest.raises(desk.InvalidTransition, match="the other way round"):
                merge(count, kept)
        merge(kept, count)
        status, data = send(phone, {"step": "status", "status": "recount", "key": "status"})
        assert (status, data["state"], data["sequence"]) == (200, "published", 1)
        assert Bulletin.objects.count() == 2

    def test_status_that_arrives_only_afterwards_is_published_once(
        self, phone: Client, count: Contest, kept: Contest
    ) -> None:
        merge(count, kept)
        fields = {"step": "status", "status": "recount", "key": "status"}
        assert [send(phone, fields)[1]["sequence"] for _time in range(2)] == [1, 1]

    def test_taken_back_stays_so(self, phone: Client, count: Contest, kept: Contest) -> None:
        send(phone, {"step": "take-back", "key": "mine"})
        merge(count, kept)
        assert send(phone, quote(kept))[0] in (409, 422)
        assert not ReviewItem.objects.exists()

    def test_taken_back_afterwards(self, phone: Client, count: Contest, kept: Contest) -> None:
        send(phone, quote(count))
        merge(count, kept)
        assert send(phone, {"step": "take-back", "key": "mine"})[1]["state"] == "kept"

    def test_reporter_who_is_not_sent_there_any_more(
        self, phone: Client, count: Contest, kept: Contest
    ) -> None:
        fields = quote(count)
        send(phone, fields)
        merge(count, kept)
        Assignment.objects.all().delete()
        assert send(phone, fields)[1]["state"] == "in-review"
        for _time in range(2):
            assert send(phone, {"step": "take-back", "key": "other"})[1]["state"] == "taken-back"


class TestAddressChanged:
    @pytest.mark.parametrize("make", SENT)
    def test_same_submission_gets_its_first_answer(
        self, phone: Client, count: Contest, make: Make
    ) -> None:
        fields = make(count)
        send(phone, fields)
        before = Contest.objects.get(pk=count.pk)
        Contest.objects.filter(pk=count.pk).update(slug="abbey-east")
        count.refresh_from_db()
        keep_address(before, count)
        assert send(phone, fields)[1]["state"] == "kept"
        assert ReviewItem.objects.count() + Notice.objects.count() == 1


class TestBallotPaperChangedMeanwhile:
    """The answer was lost, an editor corrected the ballot paper, and the phone sends it again."""

    @pytest.mark.parametrize("make", [full_result, winner, quote])
    def test_renamed_candidate(self, phone: Client, count: Contest, make: Make) -> None:
        fields = make(count)
        send(phone, fields)
        count.candidates.filter(name="Ann Ash").update(name="Ann Ashe")
        assert send(phone, fields)[1]["state"] == "kept"
        assert ReviewItem.objects.count() == 1

    def test_renamed_speaker_of_a_published_quote(self, phone: Client, count: Contest) -> None:
        nights.trust(nights.user("reporter"))
        fields = quote(count)
        assert send(phone, fields)[1]["state"] == "published"
        count.candidates.filter(name="Ann Ash").update(name="Ann Ashe")
        assert send(phone, fields)[1]["sequence"] == 1
        assert Bulletin.objects.count() == 1

    @pytest.mark.parametrize("make", [full_result, winner, quote])
    def test_candidate_who_joined(self, phone: Client, count: Contest, make: Make) -> None:
        fields = make(count)
        _status, first = send(phone, fields)
        join(count, "Dot Dale")
        assert send(phone, fields) == (200, first)
        assert ReviewItem.objects.count() == 1

    @pytest.mark.parametrize("make", [full_result, winner, quote])
    def test_candidate_who_left(self, phone: Client, count: Contest, make: Make) -> None:
        """Only a submission that was set aside lets its candidates go."""
        fields = make(count)
        send(phone, fields)
        desk.decline(ReviewItem.objects.get(), by=nights.user("editor"))
        count.candidates.filter(name="Ann Ash").delete()
        status, data = send(phone, fields)
        assert (status, data["words"]) == (200, "Set aside")
        assert ReviewItem.objects.count() == 1

    @pytest.mark.parametrize("make", [full_result, winner, quote])
    def test_new_submission_is_refused_all_the_same(
        self, phone: Client, count: Contest, make: Make
    ) -> None:
        fields = make(count)
        count.candidates.filter(name="Ann Ash").delete()
        assert send(phone, fields)[1]["state"] == "faulty"
        assert not ReviewItem.objects.exists()


@pytest.mark.parametrize(
    ("first", "then"), [(quote, full_result), (full_result, quote), (notice, quote)]
)
def test_key_of_something_else_is_no_answer(
    phone: Client, count: Contest, first: Make, then: Make
) -> None:
    sent = then(count)
    send(phone, first(count))
    join(count, "Dot Dale")
    del sent[next((name for name in sent if name.startswith("votes-")), "words")]
    assert send(phone, sent)[1]["state"] == "faulty"


def test_expected_time_that_has_passed_since(
    phone: Client, count: Contest, time_machine: TimeMachineFixture
) -> None:
    """The phone asks again after the time that it had sent."""
    time_machine.move_to("2019-12-13T01:00Z", tick=False)
    fields = {"step": "count", "expected_at": "01:30", "papers": "900", "key": "mine"}
    assert send(phone, fields)[1]["state"] == "published"
    time_machine.move_to("2019-12-13T01:40Z", tick=False)
    status, data = send(phone, fields)
    assert (status, data["state"], data["sequence"]) == (200, "published", 1)
    assert send(phone, {**fields, "key": "other"})[1]["state"] == "faulty"


def test_election_moved_to_another_address(phone: Client, count: Contest) -> None:
    """What was typed stays on the phone; what had arrived is said to have."""
    fields = quote(count)
    send(phone, fields)
    Election.objects.update(slug="may-2019")
    assert send(phone, fields)[1]["state"] == "in-review"
    for _time in range(2):
        status, data = send(phone, quote(count, key="other"))
        assert (status, data["state"], data["final"]) == (422, "refused", True)
        assert data["address"] == "/count/"
        assert data["words"].startswith("There is no count at this address now.")

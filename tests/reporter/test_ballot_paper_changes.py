"""Forms that are open while a candidate is renamed, moved, added or removed."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.desk.ballot_papers import why_candidate_stays
from results.models import Bulletin, Candidate, Contest, Declaration, Election, ReviewItem
from results.words.ballot_papers import BallotPaperChange, names_from_text, names_to_text
from tests import nights
from tests.reporter.conftest import URL, Fields, field, outbox_fields, phone_of, send, text_of

Change = Callable[[Contest], None]


def candidate(seat: Contest, name: str, party: str) -> None:
    found = nights.party(party)
    Candidate.objects.create(contest=seat, name=name, party=found, ballot_order=9)


def rename(seat: Contest) -> None:
    seat.candidates.filter(name="James Clark").update(name="James Clarke")


def swap(seat: Contest) -> None:
    """Give two rows each other's name, as an editor does who corrects the order by typing."""
    seat.candidates.filter(name="James Clark").update(name="*")
    seat.candidates.filter(name="Yosef David").update(name="James Clark")
    seat.candidates.filter(name="*").update(name="Yosef David")


def add(seat: Contest) -> None:
    candidate(seat, "Zoe Late", "green")


def remove(seat: Contest) -> None:
    seat.candidates.filter(name="James Clark").delete()


def replace(seat: Contest) -> None:
    remove(seat)
    candidate(seat, "James Clark", "con")


def opened(seat: Contest, **more: str) -> Fields:
    """The fields of a form that is open now."""
    names = dict(seat.candidates.values_list("pk", "name"))
    return outbox_fields(seat, ballot=names_to_text(names), **more)


SENTENCES: list[tuple[Change, str]] = [
    (rename, "“James Clark” is now “James Clarke” on the ballot paper."),
    (swap, "“James Clark” is now “Yosef David” on the ballot paper."),
    (add, "Zoe Late has been put on the ballot paper: enter their votes."),
    (remove, "James Clark, for whom you entered 5483, is no longer on the ballot paper."),
    (replace, "James Clark, for whom you entered 5483, is no longer on the ballot paper."),
]


@pytest.mark.parametrize(("change", "sentence"), SENTENCES)
class TestResult:
    def test_of_the_outbox_is_refused(
        self, phone: Client, seat: Contest, change: Change, sentence: str
    ) -> None:
        fields = opened(seat)
        change(seat)
        _status, data = send(phone, fields)
        assert data["state"] == "faulty"
        assert sentence in data["findings"]
        assert not Bulletin.objects.exists()

    @pytest.mark.parametrize("step", ["check", "publish"])
    def test_of_a_page_is_shown_again_with_every_figure(
        self, phone: Client, seat: Contest, change: Change, sentence: str, step: str
    ) -> None:
        fields = opened(seat) | {"step": step}
        change(seat)
        answer = phone.post(URL, fields)
        assert answer.status_code in (409, 422)
        assert sentence in text_of(answer)
        form = answer.context["result"]
        assert form[f"votes-{seat.candidates.get(name='Nick Wakeling').pk}"].value() == "8415"
        # The form that is shown is one of today's ballot paper.
        shown = names_from_text(form.ballot_paper.value())
        assert shown == dict(seat.candidates.values_list("pk", "name"))
        assert not Bulletin.objects.exists()

    def test_of_an_earlier_release_moves_and_drops_no_vote(
        self, phone: Client, seat: Contest, change: Change, sentence: str
    ) -> None:
        """It does not say which names it showed, but whose votes it has."""
        fields = outbox_fields(seat)
        change(seat)
        _status, data = send(phone, fields)
        if change in (rename, swap):
            return
        assert data["state"] == "faulty"
        assert not Bulletin.objects.exists()


def test_other_order_keeps_votes_with_their_names(phone: Client, seat: Contest) -> None:
    fields = opened(seat)
    for number, candidate in enumerate(reversed(seat.candidates.all())):
        Candidate.objects.filter(pk=candidate.pk).update(ballot_order=100 + number)
    assert send(phone, fields)[1]["state"] == "published"
    votes = {total.candidate.name: total.votes for total in Declaration.objects.get().totals.all()}
    assert votes == {name: votes for name, _party, votes in nights.ISLINGTON_NORTH}


def test_repeated_request_gets_its_answer_after_a_new_name(phone: Client, seat: Contest) -> None:
    fields = opened(seat)
    assert send(phone, fields)[1]["state"] == "published"
    rename(seat)
    assert send(phone, fields)[1]["state"] == "published"


@pytest.mark.parametrize(("change", "sentence"), SENTENCES[:2])
def test_winner_only_is_refused(
    phone: Client, seat: Contest, change: Change, sentence: str
) -> None:
    fields = opened(seat) | {"step": "winner", "winners": field(seat, "James Clark")[6:]}
    change(seat)
    _status, data = send(phone, fields)
    assert (data["state"], data["findings"][0]) == ("faulty", sentence)
    assert not Bulletin.objects.exists()


def test_quote_of_a_renamed_candidate_is_refused(phone: Client, seat: Contest) -> None:
    fields = opened(seat) | {"step": "quote", "words": "Thanks."}
    fields["candidate"] = field(seat, "James Clark")[6:]
    swap(seat)
    _status, data = send(phone, fields)
    assert data["findings"][0] == "“James Clark” is now “Yosef David” on the ballot paper."
    assert not ReviewItem.objects.exists()


def test_requested_correction_under_a_new_name_is_refused(phone: Client, seat: Contest) -> None:
    assert send(phone, opened(seat))[1]["state"] == "published"
    more = {"step": "ask", "reason": "Misheard.", "key": "asks", "base_revision": "1"}
    fields = opened(seat) | more | {field(seat, "Nick Wakeling"): "8451"}
    rename(seat)
    _status, data = send(phone, fields)
    assert data["findings"][0] == "“James Clark” is now “James Clarke” on the ballot paper."
    assert not ReviewItem.objects.exists()
    names = names_to_text(dict(seat.candidates.values_list("pk", "name")))
    assert send(phone, fields | {"ballot": names})[1]["state"] == "kept"
    # The answer of the same request, whatever has changed since.
    seat.candidates.filter(name="James Clarke").update(name="Jim Clarke")
    assert send(phone, fields | {"ballot": names})[1]["state"] == "kept"


def test_quoted_candidate_of_a_waiting_quote_stays(phone: Client, seat: Contest) -> None:
    fields = opened(seat) | {"step": "quote", "words": "Thanks."}
    fields["candidate"] = field(seat, "James Clark")[6:]
    assert send(phone, fields)[1]["state"] == "kept"
    assert why_candidate_stays(seat.candidates.get(name="James Clark"))
    assert not why_candidate_stays(seat.candidates.get(name="Yosef David"))


def test_waiting_quote_is_not_published_under_another_name(phone: Client, seat: Contest) -> None:
    fields = opened(seat) | {"step": "quote", "words": "Thanks."}
    send(phone, fields | {"candidate": field(seat, "James Clark")[6:]})
    swap(seat)
    item, editor = ReviewItem.objects.get(), nights.user("editor", staff=True)
    with pytest.raises(desk.BallotPaperChanged, match="is now “Yosef David”"):
        desk.approve(item, by=editor)
    desk.approve(item, by=editor, changes={"speaker": "James Clark, MP", "candidate": ""})
    assert Bulletin.objects.get().summary == "James Clark, MP: Thanks."


class TestSecondPerson:
    @pytest.fixture
    def item(self, phone: Client, seat: Contest) -> ReviewItem:
        Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
        send(phone, opened(seat))
        return ReviewItem.objects.get()

    def confirm(self, colleague: User, item: ReviewItem, names: str) -> tuple[int, str]:
        fields = {"step": "confirm", "item": item.pk, "ballot": names}
        answer = phone_of(colleague).post(URL, fields)
        return answer.status_code, text_of(answer)

    def names(self, seat: Contest) -> str:
        return names_to_text(dict(seat.candidates.values_list("pk", "name")))

    def test_sees_a_new_name_before_confirming(
        self, colleague: User, seat: Contest, item: ReviewItem
    ) -> None:
        before = self.names(seat)
        swap(seat)
        status, text = self.confirm(colleague, item, before)
        assert status == 409
        assert "“James Clark” is now “Yosef David”" in text
        assert not Bulletin.objects.exists()
        # As seen on that page, it may be confirmed.
        assert self.confirm(colleague, item, self.names(seat))[0] == 302
        assert Bulletin.objects.count() == 1

    def test_cannot_confirm_without_an_added_candidate(
        self, colleague: User, seat: Contest, item: ReviewItem
    ) -> None:
        add(seat)
        compared = phone_of(colleague).post(URL, {"step": "confirm-check", "item": item.pk})
        assert "Zoe Late has been put on the ballot paper" in text_of(compared)
        assert "This cannot be published" in text_of(compared)
        self.confirm(colleague, item, self.names(seat))
        assert not Bulletin.objects.exists()

    def test_desk_refuses_names_that_nobody_has_seen(self, seat: Contest, item: ReviewItem) -> None:
        rename(seat)
        with pytest.raises(desk.BallotPaperChanged, match="is now “James Clarke”"):
            desk.approve(item, by=nights.user("editor", staff=True))

    def test_matching_result_is_of_the_newer_ballot_paper(
        self, colleague: User, seat: Contest, item: ReviewItem
    ) -> None:
        fields = outbox_fields(seat, key="theirs")
        rename(seat)
        _status, data = send(phone_of(colleague), fields | {"ballot": self.names(seat)})
        assert data["state"] == "published"


@pytest.mark.parametrize("text", ["", "[]", "{", "1", '{"a": "b"}', "[" * 100_000, "null"])
def test_damaged_names_are_none(text: str) -> None:
    assert names_from_text(text) is None


def test_same_ballot_paper_has_no_change() -> None:
    assert not BallotPaperChange.between({1: "Ann", 2: "Bob"}, {2: "Bob", 1: "Ann"})

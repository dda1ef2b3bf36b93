"""A ward of three seats on the phone: its words, its winners and its tie."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from results.arithmetic import ElectionKind
from results.models import Assignment, Bulletin, Contest, Election
from tests import nights
from tests.reporter.conftest import hidden_fields, text_of

URL = "/count/vale/abbey/"


@pytest.fixture
def ward(db: None) -> Contest:
    election = nights.election(
        "vale", kind=ElectionKind.COUNCIL, second_person=Election.SecondPerson.NEVER
    )
    people = [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab"), ("Dan", "con"), ("Eve", "green")]
    ward = nights.contest(election, "Abbey", people, seats=3, electorate=5000)
    Assignment.objects.create(reporter=nights.user(), contest=ward)
    return ward


@pytest.fixture
def phone(client: Client, ward: Contest) -> Client:
    client.force_login(nights.user())
    return client


def pks(ward: Contest, *names: str) -> list[str]:
    return [str(ward.candidates.get(name=name).pk) for name in names]


def result(ward: Contest, *votes: int, **more: Any) -> dict[str, Any]:
    ids = ward.candidates.values_list("pk", flat=True)
    typed = {f"votes-{pk}": str(n) for pk, n in zip(ids, votes, strict=True)}
    return typed | {"step": "check", "base_revision": "0", "papers": "2000"} | more


class TestResult:
    def test_three_are_elected_as_councillors(self, phone: Client, ward: Contest) -> None:
        text = text_of(phone.post(URL, result(ward, 900, 800, 700, 600, 50)))
        assert "Ann, Bob and Cat are duly elected as councillors for Abbey." in text
        assert "deposit" not in text

    def test_a_tie_across_the_last_seat_asks_for_the_lot(
        self, phone: Client, ward: Contest
    ) -> None:
        asked = phone.post(URL, result(ward, 900, 800, 700, 700, 50))
        assert "tied between Cat, Dan" in text_of(asked)
        drawn = result(ward, 900, 800, 700, 700, 50, lot=pks(ward, "Dan"))
        check = phone.post(URL, drawn)
        assert "Ann, Bob and Dan are duly elected" in text_of(check)
        phone.post(URL, hidden_fields(check) | {"step": "publish", "warning_reason": "Drawn."})
        assert Bulletin.objects.get().summary == (
            "Abbey: Conservatives 2, Labour 1, decided by lot after a tie"
        )


class TestTurnout:
    """Each ballot paper has up to three votes: the totals say nothing of the papers."""

    def sums(self, phone: Client, ward: Contest, **more: str) -> str:
        typed = {"papers": "", "electorate": "4000", "rejected": "5"}
        return text_of(phone.post(URL, result(ward, 900, 800, 700, 600, 400, **(typed | more))))

    def test_is_said_to_need_the_ballot_papers(self, phone: Client, ward: Contest) -> None:
        text = self.sums(phone, ward)
        assert "Your five totals make 3,400. Rejected ballots: 5. Electorate: 4,000." in text
        assert (
            "Each ballot paper has several votes: "
            "for the turnout, enter “Ballot papers at verification”." in text
        )

    def test_is_that_of_the_papers(self, phone: Client, ward: Contest) -> None:
        text = self.sums(phone, ward, papers="1205")
        assert "Rejected ballots: 5. Ballot papers: 1,205 of 4,000, 30.1%." in text
        assert "enter “Ballot papers" not in text
        assert "that is 1,205" not in text

    def test_is_not_asked_for_where_nothing_of_it_is_typed(
        self, phone: Client, ward: Contest
    ) -> None:
        text = self.sums(phone, ward, electorate="", rejected="")
        assert "Your five totals make 3,400." in text
        assert "Each ballot paper" not in text
        assert "Ballot papers: 1,205." in self.sums(phone, ward, papers="1205", electorate="")


class TestWinnersOnly:
    def winners(self, ward: Contest, *names: str) -> dict[str, Any]:
        return {"step": "winner-check", "base_revision": "0", "winners": pks(ward, *names)}

    def test_asks_for_several(self, phone: Client, ward: Contest) -> None:
        assert "Only the winners so far?" in text_of(phone.get(URL))

    def test_two_are_too_few_and_stay_ticked(self, phone: Client, ward: Contest) -> None:
        answer = phone.post(URL, self.winners(ward, "Ann", "Cat"))
        assert "3 to be elected here: choose 3." in text_of(answer)
        ticked = re.findall(r'name="winners" value="(\d+)"[^>]*checked', answer.content.decode())
        assert ticked == pks(ward, "Ann", "Cat")

    def test_three_are_published(self, phone: Client, ward: Contest) -> None:
        check = phone.post(URL, self.winners(ward, "Ann", "Bob", "Cat"))
        assert "Ann, Bob and Cat are elected; full figures to follow." in text_of(check)
        assert "Publish the winners" in text_of(check)
        sent = hidden_fields(check) | self.winners(ward, "Ann", "Bob", "Cat") | {"step": "winner"}
        phone.post(URL, sent)
        assert "full figures to follow" in Bulletin.objects.get().summary

    def test_are_several_everywhere(
        self, phone: Client, ward: Contest, admin_client: Client
    ) -> None:
        assert "Winners only" in text_of(phone.get(URL))
        winners = list(ward.candidates.all()[:3])
        with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
            nights.declare_winner(ward, winners, by=nights.user(), idempotency_key="w")
        contests = reverse("admin:results_contest_changelist")
        night = reverse("admin:results_election_night", args=[ward.election_id])
        own = reverse("admin:results_contest_change", args=[ward.pk])
        counts = f"{contests}?election__id__exact={ward.election_id}"
        for page in ("/count/", "/vale/", "/vale/abbey/"):
            text = text_of(phone.get(page))
            assert "Winners only" in text, page
            assert "Winner only" not in text, page
        for page in (counts, night, own):
            response = admin_client.get(page)
            assert "Winners only" in text_of(response), page


def test_readers_see_three_elected(phone: Client, ward: Contest) -> None:
    ward.candidates.filter(name="Bob").update(sitting_member=True)
    nights.declare(ward, 900, 800, 700, 600, 50)
    text = text_of(phone.get("/vale/abbey/"))
    assert "Bob is re-elected; Ann and Cat are elected." in text

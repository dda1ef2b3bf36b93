"""Two candidates of one name are told apart wherever a reporter reads a name."""

import pytest
from django.test import Client

from results.desk.checks import check
from results.live.seat import read_seats
from results.models import Assignment, Contest, Declaration, Election, ReviewItem
from tests import nights
from tests.reporter.conftest import JSON, phone_of, text_of

LABOUR, CONSERVATIVE = "Ann Hall (Labour)", "Ann Hall (Conservative)"
PEOPLE = [("Ann Hall", "lab"), ("Ann Hall", "con"), ("Bob Rice", "ld")]


@pytest.fixture
def seat(db: None) -> Contest:
    night = nights.election(second_person=Election.SecondPerson.NEVER)
    seat = nights.contest(night, "Middletown", PEOPLE, electorate=70000)
    for name in ("reporter", "colleague"):
        Assignment.objects.create(reporter=nights.user(name), contest=seat)
    return seat


def fields(seat: Contest, *votes: int, step: str, **more: str) -> dict[str, str]:
    totals = zip(seat.candidates.all(), votes, strict=True)
    return {
        **{f"votes-{candidate.pk}": str(total) for candidate, total in totals},
        "base_revision": "0",
        "step": step,
        **more,
    }


URL = "/count/ge/middletown/"


@pytest.fixture
def phone(seat: Contest) -> Client:
    return phone_of(nights.user("reporter"))


def test_check_page_says_which_of_them_is_elected(phone: Client, seat: Contest) -> None:
    page = phone.post(URL, fields(seat, 9000, 21000, 10000, step="check"))
    assert f"{CONSERVATIVE} is duly elected" in text_of(page)
    ward = Contest.objects.filter(pk=seat.pk)
    ward.update(seats=2)
    page = phone.post(URL, fields(seat, 20000, 21000, 10000, step="check"))
    assert f"{LABOUR} and {CONSERVATIVE} are duly elected" in text_of(page)


def test_winner_alone_says_which_of_them_it_is(phone: Client, seat: Contest) -> None:
    winner = str(seat.candidates.all()[0].pk)
    sent = {"step": "winner-check", "winners": winner, "base_revision": "0"}
    assert f"{LABOUR} is elected; full figures to follow." in text_of(phone.post(URL, sent))
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    phone.post(URL, sent | {"step": "winner", "key": "w"}, **JSON)
    colleague = phone_of(nights.user("colleague"))
    item = str(ReviewItem.objects.get().pk)
    page = colleague.post(URL, {"step": "confirm-check", "item": item})
    assert f"{LABOUR} is elected; full figures to follow." in text_of(page)


def test_question_about_a_winner_says_which_of_them(phone: Client, seat: Contest) -> None:
    nights.declare_winner(
        seat, seat.candidates.all()[:1], by=nights.user("reporter"), idempotency_key="w"
    )
    sent = fields(seat, 9000, 21000, 10000, step="publish", key="k") | {"base_revision": "1"}
    answer = phone.post(URL, sent, **JSON).json()
    assert answer["taken_back"].startswith(f"Published as elected: {LABOUR}.")
    assert f"elect {CONSERVATIVE}" in answer["taken_back"]


def test_checks_say_which_of_them(seat: Contest) -> None:
    (read,) = read_seats([seat])
    messages = check(read, nights.ballot_counts(seat, 9000, None, 10000))
    assert [message.params["name"] for message in messages] == [CONSERVATIVE]


def test_electorate_on_record_is_shown_and_used(phone: Client, seat: Contest) -> None:
    assert "Electorate On record: 70,000." in text_of(phone.get(URL))
    page = phone.post(URL, fields(seat, 9000, 21000, 10000, step="check"))
    assert "make 40,000 of the 70,000 on record, 57.1%." in text_of(page)
    page = phone.post(URL, fields(seat, 9000, 61000, 10000, step="check"))
    assert "more than the electorate of 70,000 (on record)" in text_of(page)
    assert not Declaration.objects.exists()

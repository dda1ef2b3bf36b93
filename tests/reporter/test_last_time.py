"""Last time's votes beside the boxes of the result's form."""

from datetime import date

from django.contrib.auth.models import User
from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Contest, LastResult, LastVotes
from tests import nights
from tests.reporter.conftest import URL, assigned, phone_of, text_of


def test_a_party_and_its_votes_last_time_stand_at_the_box(phone: Client) -> None:
    text = text_of(phone.get(URL))
    assert "Jeremy Corbyn Labour last time 40,086" in text
    # Nobody of the party stood last time.
    assert "Yosef David Brexit Party last time" not in text
    assert text.count("last time ") == 4
    assert "Won last time" not in text


def test_votes_that_were_worked_out_are_called_so(phone: Client, seat: Contest) -> None:
    LastResult.objects.update(notional=True)
    assert "Labour last time, notionally, 40,086" in text_of(phone.get(URL))


def test_an_unknown_part_says_nothing(phone: Client) -> None:
    LastVotes.objects.update(votes=None)
    assert "last time " not in text_of(phone.get(URL))


def ward_with_last_time() -> tuple[Contest, User]:
    """Ann stood last time, and so did a namesake of Bob's for another party."""
    people = [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab"), ("Dan", "con")]
    election = nights.election("vale", kind=ElectionKind.COUNCIL)
    ward = nights.contest(election, "Abbey", people, seats=3, electorate=5000)
    last = LastResult.objects.create(contest=ward, date=date(2015, 5, 7), seats=3)
    stood = [("Ann", "lab", 900, True), ("Bob", "ld", 700, True), ("Eve", "lab", 650, True)]
    for name, label, votes, elected in stood:
        person = ward.candidates.filter(name=name).first()
        LastVotes.objects.create(
            last_result=last,
            name=name,
            person=person.person if person else None,
            party=nights.party(label),
            votes=votes,
            elected=elected,
        )
    return ward, assigned(ward, "ward reporter")


def test_a_ward_names_its_people_and_the_seats_won(db: None) -> None:
    _ward, reporter = ward_with_last_time()
    text = text_of(phone_of(reporter).get("/count/vale/abbey/"))
    assert "Ann Labour last time 900" in text
    assert text.count("last time ") == 1
    assert "Won last time: Labour 2, Liberal Democrat 1." in text.replace("\u00a0", " ")

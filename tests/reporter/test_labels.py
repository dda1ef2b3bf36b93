"""What a phone calls what it has sent, after its language was changed."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Contest, Election
from tests.reporter.conftest import URL, field, outbox_fields, phone_of, send
from tests.reporter.test_followed import followed

QUOTE = {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "mine"}


def label(phone: Client) -> str | None:
    return followed(phone, "mine")["mine"].get("label")


def labels_of_forms(page: str) -> set[str]:
    return {" ".join(found.split()) for found in re.findall(r'data-label="([^"]+)"', page)}


def winner(seat: Contest) -> dict[str, str]:
    pk = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    return {"step": "winner", "winners": pk, "base_revision": "0", "key": "mine"}


@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.parametrize("second_person", Election.SecondPerson.values)
@pytest.mark.parametrize("what", ["quote", "result", "incomplete"])
def test_is_that_of_a_form_in_the_language_of_now(
    phone: Client, seat: Contest, what: str, second_person: str, language: str
) -> None:
    Election.objects.update(second_person=second_person)
    fields = QUOTE if what == "quote" else outbox_fields(seat)
    if what == "incomplete":
        fields |= {field(seat, "Nick Wakeling"): "", "incomplete": "1"}
    phone.post("/count/language/", {"language": language})
    forms = labels_of_forms(phone.get(URL).content.decode())
    phone.post("/count/language/", {"language": "en-gb"})
    assert send(phone, fields)[1]["state"] in ("published", "kept")
    phone.post("/count/language/", {"language": language})
    assert label(phone) in forms


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-gb", "Islington North, the winner"), ("cy", "Islington North, yr enillydd")],
)
def test_winner_alone(phone: Client, seat: Contest, language: str, words: str) -> None:
    send(phone, winner(seat))
    phone.post("/count/language/", {"language": language})
    assert label(phone) == words


def test_confirmation_keeps_its_own(phone: Client, colleague: User, seat: Contest) -> None:
    """Its answer is a bulletin of the colleague's, as it is for the same figures."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    send(phone, outbox_fields(seat))
    second = phone_of(colleague)
    send(second, outbox_fields(seat))
    assert label(second) is None
    assert label(phone) == "Islington North, the result"

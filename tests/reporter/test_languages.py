"""The language of a reporter's pages: of the phone, else of the election."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Assignment, Bulletin, Contest, Election
from tests import nights
from tests.reporter.conftest import URL, hidden_fields, send, typed_fields

CHOOSE = "/count/language/"


def test_phone_keeps_the_language_that_was_chosen(phone: Client) -> None:
    assert '<html lang="en-gb"' in phone.get(URL).content.decode()
    response = phone.post(CHOOSE, {"language": "cy", "next": URL})
    assert (response.status_code, response["Location"]) == (302, URL)
    for path in (URL, "/count/"):
        page = phone.get(path).content.decode()
        assert '<html lang="cy"' in page
        assert "Fy nghyfrifon" in page
    phone.post("/count/sign-out/")
    assert '<html lang="cy"' in phone.get("/count/sign-in/").content.decode()


def test_each_language_is_named_in_itself(phone: Client) -> None:
    """What `lang` says of the button's word holds, for those who have it read aloud."""
    assert '<button class="plain" lang="cy">Cymraeg</button>' in phone.get(URL).content.decode()
    phone.post(CHOOSE, {"language": "cy", "next": URL})
    page = phone.get(URL).content.decode()
    assert '<button class="plain" lang="en-gb">English</button>' in page
    assert "Saesneg" not in page


def test_phone_without_a_choice_has_the_elections_language(phone: Client) -> None:
    Election.objects.update(language="cy")
    assert '<html lang="cy"' in phone.get(URL).content.decode()
    phone.post(CHOOSE, {"language": "en-gb"})
    assert '<html lang="en-gb"' in phone.get(URL).content.decode()


def test_list_of_counts_has_the_language_of_all_of_them(
    phone: Client, seat: Contest, reporter: User
) -> None:
    Election.objects.update(language="cy")
    page = phone.get("/count/").content.decode()
    assert '<html lang="cy"' in page
    assert "Fy nghyfrifon" in page
    listed = phone.post("/count/phone/", {"unsent": "0", "count": "/count/"}).json()["list"]
    assert "wrth ddilysu" in listed
    other = nights.election(slug="other", name="Another")
    elsewhere = nights.contest(other, "Elsewhere", [("Ann", "lab")])
    Assignment.objects.create(reporter=reporter, contest=elsewhere)
    assert '<html lang="en-gb"' in phone.get("/count/").content.decode()
    Election.objects.update(language="en-gb")
    phone.post(CHOOSE, {"language": "cy", "next": URL})
    assert '<html lang="cy"' in phone.get("/count/").content.decode()


@pytest.mark.parametrize("fields", [{"language": "xx"}, {}])
def test_unknown_language_is_not_kept(phone: Client, fields: dict[str, str]) -> None:
    response = phone.post(CHOOSE, {**fields, "next": "https://elsewhere.example/"})
    assert response["Location"] == "/count/"
    assert not response.cookies


def test_what_is_published_from_a_phone_is_in_the_elections_language(
    phone: Client, seat: Contest, reporter: User
) -> None:
    phone.post(CHOOSE, {"language": "cy"})
    phone.post(URL, {"step": "status", "status": "recount", "key": nights.key()})
    bulletin = Bulletin.objects.get()
    assert bulletin.summary == "Islington North: Recount"
    assert "Recount" in bulletin.fragments["row-islington-north"]


def test_receipt_of_a_result_is_in_the_phones_language(phone: Client, seat: Contest) -> None:
    """The bulletin is in the election's; a result that was replaced is as it was published."""
    phone.post(CHOOSE, {"language": "cy"})
    check = phone.post(URL, typed_fields(seat))
    key, fields = nights.key(), hidden_fields(check)
    _status, answer = send(phone, {**fields, "key": key})
    assert answer["line"] == "Labour yn cadw Islington North, mwyafrif 26,188"
    assert answer["line"] in phone.get(answer["address"]).content.decode()
    bulletin = Bulletin.objects.get()
    assert bulletin.summary == "Labour hold Islington North, majority 26,188"
    nights.correct(
        seat,
        nights.islington_ballot_counts(seat, rejected=237),
        by=nights.user("editor"),
        reason="Misheard.",
        idempotency_key=nights.key(),
        base_revision=1,
    )
    assert bulletin.summary in phone.get(answer["address"]).content.decode()


def test_bulletins_of_a_welsh_election_name_parties_in_welsh(seat: Contest) -> None:
    Election.objects.update(language="cy")
    seat.candidates.filter(name="Jeremy Corbyn").update(party=None, standing_as="independent")
    bulletin = nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="first"
    ).bulletin
    assert "Annibynnol" in bulletin.fragments["seat-islington-north"]
    assert "Independent" not in "".join(bulletin.fragments.values())
    assert "(Annibynnol)" in bulletin.summary

"""Publishing that a poll is not held, from the admin, and taking it back."""

from typing import Any

import pytest
from django.test import Client

from results.models import Bulletin, Contest, Election, Night, Standing
from tests import nights
from tests.editor.conftest import address, form_data, staff_with, text_of


@pytest.fixture
def ward(night: Election) -> Contest:
    return nights.contest(night, "Ash", [("Ann", "lab")], seats=2)


def send(admin: Client, ward: Contest, action: str, **more: Any) -> Any:
    page = address("contest_poll", ward.pk)
    return admin.post(page, form_data(admin.get(page)) | {"action": action} | more)


def test_publishes_unopposed_and_withdraws_it(admin: Client, ward: Contest) -> None:
    assert send(admin, ward, "unopposed", source="Notice, Fen Council").status_code == 302
    standing = Standing.objects.get(contest=ward)
    assert (standing.status, standing.summary["vacancies"]) == ("unopposed", 1)
    assert standing.declaration is not None
    assert standing.declaration.source == "Notice, Fen Council"
    html = text_of(admin.get(address("contest_change", ward.pk)))
    assert "Withdraw…" in html
    assert "Correct…" not in html
    page = address("contest_withdraw", ward.pk)
    data = form_data(admin.get(page)) | {"reason": "Another stands.", "blame": "ours"}
    preview = admin.post(page, data | {"step": "preview"})
    after = preview.context["preview"].winners_after
    admin.post(page, data | {"step": "publish", "confirm": after})
    assert Standing.objects.get(contest=ward).status == "withdrawn"
    tally = Night.objects.get().standing_tally
    assert (tally.seats, tally.vacant, tally.unopposed) == (0, 0, 0)
    assert "Another stands." in admin.get("/ge/corrections/").content.decode()


def test_withdrawing_those_elected_to_several_seats_is_of_them_all(
    admin: Client, ward: Contest
) -> None:
    send(admin, ward, "unopposed", source="Notice, Fen Council")
    page = address("contest_withdraw", ward.pk)
    data = form_data(admin.get(page)) | {"reason": "Another stands.", "blame": "ours"}
    text = text_of(admin.post(page, data | {"step": "preview"}))
    assert "Yes: those elected change from Ann (Labour) to nobody." in text
    assert "winner" not in text.partition("Readers see")[0]


def test_says_what_to_choose(admin: Client, seat: Contest) -> None:
    answer = send(admin, seat, "")
    assert "Choose what is to be published." in text_of(answer)
    assert "This field is required." not in text_of(answer)


def test_publishes_a_postponement_and_takes_it_back(admin: Client, seat: Contest) -> None:
    send(admin, seat, "postponed")
    assert Night.objects.get().standing_tally.postponed == 1
    send(admin, seat, "resumed")
    assert Night.objects.get().standing_tally.postponed == 0
    kinds = Bulletin.objects.values_list("kind", flat=True)
    assert [*kinds] == ["status", "status"]


def test_asks_for_no_source_that_readers_would_not_see(
    admin: Client, seat: Contest, ward: Contest
) -> None:
    html = text_of(admin.get(address("contest_poll", seat.pk)))
    assert "Source, as readers see it" not in html
    assert "Source, as readers see it" in text_of(admin.get(address("contest_poll", ward.pk)))
    answer = send(admin, ward, "postponed", source="Notice, Fen Council")
    assert "Readers see no source" in text_of(answer)
    assert not Bulletin.objects.exists()


def test_offers_only_what_the_numbers_allow(admin: Client, seat: Contest) -> None:
    html = text_of(admin.get(address("contest_poll", seat.pk)))
    assert "elected unopposed" not in html.split("Readers, programs")[0]
    answer = send(admin, seat, "unopposed")
    assert answer.context["form"].errors["action"]
    assert not Bulletin.objects.exists()


def test_candidate_added_meanwhile_is_not_elected(admin: Client, ward: Contest) -> None:
    page = address("contest_poll", ward.pk)
    data = form_data(admin.get(page)) | {"action": "unopposed"}
    ward.candidates.create(name="Bob", ballot_order=2, party=nights.party("con"))
    ward.candidates.create(name="Cat", ballot_order=3, party=nights.party("ld"))
    assert admin.post(page, data).status_code == 200
    assert not Bulletin.objects.exists()


def test_sent_twice_publishes_once(admin: Client, ward: Contest) -> None:
    page = address("contest_poll", ward.pk)
    data = form_data(admin.get(page)) | {"action": "unopposed"}
    assert admin.post(page, data).status_code == admin.post(page, data).status_code == 302
    assert Bulletin.objects.count() == 1


def test_needs_the_permission_to_change_results(client: Client, ward: Contest) -> None:
    client.force_login(staff_with("view_contest", "change_contest"))
    assert client.get(address("contest_poll", ward.pk)).status_code == 403
    assert "No poll here" not in text_of(client.get(address("contest_change", ward.pk)))


def test_dashboard_does_not_wait_for_it(admin: Client, ward: Contest) -> None:
    send(admin, ward, "unopposed")
    html = text_of(admin.get(address("election_night", ward.election_id)))
    assert "Unopposed" in html
    _, queue = html.split("0 things need a person")
    waiting, _ = queue.split("Done just now")
    assert "Ash" not in waiting


def test_form_that_declares_leads_to_where_a_postponement_is_taken_back(
    admin: Client, seat: Contest
) -> None:
    send(admin, seat, "postponed")
    answer = admin.get(address("contest_declare", seat.pk))
    assert answer.status_code == 409
    assert "take the postponement back first" in text_of(answer)
    assert address("contest_poll", seat.pk) in answer.content.decode()

"""Responses to readers about draft and withdrawn elections."""

from typing import Any

import pytest
from django.test import Client

from results import desk
from results.live import log
from results.models import Election
from results.reader import public
from tests import nights
from tests.addresses import example, night_with_one_of_each, patterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(tmp_path: Any, settings: Any) -> Election:
    """One of everything that has a page."""
    settings.MEDIA_ROOT = tmp_path
    return night_with_one_of_each()


def reader_addresses(election: Election) -> list[str]:
    """Every address of readers with this election in it, from the resolver."""
    staff = ("admin/", "count/", "api/v1/desk/")
    routes = [route for route, _name in patterns() if not route.startswith(staff)]
    return [example(route, election.contests.get()) for route in routes if "election_slug" in route]


def visibility(election: Election, value: str) -> None:
    Election.objects.filter(pk=election.pk).update(visibility=value)


def test_draft_does_not_exist_at_any_address_of_readers(night: Election, client: Client) -> None:
    addresses = reader_addresses(night)
    before = {path: client.get(path).status_code for path in addresses}
    assert len(addresses) > 30
    assert sum(status == 200 for status in before.values()) > 25
    visibility(night, "draft")
    answers = {path: client.get(path) for path in addresses}
    assert {path for path, answer in answers.items() if answer.status_code != 404} == set()
    assert not any(night.name in answer.content.decode() for answer in answers.values())
    assert log.read_tail(night.slug) is None
    assert client.get(f"/nights/{night.date}/").status_code == 404


def test_no_list_of_readers_names_a_draft(night: Election, client: Client) -> None:
    other = nights.election("mayor", name="Mayor of Northshire", date=night.date)
    for value in ("draft", "withdrawn"):
        visibility(night, value)
        for path in ("/", "/sitemap.xml", "/robots.txt", f"/nights/{night.date}/", "/mayor/"):
            page = client.get(path, follow=True).content.decode()
            assert night.name not in page
            assert f"/{night.slug}/" not in page
    Election.objects.filter(pk=night.pk).update(rehearsal=True, visibility="draft")
    assert f"/{night.slug}/" not in client.get("/robots.txt").content.decode()
    assert other.is_published


def test_withdrawn_election_says_why_at_every_address(night: Election, client: Client) -> None:
    addresses = reader_addresses(night)
    desk.withdraw_election(
        night, by=nights.user("chief", staff=True), reason="The date was that of another poll."
    )
    for path in addresses:
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert "The date was that of another poll." in answer.content.decode()
    framed = client.get(f"/embed/{night.slug}/map/")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert '<base target="_blank">' in framed.content.decode()
    desk.publish_election(night, by=nights.user("chief", staff=True))
    assert client.get(f"/{night.slug}/").status_code == 200


def test_readers_code_finds_elections_only_where_it_is_decided_which_are_public() -> None:
    from tests.needs import ROOT

    wrong = [
        path.name
        for path in (ROOT / "results/reader").glob("*.py")
        if path.name != "public.py"
        for words in (
            "Election.objects",
            "get_object_or_404(Election",
            "election__slug=election_slug",
        )
        if words in path.read_text()
    ]
    assert wrong == []


def test_nothing_is_published_in_a_draft(night: Election) -> None:
    visibility(night, "draft")
    with pytest.raises(desk.ElectionNotPublic, match="is a draft"):
        desk.publish(
            night,
            desk.PostContent(text="A post."),
            idempotency_key="early",
            by=nights.user("editor", staff=True),
        )


def test_draft_is_deleted_whole_and_a_published_election_is_not(night: Election) -> None:
    chief = nights.user("chief", staff=True)
    with pytest.raises(desk.InvalidTransition, match="withdraw it instead"):
        desk.delete_draft(night, by=chief)
    visibility(night, "draft")
    desk.delete_draft(night, by=chief)
    assert not Election.objects.exists()


def test_front_page_leads_to_the_chosen_night(night: Election, client: Client) -> None:
    mayor = nights.election("mayor", name="Mayor of Northshire", date=night.date)
    chief = nights.user("chief", staff=True)
    desk.choose_front(night, by=chief)
    desk.choose_front(mayor, by=chief)
    assert client.get("/").headers["Location"] == "/mayor/"
    desk.withdraw_election(mayor, by=chief, reason="A mistake.")
    assert client.get("/").headers.get("Location") != "/mayor/"
    with pytest.raises(desk.InvalidTransition):
        desk.choose_front(mayor, by=chief)


def test_every_election_is_found_while_the_front_leads_to_one(
    night: Election, client: Client
) -> None:
    mayor = nights.election("mayor", name="Mayor of Northshire", date=night.date)
    desk.choose_front(mayor, by=nights.user("chief", staff=True))
    listed = client.get("/nights/").content.decode()
    for election in (night, mayor):
        assert f'href="/{election.slug}/"' in listed
    day = client.get(f"/nights/{night.date}/")
    gone = client.get("/nowhere/")
    for page in (client.get("/mayor/"), day, gone):
        assert 'href="/nights/"' in page.content.decode()


def test_preview_shows_a_draft_to_its_caller_only(night: Election, client: Client) -> None:
    visibility(night, "draft")
    with public.previewing(night):
        assert public.public_election(night.slug) == night
    assert client.get(f"/{night.slug}/").status_code == 404

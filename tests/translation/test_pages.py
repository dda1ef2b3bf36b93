"""Every page of readers and reporters in Welsh has no English left but names and typed words."""

from typing import Any

import pytest
from django.test import Client

from results.models import Assignment, Candidate, Contest, Election, Party
from results.reader import urls as reader_urls
from results.reporter import urls as reporter_urls
from tests import councils, nights
from tests.addresses import example, patterns, publish_one_of_each
from tests.live.test_snapshot_and_stream import every_kind_of_bulletin
from tests.translation.english import english_in

pytestmark = pytest.mark.django_db

#: Pages that are in English whatever the language: what they say is for other programs.
IN_ENGLISH = frozenset({"robots", "sitemap", "verify_log", "log_json", "results_schema"})
WARDS: councils.Wards = {
    "Castle": (["lab", "lab", "lab"], ["lab", "green", "lab"]),
    "Market": (["con", "ld"], ["ld", "ld"]),
    "Weir": (["con"], ["green"]),
}


@pytest.fixture
def night(settings: Any, tmp_path: Any) -> Election:
    """A general election with one of everything, of which a seat is corrected and one awaited."""
    settings.MEDIA_ROOT = tmp_path
    election = nights.election(language="cy")
    north = nights.islington_north(election)
    nights.contest(
        election,
        "Vale",
        [("Ann Hall", "lab"), ("Bob Rice", "con")],
        last={"con": 9000, "lab": 8000},
    )
    nights.contest(election, "Moor", [("Cat Moss", "independent"), ("Dan Reed", "speaker")])
    nights.contest(election, "Fell", [("Eve Lowe", "green"), ("Fay Nash", "ld")])
    for step in list(every_kind_of_bulletin(election))[:6]:
        step()
    publish_one_of_each(north)
    return election


@pytest.fixture
def councils_night() -> Election:
    election = councils.council_night("ge", name="Etholiadau", language="cy")
    for slug in ("northshire", "southshire"):
        councils.council(election, WARDS, name=slug.title(), slug=slug, seats=9)
    for slug in ("northshire-castle", "northshire-weir", "southshire-market"):
        councils.declare(election.contests.get(slug=slug))
    return election


def names_of(election: Election) -> set[str]:
    """What a night's data has in English: names, and what somebody typed."""
    names = {election.name, "A headline", "A post.", "Thank you.", "Agency", "The hall", "A hall"}
    names |= {"Key seats", "A slip.", "Ring the desk.", "Old name", "Name", "Winner"}
    for contest in Contest.objects.filter(election=election).select_related("body"):
        names |= {contest.name, contest.body.name, contest.venue, contest.note}
    for candidate in Candidate.objects.all():
        names |= {candidate.name, candidate.description}
    return {name for name in names | {*Party.objects.values_list("name", flat=True)} if name}


def english_on(client: Client, seat: Contest, urlpatterns: Any, before: str = "") -> list[str]:
    """`route: text` of every English text on the pages of these addresses."""
    data, pages = names_of(seat.election), 0
    found: list[str] = []
    for route, name in patterns(urlpatterns, before):
        if name in IN_ENGLISH:
            continue
        response = client.get(example(route, seat))
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            pages += 1
            found += [f"{route}: {text}" for text in english_in(response.content.decode(), data)]
    assert pages > 2
    return found


def test_readers_pages_of_a_general_election(client: Client, night: Election) -> None:
    for slug in ("islington-north", "vale", "fell"):
        seat = night.contests.get(slug=slug)
        assert english_on(client, seat, reader_urls.urlpatterns) == []


def test_readers_pages_of_councils(client: Client, councils_night: Election) -> None:
    seat = councils_night.contests.get(slug="northshire-castle")
    publish_one_of_each(seat)
    assert english_on(client, seat, reader_urls.urlpatterns) == []


@pytest.fixture
def phone(night: Election) -> Client:
    """A reporter's phone on which Welsh was chosen."""
    for seat in night.contests.all():
        Assignment.objects.get_or_create(contest=seat, reporter=nights.user())
    client = Client()
    client.force_login(nights.user())
    client.cookies["phone_language"] = "cy"
    return client


def test_reporters_pages(phone: Client, night: Election) -> None:
    for slug in ("islington-north", "vale", "fell"):
        seat = night.contests.get(slug=slug)
        assert english_on(phone, seat, reporter_urls.urlpatterns, "count/") == []


def test_pages_that_reporters_send_to(phone: Client, night: Election) -> None:
    seat = night.contests.get(slug="fell")
    eve, fay = seat.candidates.all()
    sent = [
        {"step": "check", f"votes-{eve.pk}": "10", f"votes-{fay.pk}": ""},
        {"step": "check", f"votes-{eve.pk}": "10", f"votes-{fay.pk}": "900000"},
        {"step": "check", f"votes-{eve.pk}": "1,0", f"votes-{fay.pk}": "x"},
        {"step": "winner-check", "winners": str(eve.pk)},
        {"step": "quote"},
        {"step": "status", "status": "under-way"},
        {"step": "count"},
    ]
    for fields in sent:
        page = phone.post("/count/ge/fell/", fields, follow=True).content.decode()
        assert english_in(page, names_of(night)) == [], fields

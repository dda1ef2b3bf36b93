"""The page of every election of one polling day."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from results.arithmetic import BallotCounts, ElectionKind
from results.models import Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db

ADDRESS = "/nights/2019-12-12/"


@pytest.fixture
def by_election() -> Contest:
    night = nights.election("by", name="By-election", kind=ElectionKind.UK_PARLIAMENT_BY_ELECTION)
    return nights.contest(night, "Aford", [("Ann Ash", "lab"), ("Bob Birch", "con")])


@pytest.fixture
def mayor() -> Contest:
    night = nights.election("mayor", name="Mayor of Beeshire", kind=ElectionKind.MAYOR)
    return nights.contest(night, "Beeshire", [("Cat Cedar", "lab"), ("Dan Dogwood", "con")])


def declare(contest: Contest, hour: int) -> None:
    first, second = contest.candidates.all()
    nights.declare_counts(
        contest,
        BallotCounts(votes={first.pk: 12_000 + hour, second.pk: 9_000}),
        by=nights.user(),
        idempotency_key=contest.slug,
        declared_at=datetime(2019, 12, 13, hour, 5, tzinfo=UTC),
    )


def text(client: Client, path: str = ADDRESS) -> str:
    response = client.get(path)
    assert isinstance(response, HttpResponse)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("by_election")
def test_page_that_was_served_before_another_election_links_to_both(client: Client) -> None:
    """No bulletin of its own tells that another election is published, or withdrawn."""
    first = client.get("/by/")
    assert ADDRESS not in first.content.decode()
    mayor = nights.election("mayor", name="Mayor of Beeshire", kind=ElectionKind.MAYOR)
    again = client.get("/by/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert ADDRESS in again.content.decode()
    Election.objects.filter(pk=mayor.pk).update(visibility=Election.Visibility.WITHDRAWN)
    assert ADDRESS not in text(client, "/by/")


@pytest.mark.usefixtures("by_election", "mayor")
def test_links_of_one_name_lead_to_one_page(client: Client) -> None:
    """“All elections” is not the name of those of one day as well."""
    Election.objects.filter(slug="by").update(second_language="cy")
    for language in ("", "/cy"):
        gone = client.get(f"{language}/by/nowhere/")
        assert gone.status_code == 404
        pages = [gone.content.decode()]
        pages += [text(client, f"{language}{address}") for address in ("/by/", "/by/corrections/")]
        named: dict[str, set[str]] = {}
        for page in pages:
            for address, name in re.findall(r'<a href="([^"]*/nights/[^"]*)">([^<]+)</a>', page):
                named.setdefault(name.strip(), set()).add(address)
        found = {address for addresses in named.values() for address in addresses}
        assert len(found) == 2, named
        assert all(len(addresses) == 1 for addresses in named.values()), named
        assert len(named) == 2, named


def test_lists_every_election_with_its_state_and_the_newest_results_of_all(
    client: Client, by_election: Contest, mayor: Contest
) -> None:
    before = client.get(ADDRESS)
    declare(by_election, 3)
    declare(mayor, 4)
    page = text(client).replace("\N{NO-BREAK SPACE}", " ")
    assert "Elections of 12 December 2019" in page
    assert page.count("1 of 1 declared") == 2
    first, second = page.rindex(">Labour win Beeshire"), page.rindex(">Labour win Aford")
    assert first < second  # newest first
    assert '<a href="/by/">By-election</a>' in page
    assert "fetched again every 30 seconds" in page
    assert client.get(ADDRESS, headers={"If-None-Match": before["ETag"]}).status_code == 200
    etag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304


def test_night_is_linked_only_where_it_has_several_elections(
    client: Client, by_election: Contest
) -> None:
    assert ADDRESS not in text(client, "/by/")
    nights.election("other", date=date(2019, 12, 11))
    assert ADDRESS not in text(client, "/")
    nights.election("mayor", kind=ElectionKind.MAYOR)
    declare(by_election, 3)
    assert ADDRESS in text(client, "/by/")
    assert ADDRESS in text(client, "/by/aford/")
    assert text(client, "/").count(ADDRESS) == 1
    assert text(client, "/sitemap.xml").count(ADDRESS) == 1


def test_rehearsal_is_on_no_real_night(client: Client, by_election: Contest) -> None:
    nights.election("rehearsal", name="Rehearsal of the day", rehearsal=True)
    page = text(client)
    assert "Rehearsal of the day" not in page
    Election.objects.filter(rehearsal=False).update(date=date(2020, 1, 1))
    rehearsal = client.get(ADDRESS)
    assert b"invented figures" in rehearsal.content
    assert "noindex" in rehearsal["X-Robots-Tag"]


def test_closed_night_says_final_and_is_not_fetched_again(
    client: Client, by_election: Contest
) -> None:
    declare(by_election, 3)
    Election.objects.update(final=True)
    page = text(client)
    assert "Final" in page
    assert "hx-trigger" not in page


@pytest.mark.parametrize("day", ["2019-12-13", "2019-13-40"])
def test_day_without_an_election_has_no_page(
    client: Client, by_election: Contest, day: str
) -> None:
    assert client.get(f"/nights/{day}/").status_code == 404


def test_archive_has_the_night_that_its_pages_link_to(
    by_election: Contest, mayor: Contest, tmp_path: Path
) -> None:
    declare(by_election, 3)
    Election.objects.update(final=True)
    call_command("archive", "by", str(tmp_path))
    assert (tmp_path / "nights" / "2019-12-12" / "index.html").exists()


def test_archived_night_is_not_fetched_again_where_another_election_is_open(
    client: Client, by_election: Contest, mayor: Contest, tmp_path: Path
) -> None:
    declare(by_election, 3)
    Election.objects.filter(slug="by").update(final=True)
    assert "hx-trigger" in text(client)
    call_command("archive", "by", str(tmp_path))
    page = (tmp_path / "nights" / "2019-12-12" / "index.html").read_text()
    assert "As of " in page
    assert "fetched again" not in page
    assert "hx-trigger" not in page
    assert "htmx" not in page
    assert "hx-trigger" in text(client)

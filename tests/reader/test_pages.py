"""The live page, seat pages, corrections and the home page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.models import Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    return nights.election()


@pytest.fixture
def seat(night: Election) -> Contest:
    return nights.islington_north(night)


@pytest.fixture
def declared(seat: Contest) -> Contest:
    at = datetime(2019, 12, 13, 3, 18, tzinfo=UTC)
    nights.declare_counts(
        seat,
        nights.islington_ballot_counts(seat),
        by=nights.user(),
        idempotency_key="one",
        declared_at=at,
    )
    return seat


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_live_page_before_declarations_lists_what_is_expected(
    client: Client, seat: Contest
) -> None:
    page = text(client.get("/ge/"))
    assert "The polls have closed: first declaration awaited" in page
    assert "Nothing has been declared yet" in page
    assert "Expected next" in page
    assert 'data-sequence="0"' in page


def test_live_page_after_a_declaration(client: Client, declared: Contest) -> None:
    page = text(client.get("/ge/"))
    assert "1 of 1 declared" in page
    assert "<h1>Labour hold Islington North, majority 26,188</h1>" in page
    assert "elected for the 10th time" in page
    assert '<time datetime="2019-12-13T03:18:00+00:00">03:18</time>' in page
    assert 'data-sequence="1"' in page


def test_seat_page_has_every_count_and_share(client: Client, declared: Contest) -> None:
    page = text(client.get("/ge/islington-north/"))
    for figure in ["34,603", "64.3", "26,188", "53,805", "227", "75,162", "71.6%", "71.9%"]:
        assert figure in page, figure
    assert page.count("lost deposit") == 2  # beside the two who lost theirs
    assert "Yosef David, Nick the Flying Brick" in page
    assert "is re-elected, for the 10th time" in page
    assert "Sobell Leisure Centre" in page


def test_change_is_blank_if_the_party_did_not_stand_last_time(
    client: Client, declared: Contest
) -> None:
    page = text(client.get("/ge/islington-north/"))
    row = page[page.index("Yosef David") :]
    cells = row[: row.index("</tr>")]
    assert '<td>1.4</td>\n<td class="quiet"></td>' in cells


def test_seat_page_without_a_result_lists_the_ballot_paper(client: Client, seat: Contest) -> None:
    page = text(client.get("/ge/islington-north/"))
    assert page.index("Nick the Flying Brick") < page.index("James Clark")
    assert "sitting member" in page


def test_live_page_works_without_javascript(client: Client, declared: Contest) -> None:
    page = text(client.get("/ge/"))
    assert 'href="/ge/islington-north/"' in page
    assert 'class="again"' in page


@pytest.mark.parametrize("path", ["/ge/", "/ge/islington-north/", "/ge/corrections/"])
def test_page_is_the_same_for_everyone_and_sets_no_cookie(
    client: Client, admin_client: Client, declared: Contest, path: str
) -> None:
    stranger, editor = client.get(path), admin_client.get(path)
    assert stranger.content == editor.content
    assert not stranger.cookies
    assert "Cookie" not in stranger.headers.get("Vary", "")
    assert stranger.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", ["/ge/", "/ge/islington-north/", "/ge/corrections/"])
def test_unchanged_page_is_not_modified(client: Client, declared: Contest, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    desk.publish(
        declared.election,
        desk.HeadlineContent(text="News"),
        by=nights.user(),
        idempotency_key="two",
    )
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_page_is_rendered_once_for_each_bulletin(
    client: Client, declared: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/ge/")
    with django_assert_max_num_queries(2):
        client.get("/ge/")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/nowhere/corrections/", "/ge/nowhere/", "/nowhere/updates/0/"]
)
def test_unknown_urls_are_not_found(client: Client, declared: Contest, path: str) -> None:
    assert client.get(path).status_code == 404


def test_post_is_not_allowed(client: Client, declared: Contest) -> None:
    assert client.post("/ge/").status_code == 405


def test_rehearsal_is_labelled_and_not_indexed(client: Client) -> None:
    night = nights.election("dummy", rehearsal=True)
    nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    for path in ["/dummy/", "/dummy/nowhere/", "/dummy/corrections/"]:
        response = client.get(path)
        assert "Rehearsal: invented figures." in text(response)
        assert "<title>Rehearsal: " in text(response)
        assert '<meta name="robots" content="noindex' in text(response)
        assert "noindex" in response.headers["X-Robots-Tag"]


class TestHome:
    def test_lists_the_elections(self, client: Client, night: Election) -> None:
        nights.election("other", name="Another election")
        page = text(client.get("/"))
        assert "General election" in page
        assert "Another election" in page

    def test_redirects_to_the_only_night_under_way(self, client: Client, night: Election) -> None:
        Election.objects.filter(pk=night.pk).update(polls_close=timezone.now() - timedelta(hours=1))
        nights.election("past")
        assert client.get("/").headers["Location"] == "/ge/"

    def test_never_redirects_to_a_rehearsal(self, client: Client) -> None:
        nights.election("dummy", polls_close=timezone.now(), rehearsal=True)
        assert client.get("/").status_code == 200

    def test_without_elections(self, client: Client) -> None:
        assert "No election has been set up" in text(client.get("/"))

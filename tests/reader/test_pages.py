"""What readers are served: the night's page, a seat's, the corrections, without a cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from results import desk
from results.models import Election
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    return nights.election()


@pytest.fixture
def seat(night):
    return nights.islington_north(night)


@pytest.fixture
def declared(seat):
    at = datetime(2019, 12, 13, 3, 18, tzinfo=UTC)
    desk.declare(
        seat,
        nights.islington_ballot_counts(seat),
        by=nights.user(),
        idempotency_key="one",
        declared_at=at,
    )
    return seat


def text(response):
    return response.content.decode()


def test_an_empty_night_says_what_is_expected(client, seat):
    page = text(client.get("/ge/"))
    assert "The polls have closed: first declaration awaited" in page
    assert "Nothing has been declared yet" in page
    assert "Expected next" in page
    assert 'data-sequence="0"' in page


def test_the_live_page_after_a_declaration(client, declared):
    page = text(client.get("/ge/"))
    assert "1 of 1 declared" in page
    assert "<h1>Labour hold Islington North, majority 26,188</h1>" in page
    assert "elected for the 10th time" in page
    assert '<time datetime="2019-12-13T03:18:00+00:00">03:18</time>' in page
    assert 'data-sequence="1"' in page


def test_the_seats_page_has_every_figure(client, declared):
    page = text(client.get("/ge/islington-north/"))
    for figure in ["34,603", "64.3", "26,188", "53,805", "227", "75,162", "71.6%", "71.9%"]:
        assert figure in page, figure
    assert page.count("lost deposit") == 2  # beside the two who lost theirs
    assert "Yosef David, Nick the Flying Brick" in page
    assert "is re-elected, for the 10th time" in page
    assert "Sobell Leisure Centre" in page


def test_a_change_is_blank_where_the_party_did_not_stand(client, declared):
    page = text(client.get("/ge/islington-north/"))
    row = page[page.index("Yosef David") :]
    cells = row[: row.index("</tr>")]
    assert '<td>1.4</td>\n<td class="quiet"></td>' in cells


def test_a_seat_before_its_result_shows_the_ballot_paper(client, seat):
    page = text(client.get("/ge/islington-north/"))
    assert page.index("Nick the Flying Brick") < page.index("James Clark")
    assert "sitting member" in page


def test_nothing_is_lost_without_javascript(client, declared):
    page = text(client.get("/ge/"))
    assert 'href="/ge/islington-north/"' in page
    assert 'class="again"' in page


@pytest.mark.parametrize("path", ["/ge/", "/ge/islington-north/", "/ge/corrections/"])
def test_a_page_is_the_same_bytes_for_everyone_and_sets_no_cookie(
    client, admin_client, declared, path
):
    stranger, editor = client.get(path), admin_client.get(path)
    assert stranger.content == editor.content
    assert not stranger.cookies
    assert "Cookie" not in stranger.headers.get("Vary", "")
    assert stranger.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", ["/ge/", "/ge/islington-north/", "/ge/corrections/"])
def test_an_unchanged_page_is_not_sent_again(client, declared, path):
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    desk.publish(
        declared.election,
        desk.HeadlineContent(text="News"),
        by=nights.user(),
        idempotency_key="two",
    )
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_page_is_drawn_once_for_each_number(client, declared, django_assert_max_num_queries):
    client.get("/ge/")
    with django_assert_max_num_queries(2):
        client.get("/ge/")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/nowhere/corrections/", "/ge/nowhere/", "/nowhere/updates/0/"]
)
def test_what_does_not_exist_is_not_found(client, declared, path):
    assert client.get(path).status_code == 404


def test_readers_only_read(client, declared):
    assert client.post("/ge/").status_code == 405


def test_a_rehearsal_says_so_on_every_page_and_keeps_search_engines_away(client):
    night = nights.election("dummy", rehearsal=True)
    nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    for path in ["/dummy/", "/dummy/nowhere/", "/dummy/corrections/"]:
        response = client.get(path)
        assert "Rehearsal: invented figures." in text(response)
        assert "<title>Rehearsal: " in text(response)
        assert '<meta name="robots" content="noindex' in text(response)
        assert "noindex" in response.headers["X-Robots-Tag"]


class TestHome:
    def test_lists_the_elections(self, client, night):
        nights.election("other", name="Another election")
        page = text(client.get("/"))
        assert "General election" in page
        assert "Another election" in page

    def test_goes_to_the_one_night_now_on(self, client, night):
        Election.objects.filter(pk=night.pk).update(polls_close=timezone.now() - timedelta(hours=1))
        nights.election("past")
        assert client.get("/").headers["Location"] == "/ge/"

    def test_a_rehearsal_is_never_the_night_now_on(self, client):
        nights.election("dummy", polls_close=timezone.now(), rehearsal=True)
        assert client.get("/").status_code == 200

    def test_an_empty_desk(self, client):
        assert "No election has been set up" in text(client.get("/"))

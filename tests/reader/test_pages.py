"""The live page, seat pages, corrections and the home page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.models import Contest, Election, Group, Post, Standing, clock
from results.templatetags.formats import clauses
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
    with clock.at(at):
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
    assert "Polls have closed" in page
    assert "Nothing has been declared yet." in page
    # It does so with scripts only, and not once the night is closed.
    assert "changes by itself" not in page
    assert ">To come</h2>" in page.replace("\n", "")
    assert 'data-sequence="0"' in page


def test_live_page_after_a_declaration(client: Client, declared: Contest) -> None:
    page = text(client.get("/ge/"))
    assert "1 of 1 declared" in page
    headline = clauses("Labour hold Islington North, majority 26,188")
    assert f"<h1>{headline}</h1>" in page
    assert "elected for the 10th time" in page
    assert '<time datetime="2019-12-13T03:18:00+00:00">03:18</time>' in page
    assert 'data-sequence="1"' in page


def test_seat_page_has_every_count_and_share(client: Client, declared: Contest) -> None:
    page = text(client.get("/ge/islington-north/"))
    for figure in ["34,603", "64.3", "26,188", "53,805", "227", "75,162", "71.6%", "71.9%"]:
        assert figure in page, figure
    assert page.count("lost deposit") == 2  # beside the two who lost theirs
    assert "Yosef David, Nick the Flying Brick" in " ".join(re.sub("</?bdi>", "", page).split())
    assert "is re-elected, for the 10th time" in page
    assert "Sobell Leisure Centre" in page


def test_corrected_seat_shows_when_it_was_corrected(client: Client, declared: Contest) -> None:
    fixed = nights.islington_ballot_counts(declared, rejected=229)
    with clock.at(datetime(2019, 12, 13, 4, 6, tzinfo=UTC)):
        nights.correct(
            declared,
            fixed,
            by=nights.user(),
            idempotency_key="two",
            base_revision=1,
            reason="Misheard.",
        )
    page = text(client.get("/ge/islington-north/"))
    head = page[page.index('class="status status-corrected"') :]
    head = head[: head.index("</p>")]
    assert re.findall(r"Corrected|declared|\d\d:\d\d(?=<)", head) == [
        *("Corrected", "04:06"),
        *("declared", "03:18"),
    ]


@pytest.mark.parametrize(
    ("hexes", "words"),
    [
        ((None, None), "One square to a seat."),
        ((1, None), "One hexagon or square to a seat."),
        ((1, 2), "One hexagon to a seat."),
    ],
)
def test_map_says_what_stands_for_a_seat(
    client: Client, night: Election, hexes: tuple[int | None, ...], words: str
) -> None:
    for name, column in zip(("Here", "There"), hexes, strict=True):
        seat = nights.contest(night, name, [("Ann", "lab")])
        Contest.objects.filter(pk=seat.pk).update(hex_q=column, hex_r=column)
    assert words in text(client.get("/ge/"))


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("regions/", "By region"),
        ("parties/", "By party"),
        ("changes/", "Seats that changed hands"),
        ("feed/", "Everything so far"),
        ("feed/?only=quotes", "What was said"),
        ("feed/?only=gains", "Gains"),
        ("feed/?only=corrections", "Corrections"),
        ("feed/?seats=islington-north", "From my seats"),
        ("feed/?after=1", "Since you last looked"),
        ("records/", "Closest, safest, biggest swings"),
        ("corrections/", "Corrections"),
        ("bulletins/1/", "Bulletin 1"),
        ("islington-north/", "Islington North"),
    ],
)
def test_title_begins_with_what_the_page_is_about(
    client: Client, declared: Contest, path: str, title: str
) -> None:
    page = text(client.get(f"/ge/{path}"))
    shown = page.partition("<title>")[2].partition("</title>")[0]
    assert shown.strip() == f"{title}: {declared.election.name}"


def test_regions_come_before_groups(client: Client, declared: Contest) -> None:
    Group.objects.create(election=declared.election, name="Ours", slug="ours").contests.add(
        declared
    )
    page = text(client.get("/ge/regions/"))
    page = page[page.index("<h1>") :]
    assert page.split("</h1>")[0].split("<h1>")[1].strip() == "By region and group"
    assert page.index("London") < page.index("Ours")


def test_records_stress_the_number_that_they_are_ordered_by(
    client: Client, declared: Contest
) -> None:
    page = text(client.get("/ge/records/"))
    closest, largest = page.index("Closest</h2>"), page.index("Largest majorities</h2>")
    assert re.findall(r'ranked">\s*([\d.,%]+)', page[closest:largest]) == ["26,188"]
    assert re.findall(r'ranked">\s*([\d.,%]+)', page[largest:])[0] == "48.7%"


def test_change_is_blank_if_the_party_did_not_stand_last_time(
    client: Client, declared: Contest
) -> None:
    page = text(client.get("/ge/islington-north/"))
    row = page[page.index("Yosef David") :]
    cells = row[: row.index("</tr>")]
    assert '<td>1.4</td>\n<td class="quiet delta"></td>' in cells


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
    reader, editor = client.get(path), admin_client.get(path)
    assert reader.content == editor.content
    assert not reader.cookies
    assert "Cookie" not in reader.headers.get("Vary", "")
    assert reader.headers["Cache-Control"].startswith("public")


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


def test_rehearsal_named_as_one_is_labelled_once(client: Client) -> None:
    name = "Rehearsal: mayoral elections"
    night = nights.election("dummy", name=name, rehearsal=True)
    nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    page = text(client.get("/dummy/nowhere/"))
    assert "<title>Rehearsal: Nowhere: mayoral elections</title>" in page
    assert f"<title>{name}: live results</title>" in " ".join(text(client.get("/dummy/")).split())


def test_rehearsal_named_as_a_kind_of_rehearsal_keeps_its_name(client: Client) -> None:
    night = nights.election("dummy", name="Dress Rehearsal: Ambridge", rehearsal=True)
    nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    page = text(client.get("/dummy/nowhere/"))
    assert "<title>Rehearsal: Nowhere: Dress Rehearsal: Ambridge</title>" in page


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


@pytest.mark.django_db
def test_front_page_is_in_the_order_of_a_phone(client: Client) -> None:
    """Headline, bar, find and my seats, map, feed, line and table: as keyboards go through it."""
    nights.islington_north(nights.election())
    page = client.get("/ge/").content.decode()
    ids = ["headline", "scoreboard", "find", "mine", "map", "feed", "line", "party-table", "seats"]
    places = [page.index(f' id="{name}"') for name in ids]
    assert places == sorted(places), dict(zip(ids, places, strict=True))


def test_earlier_address_for_a_big_screen_leads_to_the_wall(
    client: Client, declared: Contest
) -> None:
    response = client.get("/ge/?display=screen&map=gains")
    assert (response.status_code, response["Location"]) == (302, "wall/")
    assert client.get("/ge/?map=gains&display=phone").status_code == 200


def test_keeps_room_for_the_line_of_the_night_that_it_shows(client: Client) -> None:
    """Results of a file without times take the line away: what is below it stays where it is."""
    night = nights.election()
    seat = nights.contest(night, "Aford", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    nights.contest(night, "Beeford", [("Cy Bell", "con")])
    assert '<div class="front with-line">' in client.get("/ge/").text
    nights.declare(seat, 9000, 8000)
    Standing.objects.update(first_declared_at=None)
    desk.start_new_epoch(night)
    assert '<div class="front">' in client.get("/ge/").text


def test_corrections_page_says_nothing_of_words(client: Client, declared: Contest) -> None:
    editor = nights.user("editor")
    content = desk.PostContent(text="A wrong word.")
    desk.publish(declared.election, content, by=editor, idempotency_key="p")
    desk.withdraw_publication(Post.objects.get(), by=editor, idempotency_key="w")
    page = text(client.get("/ge/corrections/"))
    assert "No figure published tonight has been corrected or withdrawn." in page

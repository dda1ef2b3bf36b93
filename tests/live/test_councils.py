"""Pages of councils are their fragments: rendered for a bulletin's own council, sent by topic."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import body_id, body_row_id, ward_id
from results.live.topics import parse_topics, select
from results.models import Body, Bulletin, Contest, Election, Standing
from results.reader.bodies import body_part
from results.reader.council_lookup import wards_of
from results.reader.seat_lists import map_of_wards, rows_of
from tests import councils, nights
from tests.live.pages import Page, after, all_pages

pytestmark = [pytest.mark.django_db, pytest.mark.db]

WARDS: councils.Wards = {
    "Castle": (["lab", "lab", "lab"], ["lab", "green", "lab"]),
    "Market": (["con", "ld"], ["ld", "ld"]),
}


@pytest.fixture
def night() -> Election:
    night = councils.council_night("ge", name="Council elections")
    councils.council(night, WARDS, name="Northshire", slug="northshire", seats=9)
    councils.council(night, WARDS, name="Southshire", slug="southshire")
    # One as a hexagon of the map, the others as tiles.
    night.contests.filter(slug="northshire-castle").update(hex_q=1, hex_r=2)
    return night


def pages(night: Election) -> Page:
    """Every page of the night with the pages of its councils, as `{element id: html}`."""
    snapshot = CachedSnapshot.read(night)
    page = all_pages(night)
    parts: list[str] = []
    for council in snapshot.shown_councils:
        wards = wards_of(snapshot, council.body)
        parts += [body_part(snapshot, council, body_id(council.slug)), *rows_of(snapshot, wards)]
        map_ = map_of_wards(snapshot, [(council.body, wards)])
        parts += [*map_.hexes, *(tile for _body, tiles in map_.tiles for tile in tiles)]
    return page | {part.split('id="')[1].split('"')[0]: part for part in parts}


def steps(night: Election) -> list[Callable[[], object]]:
    castle, market = (
        night.contests.get(slug="northshire-castle"),
        night.contests.get(slug="southshire-market"),
    )
    weir = night.contests.get(slug="northshire-market")
    by = nights.user()
    return [
        lambda: desk.report_status(
            market, Standing.Status.RECOUNT, by=by, idempotency_key=nights.key()
        ),
        lambda: councils.declare(castle),
        lambda: desk.report_status(
            weir, Standing.Status.POSTPONED, by=by, idempotency_key=nights.key()
        ),
        lambda: councils.declare(market),
        lambda: nights.withdraw(
            castle, by=by, idempotency_key=nights.key(), base_revision=1, reason="Reopened."
        ),
        lambda: desk.report_status(
            weir, Standing.Status.AWAITING, by=by, idempotency_key=nights.key()
        ),
        lambda: councils.declare(castle, base_revision=2),
        lambda: councils.declare(night.contests.get(slug="southshire-castle")),
    ]


@pytest.mark.django_db(transaction=True)
def test_pages_of_councils_with_later_bulletins_equal_fresh_ones(night: Election) -> None:
    remembered = {0: pages(night)}
    for step in steps(night):
        step()
        sequence = Bulletin.objects.latest("sequence").sequence
        remembered[sequence] = pages(night)
    fresh = pages(night)
    for sequence, page in remembered.items():
        later = after(night, sequence)
        caught_up = {name: later.get(name, html) for name, html in page.items()}
        stale = {
            name
            for name, html in fresh.items()
            if name in caught_up and caught_up[name] != html and name != "feed"
        }
        assert not stale, f"from {sequence}"


def test_a_bulletin_renders_its_own_council_only(night: Election) -> None:
    councils.declare(night.contests.get(slug="northshire-castle"))
    fragments = Bulletin.objects.latest("sequence").fragments
    assert {body_id("northshire"), body_row_id("northshire")} <= fragments.keys()
    assert fragments[ward_id("northshire", "northshire-castle")] == ""
    assert not [name for name in fragments if "southshire" in name]


def test_page_of_a_council_is_sent_its_wards(night: Election) -> None:
    councils.declare(night.contests.get(slug="northshire-castle"))
    councils.declare(night.contests.get(slug="southshire-castle"))
    fragments = after(night, 0)
    sent = select(fragments, parse_topics("body:northshire") or ())
    assert sent.keys() == {
        "body-northshire",
        "ward.northshire.northshire-castle",
        "row-northshire-castle",
        "hex-northshire-castle",
    }
    assert select(fragments, parse_topics("council:southshire") or ()).keys() == {"body-southshire"}


def test_a_quote_of_a_ward_concerns_the_page_of_its_council(
    night: Election, client: Client
) -> None:
    contest = Contest.objects.get(slug="northshire-castle")
    quote = desk.QuoteContent(words="We did it.", contest=contest, speaker="Ann Test")
    desk.publish(night, quote, by=nights.user("editor", staff=True), idempotency_key=nights.key())
    sent = select(after(night, 0), parse_topics("body:northshire") or ())
    assert sent.keys() == {"ward.northshire.northshire-castle"}
    page = client.get("/ge/bodies/northshire/").content.decode()
    assert "We did it." in page
    assert "We did it." not in client.get("/ge/bodies/southshire/").content.decode()


# Committed, because a bulletin reuses what was read for the last committed one.
@pytest.mark.django_db(transaction=True)
def test_cost_of_a_bulletin_is_the_same_with_many_councils(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    night = councils.council_night("ge", name="Council elections")
    for number in range(12):
        councils.council(night, WARDS, name=f"Shire {number}", slug=f"shire-{number}")
    councils.declare(night.contests.get(slug="shire-3-castle"))
    contest = night.contests.get(slug="shire-5-castle")
    # Two of them ask who stands for the council's seats to come, of which half have declared.
    with django_assert_max_num_queries(34):
        councils.declare(contest)


def test_wards_that_are_expected_say_who_holds_them(night: Election, client: Client) -> None:
    expected = client.get("/ge/").text.split('class="expected"')[1].split("</section>")[0]
    castle = expected.split("northshire-castle")[1].split("</li>")[0]
    assert "Northshire" in castle
    assert "was Lab\N{NO-BREAK SPACE}3" in castle
    page = client.get("/ge/bodies/northshire/").text
    expected = page.split('class="expected"')[1].split("</section>")[0]
    assert "was Lab\N{NO-BREAK SPACE}3" in expected


def test_night_of_several_councils_shows_what_is_defended_until_the_first_result(
    night: Election, client: Client
) -> None:
    def board() -> str:
        return client.get("/ge/").text.split('id="scoreboard"')[1].split("</section>")[0]

    def labour() -> list[str]:
        row = re.search(r'<tr[^>]*data-party="lab".*?</tr>', board(), re.DOTALL)
        return re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", row[0]) if row else []

    Body.objects.filter(slug="northshire").update(
        control_before="lab", composition_before={"lab": 5, "con": 3, "ld": 1}
    )
    # Controlled one, held five and three seats, of which three in each are up.
    assert re.findall(r'<th scope="col".*?>(.*?)</th>', board()) == [
        "Party",
        "Councils",
        "Seats",
        "Defending",
    ]
    assert labour() == ["2", "8", "6"]
    assert "Control is certain" not in board()
    councils.declare(night.contests.get(slug="northshire-castle"))
    assert labour() == ["0", "0", "2", "−1"]
    assert "Control is certain in 0 of 2." in board()

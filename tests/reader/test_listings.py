"""Pages that list seats: regions, parties, changes, records, and search by name."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from results import desk
from results.live.cached_snapshot import CachedSnapshot
from results.models import Candidate, Election, ExternalFigures, Group, Party
from results.reader import views
from results.reader.search import find_named, names_in, normalize
from tests import nights
from tests.responses import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election()
    people = [("Ann Hall", "con"), ("Bob Rice", "lab"), ("Cy Green", "green")]
    for name, region in [("Alder", "East"), ("Birch, Môn & Cedar", "East"), ("Elm", "West")]:
        nights.contest(
            night, name, people, last={"lab": 9000, "con": 8000, "green": 2000}, region=region
        )
    alder, birch, _elm = night.contests.order_by("name")
    nights.declare(alder, 12000, 8000, 900)  # a gain
    nights.declare(birch, 7000, 7010, 3000)  # a hold
    return night


def test_regions_page_has_progress_by_region(client: Client, night: Election) -> None:
    page = page_text(client, "/ge/regions/")
    assert "2 of 2 declared" in page
    assert "0 of 1 declared" in page


def test_region_page_has_its_own_tally(client: Client, night: Election) -> None:
    page = page_text(client, "/ge/regions/east/")
    assert "Seats by party, 2 of 2 declared" in page
    assert "Elm" not in page
    assert client.get("/ge/regions/north/").status_code == 404


def test_parties_page_is_in_order_of_seats(client: Client, night: Election) -> None:
    page = page_text(client, "/ge/parties/")
    assert page.index("/ge/parties/con/") < page.index("/ge/parties/green/")


def test_parties_page_folds_many_parties_without_a_seat_and_with_few_votes(
    client: Client, night: Election
) -> None:
    small = [f"small-{number}" for number in range(4)]
    for slug in small:
        Party.objects.create(slug=slug, name=slug.title(), collective=slug, abbreviation=slug)
    people = [("Ann Hall", "con"), ("Bob Rice", "lab"), *((slug, slug) for slug in small)]
    oak = nights.contest(night, "Oak", people)
    nights.declare(oak, 9000, 8000, 100, 90, 80, 70)
    page = page_text(client, "/ge/parties/")
    shown, folded = page.split("4 other parties, without a seat and under 1% of votes each")
    assert "/ge/parties/lab/" in shown
    assert "Small-0" not in shown
    assert all(f"/ge/parties/{slug}/" in folded for slug in small)


def test_party_page_lists_gains_and_losses(client: Client, night: Election) -> None:
    assert "from Labour" in page_text(client, "/ge/parties/con/")
    assert "to Conservative" in page_text(client, "/ge/parties/lab/")
    assert client.get("/ge/parties/nobody/").status_code == 404
    assert client.get("/ge/parties/speaker/").status_code == 200


def test_changes_page_lists_seats_that_changed_hands(client: Client, night: Election) -> None:
    page = page_text(client, "/ge/changes/")
    assert "1 seat has changed hands" in page
    assert "Conservative from Labour" in page
    assert "Birch" not in page


def test_changes_page_counts_nothing_where_no_holder_is_known(client: Client) -> None:
    election = nights.election()
    ash = nights.contest(election, "Ash", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    nights.declare(ash, 12000, 8000)
    page = page_text(client, "/ge/changes/")
    assert "It is not known who was elected last time." in page
    assert "None so far" not in page
    assert "0 seats" not in page


def test_records_page_has_rankings(client: Client, night: Election) -> None:
    page = page_text(client, "/ge/records/")
    closest = page[page.index("Closest") : page.index("Largest majorities")]
    assert closest.index("Birch") < closest.index("Alder")
    assert '<span class="ranked">10</span>' in closest
    lost = page[page.index("Lost deposits") :]
    assert "Green" in lost
    assert '<span class="ranked">1</span>' in lost


def test_live_page_of_many_seats_has_the_headings_of_their_list(
    client: Client, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'id="row-elm"' in page_text(client, "/ge/")
    caches["pages"].clear()
    monkeypatch.setattr(views, "MOST_OPENED", 2)
    page = page_text(client, "/ge/")
    assert 'id="row-elm"' not in page
    assert page.count('<a href="/ge/seats/">Every seat</a>') == 2  # in each region's heading
    assert 'id="row-elm"' in page_text(client, "/ge/seats/")


def test_every_page_exists_for_an_empty_night(client: Client) -> None:
    nights.election("empty")
    for part in [
        "feed", "regions", "seats", "parties", "changes", "records", "find", "corrections",
    ]:  # fmt: skip
        assert client.get(f"/empty/{part}/").status_code == 200


def test_navigation_marks_the_current_page(client: Client, night: Election) -> None:
    """At the top of the page, and at its foot."""
    for part in ["changes", "regions", "parties", "records", "corrections"]:
        page = page_text(client, f"/ge/{part}/")
        navigations = page.split("<nav ")[1:]
        assert len(navigations) == 2
        for navigation in navigations:
            assert navigation.split("</nav>")[0].count('aria-current="page"') == 1


class TestFind:
    @pytest.mark.parametrize(
        ("query", "normalized"),
        [("Ynys Môn", "ynys mon"), ("Birch,  Cedar", "birch cedar"), ("A & B", "a and b")],
    )
    def test_ignores_accents_punctuation_and_case(self, query: str, normalized: str) -> None:
        assert normalize(query) == normalized

    @pytest.mark.parametrize("asked", ["birch", "BIR", "cedar birch", "mon cedar", "birch mon and"])
    def test_matches_beginnings_of_words_in_any_order(self, night: Election, asked: str) -> None:
        names = names_in(CachedSnapshot.read(night))
        assert [name.slug for name in find_named(names, asked)] == ["birch-mon-cedar"]

    def test_exact_name_matches_only_itself(self, night: Election) -> None:
        nights.contest(night, "Elm Park", [("Ann Hall", "con"), ("Bob Rice", "lab")])
        names = names_in(CachedSnapshot.read(night))
        assert [name.text for name in find_named(names, "Elm")] == ["Elm"]

    def test_single_match_redirects_to_its_page(self, client: Client, night: Election) -> None:
        assert client.get("/ge/find/?q=birch").headers["Location"] == "/ge/birch-mon-cedar/"

    def test_no_match_is_reported_and_the_query_kept(self, client: Client, night: Election) -> None:
        page = page_text(client, "/ge/find/?q=<script>")
        assert "No seat here answers to “&lt;script&gt;”." in page
        assert 'value="&lt;script&gt;"' in page


def test_party_page_lists_its_targets_and_what_became_of_them(
    client: Client, night: Election
) -> None:
    """Conservatives need 2.6 points each: half of 9,000 less 8,000 of 19,000 votes."""
    page = page_text(client, "/ge/parties/con/")
    targets = page[page.index("Targets") : page.index("Gained</h2>")]
    assert "2 declared, 1 won" in targets
    assert targets.count("2.63 points") == 3
    assert "Con gain from Lab" in targets
    assert "to come" in targets
    page = page_text(client, "/ge/parties/lab/")
    assert "3 seats that it would lose to the least swing. 2 declared, 1 held" in page


def test_target_is_expected_only_until_its_time(client: Client, night: Election) -> None:
    night.contests.filter(name="Elm").update(expected_at=night.polls_close + timedelta(hours=2))
    page = page_text(client, "/ge/parties/con/")
    targets = page[page.index("Targets") : page.index("Gained</h2>")]
    assert "<span>was expected about 00:00</span>" in targets


def test_group_has_the_swing_that_each_seat_needs(client: Client, night: Election) -> None:
    group = Group.objects.create(election=night, slug="key", name="Key seats")
    group.contests.set(night.contests.all()[:2])
    page = page_text(client, "/ge/groups/key/")
    assert page.count("2.63 points") == 2
    assert "Con from Lab" in page


def test_records_have_the_largest_moves_of_a_share(client: Client, night: Election) -> None:
    """Of Alder's 20,900 votes: from 8,000 to 12,000 of 19,000, and from 9,000 to 8,000."""
    page = page_text(client, "/ge/records/")
    rises = page[page.index("Biggest rises") : page.index("Biggest falls")]
    assert "+15.3" in rises
    assert "Conservative" in rises
    assert "How many women are elected is not known" in page


def test_records_count_women_and_people_elected_for_the_first_time(
    client: Client, night: Election
) -> None:
    """As far as it is recorded, and each on nobody's page of their own."""
    declared = night.contests.filter(standing__status="declared")
    winners = [seat.standing.summary["elected"][0]["candidate"] for seat in declared]
    Candidate.objects.filter(pk=winners[0]).update(gender="female", elected_before=False)
    page = page_text(client, "/ge/records/")
    assert "1 of the 1 elected whose gender is recorded is a woman" in page
    assert "Elected for the first time" in page
    for path in ("", "data.json", "data.csv", *(f"{seat.slug}/" for seat in declared)):
        assert "female" not in client.get(f"/ge/{path}").content.decode()


def test_exit_poll_stands_beside_the_result(client: Client, night: Election) -> None:
    desk.publish(
        night,
        desk.ExternalFiguresContent(
            seats={"con": 2, "others": 1},
            kind=ExternalFigures.Kind.EXIT_POLL,
            source="Broadcasters",
            as_of=night.polls_close,
        ),
        by=nights.user(),
        idempotency_key=nights.key(),
    )
    assert "They are compared once every seat has declared" in page_text(client, "/ge/parties/")
    nights.declare(night.contests.get(name="Elm"), 9000, 8000, 900)
    page = page_text(client, "/ge/parties/")
    poll = page[page.index("Exit poll and result") : page.index("Broadcasters")]
    assert "Difference" in poll
    assert "compared once" not in page


def test_parties_page_shows_what_is_defended_before_the_first_result(client: Client) -> None:
    last = {"lab": 9000, "con": 8000}
    nights.contest(nights.election(), "Elm", [("Ann Hall", "con")], last=last)
    page = page_text(client, "/ge/parties/")
    assert "Seats that parties defend" in page
    assert '<th scope="col">Net</th>' not in page
    assert "Nothing has been declared yet." in page

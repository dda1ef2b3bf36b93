"""2019, and the unusual seats of 2017, replayed, end at the official results to the vote."""

import re
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from results.arithmetic import Tally, butler, house_majority, majority_threshold
from results.live.seat import with_results
from results.models import Contest, Night, Standing
from results.stories.story import stories_of
from tests.faults.parts import with_later
from tests.live.pages import after
from tests.present import present
from tests.real_nights.conftest import STOPPED, RealNight, rendered
from tests.real_nights.official import LABELS, OFFICIAL, SUMS
from tests.stories.rules import problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(real_night: RealNight) -> str:
    return str(real_night.election.date.year)


def by_label(tally: Tally) -> dict[str, int]:
    return {label: party.seats for label, party in tally.parties.items() if party.seats}


def summaries(night: RealNight) -> dict[str, dict[str, Any]]:
    standings = Standing.objects.filter(contest__election=night.election)
    return {
        standing.contest.code: standing.summary for standing in standings.select_related("contest")
    }


def test_seats_votes_and_majority(real_night: RealNight, year: str) -> None:
    """Of the seats that were replayed; test_arithmetic.py has the official totals of all."""
    tally, rows = real_night.snapshot.tally, real_night.rows
    assert by_label(tally) == Counter(LABELS[row["first_party"]] for row in rows)
    for name, column in SUMS.items():
        assert getattr(tally, name) == sum(int(row[column]) for row in rows)
    if len(rows) == 650:
        assert by_label(tally) == OFFICIAL[year].seats
        assert {name: getattr(tally, name) for name in SUMS}.items() >= OFFICIAL[year].sums.items()
    house = f"Nobody can reach {majority_threshold(len(rows))} any more."
    if year == "2019":
        house = f"{OFFICIAL[year].house}; 326 reached at 0"
    assert real_night.snapshot.majority_sentence.startswith(house)


def test_seats_that_changed_hands(real_night: RealNight, year: str) -> None:
    """Every seat was held or gained as the Library's file says."""
    tally = real_night.snapshot.tally
    gains = sum("gain" in row["result"] for row in real_night.rows)
    assert sum(party.gains for party in tally.parties.values()) == gains
    assert sum(party.losses for party in tally.parties.values()) == gains
    if len(real_night.rows) == 650:
        assert gains == OFFICIAL[year].changes
    ours = summaries(real_night)
    for row in real_night.rows:
        is_gain = "gain" in row["result"]
        winner = ours[row["ons_id"]]["elected"][0]
        assert bool(winner["gained_from"]) == is_gain, row["constituency_name"]


def test_majorities_and_sums_are_the_librarys(real_night: RealNight) -> None:
    ours = summaries(real_night)
    for row in real_night.rows:
        assert ours[row["ons_id"]]["majority"] == int(row["majority"]), row["constituency_name"]


def test_verify_accepts_the_night(
    real_night: RealNight, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify", "ge", "--pages")
    seats = len(real_night.rows)
    said = f"{seats} seats, {seats} revisions and {seats} bulletins"
    assert said in capsys.readouterr().out


def test_old_page_plus_updates_equals_a_fresh_page(real_night: RealNight, year: str) -> None:
    """A page from before the first result, and one from half-way through the night."""
    fresh = rendered(real_night.election)
    assert len(real_night.pages) == (2 if year in STOPPED else 1)
    for sequence, old in real_night.pages.items():
        assert old != fresh
        assert with_later(old, after(real_night.election, sequence)) == fresh


@pytest.mark.parametrize("real_night", ["2019"], indirect=True)
class TestOf2019:
    def test_conservative_gains_from_labour(self, real_night: RealNight) -> None:
        won = [winner["elected"][0] for winner in summaries(real_night).values()]
        assert (
            Counter((winner["label"], winner["gained_from"]) for winner in won)["con", "lab"] == 54
        )

    def test_close_seats(self, real_night: RealNight) -> None:
        contests = with_results(Contest.objects.filter(election=real_night.election))
        outcomes = {c.name: present(real_night.snapshot.seat(c).outcome) for c in contests}
        majorities = {name: present(outcome.majority) for name, outcome in outcomes.items()}
        least, *_others, most = sorted(majorities, key=lambda name: majorities[name])
        assert (least, majorities[least]) == ("Fermanagh and South Tyrone", 57)
        assert (most, majorities[most]) == ("Knowsley", 39942)
        shares = [present(outcome.majority_share) for outcome in outcomes.values()]
        assert sum(share < Fraction(1, 100) for share in shares) == 12

    def test_national_swing(self, real_night: RealNight) -> None:
        tally = real_night.snapshot.tally
        change = {label: present(tally.share_change(label)) for label in ("con", "lab")}
        swing = butler(change["con"], Fraction(0), change["lab"], Fraction(0))
        assert f"{float(swing * 100):.2f}" == "4.60"

    def test_order_of_declarations(self, real_night: RealNight) -> None:
        order = list(
            Standing.objects.filter(contest__election=real_night.election)
            .order_by("first_sequence")
            .select_related("contest")
        )
        zone = real_night.election.zone
        times = [present(standing.first_declared_at).astimezone(zone) for standing in order]
        assert order[0].contest.slug == "newcastle-upon-tyne-central"
        assert f"{times[0]:%d %H:%M}" == "12 23:27"
        assert f"{times[-1]:%d %H:%M}" == "13 14:52"
        con = [
            n
            for n, standing in enumerate(order, 1)
            if standing.summary["elected"][0]["label"] == "con"
        ]
        assert (con[325], f"{times[con[325] - 1]:%H:%M}") == (596, "05:05")
        assert majority_threshold(650) == 326
        assert house_majority(365, 650) == 80

    def test_islington_north(self, real_night: RealNight, client: Client) -> None:
        page = client.get("/ge/islington-north/").content.decode()
        for figure in ["34,603", "26,188", "53,805", "227", "71.6%", "71.9%", "03:18", "+331"]:
            assert figure in page, figure
        assert "Labour hold Islington North" in page

    def test_swing_excludes_the_speaker(self, real_night: RealNight, client: Client) -> None:
        page = client.get("/ge/chorley/").content.decode()
        assert "The Speaker, Lindsay Hoyle, wins Chorley, last won by Labour" in page
        assert re.search(r"<dt>\s*Majority\s*</dt>", page)
        assert not re.search(r"<dt>\s*Swing\s*</dt>", page)


# Of one year: it skips what is declared, whatever the file has.
@pytest.mark.parametrize("real_night", ["2017"], indirect=True)
def test_second_replay_publishes_nothing(real_night: RealNight) -> None:
    seats = real_night.election.contests.count()
    call_command("replay", "ge", *real_night.files, "--speed", "0")
    assert Night.objects.get(election=real_night.election).sequence == seats
    assert seats == len(real_night.rows)


def test_draft_story_of_every_seat_is_well_formed(real_night: RealNight) -> None:
    """No empty placeholder, no number without a source, and the majority as declared."""
    stories = dict(stories_of(real_night.election))
    assert len(stories) == len(real_night.rows)
    problems = {slug: found for slug, story in stories.items() if (found := problems_of(story))}
    assert problems == {}
    standings = Standing.objects.filter(contest__election=real_night.election)
    for standing in standings.select_related("contest"):
        story = stories[standing.contest.slug]
        printed = [fact.text for fact in story.facts if fact.field == "majority"]
        if not standing.summary["by_lot"]:
            assert f"{standing.summary['majority']:,}" in printed, standing.contest.slug


def test_line_of_the_night_ends_where_the_tally_does(real_night: RealNight, year: str) -> None:
    chart = real_night.snapshot.night_chart
    assert chart is not None
    tally = real_night.snapshot.tally
    assert [chart.line.seats(label) for label in chart.labels] == [
        tally.parties[label].seats for label in chart.labels
    ]
    ranked = sorted(by_label(tally).items(), key=lambda each: (-each[1], each[0]))
    assert chart.labels == tuple(label for label, _seats in ranked[:3])
    assert (chart.reached is not None) == (year == "2019")
    # A page that was open all night is sent it this often, of 650 results.
    assert len(chart.line.steps["con"]) < 250

"""The list of seats to watch follows the night, from bulletin to bulletin."""

import pytest

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import render_night
from results.live.scoreboard import split_scoreboard
from results.models import Bulletin, Election
from tests import nights
from tests.faults.parts import join_scoreboard

pytestmark = pytest.mark.django_db

#: Last time's votes of Conservatives, of 1,000 for them and Labour together.
LAST = {"Ash": 600, "Beck": 520, "Cray": 510, "Dale": 495, "Eden": 480, "Ford": 400, "Gale": 300}


@pytest.fixture
def house() -> Election:
    """Seven seats, of which Conservatives hold three."""
    election = nights.election()
    for name, con in LAST.items():
        candidates = [("Ann Hall", "lab"), ("Bob Rice", "con")]
        nights.contest(election, name, candidates, last={"con": con, "lab": 1000 - con})
    return election


def declare(election: Election, name: str, lab: int, con: int) -> Bulletin:
    seat = election.contests.get(name=name)
    request = {"by": nights.user(), "idempotency_key": nights.key(), "warning_reason": "As read."}
    counts = nights.ballot_counts(seat, lab, con)
    return nights.declare_counts(seat, counts, **request).bulletin


def fresh(election: Election) -> str:
    return render_night(CachedSnapshot.read(election), ["watch"])["watch"]


def test_names_the_seats_next_to_the_line(house: Election) -> None:
    html = fresh(house)
    assert "Seats to watch" in html
    # Labour hold four of seven: with one loss they fall short.
    assert "fall short of 4 with 1 loss" in html
    assert html.index("Dale") < html.index("Eden")


def test_a_swing_that_would_be_printed_as_nought_is_under_a_tenth() -> None:
    election = nights.election()
    for name, con in {"Ash": 60_000, "Beck": 49_990, "Cray": 20_000}.items():
        candidates = [("Ann Hall", "lab"), ("Bob Rice", "con")]
        nights.contest(election, name, candidates, last={"con": con, "lab": 100_000 - con})
    row = fresh(election).split("Beck")[0].split("<li>")[-1]
    assert "under 0.1" in row
    assert "0.0" not in row


def test_each_bulletin_leaves_the_list_as_a_fresh_page_has_it(house: Election) -> None:
    shown = fresh(house)
    for name, lab, con in [("Ash", 400, 600), ("Dale", 490, 510), ("Gale", 700, 300)]:
        bulletin = declare(house, name, lab, con)
        shown = bulletin.fragments.get("watch", shown)
        assert shown == fresh(house)
        assert f">{name}<" not in shown


def test_is_empty_once_the_line_is_reached(house: Election) -> None:
    for name in ("Ash", "Beck", "Cray", "Dale"):
        declare(house, name, 400, 600)
    assert "<h2>" not in fresh(house)


def test_scoreboard_is_the_same_split_and_joined(house: Election) -> None:
    declare(house, "Ash", 400, 600)
    whole = render_night(CachedSnapshot.read(house), ["scoreboard"])["scoreboard"]
    bar, table = split_scoreboard(whole)
    assert 'class="parties' in table
    assert 'class="parties' not in bar
    assert join_scoreboard(bar, table) == whole

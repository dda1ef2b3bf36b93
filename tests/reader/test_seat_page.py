"""A seat's own page: its bars, the night there, its neighbours and who declared next."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from results import desk
from results.arithmetic import ElectionKind
from results.desk.counts import Verification
from results.live.seat import read_seats
from results.live.topics import MAX_NEAR, parse_topics
from results.models import Contest, Declaration, Election, Standing
from results.reporter.read_back import facts_of
from results.words.seat_brief import lines_of
from tests import nights
from tests.stories.rules import story_for

pytestmark = pytest.mark.django_db

#: Columns and rows round (4, 4), in the layout "odd-r": six neighbours, and one two steps away.
AROUND = [(3, 4), (5, 4), (3, 3), (4, 3), (3, 5), (4, 5), (6, 4)]


@pytest.fixture
def night() -> Election:
    return nights.election()


@pytest.fixture
def vale(night: Election) -> Contest:
    people = [("Ann Hall", "lab"), ("Bob Rice", "con"), ("Cat Moss", "ld"), ("Dan Reed", "green")]
    last = {"con": 6000, "lab": 4000}
    return nights.contest(night, "Vale", people, last=last, region="East", hex_q=4, hex_r=4)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page_of(client: Client, slug: str = "vale") -> str:
    return client.get(f"/ge/{slug}/").content.decode()


def night_of(page: str) -> list[str]:
    """The titles of the steps of the night here."""
    steps = page.partition('class="steps"')[2].partition("</ol>")[0]
    return re.findall(r"<h3>(.*?)</h3>", steps)


def test_ward_has_a_rule_after_the_last_elected_and_folds_those_with_few_votes(
    client: Client, night: Election
) -> None:
    people = [(f"Candidate {number}", "lab") for number in range(6)]
    ward = nights.contest(night, "Vale", people, seats=2)
    nights.declare(ward, 5000, 4000, 3000, 500, 150, 100, papers=6500)
    page = page_of(client)
    assert '<table class="result candidates of-several">' in page
    assert "2 others, under 2% each" in text_of(page)
    shown, folded = page.split('<details class="folded">')
    assert "Candidate 3" in shown
    assert "Candidate 4" in folded


def test_every_state_of_the_night_stands_with_its_cause(client: Client, vale: Contest) -> None:
    by, close = nights.user(), vale.election.polls_close

    def report(status: Standing.Status, **more: Any) -> None:
        desk.report_status(vale, status, by=by, idempotency_key=nights.key(), **more)

    report(Standing.Status.AWAITING, expected_at=close + timedelta(hours=4))
    report(Standing.Status.UNDER_WAY, verification=Verification(turnout=Decimal("66.5")))
    report(Standing.Status.UNDER_WAY, expected_at=close + timedelta(hours=5))
    report(Standing.Status.RECOUNT)
    before = ["Polls close", "Expected", "Count under way", "Expected", "Recount"]
    page = page_of(client)
    assert night_of(page) == before
    assert "turnout 66.5% as announced." in page
    assert "Time given for the declaration: about 02:00." in page
    assert "Time given for the declaration: about 03:00." in page

    ann = vale.candidates.get(name="Ann Hall")
    nights.declare_winner(vale, [ann], by=by, idempotency_key=nights.key())
    counts = nights.ballot_counts(vale, 6000, 4000, 500, 100)
    request = {"by": by, "warning_reason": "As read out."}
    nights.complete(vale, counts, base_revision=1, idempotency_key=nights.key(), **request)
    counts = nights.ballot_counts(vale, 6000, 4000, 510, 100)
    reason = {"base_revision": 2, "reason": "Misread at the count", "idempotency_key": nights.key()}
    nights.correct(vale, counts, **reason, **request)
    page = page_of(client)
    assert night_of(page) == [*before, "Winner", "Full figures", "Corrected"]
    words = text_of(page)
    assert "Ann Hall is elected; full figures to follow." in words
    assert "Ann Hall is elected after a recount, with a majority of 2,000." in words
    assert "Corrected Misread at the count." in words
    assert "Cat Moss was 500 is 510" in words

    reason = {"base_revision": 3, "reason": "Of another seat", "idempotency_key": nights.key()}
    nights.withdraw(vale, by=by, **reason)
    page = page_of(client)
    assert night_of(page) == [*before, "Winner", "Full figures", "Corrected", "Withdrawn"]
    assert Declaration.objects.count() == 4


def test_correction_of_a_figure_that_is_taken_out(client: Client, vale: Contest) -> None:
    """Else a struck out name stood before a full stop: “Drawn by lot Ann Hall .”"""
    by = nights.user()
    ann = vale.candidates.get(name="Ann Hall")
    nights.declare(vale, 6000, 6000, 0, 0, lot=(ann.pk,))
    counts = nights.ballot_counts(vale, 6010, 6000, 0, 0)
    reason = {"base_revision": 1, "reason": "Misheard", "idempotency_key": nights.key()}
    nights.correct(vale, counts, by=by, warning_reason="As read out.", **reason)
    assert "Drawn by lot was Ann Hall is –" in text_of(client.get("/ge/").content.decode())
    assert "Drawn by lot was Ann Hall is –" in text_of(page_of(client))


def test_swing_of_nought_is_no_swing(client: Client, vale: Contest) -> None:
    nights.declare(vale, 4000, 6000, 0, 0)
    for page in (page_of(client), client.get("/embed/ge/vale/").content.decode()):
        assert " 0.0 points" not in text_of(page)
    brief = lines_of(Standing.objects.get(contest=vale).summary, read_seats([vale])[0].party_names)
    assert "No swing between Con and Lab" in brief
    words = text_of(page_of(client))
    assert "There is no swing between Conservatives and Labour." in words
    assert "Swing none between Conservative and Labour" in words
    assert "would have made them equal. There was no swing." in words
    assert ("Swing", "none between Conservative and Labour") in facts_of(read_seats([vale])[0])
    draft = story_for(vale)
    assert "There was no swing between the Conservatives and Labour." in draft.text
    assert "0.0 points from" not in draft.text


def test_swing_that_would_be_printed_as_nought(client: Client, vale: Contest) -> None:
    nights.declare(vale, 40_001, 59_999, 0, 0, electorate=200_000)
    words = text_of(page_of(client))
    assert "The swing is less than 0.1 points from Conservatives to Labour." in words
    assert "Less than 0.1 points came." in words
    assert " 0.0 points" not in words


def test_tiny_swing_in_welsh_has_no_capital_within_the_sentence(
    client: Client, vale: Contest
) -> None:
    Election.objects.update(language="cy")
    nights.declare(vale, 40_001, 59_999, 0, 0, electorate=200_000)
    assert "Cafwyd llai na 0.1 pwynt." in text_of(page_of(client))


def test_tiny_majority_is_not_printed_as_nought(client: Client, vale: Contest) -> None:
    nights.declare(vale, 40_010, 40_000, 0, 0, electorate=200_000)
    words = text_of(page_of(client))
    assert "The majority is 10 votes, less than 0.1% of those cast." in words
    assert "0.0%" not in words.partition("Liberal Democrat")[0]
    draft = story_for(vale)
    assert "makes the majority 10, less than 0.1% of the valid votes." in draft.text


def test_gain_is_told_with_bars_over_last_time_s(client: Client, vale: Contest) -> None:
    nights.declare(vale, 6000, 3600, 240, 160)
    page = page_of(client)
    words = text_of(page)
    assert "Gain from Conservatives" in words
    assert "The majority is 2,400 votes, 24.0% of those cast." in words
    assert "The swing is 22.0 points from Conservatives to Labour." in words
    assert "Last time the majority was 2,000." in words
    assert (
        "10.0 points from Conservatives to Labour would have made them equal. 22.0 points came."
        in words
    )
    # One scale: 60% now and 60% last time are as long.
    assert 'y="0.5" width="100.0%"' in page
    assert 'y="22" width="100.0%"' in page
    assert (
        "2 others, under 5% each Liberal Democrat 240 · Green 160 · all lost their deposit" in words
    )
    (shown, folded) = re.findall(r"<tbody>(.*?)</tbody>", page.split("last-time")[0], re.DOTALL)
    assert "Ann Hall" in shown
    assert "Cat Moss" not in shown
    assert "Cat Moss" in folded


def test_neighbours_are_numbered_and_sent_with_the_page(client: Client, vale: Contest) -> None:
    people = [("Eve Hill", "lab"), ("Fay Wood", "con")]
    for number, (q, r) in enumerate(AROUND):
        nights.contest(vale.election, f"Seat {number}", people, region="East", hex_q=q, hex_r=r)
    far = nights.contest(vale.election, "Far", people, hex_q=9, hex_r=9)
    page = page_of(client)
    (topics,) = re.findall('data-topics="([^"]*)"', page)
    near = {topic for topic in topics.split(",") if topic.startswith("near:")}
    assert near == {f"near:seat-{number}" for number in range(7)} | {"near:vale"}
    assert parse_topics(topics)
    numbered = page.partition('<ol class="rows numbered">')[2].partition("</ol>")[0]
    assert len(re.findall('id="row-seat-[0-5]"', numbered)) == 6
    assert "row-seat-6" not in numbered
    assert page.count('<g class="number"') == 6
    assert page.count('id="hex-seat-6"') == 1
    assert "near:" not in page_of(client, far.slug).replace("near:far", "")


def test_neighbour_that_was_gained_is_marked_and_one_that_was_held_is_not(
    client: Client, vale: Contest
) -> None:
    for name, last, place in (
        ("Aford", {"con": 9, "lab": 8}, AROUND[0]),
        ("Beeham", {"lab": 9, "con": 8}, AROUND[1]),
    ):
        hexagon = dict(zip(("hex_q", "hex_r"), place, strict=True))
        people = [("Ann", "con"), ("Ben", "lab")]
        nights.declare(
            nights.contest(vale.election, name, people, last=last, region="East", **hexagon), 10, 5
        )
    page = page_of(client)
    held, gained = (re.findall(rf'<li id="row-{slug}"[^>]*>', page) for slug in ("aford", "beeham"))
    assert ["data-gain" in one for one in held] == [False]
    assert ["data-gain" in one for one in gained] == [True]
    assert "Con gain from Lab" in text_of(page)


def test_more_neighbours_than_two_rings_are_refused() -> None:
    names = [f"near:s{number}" for number in range(MAX_NEAR)]
    assert parse_topics(",".join(["seat:vale", *names]))
    with pytest.raises(ValueError, match="neither"):
        parse_topics(",".join([*names, "near:one-more"]))


@pytest.mark.parametrize("last", [None, {"con": 6000, "lab": 4000}])
def test_leads_to_what_changed_hands_where_that_is_known(
    client: Client, night: Election, last: dict[str, int] | None
) -> None:
    for name in ("Vale", "Bay", "Coast"):
        nights.contest(night, name, [("Ann Hall", "lab"), ("Bob Rice", "con")], last=last)
    around = page_of(client).partition('class="seat-around"')[2].partition("</ul>")[0]
    assert ("Everything that changed hands" in around) is (last is not None)


def test_order_of_declaration_leads_to_the_next(client: Client, vale: Contest) -> None:
    other = nights.contest(vale.election, "Moor", [("Eve Hill", "lab"), ("Fay Wood", "con")])
    nights.declare(vale, 6000, 3600, 240, 160)
    assert "data-newest" in page_of(client)
    nights.declare(other, 600, 400)
    assert 'rel="next" href="/ge/moor/"' in page_of(client)
    page = page_of(client, "moor")
    assert 'rel="prev" href="/ge/vale/"' in page
    assert "near:vale" in page


def test_figures_of_one_seat_are_a_table(client: Client, vale: Contest) -> None:
    nights.contest(vale.election, "Moor", [("Eve Hill", "lab")])
    nights.declare(vale, 6000, 3600, 240, 160)
    response = client.get("/ge/vale/results.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    whole = client.get("/ge/results.csv").content.decode("utf-8-sig")
    everything = list(csv.DictReader(io.StringIO(whole)))
    assert rows == [row for row in everything if "Moor" not in row.values()]
    assert len(rows) == 4
    assert client.get("/ge/nowhere/results.csv").status_code == 404


def test_by_elections_are_listed_as_others_and_not_by_their_body(client: Client) -> None:
    fields = {"name": "By-elections", "kind": ElectionKind.UK_PARLIAMENT_BY_ELECTION}
    election = nights.election("by", **fields)
    for name in ("Abbey", "Barton"):
        nights.contest(election, name, [("Ann Ash", "lab"), ("Bob Birch", "con")])
    text = text_of(client.get("/by/abbey/").content.decode())
    assert "Other by-elections Barton" in text
    assert "Also in" not in text


def test_result_of_a_later_day_has_its_day(client: Client, vale: Contest) -> None:
    """Polls close on Thursday at 22:00; a count may go on until Saturday."""
    with time_machine.travel("2019-12-14T10:00Z", tick=False):
        nights.declare(vale, 4600, 5400, 0, 0)
    head = page_of(client).partition('class="progress"')[2].partition("</p>")[0]
    assert "Sat 10:00" in text_of(head)


def test_an_independent_who_lost_a_seat_is_named_alike_everywhere(client: Client) -> None:
    vale = nights.contest(
        nights.election(),
        "Vale",
        [("Ann", "con"), ("Ben", "lab")],
        last={"independent": 9, "con": 8},
    )
    nights.declare(vale, 20, 10)
    for address in ("/ge/", "/ge/vale/", "/ge/vale/brief.html"):
        words = text_of(client.get(address).content.decode())
        assert "from an independent" in words, address
        assert "from Independent" not in words, address


def test_no_poll_closes_where_none_is_held(client: Client, vale: Contest) -> None:
    by = nights.user()
    desk.report_status(vale, Standing.Status.POSTPONED, by=by, idempotency_key=nights.key())
    assert night_of(page_of(client)) == ["Postponed"]

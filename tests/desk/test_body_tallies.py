"""Tallies of councils: moved with each publication, rebuilt with the night's, and verified."""

from fractions import Fraction
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from results import desk
from results.arithmetic import ElectionKind, Tally
from results.exchange.verification import check_figures
from results.live.bodies import BodySnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.models import (
    Body,
    BodyTally,
    Contest,
    Election,
    LastResult,
    LastVotes,
    Milestone,
    Night,
    Standing,
)
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    """Two councils: three wards of three in Eastford, one of one in Westford."""
    night = nights.election("council", kind=ElectionKind.COUNCIL, deposits=False)
    for council, wards in (("Eastford", "ABC"), ("Westford", "D")):
        body = Body.objects.create(election=night, slug=council.lower(), name=council)
        for name in wards:
            ward(night, body, f"Ward {name}", 3 if council == "Eastford" else 1)
    return night


def ward(night: Election, body: Body, name: str, seats: int) -> Contest:
    candidates = [(f"{label}{n}", label) for label in ("lab", "green") for n in range(seats)]
    contest = nights.contest(night, name, candidates, body=body, seats=seats)
    last = LastResult.objects.create(contest=contest, valid=3000, seats=seats)
    held = [("lab", True)] * (seats - 1) + [("green", True)] + [("con", False)] * seats
    LastVotes.objects.bulk_create(
        LastVotes(last_result=last, party=nights.party(label), votes=900 - n, elected=elected)
        for n, (label, elected) in enumerate(held)
    )
    return contest


def body(night: Election, slug: str = "eastford") -> BodySnapshot:
    return next(each for each in ElectionSnapshot(night).bodies if each.slug == slug)


def wards(night: Election) -> list[Contest]:
    return list(Contest.objects.filter(election=night).order_by("name"))


def declare_split(contest: Contest) -> desk.PublishResult:
    """Green 2, Labour 1."""
    return nights.declare(contest, 500, 300, 200, 600, 550, 100, papers=900, rejected=5)


def test_each_council_has_its_own_tally(night: Election) -> None:
    first, second, third, fourth = wards(night)
    for contest in (first, second, third):
        declare_split(contest)
    eastford = body(night)
    assert eastford.seats.now == {"green": 6, "lab": 3}
    assert eastford.seats.before == {"green": 3, "lab": 6}
    assert [(row.party_name.label, row.net) for row in eastford.rows[:2]] == [
        ("green", 3),
        ("lab", -3),
    ]
    assert eastford.control.by == "green"
    assert body(night, "westford").tally.seats == 0
    nights.declare(fourth, 10, 20)
    assert body(night, "westford").seats.now == {"green": 1}
    assert Night.objects.get(election=night).standing_tally.seats == 10
    assert list(check_figures(night)) == []


def test_tally_of_a_council_follows_corrections_and_withdrawals(night: Election) -> None:
    contest = wards(night)[0]
    declare_split(contest)
    counts = nights.ballot_counts(contest, 700, 690, 200, 600, 550, 100, papers=990, rejected=5)
    common = {"by": nights.user(), "reason": "Misheard.", "warning_reason": "As read out."}
    nights.correct(contest, counts, idempotency_key=nights.key(), base_revision=1, **common)
    assert body(night).seats.now == {"green": 1, "lab": 2}
    nights.withdraw(contest, idempotency_key=nights.key(), base_revision=2, **common)
    assert body(night).seats.now == {}
    assert body(night).seats.to_come == 9
    assert list(check_figures(night)) == []


def test_new_epoch_rebuilds_and_verify_finds_a_wrong_tally(night: Election) -> None:
    contest = wards(night)[0]
    declare_split(contest)
    before = BodyTally.objects.get().tally
    BodyTally.objects.update(tally={})
    assert any("Eastford" in problem for problem in check_figures(night))
    desk.start_new_epoch(night)
    assert BodyTally.objects.get().tally == before
    assert list(check_figures(night)) == []


def test_postponed_ward_is_counted_apart_in_its_council(night: Election) -> None:
    contest = wards(night)[0]
    postponed = Standing.Status.POSTPONED
    desk.report_status(contest, postponed, by=nights.user(), idempotency_key=nights.key())
    assert (body(night).seats.postponed, body(night).seats.to_come) == (3, 6)


def test_share_is_that_of_each_partys_best_placed_candidate(night: Election) -> None:
    declare_split(wards(night)[0])
    rows = {row.party_name.label: row for row in body(night).rows}
    assert rows["green"].share == Fraction(600, 1100)
    assert rows["lab"].party_tally.votes == 1000
    # Last time the best of Labour had 900 of 900 + 898 + 897.
    change = rows["lab"].share_change
    assert change is not None
    assert round(float(change), 4) == round(500 / 1100 - 900 / 2695, 4)


def test_general_election_has_no_tallies_of_bodies() -> None:
    contest = nights.contest(nights.election(), "A", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(contest, 9000, 8000)
    assert not BodyTally.objects.exists()
    assert ElectionSnapshot(contest.election).bodies == ()
    line = Standing.objects.get().contribution["lines"]["lab"]
    assert not {"before", "best"} & line.keys()


def test_declaration_reads_and_writes_tallies_of_councils_in_five_statements(
    night: Election,
) -> None:
    """Its own for the checks, to move it and for milestones, and all for the night's headline."""
    first, second = wards(night)[:2]
    declare_split(first)
    with CaptureQueriesContext(connection) as statements:
        declare_split(second)
    moved = [row["sql"] for row in statements if "results_bodytally" in row["sql"]]
    assert len(moved) <= 5, "\n".join(moved)


def test_control_is_a_milestone_of_the_bulletin_that_decides_it(night: Election) -> None:
    first, second, third, fourth = wards(night)
    declare_split(first)
    declare_split(second)
    assert not Milestone.objects.filter(body__isnull=False).exists()
    bulletin = declare_split(third).bulletin
    milestone = Milestone.objects.get(body__isnull=False)
    assert (milestone.sequence, milestone.label, milestone.seats) == (3, "green", 9)
    name = f"milestone-3-line-{milestone.body_id}"
    line = strip_tags(bulletin.fragments[name]).replace("\u00a0", " ")
    assert "Greens reach 5 of 9 seats: Greens gain Eastford from Labour" in line
    nights.declare(fourth, 10, 20)
    assert ElectionSnapshot(night).night_summary.headline == "Greens gain Eastford from Labour"
    common = {"by": nights.user(), "reason": "Misheard.", "warning_reason": "As read out."}
    nights.withdraw(third, idempotency_key=nights.key(), base_revision=1, **common)
    assert Milestone.objects.get(pk=milestone.pk).undone_by == 5
    assert list(check_figures(night)) == []


def test_contribution_of_a_winner_only_result_counts_seats_before(night: Election) -> None:
    contest = wards(night)[0]
    winners = list(contest.candidates.filter(party__slug="green"))
    key = nights.key()
    nights.declare_winner(contest, winners, by=nights.user(), idempotency_key=key)
    assert body(night).seats.net("green") == 2


def test_declaration_costs_the_same_beside_many_councils(night: Election) -> None:
    def statements(contest: Contest) -> int:
        with CaptureQueriesContext(connection) as captured:
            declare_split(contest)
        return len(captured)

    first, second, third, _fourth = wards(night)
    declare_split(first)
    alone = statements(second)
    for number in range(12):
        slug = f"shire-{number}"
        other = Body.objects.create(election=night, slug=slug, name=slug)
        declare_split(ward(night, other, f"Ward of {slug}", 3))
    assert statements(third) <= alone + 3  # the milestone that it reaches


def test_by_thirds_control_is_of_the_whole_council(night: Election) -> None:
    """Eastford has 27 seats, of which these nine are up; Labour held 15 and needs 14."""
    council = Body.objects.get(slug="eastford")
    council.seats, council.composition_before = 27, {"lab": 15, "con": 9, "green": 3}
    council.save()
    first, second, third, _fourth = wards(night)
    declare_split(first)
    eastford = body(night)
    assert eastford.seats.not_up == {"con": 9, "lab": 9}
    assert eastford.seats.now == {"con": 9, "green": 2, "lab": 10}
    assert eastford.control.change == "undecided"
    declare_split(second)
    nights.declare(third, 600, 550, 500, 400, 300, 200, papers=900, rejected=5)
    eastford = body(night)
    assert eastford.seats.now == {"con": 9, "green": 4, "lab": 14}
    assert eastford.control.change == "hold"
    milestone = Milestone.objects.get(body__isnull=False)
    assert (milestone.label, milestone.sequence) == ("lab", 3)
    assert list(check_figures(night)) == []


#: Sums that earlier releases did not have.
NEW_SUMS = {"before", "best", "best_comparable", "best_last"}


def as_before(tally: dict[str, Any]) -> dict[str, Any]:
    """A tally as the release before stored it."""
    lines = {
        label: {name: n for name, n in line.items() if name not in NEW_SUMS}
        for label, line in tally["lines"].items()
    }
    present = {label: line for label, line in lines.items() if any(line.values())}
    return {name: n for name, n in tally.items() if name not in NEW_SUMS} | {"lines": present}


def test_upgrade_adds_up_the_tallies_and_control_of_councils(night: Election) -> None:
    for contest in wards(night)[:3]:
        declare_split(contest)
    expected = BodyTally.objects.get().tally
    for standing in Standing.objects.exclude(contribution={}):
        standing.contribution = as_before(standing.contribution)
        standing.save()
    stored = Night.objects.get()
    stored.tally = as_before(stored.tally)
    stored.save()
    BodyTally.objects.all().delete()
    Milestone.objects.exclude(body=None).delete()
    # What a sum over councils had reached.
    Milestone.objects.create(election=night, reached="line", label="green", seats=9, sequence=3)
    migration = import_module("results.migrations.0027_body_tallies")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert BodyTally.objects.get().standing_tally == Tally.from_json(expected)
    assert list(check_figures(night)) == []

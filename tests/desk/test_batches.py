"""Batches of importers: many publications in one transaction, each with a bulletin of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results import desk
from results.arithmetic import MilestoneKind
from results.desk import rendered
from results.live.feed_list import entry_ids, is_entry
from results.live.fragments import render_night
from results.live.frames import Fragments
from results.models import (
    AuditEntry,
    Bulletin,
    Contest,
    Declaration,
    IdempotencyRecord,
    Milestone,
    Night,
    Standing,
    clock,
)
from tests import nights
from tests.faults.parts import with_later
from tests.live.pages import after, all_pages

# Committed, because a bulletin reuses what was rendered for the last committed one.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contests() -> list[Contest]:
    """Seats of a night, of which two have declared."""
    election = nights.election()
    last = {"lab": 9000, "con": 8000}
    contests = [
        nights.contest(election, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")], last=last)
        for number in range(30)
    ]
    Standing.objects.bulk_create(Standing(contest=contest) for contest in contests)
    for contest in contests[:2]:
        nights.declare(contest, 9000, 8500)
    return contests


def declare_all(contests: list[Contest]) -> list[desk.PublishResult]:
    with desk.batch(contests[0].election):
        return [nights.declare(contest, 9000, 8500) for contest in contests]


def interrupt(contests: list[Contest]) -> None:
    """Declare one contest in a batch that is then interrupted."""

    def declare_and_stop() -> None:
        with desk.batch(contests[0].election):
            nights.declare(contests[2], 9000, 8500)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        declare_and_stop()


def fragments_of(results: list[desk.PublishResult]) -> list[Fragments]:
    stored = Bulletin.objects.order_by("sequence")
    return [stored.get(pk=result.bulletin.pk).fragments for result in results]


def test_each_publication_has_its_own_bulletin(contests: list[Contest]) -> None:
    results = declare_all(contests[2:7])
    assert [result.sequence for result in results] == [3, 4, 5, 6, 7]
    bulletins = Bulletin.objects.filter(sequence__gt=2).order_by("sequence")
    assert [bulletin.contest for bulletin in bulletins] == contests[2:7]
    assert [result.bulletin for result in results] == list(bulletins)
    assert Night.objects.get().sequence == 7
    assert Night.objects.get().standing_tally.seats == 7
    sequences = Declaration.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 8))
    records = IdempotencyRecord.objects.order_by("bulletin__sequence")
    assert [record.bulletin.sequence for record in records] == list(range(1, 8))
    entries = AuditEntry.objects.filter(what="declaration").order_by("pk")
    assert [entry.contest for entry in entries] == [contest.name for contest in contests[:7]]


def test_last_bulletin_has_the_fragments_of_the_night(contests: list[Contest]) -> None:
    results = declare_all(contests[2:7])
    *others, last = fragments_of(results)
    for contest, fragments in zip(contests[2:6], others, strict=True):
        parts = ("seat", "row", "hex", "shade")
        assert set(fragments) == {f"{part}-{contest.slug}" for part in parts}
    assert {"progress", "headline", "scoreboard", "feed"} <= set(last)
    entries = {f"result-{contest.slug}" for contest in contests[2:7]}
    assert entries <= set(last)


def test_carries_only_entries_that_the_feed_lists_at_the_end(contests: list[Contest]) -> None:
    results = declare_all(contests[2:22])
    last = fragments_of(results)[-1]
    assert {name for name in last if is_entry(name)} == {*entry_ids(last["feed"])}
    assert not any(is_entry(name) for fragments in fragments_of(results)[:-1] for name in fragments)


def test_page_before_it_catches_up_to_a_fresh_page(contests: list[Contest]) -> None:
    election = contests[0].election
    page = all_pages(election)
    declare_all(contests[2:22])
    fresh = all_pages(election)
    assert with_later(page, after(election, 2)) == fresh


def test_bulletin_after_a_batch_reuses_what_was_rendered(contests: list[Contest]) -> None:
    election = contests[0].election
    declare_all(contests[2:7])
    page = all_pages(election)
    with CaptureQueriesContext(connection) as statements:
        nights.declare(contests[7], 9000, 8500)
    assert len(statements) <= 25
    assert with_later(page, after(election, 7)) == all_pages(election)


class TestRefusals:
    def test_refused_publication_leaves_the_others(self, contests: list[Contest]) -> None:
        election = contests[0].election
        page = all_pages(election)
        with desk.batch(election):
            nights.declare(contests[2], 9000, 8500)
            with pytest.raises(desk.StaleRevision):
                nights.declare_counts(
                    contests[2],
                    nights.ballot_counts(contests[2], 1, 2),
                    by=nights.user(),
                    idempotency_key=nights.key(),
                )
            with pytest.raises(desk.ValidationRefused):
                nights.declare_counts(
                    contests[3],
                    nights.ballot_counts(contests[3], 9000, None),
                    by=nights.user(),
                    idempotency_key=nights.key(),
                )
            last = nights.declare(contests[4], 9000, 8500)
        assert last.sequence == 4
        assert Night.objects.get().standing_tally.seats == 4
        assert with_later(page, after(election, 2)) == all_pages(election)

    def test_undoes_only_the_publication_that_fails_while_written(
        self, contests: list[Contest], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_args: object, **_more: object) -> None:
            raise OSError("the disk is full")

        with desk.batch(contests[0].election):
            nights.declare(contests[2], 9000, 8500)
            with monkeypatch.context() as broken:
                broken.setattr("results.desk.bulletins._render_own", fails)
                with pytest.raises(OSError, match="disk"):
                    nights.declare(contests[3], 9000, 8500)
            last = nights.declare(contests[4], 9000, 8500)
        assert last.sequence == 4
        assert Night.objects.get().standing_tally.seats == 4
        assert not Declaration.objects.filter(contest=contests[3]).exists()

    def test_error_that_is_not_caught_undoes_the_batch(self, contests: list[Contest]) -> None:
        interrupt(contests)
        assert Night.objects.get().sequence == Bulletin.objects.count() == 2
        assert nights.declare(contests[2], 9000, 8500).sequence == 3

    def test_batches_do_not_nest(self, contests: list[Contest]) -> None:
        election = contests[0].election
        with desk.batch(election):
            with pytest.raises(RuntimeError, match="batch is open"), desk.batch(election):
                pass
            with pytest.raises(RuntimeError, match="batch is open"):
                desk.start_new_epoch(election)


class TestRepeating:
    @pytest.fixture
    def declare(self, contests: list[Contest]) -> Callable[..., desk.PublishResult]:
        counts = nights.ballot_counts(contests[2], 9000, 8500)
        request = {"by": nights.user(), "warning_reason": "As read out."}
        return partial(nights.declare_counts, contests[2], counts, **request)

    def test_key_gets_its_first_answer_within_the_batch(
        self, contests: list[Contest], declare: Callable[..., desk.PublishResult]
    ) -> None:
        with desk.batch(contests[0].election):
            first, again = declare(idempotency_key="a"), declare(idempotency_key="a")
        assert again.repeated
        assert again.bulletin == first.bulletin
        assert declare(idempotency_key="a").bulletin == first.bulletin
        assert IdempotencyRecord.objects.filter(idempotency_key="a").count() == 1

    def test_same_result_names_the_bulletin_of_the_batch(
        self, contests: list[Contest], declare: Callable[..., desk.PublishResult]
    ) -> None:
        election = contests[0].election
        page = all_pages(election)
        with desk.batch(election):
            first = declare(idempotency_key="a")
            same = declare(idempotency_key="b", base_revision=1)
            nights.declare(contests[3], 9000, 8500)
        assert same.unchanged
        assert same.bulletin == first.bulletin
        assert Night.objects.get().sequence == 4
        assert with_later(page, after(election, 2)) == all_pages(election)

    def test_key_of_another_request_is_refused(
        self, contests: list[Contest], declare: Callable[..., desk.PublishResult]
    ) -> None:
        with desk.batch(contests[0].election):
            declare(idempotency_key="a")
            with pytest.raises(desk.IdempotencyKeyReused):
                nights.declare_counts(
                    contests[3],
                    nights.ballot_counts(contests[3], 9000, 8500),
                    by=nights.user(),
                    idempotency_key="a",
                )


def test_milestone_is_reached_by_its_own_declaration(contests: list[Contest]) -> None:
    """Not by the last of the batch: the fifteenth of thirty seats is half of them."""
    election, at = contests[0].election, datetime(2019, 12, 13, 2, tzinfo=UTC)
    with desk.batch(election):
        for minute, contest in enumerate(contests[2:20]):
            with clock.at(at + timedelta(minutes=minute)):
                nights.declare(contest, 9000, 8500)
    half = Milestone.objects.get(reached=MilestoneKind.HALF)
    assert (half.sequence, half.seats, half.at) == (15, 15, at + timedelta(minutes=12))
    bulletin = Bulletin.objects.get(sequence=15)
    assert bulletin.published_at == half.at


class TestCost:
    def test_statements_grow_by_few_for_each_declaration(self, contests: list[Contest]) -> None:
        counted = []
        for some in (contests[2:5], contests[5:12]):
            with CaptureQueriesContext(connection) as statements:
                declare_all(some)
            counted.append(len(statements))
        # Two of them are the test's own.
        assert counted[1] - counted[0] <= 4 * 15
        assert counted[0] <= 3 * 15 + 10

    def test_night_is_rendered_once(
        self, contests: list[Contest], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rendering = Mock(wraps=render_night)
        monkeypatch.setattr("results.desk.bulletins.render_night", rendering)
        declare_all(contests[2:12])
        rendering.assert_called_once()

    def test_items_come_in_lists_of_bounded_length(self) -> None:
        lists = list(desk.in_batches(range(2 * desk.BATCH + 1)))
        assert [len(items) for items in lists] == [desk.BATCH, desk.BATCH, 1]
        assert list(desk.in_batches([])) == []


def test_rolled_back_batch_is_not_reused(contests: list[Contest]) -> None:
    before = dict(rendered._last)
    interrupt(contests)
    assert rendered._last == before


def test_other_elections_are_published_as_ever(contests: list[Contest]) -> None:
    other = nights.islington_north(nights.election("other"))
    with desk.batch(contests[0].election):
        nights.declare(contests[2], 9000, 8500)
        result = nights.declare(other, 1, 2, 3, 4, 5, 60)
        assert Bulletin.objects.filter(pk=result.bulletin.pk).exists()
        nights.declare(contests[3], 9000, 8500)
    assert Night.objects.get(election=other.election).sequence == 1
    assert Night.objects.get(election=contests[0].election).sequence == 4

"""Random nights: page plus later bulletins equals a fresh page, whatever is published."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from results import desk
from results.arithmetic import BallotCounts
from results.desk import rendered
from results.desk.counts import rebuild_tallies
from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, Contest, Headline, Night, Standing
from tests import nights
from tests.faults.parts import with_later
from tests.live.pages import Page, after, all_pages

VOTES = st.integers(0, 30_000)
SEATS = st.integers(0, 2)
#: Few, so that some are equal.
TIMES = st.integers(1, 4).map(lambda hour: datetime(2019, 12, 13, hour, tzinfo=UTC))
STATUSES = st.sampled_from([Standing.Status.UNDER_WAY, Standing.Status.POSTPONED])


class AnyNight(RuleBasedStateMachine):
    """Publishes at random, beside a model of the results and pages kept since earlier bulletins."""

    def __init__(self) -> None:
        super().__init__()
        self.batch: AbstractContextManager[None] | None = None
        #: What each of three processes remembers.
        self.memories: list[Any] = [rendered._last, {}, {}]

    @initialize(house_seats=st.sampled_from([None, 650]))
    def set_up(self, house_seats: int | None) -> None:
        self.election = nights.election(nights.key(), house_seats=house_seats)
        self.contests = [
            nights.contest(
                self.election,
                f"Seat {number}",
                [("Ann", "lab"), ("Bob", "con"), ("Cat", "independent")],
                last={"lab": 9000, "con": 8000},
            )
            for number in range(3)
        ]
        self.by = nights.user()
        #: Votes by contest: () where only the winner is known, None where withdrawn.
        self.votes: dict[int, tuple[int, ...] | None] = {}
        #: Votes of those contests of which only some totals are published; None for the others.
        self.totals: dict[int, tuple[int | None, ...]] = {}
        #: Contests whose winner is published beside some totals.
        self.with_totals: set[int] = set()
        self.published = 0
        self.pages: dict[int, Page] = {0: all_pages(self.election)}

    def revision(self, at: int) -> int:
        standing = Standing.objects.filter(contest=self.contests[at]).first()
        return standing.revision if standing else 0

    def teardown(self) -> None:
        if self.batch is not None:
            self.batch.__exit__(None, None, None)

    def is_postponed(self, at: int) -> bool:
        postponed = Standing.Status.POSTPONED
        return Standing.objects.filter(contest=self.contests[at], status=postponed).exists()

    def request(self, at: int) -> dict[str, Any]:
        return {"by": self.by, "idempotency_key": nights.key(), "base_revision": self.revision(at)}

    def ballot_counts(self, at: int, votes: tuple[int, ...]) -> BallotCounts:
        return nights.ballot_counts(self.contests[at], *votes, electorate=95_000)

    def expect(self, result: desk.PublishResult, at: int, votes: tuple[int, ...] | None) -> None:
        if result.unchanged:
            assert self.votes.get(at) == votes
            return
        self.published += 1
        self.votes[at] = votes
        self.with_totals.discard(at)
        if votes == () and at in self.totals:
            self.with_totals.add(at)
        self.totals.pop(at, None)
        assert result.sequence == self.published

    @rule(
        at=SEATS,
        votes=st.tuples(VOTES, VOTES, VOTES).filter(lambda v: len(set(v)) == 3),
        declared_at=TIMES,
    )
    def declare_or_change(self, at: int, votes: tuple[int, ...], declared_at: datetime) -> None:
        """Publish full counts by whichever step the contest's status allows."""
        contest, ballot_counts = self.contests[at], self.ballot_counts(at, votes)
        standing = Standing.objects.filter(contest=contest).first()
        status = standing.status if standing else Standing.Status.AWAITING
        request = {
            "warning_reason": "Read out.",
            "declared_at": declared_at,
            **self.request(at),
        }
        if status == Standing.Status.POSTPONED:
            with pytest.raises(desk.InvalidTransition):
                nights.declare_counts(contest, ballot_counts, **request)
            return
        if status == Standing.Status.WINNER_ONLY:
            # Which may elect somebody else than was announced.
            result = nights.complete(contest, ballot_counts, reason="Misheard.", **request)
        elif standing and standing.has_result:
            result = nights.correct(contest, ballot_counts, reason="Misheard.", **request)
        else:
            # Which may change a total that was published before.
            result = nights.declare_counts(contest, ballot_counts, reason="Misheard.", **request)
        self.expect(result, at, votes)

    @rule(
        at=SEATS,
        votes=st.tuples(VOTES, VOTES, VOTES),
        known=st.sampled_from([(1, 0, 0), (0, 1, 0), (1, 0, 1)]),
    )
    def publish_some_totals(self, at: int, votes: tuple[int, ...], known: tuple[int, ...]) -> None:
        """More totals follow the first ones, and correct those that they change."""
        contest = self.contests[at]
        some = [total if given else None for total, given in zip(votes, known, strict=True)]
        request: dict[str, Any] = {"reason": "Misheard.", **self.request(at)}
        if self.votes.get(at) is not None or self.is_postponed(at):
            with pytest.raises(desk.InvalidTransition):
                nights.publish_some(contest, *some, **request)
            return
        before = self.totals.get(at, (None, None, None))
        after = tuple(b if a is None else a for a, b in zip(some, before, strict=True))
        if None not in after:
            with pytest.raises(desk.ValidationRefused):
                nights.publish_some(contest, *some, **request)
            return
        result = nights.publish_some(contest, *some, **request)
        assert result.unchanged == (after == before)
        self.published += not result.unchanged
        self.votes[at], self.totals[at] = None, after

    @rule(at=SEATS)
    def declare_winner(self, at: int) -> None:
        contest, winner = self.contests[at], self.contests[at].candidates.first()
        assert winner is not None
        if self.votes.get(at) is None and not self.is_postponed(at):
            result = nights.declare_winner(contest, [winner], **self.request(at))
            self.expect(result, at, ())
        elif self.votes.get(at) == () and at not in self.with_totals:
            assert nights.declare_winner(contest, [winner], **self.request(at)).unchanged
        else:
            with pytest.raises(desk.InvalidTransition):
                nights.declare_winner(contest, [winner], **self.request(at))

    @precondition(lambda self: any(votes is not None for votes in self.votes.values()))
    @rule(at=SEATS)
    def withdraw(self, at: int) -> None:
        if self.votes.get(at) is None and at not in self.totals:
            with pytest.raises(desk.InvalidTransition):
                nights.withdraw(self.contests[at], reason="Reopened.", **self.request(at))
        else:
            result = nights.withdraw(self.contests[at], reason="Reopened.", **self.request(at))
            self.expect(result, at, None)

    @rule(at=SEATS, status=STATUSES, expected_at=st.none() | TIMES)
    def report(self, at: int, status: Standing.Status, expected_at: datetime | None) -> None:
        request: dict[str, Any] = {"by": self.by, "idempotency_key": nights.key()}
        request["expected_at"] = expected_at
        contest = Contest.objects.get(pk=self.contests[at].pk)
        has_totals = at in self.totals and status == Standing.Status.POSTPONED
        if self.votes.get(at) is None and not has_totals:
            self.published += not desk.report_status(contest, status, **request).unchanged
        else:
            with pytest.raises(desk.InvalidTransition):
                desk.report_status(contest, status, **request)

    @rule(at=SEATS, base=st.integers(-2, -1))
    def declare_from_a_stale_revision(self, at: int, base: int) -> None:
        stale = self.request(at) | {"base_revision": self.revision(at) + base}
        with pytest.raises(desk.StaleRevision):
            nights.declare_counts(self.contests[at], self.ballot_counts(at, (1, 2, 3)), **stale)

    @rule(words=st.text("ab<&\"' ", min_size=1, max_size=8).filter(str.strip), at=SEATS)
    def quote(self, words: str, at: int) -> None:
        desk.publish(
            self.election,
            desk.QuoteContent(words=words, contest=self.contests[at], speaker="Ann"),
            by=self.by,
            idempotency_key=nights.key(),
        )
        self.published += 1

    @rule(text=st.sampled_from(["", "News", "More news"]))
    def headline(self, text: str) -> None:
        """Another headline; an empty one withdraws the one that stands."""
        request: dict[str, Any] = {"by": self.by, "idempotency_key": nights.key()}
        standing = Headline.objects.standing(self.election)
        if text:
            result = desk.publish(self.election, desk.HeadlineContent(text=text), **request)
            self.published += not result.unchanged
        elif standing is not None:
            desk.withdraw_publication(standing, **request)
            self.published += 1

    @precondition(lambda self: self.batch is None)
    @rule()
    def begin_batch(self) -> None:
        self.batch = desk.batch(self.election)
        self.batch.__enter__()

    @precondition(lambda self: self.batch is not None)
    @rule()
    def end_batch(self) -> None:
        assert self.batch is not None
        self.batch.__exit__(None, None, None)
        self.batch = None

    @rule(process=st.integers(0, 2))
    def publish_from_another_process(self, process: int) -> None:
        """The next bulletins are another process's, which remembers its own last one."""
        rendered._last = self.memories[process]

    @precondition(lambda self: self.batch is None)
    @rule()
    def remember_a_page(self) -> None:
        self.pages[self.published] = all_pages(self.election)

    @precondition(lambda self: self.batch is None)
    @rule()
    def start_new_epoch(self) -> None:
        """Pages of the old epoch load themselves again; sequences go on."""
        desk.start_new_epoch(self.election)
        self.pages = {self.published: all_pages(self.election)}

    @invariant()
    def every_page_catches_up_to_a_fresh_one(self) -> None:
        if self.batch is not None:  # no page is drawn before it is committed
            return
        fresh = all_pages(self.election)
        for sequence, page in self.pages.items():
            assert with_later(page, after(self.election, sequence)) == fresh

    @invariant()
    def the_log_is_dense_and_the_tally_is_right(self) -> None:
        if self.batch is not None:
            return
        night = Night.objects.get(election=self.election)
        bulletins = Bulletin.objects.filter(election=self.election).order_by("sequence")
        sequences = bulletins.values_list("sequence", flat=True)
        assert list(sequences) == list(range(1, self.published + 1))
        assert night.sequence == self.published
        rebuilt = ElectionSnapshot(self.election)
        rebuild_tallies(rebuilt)
        assert night.standing_tally == rebuilt.night.standing_tally


# Each example has an election of its own, so that all can use one database. A failing example is
# not shrunk, which takes minutes; the blob that hypothesis prints reproduces it.
EXAMPLES = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


# Committed, because a bulletin reuses what was rendered for the last committed one.
@pytest.mark.django_db(transaction=True)
def test_stream_keeps_open_pages_equal_to_fresh_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    # Fewer than there are contests, so that following what is expected next reaches its end.
    monkeypatch.setattr("results.live.election_snapshot.EXPECTED", 1)
    monkeypatch.setattr("results.desk.rendered.EXPECTED", 1)
    monkeypatch.setattr("results.live.cached_snapshot.EXPECTED", 1)
    monkeypatch.setattr("results.live.upcoming.WINDOW", 2)
    run_state_machine_as_test(AnyNight, settings=EXAMPLES)

"""Whatever is published in whatever order, the stream keeps open pages equal to fresh ones."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from results import desk
from results.desk.counts import rebuild
from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, Headline, Night, Standing
from tests import nights
from tests.live.pages import Page, after, all_pages, caught_up

VOTES = st.integers(0, 30_000)
SEATS = st.integers(0, 2)


class NightOfAnyKind(RuleBasedStateMachine):
    """A model of what should stand, beside the desk; two remembered pages beside the stream."""

    @initialize()
    def set_up(self) -> None:
        self.election = nights.election(nights.key())
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
        self.stands: dict[int, tuple[int, ...] | None] = {}
        self.published = 0
        self.last: tuple[str, int] | None = None
        self.pages: dict[int, Page] = {0: all_pages(self.election)}

    def revision(self, at: int) -> int:
        found = Standing.objects.filter(contest=self.contests[at]).first()
        return found.revision if found else 0

    def sent(self, at: int) -> dict[str, object]:
        return {"by": self.by, "idempotency_key": nights.key(), "base_revision": self.revision(at)}

    def ballot_counts(self, at: int, votes: tuple[int, ...]):
        return nights.ballot_counts(self.contests[at], *votes, electorate=95_000)

    def expect(self, answer: desk.PublishResult, at: int, votes: tuple[int, ...] | None) -> None:
        if answer.unchanged:
            assert self.stands.get(at) == votes
            return
        self.published += 1
        self.stands[at] = votes
        assert answer.sequence == self.published

    @rule(at=SEATS, votes=st.tuples(VOTES, VOTES, VOTES).filter(lambda v: len(set(v)) == 3))
    def declare_or_change(self, at: int, votes: tuple[int, ...]) -> None:
        """Full figures by whichever step fits where the seat stands."""
        contest, ballot_counts = self.contests[at], self.ballot_counts(at, votes)
        standing = Standing.objects.filter(contest=contest).first()
        status = standing.status if standing else Standing.Status.AWAITING
        more = {"warning_reason": "Read out.", **self.sent(at)}
        if status == Standing.Status.WINNER_ONLY:
            answer = desk.complete(contest, ballot_counts, **more)
        elif standing and standing.has_result:
            answer = desk.correct(contest, ballot_counts, reason="Misheard.", **more)
        else:
            answer = desk.declare(contest, ballot_counts, **more)
            self.last = (str(more["idempotency_key"]), at)
        self.expect(answer, at, votes)

    @rule(at=SEATS)
    def flash(self, at: int) -> None:
        winner = self.contests[at].candidates.first()
        if self.stands.get(at) is None:
            self.expect(desk.declare_winner(self.contests[at], [winner], **self.sent(at)), at, ())
        elif self.stands[at] == ():
            assert desk.declare_winner(self.contests[at], [winner], **self.sent(at)).unchanged
        else:
            with pytest.raises(desk.InvalidTransition):
                desk.declare_winner(self.contests[at], [winner], **self.sent(at))

    @precondition(lambda self: any(v is not None for v in self.stands.values()))
    @rule(at=SEATS)
    def withdraw(self, at: int) -> None:
        if self.stands.get(at) is None:
            with pytest.raises(desk.InvalidTransition):
                desk.withdraw(self.contests[at], reason="Reopened.", **self.sent(at))
        else:
            answer = desk.withdraw(self.contests[at], reason="Reopened.", **self.sent(at))
            self.expect(answer, at, None)

    @rule(at=SEATS, base=st.integers(-2, -1))
    def a_lost_update(self, at: int, base: int) -> None:
        stale = self.sent(at) | {"base_revision": self.revision(at) + base}
        with pytest.raises(desk.StaleRevision):
            desk.declare(self.contests[at], self.ballot_counts(at, (1, 2, 3)), **stale)

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
        by: dict[str, Any] = {"by": self.by, "idempotency_key": nights.key()}
        standing = Headline.objects.standing(self.election)
        if text:
            answer = desk.publish(self.election, desk.HeadlineContent(text=text), **by)
            self.published += not answer.unchanged
        elif standing is not None:
            desk.withdraw_publication(standing, **by)
            self.published += 1

    @rule()
    def remember_a_page(self) -> None:
        self.pages[self.published] = all_pages(self.election)

    @rule()
    def start_over(self) -> None:
        """A new epoch: pages of the old one load themselves afresh, numbers go on."""
        desk.start_new_epoch(self.election)
        self.pages = {self.published: all_pages(self.election)}

    @invariant()
    def every_page_ends_equal_to_a_fresh_one(self) -> None:
        fresh = all_pages(self.election)
        for sequence, page in self.pages.items():
            assert caught_up(page, after(self.election, sequence)) == fresh

    @invariant()
    def the_log_is_dense_and_the_tally_is_right(self) -> None:
        night = Night.objects.get(election=self.election)
        log = Bulletin.objects.filter(election=self.election).order_by("sequence")
        assert list(log.values_list("sequence", flat=True)) == list(range(1, self.published + 1))
        assert night.sequence == self.published
        assert night.standing_tally == rebuild(ElectionSnapshot(self.election))


# Each example is an election of its own, so that one database serves them all. A failing night is
# not shrunk, which takes minutes: the blob that is printed plays it again.
EXAMPLES = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order():
    run_state_machine_as_test(NightOfAnyKind, settings=EXAMPLES)

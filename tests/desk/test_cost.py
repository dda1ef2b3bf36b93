"""Cost of one bulletin in the middle of a night, and freshness of what it reuses."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed_list import entry_ids
from results.live.fragments import render_night
from results.models import Bulletin, Contest, Election, Headline, Standing, clock
from tests import nights

# Committed, because a bulletin reuses what was rendered for the last committed one.
pytestmark = pytest.mark.django_db(transaction=True)

Publish = Callable[[], desk.PublishResult]
#: Fragments of the night whose data, or whose HTML, one bulletin reuses from the one before.
PARTS = ("headline", "line", "expected", "watch")


@pytest.fixture
def contests() -> list[Contest]:
    """Of a night with 14 results, a correction and a quote; each has an expected time."""
    election = nights.election()
    last = {"lab": 9000, "con": 8000}
    contests = [
        nights.contest(election, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")], last=last)
        for number in range(20)
    ]
    Contest.objects.update(expected_at=clock.now())
    Standing.objects.bulk_create(Standing(contest=contest) for contest in contests)
    with desk.batch(election):
        for contest in contests[:14]:
            declaration(contest)()
    correction(contests[0])()
    quote(contests[1])()
    return contests


def declaration(contest: Contest) -> Publish:
    return partial(
        nights.declare_counts,
        contest,
        nights.ballot_counts(contest, 9000, 8500),
        by=nights.user(),
        idempotency_key=nights.key(),
        warning_reason="As read out.",
    )


def correction(contest: Contest) -> Publish:
    return partial(
        nights.correct,
        contest,
        replace(nights.ballot_counts(contest, 9000, 8600), rejected=7),
        by=nights.user(),
        idempotency_key=nights.key(),
        warning_reason="As read out.",
        base_revision=1,
        reason="Misheard.",
    )


def quote(contest: Contest) -> Publish:
    content = desk.QuoteContent(words="Thanks.", contest=contest, speaker="Ann")
    election, by = contest.election, nights.user()
    return partial(desk.publish, election, content, by=by, idempotency_key=nights.key())


def status(contest: Contest) -> Publish:
    by, key = nights.user(), nights.key()
    under_way = Standing.Status.UNDER_WAY
    return partial(desk.report_status, contest, under_way, by=by, idempotency_key=key)


@pytest.mark.parametrize(
    ("kind", "number", "bound"),
    [(declaration, 14, 21), (correction, 13, 28), (quote, 13, 15), (status, 15, 21)],
)
def test_statements_of_one_bulletin_are_bounded(
    contests: list[Contest], kind: Callable[[Contest], Publish], number: int, bound: int
) -> None:
    publish = kind(contests[number])
    with CaptureQueriesContext(connection) as statements:
        result = publish()
    assert not result.unchanged
    assert len(statements) <= bound, "\n".join(row["sql"] for row in statements)


def test_part_that_the_pages_have_already_is_not_sent_again(
    contests: list[Contest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction leaves those that are expected next as they are."""
    assert "expected" in declaration(contests[14])().bulletin.fragments
    fragments = correction(contests[13])().bulletin.fragments
    assert {"scoreboard", "feed", "corrections"} <= fragments.keys()
    assert "expected" not in fragments
    with monkeypatch.context() as another_process:
        another_process.setattr("results.desk.rendered._last", {})
        assert "expected" in correction(contests[12])().bulletin.fragments
    # What another process has sent is not known to be the same.
    assert "expected" in correction(contests[11])().bulletin.fragments


def test_rolled_back_bulletin_is_not_reused(contests: list[Contest]) -> None:
    with transaction.atomic():
        declaration(contests[14])()
        transaction.set_rollback(True)
    assert_feed_is_fresh(declaration(contests[15])())


def test_bulletin_of_another_process_is_in_the_feed(
    contests: list[Contest], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as another_process:
        another_process.setattr("results.desk.rendered._last", {})
        declaration(contests[14])()
    assert_feed_is_fresh(declaration(contests[15])())


def test_edited_candidate_is_rendered_again(contests: list[Contest]) -> None:
    contests[13].candidates.filter(name="Ann").update(name="Anne")
    by, key = nights.user(), nights.key()
    desk.republish(contests[13].election, [contests[13]], by=by, idempotency_key=key)
    assert_feed_is_fresh(declaration(contests[14])())


def headline(election: Election, text: str) -> None:
    by, key = nights.user(), nights.key()
    if text:
        content = desk.HeadlineContent(text=text)
        desk.publish(election, content, by=by, idempotency_key=key)
    else:
        desk.withdraw_standing(election, Headline, by=by, idempotency_key=key)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in another process"])
def test_parts_of_the_night_are_fresh_after_what_changes_what_they_reuse(
    contests: list[Contest], monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    """Headlines, and the states of the counts to come, are read again only after a change."""
    election = contests[0].election
    changes: list[Callable[[], object]] = [
        partial(headline, election, "Here is a headline"),
        status(contests[18]),
        partial(headline, election, ""),
        declaration(contests[17]),
    ]
    for change, contest in zip(changes, contests[13:17], strict=True):
        with monkeypatch.context() as process:
            if elsewhere:
                process.setattr("results.desk.rendered._last", {})
            change()
        again = correction if contest == contests[13] else declaration
        again(contest)()
        fresh = render_night(ElectionSnapshot(election), PARTS)
        assert sent(PARTS) == fresh


def sent(names: tuple[str, ...]) -> dict[str, str]:
    """The latest of the named fragments that bulletins carry."""
    merged: dict[str, str] = {}
    for bulletin in Bulletin.objects.order_by("sequence"):
        merged |= {name: html for name, html in bulletin.fragments.items() if name in names}
    return merged


def assert_feed_is_fresh(result: desk.PublishResult) -> None:
    fresh = render_night(ElectionSnapshot(result.bulletin.election), ["feed"])
    assert result.bulletin.fragments["feed"] == fresh["feed"]
    entries = entry_ids(fresh["feed"])
    merged: dict[str, str] = {}
    for bulletin in Bulletin.objects.order_by("sequence"):
        merged |= bulletin.fragments
    assert {name: merged[name] for name in entries} == {name: fresh[name] for name in entries}


def test_first_bulletin_does_not_read_the_feed(seat: Contest) -> None:
    """Nothing is in it before, and each kind of entry is a query of its own."""
    counts = nights.islington_ballot_counts(seat)
    with CaptureQueriesContext(connection) as statements:
        result = nights.declare_counts(seat, counts, by=nights.user(), idempotency_key="first")
    assert not [row["sql"] for row in statements if "UNION ALL" in row["sql"]]
    assert_feed_is_fresh(result)

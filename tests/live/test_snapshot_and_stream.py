"""A page at any bulletin, with the bulletins after it applied, equals a fresh page."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.live.feed_list import is_entry
from results.models import Candidate, Contest, Election, Headline, Night, Post, Quote, Standing
from tests import nights
from tests.faults.parts import parts_of, with_later
from tests.live.pages import Page, after, all_pages

pytestmark = pytest.mark.django_db

Steps = Iterator[Callable[[], desk.PublishResult]]
NAMES = ("Islington North", "Vale", "Moor")


def three_seats() -> Election:
    """A night of Islington North, Vale and Moor, before any result."""
    election = nights.election()
    nights.islington_north(election)
    nights.contest(
        election,
        "Vale",
        [("Ann Hall", "lab"), ("Bob Rice", "con")],
        last={"con": 9000, "lab": 8000},
    )
    nights.contest(election, "Moor", [("Cat Moss", "independent"), ("Dan Reed", "speaker")])
    return election


@pytest.fixture
def night() -> Election:
    return three_seats()


def every_kind_of_bulletin(election: Election) -> Steps:
    """Functions that each publish one bulletin, of every kind there is."""
    north, vale, moor = (election.contests.get(name=name) for name in NAMES)
    editor = nights.user("editor")
    yield from _first_results(election, north, vale, editor)
    yield from _changes(north, vale, moor, editor)
    yield from _further_changes(election, north, vale, editor)
    yield lambda: _renamed(election, north, editor)
    yield from _posts_and_withdrawals(election, north, editor)


def _request() -> dict[str, Any]:
    """What a reporter's request has besides its counts, under a key of its own."""
    return {"by": nights.user(), "warning_reason": "As read out.", "idempotency_key": nights.key()}


def _first_results(election: Election, north: Contest, vale: Contest, editor: User) -> Steps:
    by, ann = nights.user(), vale.candidates.get(name="Ann Hall")
    yield lambda: desk.report_status(
        north, Standing.Status.UNDER_WAY, by=by, idempotency_key=nights.key()
    )
    yield lambda: nights.declare_winner(
        vale, [ann], by=by, idempotency_key=nights.key(), votes={ann.pk: 9000}
    )
    yield lambda: nights.declare_counts(north, nights.islington_ballot_counts(north), **_request())
    yield lambda: desk.publish(
        election,
        desk.QuoteContent(words="Thanks.", contest=north, speaker="X"),
        by=by,
        idempotency_key=nights.key(),
    )
    yield lambda: desk.publish(
        election, desk.HeadlineContent(text="He goes"), by=editor, idempotency_key=nights.key()
    )


def _changes(north: Contest, vale: Contest, moor: Contest, editor: User) -> Steps:
    yield lambda: nights.complete(
        vale, nights.ballot_counts(vale, 9000, 8500), base_revision=1, **_request()
    )
    yield lambda: nights.correct(
        north,
        nights.islington_ballot_counts(north, rejected=229),
        by=editor,
        idempotency_key=nights.key(),
        base_revision=1,
        reason="Misheard.",
    )
    yield lambda: nights.declare_counts(moor, nights.ballot_counts(moor, 5, 9000), **_request())
    yield lambda: nights.withdraw(
        vale, by=editor, idempotency_key=nights.key(), base_revision=2, reason="Reopened."
    )


def _further_changes(election: Election, north: Contest, vale: Contest, editor: User) -> Steps:
    yield lambda: desk.publish(
        election,
        desk.QuoteContent(words="Thanks to all.", contest=north, speaker="X"),
        by=editor,
        idempotency_key=nights.key(),
        replaces=Quote.objects.get(),
    )
    yield lambda: nights.declare_counts(
        vale, nights.ballot_counts(vale, 9001, 8500), base_revision=3, **_request()
    )
    yield lambda: desk.withdraw_publication(
        Headline.objects.get(), by=editor, idempotency_key=nights.key()
    )
    yield lambda: nights.correct(
        vale,
        nights.ballot_counts(vale, 8001, 8500),
        base_revision=4,
        reason="A thousand too many.",
        **_request(),
    )


def _posts_and_withdrawals(election: Election, north: Contest, editor: User) -> Steps:
    """A post, its correction and withdrawal, and the withdrawal of a quote."""
    yield lambda: desk.publish(
        election,
        desk.PostContent(text="We are there.", contest=north),
        by=editor,
        idempotency_key=nights.key(),
    )
    yield lambda: desk.publish(
        election,
        desk.PostContent(text="We are all there.", contest=north),
        by=editor,
        idempotency_key=nights.key(),
        replaces=Post.objects.get(),
    )
    yield lambda: desk.withdraw_publication(
        Post.objects.latest("pk"), by=editor, idempotency_key=nights.key()
    )
    yield lambda: desk.withdraw_publication(
        Quote.objects.latest("pk"), by=editor, idempotency_key=nights.key()
    )


def _renamed(election: Election, north: Contest, editor: User) -> desk.PublishResult:
    Candidate.objects.filter(name="James Clark").update(name="Jim Clark")
    return desk.republish(election, [north], by=editor, idempotency_key=nights.key())


# Committed, because a bulletin reuses what was rendered for the last committed one. On PostgreSQL
# as well: the other tests here read the same log in the same way.
@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_page_with_later_bulletins_equals_a_fresh_page(night: Election) -> None:
    remembered = {0: all_pages(night)}
    for step in every_kind_of_bulletin(night):
        last = max(remembered)
        result = step()
        now = remembered[result.sequence] = all_pages(night)
        # Each alone as well, because a later bulletin may hide what this one left out.
        assert with_later(remembered[last], after(night, last)) == now, f"at {result.sequence}"
    fresh = all_pages(night)
    assert len(remembered) == Night.objects.get().sequence + 1 == 19
    assert Headline.objects.count() == 2
    for sequence, page in remembered.items():
        assert with_later(page, after(night, sequence)) == fresh, f"from {sequence}"


SERVED = [
    *(f"/ge/{path}" for path in ("", "islington-north/", "vale/", "corrections/")),
    *(f"/embed/ge/{name}/" for name in ("scoreboard", "map", "feed", "moor")),
    *("/ge/?map=swing", "/embed/ge/map/?map=gains"),
]


@pytest.mark.django_db(transaction=True)
def test_page_is_sent_everything_that_changes_on_it(night: Election, client: Client) -> None:
    changed: dict[str, set[str]] = {path: set() for path in SERVED}
    before = {path: served(client, path) for path in SERVED}
    for step in every_kind_of_bulletin(night):
        sequence = Night.objects.get().sequence
        step()
        for path, old in before.items():
            new = before[path] = served(client, path)
            sent = sent_to(client, sequence, old.topics)
            page = {name: sent.get(name, html) for name, html in old.elements.items()}
            page |= {name: html for name, html in sent.items() if is_entry(name)}
            shown = {name: page[name] for name in new.elements}
            assert shown == new.elements, f"{path} after {sequence}"
            changed[path] |= {name for name, html in old.elements.items() if page[name] != html}
    assert [path for path, names in changed.items() if not names] == [], "no bulletin changes it"


@dataclass(frozen=True)
class Served:
    """What a page says its topics are, and its live elements by id, the feed as a list."""

    topics: str
    elements: Page


def served(client: Client, path: str) -> Served:
    html = client.get(path).content.decode()
    (topics,) = re.findall('data-topics="([^"]*)"', html)
    return Served(topics, parts_of(html))


def sent_to(client: Client, sequence: int, topics: str) -> Page:
    """The fragments that a page with these topics at `sequence` is sent."""
    fragments: Page = client.get(f"/ge/updates/{sequence}/?topics={topics}").json()["fragments"]
    return fragments


@dataclass(frozen=True)
class Finished:
    """A night after every kind of bulletin: its pages, and what pages at each number are sent."""

    fresh: Page
    after: list[Page]


@pytest.fixture(scope="module")
def finished(rolled_back_rows: Callable[[], AbstractContextManager[None]]) -> Finished:
    with rolled_back_rows():
        night = three_seats()
        for step in every_kind_of_bulletin(night):
            step()
        sequences = range(Night.objects.get().sequence)
        return Finished(all_pages(night), [after(night, sequence) for sequence in sequences])


def test_applying_bulletins_twice_changes_nothing(finished: Finished) -> None:
    for later in finished.after:
        assert with_later(finished.fresh, later) == finished.fresh


def test_every_fragment_is_an_element_with_its_id(finished: Finished) -> None:
    page, changed = dict(finished.fresh), finished.after[0]
    assert {name for name, html in changed.items() if html and not is_entry(name)} <= set(page)
    page |= {name: html for name, html in changed.items() if html}
    for name, html in page.items():
        assert f'id="{name}"' in html.partition(">")[0], name


def test_fragments_hold_nothing_personal(finished: Finished) -> None:
    everything = "".join([*finished.after[0].values(), *finished.fresh.values()])
    for secret in ("reporter", "editor", "csrf", "key-", "As read out."):
        assert secret not in everything, secret

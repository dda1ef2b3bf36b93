"""Pages from this process's cache equal pages that are read and rendered from nothing."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from cachetools import LRUCache
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.safestring import mark_safe

from electiondesk import release
from results import desk
from results.live import fragments, night_cache
from results.live.election_snapshot import ElectionSnapshot
from results.live.night_cache import CachedNight
from results.models import (
    Bulletin,
    Contest,
    Election,
    Group,
    IdempotencyRecord,
    Night,
    Party,
    Standing,
)
from results.reader import entries, parts
from results.reader.warm_up import MOST_SECONDS, WarmUp, render_ahead
from results.rehearsal.reset import delete_rehearsal
from tests import nights
from tests.live.test_snapshot_and_stream import every_kind_of_bulletin

# Those that are marked `db` read every page once with the cache and once without it, after every
# kind of bulletin and every way to lose some: the others ask the database for nothing else.
pytestmark = pytest.mark.django_db

#: Every page of the night below; a page of a bulletin is added for each.
PAGES = (
    *("", "feed/", "feed/?only=quotes", "feed/?only=gains", "feed/?only=corrections"),
    *("feed/?seats=vale", "regions/", "regions/london/", "groups/key-seats/", "parties/"),
    *("parties/lab/", "parties/con/", "parties/independent/", "changes/", "records/"),
    *("corrections/", "results.json", "results.csv", "feed.atom", "card.png"),
    *("islington-north/", "vale/", "vale/card.png", "moor/", "find/?q=o"),
)
UPDATED = re.compile(b"<updated>[^<]*</updated>")
CACHES: tuple[Any, ...] = (night_cache._nights, entries._cached, parts._cached)
EMBEDS = ("", "scoreboard/", "map/", "feed/", "islington-north/", "vale/")


@pytest.fixture
def night() -> Election:
    election = nights.election()
    nights.islington_north(election)
    people = [("Ann Hall", "lab"), ("Bob Rice", "con")]
    nights.contest(
        election, "Vale", people, last={"con": 9000, "lab": 8000}, region="East", hex_q=1, hex_r=2
    )
    nights.contest(election, "Moor", [("Cat Moss", "independent"), ("Dan Reed", "speaker")])
    group = Group.objects.create(election=election, slug="key-seats", name="Key seats")
    group.contests.set(election.contests.exclude(name="Moor"))
    return election


def every_page(client: Client, sequence: int) -> dict[str, bytes]:
    paths = [f"/ge/{path}" for path in PAGES] + [f"/embed/ge/{path}" for path in EMBEDS]
    pages = {path: client.get(path) for path in paths}
    assert {path for path, page in pages.items() if page.status_code != 200} == set()
    bulletins = [f"/ge/bulletins/{number}/" for number in range(1, sequence + 1)]
    pages |= {path: client.get(path) for path in bulletins}
    contents = {path: page.content for path, page in pages.items()}
    # A feed without entries is as new as its rendering.
    contents["/ge/feed.atom"] = UPDATED.sub(b"", contents["/ge/feed.atom"], count=1)
    return contents


def from_nothing(client: Client, sequence: int) -> dict[str, bytes]:
    forget()
    return every_page(client, sequence)


def forget() -> None:
    night_cache.clear()
    entries.clear()
    parts.clear()
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def _without_cache() -> Iterator[None]:
    forget()
    yield
    forget()


def different(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    assert one.keys() == other.keys()
    return [path for path in one if one[path] != other[path]]


# Committed, because a bulletin reuses what was rendered for the last committed one.
@pytest.mark.django_db(transaction=True)
def test_every_page_after_each_kind_of_bulletin(client: Client, night: Election) -> None:
    every_page(client, 0)
    for step in every_kind_of_bulletin(night):
        sequence = step().sequence
        kept = every_page(client, sequence)
        known = night_cache._nights[night.pk, night.language]
        assert known.night.sequence == sequence
        assert known.read_at == 0, "everything was read again"
        saved = [(cache, dict(cache)) for cache in CACHES]
        assert different(kept, from_nothing(client, sequence)) == [], f"at {sequence}"
        for cache, before in saved:
            cache.update(before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_every_page_after_several_bulletins_at_once(client: Client, night: Election) -> None:
    every_page(client, 0)
    for step in every_kind_of_bulletin(night):
        sequence = step().sequence
    kept = every_page(client, sequence)
    assert night_cache._nights[night.pk, night.language].read_at == 0
    assert different(kept, from_nothing(client, sequence)) == []


@pytest.mark.django_db(transaction=True)
def test_every_page_while_a_bulletin_is_published(
    client: Client, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in every_kind_of_bulletin(night):
        forget()
        before = night_cache.cached_night(night, Night.objects.get(election=night))
        sequence = step().sequence
        with monkeypatch.context() as late:
            # Each page has read the night before the bulletin, and reads the rest after it.
            late.setattr(
                "results.live.cached_snapshot.cached_night", lambda *_args, night=before: night
            )
            late.setattr("results.reader.pages.MAX_RENDERS", 1)
            every_page(client, sequence)


def test_new_epoch_reads_everything_again(client: Client, night: Election) -> None:
    nights.declare(night.contests.get(name="Vale"), 9000, 8500)
    every_page(client, 1)
    Party.objects.filter(slug="lab").update(name="Workers’ Party", colour="#00ff00")
    Contest.objects.filter(name="Moor").update(name="Heath")
    nights.contest(night, "Dale", [("Eve Day", "lab")])
    desk.start_new_epoch(night)
    kept = every_page(client, 1)
    assert b"Heath" in kept["/ge/"]
    assert b"Dale" in kept["/ge/results.json"]
    assert different(kept, from_nothing(client, 1)) == []


def test_log_put_back_in_the_same_epoch_reads_everything_again(
    client: Client, night: Election
) -> None:
    vale = night.contests.get(name="Vale")
    nights.declare(vale, 9000, 8500)
    every_page(client, 1)
    # As after a copy of the database that somebody put in place by hand.
    Standing.objects.filter(contest=vale).update(
        status="awaiting", revision=0, declaration=None, summary={}, contribution={}
    )
    Night.objects.filter(election=night).update(sequence=0, tally={})
    caches["pages"].clear()
    assert b"Ann Hall" not in client.get("/ge/regions/east/").content
    assert different(every_page(client, 0), from_nothing(client, 0)) == []


@pytest.mark.db
def test_gap_in_the_log_reads_everything_again(client: Client, night: Election) -> None:
    vale = night.contests.get(name="Vale")
    every_page(client, 0)
    nights.declare(vale, 9000, 8500)
    for model in (IdempotencyRecord, Bulletin):
        model.objects.all()._raw_delete("default")
    assert different(every_page(client, 1), from_nothing(client, 1)) == []


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates of the fragments that are rendered, in order."""
    templates: list[str] = []
    render = fragments._render

    def counted(snapshot: ElectionSnapshot, template: str, context: dict[str, object]) -> Any:
        templates.append(template)
        return render(snapshot, template, context)

    monkeypatch.setattr(fragments, "_render", counted)
    return templates


#: Fragments of the night, of the contest and of the feed that a declaration changes.
CHANGED = ("_progress", "_headline", "_scoreboard", "_row", "_hex", "feed/_result")


def test_pages_take_what_a_bulletin_carries(
    client: Client, night: Election, rendered: list[str]
) -> None:
    every_page(client, 0)
    nights.declare(night.contests.get(name="Vale"), 9000, 8500)
    rendered.clear()
    every_page(client, 1)
    assert [name for name in CHANGED if f"reader/{name}.html" in rendered] == []


def test_only_what_a_bulletin_of_another_release_changed_is_rendered_again(
    client: Client, night: Election, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every_page(client, 0)
    with monkeypatch.context() as older_release:
        older_release.setattr(release, "fingerprint", lambda: "older")
        nights.declare(night.contests.get(name="Vale"), 9000, 8500)
    rendered.clear()
    every_page(client, 1)
    assert {name: rendered.count(f"reader/{name}.html") for name in CHANGED} == dict.fromkeys(
        CHANGED, 1
    )


@pytest.mark.parametrize("path", ["/ge/", "/ge/regions/", "/ge/records/", "/ge/results.json"])
def test_queries_do_not_grow_with_contests(client: Client, path: str) -> None:
    counts = []
    for slug, number in (("ge", 4), ("council", 40)):
        election = nights.election(slug, name=slug)
        people = [("Ann Hall", "lab"), ("Bob Rice", "con")]
        seats = [
            nights.contest(election, f"Seat {at}", people, region=f"Region {at % 3}")
            for at in range(number)
        ]
        for seat in seats[: number // 2]:
            nights.declare(seat, 9000, 8500)
        page = path.replace("ge", slug, 1)
        client.get(page)
        nights.declare(seats[-1], 9000, 8500)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_batch_of_bulletins_is_read_at_once(client: Client, night: Election) -> None:
    every_page(client, 0)
    with desk.batch(night):
        for name in ("Vale", "Moor"):
            nights.declare(night.contests.get(name=name), 9000, 8500)
    kept = every_page(client, 2)
    assert night_cache._nights[night.pk, night.language].read_at == 0
    assert different(kept, from_nothing(client, 2)) == []


def test_pages_use_no_fragment_of_another_release(
    client: Client, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_page(client, 0)
    with monkeypatch.context() as older_release:
        older_release.setattr(release, "fingerprint", lambda: "older")
        older_release.setattr(fragments, "_render", lambda *_args: mark_safe("<p>older</p>"))
        nights.declare(night.contests.get(name="Vale"), 9000, 8500)
    kept = every_page(client, 1)
    assert not any(b"<p>older</p>" in page for page in kept.values())
    assert different(kept, from_nothing(client, 1)) == []


@pytest.mark.db
def test_rehearsal_that_was_deleted_leaves_nothing_behind(client: Client) -> None:
    for name in ("Vale", "Dale"):
        election = nights.election(rehearsal=True)
        seat = nights.contest(election, name, [("Ann Hall", "lab"), ("Bob Rice", "con")])
        nights.declare(seat, 9000, 8500)
        page = client.get("/ge/").content.decode()
        assert (f"/ge/{seat.slug}/" in page, page.count('class="row"')) == (True, 1)
        delete_rehearsal(election)


def test_contests_that_are_kept_have_a_limit(
    client: Client, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.election("empty", name="Empty")
    small: LRUCache[night_cache.Key, CachedNight] = LRUCache(
        3, getsizeof=night_cache._nights.getsizeof
    )
    monkeypatch.setattr(night_cache, "_nights", small)
    client.get("/ge/")
    assert (night.pk, night.language) in small
    client.get("/empty/")
    assert (night.pk, night.language) not in small


@pytest.mark.db
def test_warm_up_renders_what_pages_are_made_of(client: Client, night: Election) -> None:
    nights.declare(night.contests.get(name="Vale"), 9000, 8500)
    nights.election("closed", name="Closed", final=True)
    warm = WarmUp()
    assert warm.is_over(0), "it was not started"
    warm._started_at = time.monotonic()
    assert not warm.is_over(0)
    with patch("results.reader.warm_up.connections"):  # those of this test
        warm._run()
    assert warm.is_over(0)
    assert list(night_cache._nights) == [(night.pk, night.language)]
    contests = night_cache._nights[night.pk, night.language].contests.values()
    assert not any(contest.lacks("row") for contest in contests)


def test_details_changed_while_a_process_starts_are_in_its_pages(client: Client) -> None:
    """It has read its elections before: theirs stood on pages until the next bulletin."""
    soon = timezone.now() + timedelta(hours=1)
    election = nights.election("soon", polls_close=soon, date=soon.date(), timezone="UTC")
    nights.contest(election, "Aford", [("Ann", "lab"), ("Bob", "con")])
    nights.contest(election, "Beeham", [("Cat", "lab"), ("Dan", "con")])
    Election.objects.filter(pk=election.pk).update(polls_close=soon + timedelta(hours=1))
    desk.start_new_epoch(Election.objects.get(pk=election.pk))
    render_ahead(election)
    page = client.get("/soon/").content.decode()
    assert f"Polls close at {soon + timedelta(hours=1):%H:%M}" in page
    assert f"Polls close at {soon:%H:%M}" not in page


@pytest.mark.parametrize("starts", [True, False])
def test_language_changed_meanwhile_is_that_of_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch, starts: bool
) -> None:
    """By a process that starts, or by a request that has read its election before."""
    election = nights.election("soon")
    for name in ("Aford", "Beeham"):
        nights.declare(nights.contest(election, name, [("Ann", "lab"), ("Bob", "con")]), 900, 400)
    Election.objects.filter(pk=election.pk).update(language="cy")
    desk.start_new_epoch(Election.objects.get(pk=election.pk))
    with monkeypatch.context() as earlier:
        if starts:
            render_ahead(election)
        else:
            earlier.setattr("results.reader.views.public_election", lambda _slug: election)
        page = client.get("/soon/").content
    forget()
    assert "Canlyniadau" in page.decode()
    assert page == client.get("/soon/").content


def test_warm_up_ends_in_time_and_without_a_database() -> None:
    warm = WarmUp()
    warm._started_at = time.monotonic() - MOST_SECONDS
    assert warm.is_over(0)
    with (
        patch("results.reader.warm_up.Election.objects.filter", side_effect=DatabaseError),
        patch("results.reader.warm_up.connections"),
    ):
        warm._run()
    assert warm._over.is_set()

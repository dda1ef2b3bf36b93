"""A past night keeps its own times when it is loaded, replayed or recomputed."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import feedparser
import pytest

from tests.acceptance.epochs import EpochNight
from tests.servers import Server

#: From the close of poll to noon of the day after.
BEGINS, ENDS = datetime(2019, 12, 12, 22, tzinfo=UTC), datetime(2019, 12, 13, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """`manage.py demo` on a fresh database, then changes that start epochs."""
    desk = make_desk()
    desk.manage("demo", "--seats", "26")
    with desk:
        yield desk


def times_of(desk: Server, slug: str) -> dict[str, list[datetime]]:
    """Every moment that an election's pages name, for people and for programs."""
    paths = [f"/{slug}/", f"/{slug}/feed/", f"/{slug}/bulletins/1/", f"/embed/{slug}/feed/"]
    moments: dict[str, list[datetime]] = {}
    for path in paths:
        page = desk.get(path)
        # Not the day of the poll in the masthead, which has no time.
        texts = re.findall(r'<time datetime="([^"]+T[^"]+)"', page)
        for script in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page):
            texts += re.findall(r'"(?:date|coverage)\w+": *"([^"]+)"', script)
        moments[path] = [datetime.fromisoformat(text) for text in texts]
    feed = feedparser.parse(desk.get(f"/{slug}/feed.atom"))
    moments["feed.atom"] = [
        datetime.fromisoformat(text)
        for entry in feed.entries
        for text in (entry.published, entry.updated)
    ]
    assert all(moments.values())
    return moments


def assert_times_of_the_night(desk: Server, slug: str) -> None:
    for path, times in times_of(desk, slug).items():
        outside = [moment for moment in times if not BEGINS <= moment <= ENDS]
        assert outside == [], path


def as_of(desk: Server, slug: str) -> str:
    match = re.search(r'<span class="when">([^<]*)</span>', desk.get(f"/{slug}/"))
    assert match is not None
    return match[1]


def test_demo_of_2019_has_the_time_of_its_last_bulletin(demo: Server) -> None:
    assert_times_of_the_night(demo, "ge2019")
    assert as_of(demo, "ge2019") == "03:31"


def test_entries_are_ordered_by_time(demo: Server) -> None:
    for slug in ("ge2019", "rehearsal"):
        times = [
            datetime.fromisoformat(text)
            for text in re.findall(
                r'(?:class="permalink"[^>]*>|<summary>\s*)<time datetime="([^"]+)"',
                demo.get(f"/{slug}/feed/"),
            )
        ]
        assert len(times) > 5
        assert times == sorted(times, reverse=True)


def test_start_over_keeps_the_times(demo: Server) -> None:
    demo.manage("start_over", "ge2019")
    assert_times_of_the_night(demo, "ge2019")
    assert as_of(demo, "ge2019") == "03:31"


@pytest.mark.parametrize("command", ["replay", "load_results"])
def test_loaded_results_keep_their_times(make_desk: Callable[..., Server], command: str) -> None:
    desk = make_desk()
    night = EpochNight(desk)
    night.declare(command)
    night.load_last_results()
    with desk:
        assert_times_of_the_night(desk, "ge")
        assert as_of(desk, "ge") == "03:05"


def test_results_without_times_have_none(make_desk: Callable[..., Server]) -> None:
    desk = make_desk()
    night = EpochNight(desk)
    night.declare("load_results", "--date", "2019-12-12", times=False)
    with desk:
        assert as_of(desk, "ge") == ""
        for path in ("/ge/", "/ge/feed/", "/ge/bulletins/1/", "/embed/ge/feed/"):
            assert not re.search(r'<time datetime="[^"]*T', desk.get(path))
        entries = feedparser.parse(desk.get("/ge/feed.atom")).entries
        assert entries
        assert not any("published" in entry for entry in entries)
        # Atom requires when an entry was updated: within the night, as the log has it.
        updated = [datetime.fromisoformat(entry.updated) for entry in entries]
        assert all(BEGINS <= moment <= ENDS for moment in updated)

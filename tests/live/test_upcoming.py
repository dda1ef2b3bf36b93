"""A bulletin costs as much in a large night as in a small one, counted by SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from results.desk import rendered
from results.live.upcoming import WINDOW
from results.rehearsal.generator import generate_night
from results.rehearsal.invented import Event
from results.rehearsal.night import Playback
from results.rehearsal.setting_up import rehearsal_user, set_up

# Committed, because a bulletin follows what was read for the last committed one.
pytestmark = pytest.mark.django_db(transaction=True)

#: Instructions of SQLite's virtual machine between two calls of the counter.
COUNTED = 10


class Instructions:
    count = 0

    def __call__(self) -> int:
        self.count += COUNTED
        return 0


@contextmanager
def counted_instructions() -> Iterator[Instructions]:
    """Count the instructions that SQLite executes within: they grow with the rows looked at."""
    counter = Instructions()
    connection.connection.set_progress_handler(counter, COUNTED)
    try:
        yield counter
    finally:
        connection.connection.set_progress_handler(None, 0)


def declarations(size: int) -> tuple[Playback, list[Event]]:
    """A night of so many seats, and its plain declarations."""
    night = generate_night(1, size)
    playback = Playback(set_up(f"night-of-{size}", night), night, rehearsal_user())
    return playback, [event for event in night.events if event.action == "declare"]


def play(playback: Playback, event: Event) -> int:
    """Publish an event; return how many instructions that took."""
    with counted_instructions() as instructions:
        playback.play(event, at=playback.time_of(event))
    return instructions.count


def test_declaration_costs_the_same_in_a_large_night() -> None:
    costs = {}
    for size in (30, 900):
        playback, events = declarations(size)
        first, *others = [play(playback, event) for event in events[:6]]
        costs[size] = sorted(others)[2]
    assert first > 3 * costs[900], "the first reads all contests"
    assert costs[900] < 1.1 * costs[30]


def test_all_contests_are_read_again_only_once_in_a_window() -> None:
    playback, events = declarations(2 * WINDOW + 20)
    costs = [play(playback, event) for event in events[: WINDOW + 10]]
    usual = sorted(costs)[len(costs) // 2]
    assert 1 <= sum(cost > 2 * usual for cost in costs) <= 3


def test_bulletins_of_other_processes_are_followed() -> None:
    """Two processes take turns: neither reads all contests after a bulletin of the other."""
    playback, events = declarations(900)
    memories: list[Any] = [{}, {}]
    costs = []
    for at, event in enumerate(events[:10]):
        rendered._last = memories[at % 2]
        costs.append(play(playback, event))
    assert max(costs[2:]) < min(costs[:2]) / 3

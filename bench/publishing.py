"""The cost of one declaration, early and late in a night: `python -m bench.publishing`.

Publishes three rehearsals in this process: one up to its beginning, one further and one nearly to
its end. Then measures one declaration of each in turn, so that other load on the machine affects
all alike.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

#: As many as the councils of England and Wales elect in a large year, and some that do not declare
#: in the usual way.
SEATS = 3200
#: The declarations that are compared, by their number in the night.
NUMBERS = (10, 300, 3000)
#: Number of declarations measured before and after each, because a single one is noise.
AROUND = 10


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one declaration: processor time of the publishing thread, and wall time."""

    cpu: float
    wall: float


def costs_in_turn(seats: int = SEATS, numbers: Sequence[int] = NUMBERS) -> dict[int, Cost]:
    """Return the median cost of the declarations around each number, in DATABASE_URL's database."""
    nights = {number: _declarations_from(number - AROUND, seats) for number in numbers}
    measured: dict[int, list[Cost]] = {number: [] for number in numbers}
    for _turn in range(2 * AROUND):
        for number, night in nights.items():
            measured[number].append(next(night))
    return {
        number: Cost(
            cpu=median(cost.cpu for cost in costs), wall=median(cost.wall for cost in costs)
        )
        for number, costs in measured.items()
    }


def _declarations_from(start: int, seats: int) -> Iterator[Cost]:
    """Publish a night up to declaration `start` at once, and one more for each `next`."""
    from results import desk
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback
    from results.rehearsal.setting_up import rehearsal_user, set_up

    night = generate_night(1, seats)
    play = Playback(set_up(f"from-{start}", night), night, rehearsal_user())
    declarations = [at for at, event in enumerate(night.events) if event.action == "declare"]
    begin = declarations[start]
    for events in desk.in_batches(night.events[:begin]):
        with desk.batch(play.election):
            for event in events:
                play.play(event, at=play.time_of(event))
    return _costs(play, night.events[begin:])


def _costs(play: Any, events: Sequence[Any]) -> Iterator[Cost]:
    for event in events:
        cpu, wall = time.thread_time(), time.perf_counter()
        play.play(event, at=play.time_of(event))
        if event.action == "declare":
            cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
            yield Cost(cpu=cpu * 1000, wall=wall * 1000)


if __name__ == "__main__":
    import django

    from electiondesk import garbage

    garbage.collect_less_often()  # as in a server
    django.setup()
    print(json.dumps({number: asdict(cost) for number, cost in costs_in_turn().items()}))

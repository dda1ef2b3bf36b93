"""What one more declaration costs, early in a night and late: `python -m bench.publishing`.

Plays rehearsals through the door in this process, one to its beginning, one to its middle and one
nearly to its end, and then goes on with all of them in turn: whatever else the machine does falls
on each alike.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

#: The declarations that are compared, by their number in a night of 650.
#: The last is nearly the end: of 650 seats, 17 come as a winner first and 7 otherwise.
NUMBERS = (10, 300, 615)
#: Declarations around each that are measured, since one alone is noise.
AROUND = 10


@dataclass(frozen=True)
class Cost:
    """Of one declaration, in milliseconds: processor time of the publishing thread, and time."""

    cpu: float
    wall: float


def costs_in_turn() -> dict[int, Cost]:
    """The median cost of the declarations around each number; DATABASE_URL says where."""
    nights = {number: _declarations_from(number - AROUND) for number in NUMBERS}
    measured: dict[int, list[Cost]] = {number: [] for number in NUMBERS}
    for _turn in range(2 * AROUND):
        for number, night in nights.items():
            measured[number].append(next(night))
    return {
        number: Cost(cpu=median(one.cpu for one in some), wall=median(one.wall for one in some))
        for number, some in measured.items()
    }


def _declarations_from(start: int) -> Iterator[Cost]:
    """Play a night of its own up to a declaration at once, and each later one when asked to."""
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback, rehearsal_user, set_up

    night = generate_night(1, 650)
    whole = Playback(set_up(f"from-{start}", night), night, rehearsal_user())
    costs = _declarations(whole)
    for _before in range(start):
        next(costs)
    return costs


def _declarations(whole: Any) -> Iterator[Cost]:
    for event in whole.night.events:
        cpu, wall = time.thread_time(), time.perf_counter()
        whole.play(event, at=whole.time_of(event))
        if event.action == "declare":
            used, took = time.thread_time() - cpu, time.perf_counter() - wall
            yield Cost(cpu=used * 1000, wall=took * 1000)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({number: asdict(cost) for number, cost in costs_in_turn().items()}))

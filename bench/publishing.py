"""The cost of one declaration, early and late in a night: `python -m bench.publishing`.

Publishes rehearsals in this process: one up to its beginning, one to its middle, one nearly to its
end, and one of as many contests as a night of council elections has, nearly to its end. Then
measures one declaration of each in turn, so that other load on the machine affects all alike.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

#: The declarations that are compared, by their number, with the seats of their night. The last
#: ones are near the end, because a few seats come as a winner first or in other ways.
NUMBERS = {10: 650, 300: 650, 615: 650, 2850: 3000}
#: Number of declarations measured before and after each, because a single one is noise.
AROUND = 10


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one declaration: processor time of the publishing thread, and wall time."""

    cpu: float
    wall: float


def costs_in_turn() -> dict[int, Cost]:
    """Return the median cost of the declarations around each number, in DATABASE_URL's database."""
    nights = {
        number: _declarations_from(number - AROUND, seats) for number, seats in NUMBERS.items()
    }
    measured: dict[int, list[Cost]] = {number: [] for number in NUMBERS}
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
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback, rehearsal_user, set_up

    night = generate_night(1, seats)
    costs = _declarations(Playback(set_up(f"from-{start}", night), night, rehearsal_user()))
    for _declaration in range(start):
        next(costs)
    return costs


def _declarations(play: Any) -> Iterator[Cost]:
    for event in play.night.events:
        cpu, wall = time.thread_time(), time.perf_counter()
        play.play(event, at=play.time_of(event))
        if event.action == "declare":
            cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
            yield Cost(cpu=cpu * 1000, wall=wall * 1000)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({number: asdict(cost) for number, cost in costs_in_turn().items()}))

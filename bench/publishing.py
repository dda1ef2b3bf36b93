"""What one more declaration costs, early in a night and late: `python -m bench.publishing`.

Plays the whole rehearsal through the door in this process and prints what each declaration used.
"""

import json
import time
from dataclasses import asdict, dataclass
from statistics import median

#: Declarations around the one in question, since one alone is noise.
AROUND = 10


@dataclass(frozen=True)
class Cost:
    """Of one declaration, in milliseconds: processor time of the publishing thread, and time."""

    cpu: float
    wall: float


def play() -> list[Cost]:
    """Every declaration of the rehearsal in order; DATABASE_URL says where."""
    from results.rehearsal.invention import invent
    from results.rehearsal.night import Play, player, set_up

    night = invent(1, 650)
    whole = Play(set_up("publishing", night), night, player())
    costs = []
    for event in night.events:
        cpu, wall = time.thread_time(), time.perf_counter()
        whole.play(event, at=whole.time_of(event))
        if event.act == "declare":
            used, took = time.thread_time() - cpu, time.perf_counter() - wall
            costs.append(Cost(cpu=used * 1000, wall=took * 1000))
    return costs


def around(costs: list[Cost], number: int) -> Cost:
    """The median of the declarations around the ``number``-th of the night."""
    some = costs[max(number - AROUND, 0) : number + AROUND]
    return Cost(cpu=median(one.cpu for one in some), wall=median(one.wall for one in some))


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps([asdict(cost) for cost in play()]))

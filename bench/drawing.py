"""The cost of drawing each page after one bulletin: `python -m bench.drawing CONTESTS`.

Publishes a rehearsal nearly to its end in this process. Then publishes one declaration after the
other and requests every page after each, compressed as browsers accept it. Requests are made
without a server, so that the figures are of the application alone.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from statistics import median
from typing import Any

#: Numbers of contests that are compared: a general election and a night of councils.
CONTESTS = (650, 3000)
ELECTION = "bench"
#: Declarations that are measured, the last of the night but for winners and corrections.
ROUNDS = 7
#: Pages by name. `{seat}` is the contest just declared, `{other}` one that was declared before.
PAGES = {
    "the live page": "/bench/",
    "results.json": "/bench/results.json",
    "results.csv": "/bench/results.csv",
    "feed.atom": "/bench/feed.atom",
    "the whole feed": "/bench/feed/",
    "regions": "/bench/regions/",
    "one region": "/bench/regions/london/",
    "one group": "/bench/groups/key-seats/",
    "parties": "/bench/parties/",
    "one party": "/bench/parties/lab/",
    "changed hands": "/bench/changes/",
    "records": "/bench/records/",
    "corrections": "/bench/corrections/",
    "the seat declared": "/bench/{seat}/",
    "another seat": "/bench/{other}/",
    "the card": "/bench/card.png",
    "embedded scoreboard": "/embed/bench/scoreboard/",
    "embedded map": "/embed/bench/map/",
    "embedded feed": "/embed/bench/feed/",
    "embedded seat": "/embed/bench/{other}/",
}


@dataclass(frozen=True)
class PageCost:
    """Milliseconds of CPU of the first request of a process and after a bulletin; bytes sent."""

    first: float
    after_bulletin: float
    size: int


def costs_of_pages(contests: int) -> dict[str, PageCost]:
    """Measure each page, in DATABASE_URL's database; return the costs by page."""
    from django.test import Client

    client = Client(headers={"accept-encoding": "br", "host": "127.0.0.1"})
    measured: dict[str, list[float]] = {name: [] for name in PAGES}
    sizes = {}
    for seat, other in _declarations(contests):
        for name, path in PAGES.items():
            start = time.thread_time()
            response = client.get(path.format(seat=seat, other=other), secure=True)
            measured[name].append((time.thread_time() - start) * 1000)
            assert response.status_code == 200, path
            sizes[name] = len(response.content)
    return {
        name: PageCost(costs[0], median(costs[1:]), sizes[name]) for name, costs in measured.items()
    }


def _declarations(contests: int) -> Iterator[tuple[str, str]]:
    """Publish a night; yield the slugs of the seat just declared and of one declared before."""
    from django.utils.text import slugify

    from results import desk
    from results.models import Election
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback
    from results.rehearsal.setting_up import rehearsal_user, set_up

    night = generate_night(1, contests)
    playback = Playback(set_up(ELECTION, night), night, rehearsal_user())
    # Rehearsals have no structured data for search engines, which costs as well.
    Election.objects.filter(slug=ELECTION).update(rehearsal=False)
    numbers = [at for at, event in enumerate(night.events) if event.action == "declare"]
    first = numbers[-ROUNDS - 1]
    remaining: Any = {event.key for event in playback.remaining()}
    for events in desk.in_batches([e for e in night.events[:first] if e.key in remaining]):
        with desk.batch(playback.election):
            for event in events:
                playback.play(event, at=playback.time_of(event))
    for event in night.events[first:]:
        playback.play(event, at=playback.time_of(event))
        if event.action == "declare":
            seats = (night.seats[event.seat].name, night.seats[night.events[0].seat].name)
            yield slugify(seats[0]), slugify(seats[1])


if __name__ == "__main__":
    import django

    from electiondesk import garbage

    garbage.collect_less_often()  # as in a server
    django.setup()
    costs = costs_of_pages(int(sys.argv[1]))
    print(json.dumps({name: astuple(cost) for name, cost in costs.items()}))

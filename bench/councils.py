"""The cost of a night of councils beside a general election: `python -m bench.councils`.

Milliseconds of CPU for a declaration and for drawing the live page after it: of 650
constituencies, of one council of 20 wards of three seats, and of 150 such councils. The
declarations that follow the first 300 of each night, and the first 4 of the one council's, are
measured in turn.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

#: Declarations of each night that are measured, after one that fills the caches.
ROUNDS = 15
COUNCILS, WARDS, SEATS = 150, 20, 3
#: Results of each night before them, and of the one council's.
DECLARED, DECLARED_OF_ONE = 300, 4


@dataclass(frozen=True)
class NightCost:
    """Milliseconds of CPU: of a declaration, of the live page after it, and of a council's page."""

    declaration: float
    live_page: float
    other_page: float


def costs() -> dict[str, NightCost]:
    """Measure the three nights, in DATABASE_URL's database; return the costs by night."""
    nights = {
        "650 contests": (_general_election(), "/general/{seat}/", "general"),
        f"{WARDS} wards": (
            _councils("council", 1, DECLARED_OF_ONE),
            "/council/bodies/{body}/",
            "council",
        ),
        f"{COUNCILS * WARDS:,} wards": (
            _councils("councils", COUNCILS, DECLARED),
            "/councils/bodies/{body}/",
            "councils",
        ),
    }
    measured: dict[str, list[tuple[float, float, float]]] = {name: [] for name in nights}
    for _round in range(ROUNDS + 1):
        for name, (declarations, page, slug) in nights.items():
            declare, place = next(declarations)
            measured[name].append((_cpu(declare), *_drawn(slug, page.format(**place))))
    return {
        name: NightCost(*(median(column) for column in zip(*rows[1:], strict=True)))
        for name, rows in measured.items()
    }


def _cpu(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


def _drawn(slug: str, page: str) -> tuple[float, float]:
    from django.test import Client

    client = Client(headers={"accept-encoding": "br", "host": "127.0.0.1"})

    def get(path: str) -> None:
        assert client.get(path, secure=True).status_code == 200, path

    return _cpu(lambda: get(f"/{slug}/")), _cpu(lambda: get(page))


Declarations = Iterator[tuple[Callable[[], object], Mapping[str, str]]]


def _general_election() -> Declarations:
    """The declarations of a rehearsal, and the seat of each."""
    from django.utils.text import slugify

    from results import desk
    from results.models import Election
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback
    from results.rehearsal.setting_up import rehearsal_user, set_up

    night = generate_night(1, 650)
    play = Playback(set_up("general", night), night, rehearsal_user())
    # Rehearsals have no structured data for search engines, which costs as well.
    Election.objects.filter(slug="general").update(rehearsal=False)
    numbers = [at for at, event in enumerate(night.events) if event.action == "declare"]
    first = numbers[DECLARED]
    for events in desk.in_batches(night.events[:first]):
        with desk.batch(play.election):
            for event in events:
                play.play(event, at=play.time_of(event))
    for event in night.events[first:]:
        if event.action == "declare":
            seat = slugify(night.seats[event.seat].name)
            yield _played(play, event), {"seat": seat, "body": ""}


def _played(play: Any, event: Any) -> Callable[[], object]:
    return lambda: play.play(event, at=play.time_of(event))


def _councils(slug: str, bodies: int, first: int) -> Declarations:
    """Declarations of wards, those of each council in turn, and the council of each.

    The `first` of them are made before.
    """
    from results import desk
    from tests import councils

    night = councils.council_night(slug, name="Council elections")
    _make_wards(night, bodies)
    contests = list(night.contests.select_related("body").order_by("name", "pk"))
    declared, waiting = contests[:first], contests[first:]
    for some in desk.in_batches(declared):
        with desk.batch(night):
            for contest in some:
                councils.declare(contest)
    for contest in waiting:
        place = {"seat": contest.slug, "body": contest.body.slug}
        yield partial(councils.declare, contest), place


def _make_wards(night: Any, councils: int) -> None:
    """Make councils of wards of three seats, with six candidates and the three who held them."""
    from results.models import Body, Candidate, Contest, LastResult, LastVotes
    from tests import nights

    parties = [nights.party(slug) for slug in ("lab", "con", "ld", "green", "brexit", "loony")]
    bodies = Body.objects.bulk_create(
        Body(election=night, name=f"Council {at}", slug=f"council-{at}", sort_key=f"{at:03}")
        for at in range(councils)
    )
    contests = Contest.objects.bulk_create(
        Contest(
            election=night,
            body=body,
            name=f"Ward {at:02} of {body.name}",
            slug=f"{body.slug}-ward-{at}",
            sort_key=f"{at:02}",
            seats=SEATS,
        )
        for body in bodies
        for at in range(WARDS)
    )
    Candidate.objects.bulk_create(
        Candidate(contest=contest, name=f"Candidate {order}", ballot_order=order, party=party)
        for contest in contests
        for order, party in enumerate(parties, 1)
    )
    results = LastResult.objects.bulk_create(
        LastResult(contest=contest, valid=9000, seats=SEATS) for contest in contests
    )
    LastVotes.objects.bulk_create(
        LastVotes(last_result=result, party=party, votes=1500, elected=True)
        for result in results
        for party in (parties[0], parties[0], parties[1])
    )


if __name__ == "__main__":
    import django

    from electiondesk import garbage

    garbage.collect_less_often()  # as in a server
    django.setup()
    print(json.dumps({name: asdict(cost) for name, cost in costs().items()}))

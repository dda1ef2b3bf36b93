"""Generate chambers of lists: the Senedd, and chambers of constituencies and regions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from results.arithmetic import Candidacy, Constituencies, lists_of
from results.arithmetic.allocation import allocate
from results.arithmetic.kinds import Method
from results.rehearsal.generator import (
    STRENGTHS,
    invented_minute,
    invented_seat,
    leaning,
    parts,
    people_of,
    seat_names,
)
from results.rehearsal.invented import InventedBody, InventedCandidate, InventedSeat

Contests = tuple[list[InventedSeat], list[InventedBody]]
SENEDD = {"lab": 24, "pc": 27, "con": 13, "reform": 24, "green": 7, "ld": 5}


def senedd(random: Random, size: int) -> Contests:
    places = seat_names(random)
    return [_lists(random, next(places), SENEDD, seats=6) for _ in range(size)], []


def scottish_parliament(random: Random, size: int) -> Contests:
    return _regions_and_constituencies(random, parts(size, min(8, size)), 7, "Scotland")


def london_assembly(random: Random, size: int) -> Contests:
    return _regions_and_constituencies(random, [size], 11, "England")


def _regions_and_constituencies(
    random: Random, sizes: Iterable[int], list_seats: int, nation: str
) -> Contests:
    places = seat_names(random)
    seats: list[InventedSeat] = []
    for number in sizes:
        region = f"{next(places)} Region"
        own = [invented_seat(random, next(places), "", nation) for _ in range(number)]
        for seat in own:
            seat.region_contest = region
        lists = _lists(random, region, STRENGTHS[nation], seats=list_seats)
        lists.method = Method.LISTS
        lists.minute = max(seat.minute for seat in own) + 20
        _add_last_time(lists, own, strengths=STRENGTHS[nation])
        seats += [*own, lists]
    return seats, []


def _add_last_time(
    ballot: InventedSeat, own: list[InventedSeat], *, strengths: Mapping[str, float]
) -> None:
    """Invent the votes of a region's lists last time, and who had its seats beside its own seats.

    Uses a random generator of its own, so that the rest of a night does not change.
    """
    random = Random(f"last time {ballot.name}")
    valid = sum(candidate.votes for candidate in ballot.candidates)
    before = leaning(random, strengths, 0.25)
    ballot.electorate_last_time = ballot.electorate - int(random.gauss(600, 400))
    numbered = list(enumerate(ballot.candidates))
    for _number, candidate in numbered:
        first = candidate.list_position == 1
        candidate.votes_last_time = int(valid * before[candidate.label]) if first else 0
    lists = lists_of(
        [
            Candidacy(id=number, label=each.label, list_position=each.list_position)
            for number, each in numbered
        ]
    )
    allocated = allocate(
        lists,
        {each.id: ballot.candidates[each.id].votes_last_time or 0 for each in lists},
        seats=ballot.seats,
        constituencies=Constituencies(won=Counter(seat.held_by[0].label for seat in own)),
        open_ties=True,
    )
    for seat in allocated.seats:
        ballot.candidates[seat.candidate].held = True


def _lists(
    random: Random, name: str, strengths: Mapping[str, float], *, seats: int
) -> InventedSeat:
    electorate = int(random.gauss(70_000, 6_000)) * 2
    valid = int(electorate * random.uniform(0.45, 0.6))
    ballot = InventedSeat(
        name=name,
        seats=seats,
        electorate=electorate,
        rejected=int(random.uniform(200, 500)),
        minute=invented_minute(random),
    )
    people = people_of(random)
    for label, share in leaning(random, strengths, 0.25).items():
        ballot.candidates += [
            InventedCandidate(
                name=next(people),
                label=label,
                votes=int(valid * share) if position == 1 else 0,
                list_position=position,
            )
            for position in range(1, seats + 1)
        ]
    return ballot

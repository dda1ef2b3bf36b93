"""Generate a general election from a seed: seats, candidates, last time's votes, and events.

Pure: the same seed and size give the same night on any machine.
"""

from collections.abc import Iterator, Mapping
from random import Random

from results.rehearsal import names
from results.rehearsal.invented import (
    Event,
    InventedCandidate,
    InventedNight,
    InventedSeat,
    in_order,
)

#: Average share of each party in percent, by nation.
STRENGTHS: dict[str, dict[str, float]] = {
    "England": {"con": 40, "lab": 39, "ld": 12, "green": 3, "reform": 6},
    "Scotland": {"snp": 38, "con": 24, "lab": 27, "ld": 9, "green": 2},
    "Wales": {"lab": 42, "con": 31, "pc": 13, "ld": 6, "reform": 8},
    "Northern Ireland": {"dup": 29, "sf": 28, "alliance": 16, "sdlp": 14, "uup": 13},
}
#: National change since last time, in percentage points.
MOVEMENT = {"con": 2.5, "lab": -4.5, "ld": 1.5, "green": 1, "reform": -0.5, "snp": 3, "alliance": 4}
#: Standard deviations of the logarithm of a share: between seats, and between elections.
LEAN = 0.52
NOISE = 0.09
#: Minutes from the close of poll to a declaration: mean, standard deviation, earliest, latest.
PACE = (300, 80, 82, 720)


class TooManyContests(ValueError):
    """Raised for a night of more places than have an invented name."""


def generate_night(seed: int = 1, size: int = 650) -> InventedNight:
    """Generate a night of `size` seats in the twelve regions."""
    random = Random(seed)
    names_of_seats = seat_names(random)
    seats = tuple(
        invented_seat(random, next(names_of_seats), region, nation)
        for region, nation, count in _regions(size)
        for _ in range(count)
    )
    order = sorted(range(size), key=lambda at: (seats[at].minute, at))
    _speaker(random, seats[order[size // 3]])
    _tie(seats[order[size // 8]])
    return InventedNight(seats, tuple(_events(random, seats, order)))


# --- Names of seats and people --------------------------------------------------------------


def _regions(size: int) -> Iterator[tuple[str, str, int]]:
    """Yield regions with their number of seats; the first ones take the remainder."""
    total = sum(count for _region, _nation, count in names.REGIONS)
    counts = [count * size // total for _region, _nation, count in names.REGIONS]
    for at in range(size - sum(counts)):
        counts[at % len(counts)] += 1
    for (region, nation, _count), count in zip(names.REGIONS, counts, strict=True):
        yield region, nation, count


def seat_names(random: Random) -> Iterator[str]:
    """Yield names, each once: “Quillmere”, “North Sedgewick”, “Wrenford and Larchdale”.

    Nights with more seats than towns go on with “Great Quillmere”. Raises TooManyContests.
    """
    towns = [first + second for first in names.FIRST_HALVES for second in names.SECOND_HALVES]
    random.shuffle(towns)
    remaining = iter(towns)
    for town in remaining:
        form = random.random()
        if form < 0.2:
            yield f"{random.choice(names.POINTS)} {town}"
        elif form < 0.3 and (neighbour := next(remaining, "")):
            yield f"{town} and {neighbour}"
        else:
            yield town
    for size in names.SIZES:
        yield from (f"{size} {town}" for town in towns)
    raise TooManyContests("there are not so many invented names of places")


def people_of(random: Random) -> Iterator[str]:
    taken = set()
    while True:
        name = f"{random.choice(names.FIRST_NAMES)} {random.choice(names.SURNAMES)}-Test"
        if name not in taken:
            taken.add(name)
            yield name


# --- Votes ----------------------------------------------------------------------------------


def invented_seat(random: Random, name: str, region: str, nation: str) -> InventedSeat:
    electorate = int(random.gauss(73_000, 6_000))
    strengths = STRENGTHS[nation].items()
    then = shares({label: share * 2.718 ** random.gauss(0, LEAN) for label, share in strengths})
    now = shares(
        {
            label: max(share + MOVEMENT.get(label, 0) / 100, 0.004)
            * 2.718 ** random.gauss(0, NOISE)
            for label, share in then.items()
        }
    )
    last_electorate = electorate - int(random.gauss(400, 900))
    seat = InventedSeat(
        name=name,
        region=region,
        nation=nation,
        electorate=electorate,
        electorate_last_time=last_electorate,
        rejected=int(random.uniform(60, 260)),
        minute=minute_of(random),
    )
    turnout = random.uniform(0.58, 0.74)
    counted = int(electorate * turnout)
    before = int(last_electorate * (turnout + random.gauss(0, 0.015)))
    people = people_of(random)
    seat.candidates += [
        InventedCandidate(
            name=next(people),
            label=label,
            votes=int(counted * now[label]),
            votes_last_time=int(before * then[label]),
        )
        for label in now
    ]
    if random.random() < 0.3:
        seat.candidates.append(_independent(random, next(people)))
    no_tie(seat)
    return seat


def _independent(random: Random, name: str) -> InventedCandidate:
    votes = int(random.uniform(90, 1400))
    return InventedCandidate(name=name, label="independent", votes=votes)


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


def minute_of(random: Random) -> int:
    mean, deviation, first, last = PACE
    return min(max(int(random.gauss(mean, deviation)), first), last)


def no_tie(seat: InventedSeat) -> None:
    first, second = seat.ranked[:2]
    if first.votes == second.votes:
        first.votes += 1


def _speaker(random: Random, seat: InventedSeat) -> None:
    """Make a seat the Speaker's: by custom the main parties do not stand against them."""
    winner = seat.ranked[0]
    winner.label = "speaker"
    for other in seat.candidates:
        if other is not winner:
            other.votes = int(other.votes * 0.4)
    seat.rejected = int(random.uniform(900, 1300))


def _tie(seat: InventedSeat) -> None:
    """Make a seat a tie that the second candidate wins by lot, with no more votes than before."""
    first, second = seat.ranked[:2]
    first.votes = second.votes = (first.votes + second.votes) // 2
    seat.lot = second.name


# --- Events ---------------------------------------------------------------------------------


def _events(random: Random, seats: tuple[InventedSeat, ...], order: list[int]) -> Iterator[Event]:
    """Return the events in order. Most seats are declared once; a few have irregularities."""
    planned: list[tuple[int, int, str]] = []
    for position, seat in enumerate(order):
        planned += _seat_events(random, seats[seat], seat, position)
    return in_order(planned)


def _seat_events(
    random: Random, seat: InventedSeat, at: int, position: int
) -> Iterator[tuple[int, int, str]]:
    """Yield (minute, seat number, action) of a seat; `position` is in the declaration order."""
    minute = seat.minute
    if position % 6 == 2:
        yield max(minute - 45, 30), at, "under_way"
    if seat.lot or seat.ranked[0].votes - seat.ranked[1].votes < 100:
        yield max(minute - 25, 40), at, "recount"
    if position % 40 == 7:
        yield minute - 6, at, "winner_only"
        yield minute, at, "complete"
    else:
        yield minute, at, "declare_misheard" if position % 60 == 21 else "declare"
    if position % 60 == 21:
        yield minute + 9, at, "correct"
    if position % 200 == 33:
        yield minute + 12, at, "withdraw"
        yield minute + 30, at, "declare"
    if random.random() < 0.08 and position % 200 != 33:
        yield minute + 4, at, "quote"


def parts(size: int, number: int) -> list[int]:
    """`size` in so many parts, as equal as can be; the first ones take the remainder."""
    return [size // number + (at < size % number) for at in range(number)]


def leaning(random: Random, strengths: Mapping[str, float], spread: float) -> dict[str, float]:
    return shares(
        {label: share * 2.718 ** random.gauss(0, spread) for label, share in strengths.items()}
    )


def invented_minute(random: Random) -> int:
    return min(max(int(random.gauss(210, 60)), 70), 500)

"""An invented night, whole, from a seed: seats, candidates, last time, and what will happen when.

Pure: the same seed and size are the same night on any machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from results.rehearsal import names

#: Where each party's share starts from, by nation, before a seat's own lean.
STRENGTHS: dict[str, dict[str, float]] = {
    "England": {"con": 40, "lab": 39, "ld": 12, "green": 3, "reform": 6},
    "Scotland": {"snp": 38, "con": 24, "lab": 27, "ld": 9, "green": 2},
    "Wales": {"lab": 42, "con": 31, "pc": 13, "ld": 6, "reform": 8},
    "Northern Ireland": {"dup": 29, "sf": 28, "alliance": 16, "sdlp": 14, "uup": 13},
}
#: The country's movement since last time, in points.
MOVEMENT = {"con": 2.5, "lab": -4.5, "ld": 1.5, "green": 1, "reform": -0.5, "snp": 3, "alliance": 4}
#: How far seats lean from their nation: standard deviation of the logarithm of a share.
LEAN = 0.52
NOISE = 0.09
#: Minutes from the close of poll to a declaration: mean, deviation, first and last.
PACE = (300, 80, 82, 720)


@dataclass(slots=True, kw_only=True)
class InventedCandidate:
    """``label`` is a party's slug, or ``independent`` or ``speaker``."""

    name: str
    label: str
    votes: int = 0
    votes_last_time: int | None = None


@dataclass(slots=True, kw_only=True)
class InventedSeat:
    name: str
    region: str
    nation: str
    electorate: int
    electorate_last_time: int
    rejected: int
    minute: int
    candidates: list[InventedCandidate] = field(default_factory=list)
    lot: str = ""

    @property
    def ballot_paper(self) -> list[InventedCandidate]:
        return sorted(self.candidates, key=lambda one: (one.name.split()[-1], one.name))

    @property
    def ranked(self) -> list[InventedCandidate]:
        return sorted(self.candidates, key=lambda one: (-one.votes, one.name != self.lot))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens: ``minute`` after the close of poll, in seat number ``seat``."""

    minute: int
    seat: int
    act: str
    place: int

    @property
    def key(self) -> str:
        """The same event of the same night has the same key: sent again, it is harmless."""
        return f"rehearsal-{self.seat}-{self.act}-{self.minute}"


@dataclass(frozen=True, slots=True)
class InventedNight:
    seats: tuple[InventedSeat, ...]
    events: tuple[Event, ...]


def generate_night(seed: int = 1, size: int = 650) -> InventedNight:
    """A night of ``size`` seats in the twelve regions."""
    chance = Random(seed)
    places = _places(chance)
    seats = tuple(
        _seat(chance, next(places), region, nation)
        for region, nation, count in _regions(size)
        for _ in range(count)
    )
    order = sorted(range(size), key=lambda at: (seats[at].minute, at))
    _speaker(chance, seats[order[size // 3]])
    _tie(seats[order[size // 8]])
    return InventedNight(seats, tuple(_events(chance, seats, order)))


# --- Places and people ----------------------------------------------------------------------


def _regions(size: int) -> Iterator[tuple[str, str, int]]:
    """The regions in proportion; the first ones take what rounding leaves over."""
    whole = sum(count for _region, _nation, count in names.REGIONS)
    counts = [count * size // whole for _region, _nation, count in names.REGIONS]
    for at in range(size - sum(counts)):
        counts[at % len(counts)] += 1
    for (region, nation, _count), count in zip(names.REGIONS, counts, strict=True):
        yield region, nation, count


def _places(chance: Random) -> Iterator[str]:
    """Invented names, none twice: “Quillmere”, “North Sedgewick”, “Wrenford and Larchdale”."""
    towns = [first + second for first in names.FIRST_HALVES for second in names.SECOND_HALVES]
    chance.shuffle(towns)
    left = iter(towns)
    for town in left:
        form = chance.random()
        if form < 0.2:
            yield f"{chance.choice(names.POINTS)} {town}"
        elif form < 0.3:
            yield f"{town} and {next(left)}"
        else:
            yield town


def _people(chance: Random) -> Iterator[str]:
    taken = set()
    while True:
        name = f"{chance.choice(names.FIRST_NAMES)} {chance.choice(names.SURNAMES)}-Test"
        if name not in taken:
            taken.add(name)
            yield name


# --- Votes ----------------------------------------------------------------------------------


def _seat(chance: Random, name: str, region: str, nation: str) -> InventedSeat:
    electorate = int(chance.gauss(73_000, 6_000))
    then = {
        label: share * 2.718 ** chance.gauss(0, LEAN) for label, share in STRENGTHS[nation].items()
    }
    then = _shares(then)
    now = _shares(
        {
            label: max(share + MOVEMENT.get(label, 0) / 100, 0.004)
            * 2.718 ** chance.gauss(0, NOISE)
            for label, share in then.items()
        }
    )
    earlier = electorate - int(chance.gauss(400, 900))
    seat = InventedSeat(
        name=name,
        region=region,
        nation=nation,
        electorate=electorate,
        electorate_last_time=earlier,
        rejected=int(chance.uniform(60, 260)),
        minute=_minute(chance),
    )
    turnout = chance.uniform(0.58, 0.74)
    counted, before = int(electorate * turnout), int(earlier * (turnout + chance.gauss(0, 0.015)))
    people = _people(chance)
    for label in now:
        seat.candidates.append(
            InventedCandidate(
                name=next(people),
                label=label,
                votes=int(counted * now[label]),
                votes_last_time=int(before * then[label]),
            )
        )
    if chance.random() < 0.3:
        votes = int(chance.uniform(90, 1400))
        seat.candidates.append(
            InventedCandidate(name=next(people), label="independent", votes=votes)
        )
    _no_tie(seat)
    return seat


def _shares(weights: dict[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {label: weight / whole for label, weight in weights.items()}


def _minute(chance: Random) -> int:
    mean, deviation, first, last = PACE
    return min(max(int(chance.gauss(mean, deviation)), first), last)


def _no_tie(seat: InventedSeat) -> None:
    first, second = seat.ranked[:2]
    if first.votes == second.votes:
        first.votes += 1


def _speaker(chance: Random, seat: InventedSeat) -> None:
    """One seat whose member is the Speaker: the others by custom leave it to small parties."""
    winner = seat.ranked[0]
    winner.label = "speaker"
    for other in seat.candidates:
        if other is not winner:
            other.votes = int(other.votes * 0.4)
    seat.rejected = int(chance.uniform(900, 1300))


def _tie(seat: InventedSeat) -> None:
    """One seat where the vote is tied, and the lot falls on the second."""
    first, second = seat.ranked[:2]
    second.votes = first.votes
    seat.lot = second.name


# --- What happens when ----------------------------------------------------------------------


def _events(chance: Random, seats: tuple[InventedSeat, ...], order: list[int]) -> Iterator[Event]:
    """The night in order. Most seats are just declared; a few go as counts sometimes go."""
    planned: list[tuple[int, int, str]] = []
    for place, at in enumerate(order):
        planned += _course(chance, seats[at], at, place)
    for number, (minute, at, act) in enumerate(sorted(planned)):
        yield Event(minute=minute, seat=at, act=act, place=number)


def _course(
    chance: Random, seat: InventedSeat, at: int, place: int
) -> Iterator[tuple[int, int, str]]:
    """One seat's night. ``place`` is its place in the order of declarations."""
    minute = seat.minute
    if place % 6 == 2:
        yield max(minute - 45, 30), at, "under_way"
    if seat.lot or seat.ranked[0].votes - seat.ranked[1].votes < 100:
        yield max(minute - 25, 40), at, "recount"
    if place % 40 == 7:
        yield minute - 6, at, "flash"
        yield minute, at, "complete"
    else:
        yield minute, at, "declare_misheard" if place % 60 == 21 else "declare"
    if place % 60 == 21:
        yield minute + 9, at, "correct"
    if place % 200 == 33:
        yield minute + 12, at, "withdraw"
        yield minute + 30, at, "declare"
    if chance.random() < 0.08 and place % 200 != 33:
        yield minute + 4, at, "quote"

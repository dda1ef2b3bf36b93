"""Generate a night of any kind of election from a seed: councils, chambers, mayors, referendums.

Pure: the same seed and size give the same night on any machine.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random

from results.arithmetic import ANSWER, ElectionKind
from results.rehearsal.chambers import london_assembly, scottish_parliament, senedd
from results.rehearsal.generator import (
    STRENGTHS,
    generate_night,
    invented_minute,
    invented_seat,
    leaning,
    parts,
    people_of,
    seat_names,
)
from results.rehearsal.invented import (
    Event,
    InventedBody,
    InventedCandidate,
    InventedNight,
    InventedSeat,
    in_order,
)

Contests = tuple[list[InventedSeat], list[InventedBody]]

#: Average share of each party in percent, where it is not that of a general election.
COUNCIL = {"con": 27, "lab": 26, "ld": 18, "green": 14, "reform": 15}
#: A rehearsal of an election of councils whose contests are by-elections.
COUNCIL_BY_ELECTION = "council-by-election"
#: Number of contests by default, for each kind of rehearsal.
DEFAULT_CONTESTS: dict[str, int] = {
    ElectionKind.UK_PARLIAMENT: 650,
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: 6,
    ElectionKind.COUNCIL: 60,
    COUNCIL_BY_ELECTION: 6,
    ElectionKind.COUNCIL_STV: 21,
    ElectionKind.MAYOR: 3,
    ElectionKind.COMMISSIONER: 4,
    ElectionKind.REFERENDUM: 1,
    ElectionKind.SENEDD: 16,
    ElectionKind.SCOTTISH_PARLIAMENT: 73,
    ElectionKind.LONDON_ASSEMBLY: 14,
    ElectionKind.NI_ASSEMBLY: 18,
}
#: Minutes between the stages of a count by single transferable vote.
STAGE_MINUTES = 25


def generate(kind: str, seed: int = 1, size: int | None = None) -> InventedNight:
    """Generate a night of the kind with `size` contests, or as many as `DEFAULT_CONTESTS` says.

    `kind` is an `ElectionKind`, or `COUNCIL_BY_ELECTION`. Regions of party lists, and counting
    areas, come on top. Raises TooManyContests.
    """
    size = size or DEFAULT_CONTESTS[kind]
    if kind == ElectionKind.UK_PARLIAMENT:
        return generate_night(seed, size)
    random = Random(f"{kind} {seed}")
    seats, bodies = GENERATORS[kind](random, size)
    of = ElectionKind.COUNCIL if kind == COUNCIL_BY_ELECTION else ElectionKind(kind)
    return InventedNight(tuple(seats), tuple(_events(random, seats)), of, tuple(bodies))


# --- Contests of each kind ------------------------------------------------------------------


def _by_elections(random: Random, size: int) -> Contests:
    places = seat_names(random)
    seats = [invented_seat(random, next(places), "", "England") for _ in range(size)]
    for seat in seats:
        seat.by_election = True
    return seats, []


def _councils(random: Random, size: int) -> Contests:
    """Generate three councils: elected whole, by thirds, and with wards of one to three seats."""
    places = seat_names(random)
    seats: list[InventedSeat] = []
    bodies = []
    for style, wards in zip(("whole", "thirds", "mixed"), parts(size, 3), strict=True):
        council = f"{next(places)} Council"
        lean = {label: random.uniform(0.7, 1.4) for label in COUNCIL}
        strengths = {label: share * lean[label] for label, share in COUNCIL.items()}
        sizes = {"whole": [3], "thirds": [1], "mixed": [1, 2, 3]}[style]
        own = [
            _ward(random, next(places), council, strengths, sizes[at % len(sizes)])
            for at in range(wards)
        ]
        not_up: Counter[str] = Counter()
        if style == "thirds":
            not_up.update(random.choices(list(strengths), list(strengths.values()), k=2 * wards))
        total = sum(ward.seats for ward in own) + not_up.total()
        bodies.append(InventedBody(name=council, seats=total, not_up=dict(not_up)))
        seats += own
    return seats, bodies


def _council_by_elections(random: Random, size: int) -> Contests:
    """Generate by-elections to at most three councils, most of whose seats are not up."""
    places = seat_names(random)
    seats: list[InventedSeat] = []
    bodies = []
    for wards in parts(size, min(size, 3)):
        council = f"{next(places)} Council"
        strengths = {label: share * random.uniform(0.7, 1.4) for label, share in COUNCIL.items()}
        seats += [_ward(random, next(places), council, strengths, 1) for _at in range(wards)]
        others = random.choices(list(strengths), list(strengths.values()), k=2 * wards + 30)
        not_up = dict(Counter(others))
        bodies.append(InventedBody(name=council, seats=wards + len(others), not_up=not_up))
    for seat in seats:
        seat.by_election = True
    return seats, bodies


def _ward(
    random: Random, name: str, body: str, strengths: Mapping[str, float], seats: int
) -> InventedSeat:
    electorate = int(random.gauss(2_800, 400)) * seats
    then = leaning(random, strengths, 0.45)
    now = leaning(random, then, 0.2)
    papers = int(electorate * random.uniform(0.28, 0.46))
    rejected = int(random.uniform(5, 40))
    ward = InventedSeat(
        name=name,
        body=body,
        seats=seats,
        electorate=electorate,
        electorate_last_time=electorate - int(random.gauss(60, 80)),
        rejected=rejected,
        papers=papers if seats > 1 else None,
        minute=invented_minute(random),
    )
    people = people_of(random)
    for label, share in now.items():
        standing = seats if label in ("con", "lab") else random.randint(1, seats)
        for place in range(standing):
            # Electors seldom use all their votes, and favour whoever is first on the paper.
            used = 0.96 - 0.04 * place - random.uniform(0, 0.03)
            ward.candidates.append(
                InventedCandidate(
                    name=next(people),
                    label=label,
                    votes=int((papers - rejected) * share * used),
                    votes_last_time=int(papers * then[label] * used),
                )
            )
    _apart(ward)
    return ward


def _councils_by_transfers(random: Random, size: int) -> Contests:
    places = seat_names(random)
    seats: list[InventedSeat] = []
    bodies = []
    for wards in parts(size, 3):
        council = f"{next(places)} Council"
        own = [
            _transfers(random, next(places), council, STRENGTHS["Scotland"], 3 + at % 2)
            for at in range(wards)
        ]
        bodies.append(InventedBody(name=council, seats=sum(ward.seats for ward in own)))
        seats += own
    return seats, bodies


def _ni_assembly(random: Random, size: int) -> Contests:
    places = seat_names(random)
    strengths = STRENGTHS["Northern Ireland"]
    return [_transfers(random, next(places), "", strengths, 5) for _ in range(size)], []


def _transfers(
    random: Random, name: str, body: str, strengths: Mapping[str, float], seats: int
) -> InventedSeat:
    """Generate a contest by STV: first preferences, and the order of the elected."""
    electorate = int(random.gauss(4_000, 500)) * seats
    now = leaning(random, strengths, 0.35)
    valid = int(electorate * random.uniform(0.42, 0.6))
    ward = InventedSeat(
        name=name,
        body=body,
        seats=seats,
        electorate=electorate,
        rejected=int(random.uniform(40, 120)),
        minute=invented_minute(random),
    )
    people = people_of(random)
    for label, share in now.items():
        standing = max(1, round(share * (seats + 1)))
        for _place in range(standing):
            votes = int(valid * share / standing * random.uniform(0.8, 1.2))
            ward.candidates.append(InventedCandidate(name=next(people), label=label, votes=votes))
    # Transfers move whoever is close to the last seats.
    strength = {one.name: one.votes * random.uniform(0.85, 1.15) for one in ward.candidates}
    ward.elected = tuple(sorted(strength, key=lambda one: -strength[one])[:seats])
    return ward


def _areas(random: Random, size: int) -> Contests:
    """Generate mayors or commissioners of several areas, the first counted in three parts."""
    places = seat_names(random)
    seats: list[InventedSeat] = []
    bodies = []
    for at in range(size):
        place = next(places)
        area = invented_seat(random, place, "", "England")
        bodies.append(InventedBody(name=place, seats=1))
        area.body = place
        _scale(area, 8, random.uniform(0.4, 0.55))
        seats.append(area)
        if at == 0:
            seats += _parts_of(random, area, [next(places) for _ in range(3)])
    return seats, bodies


def _referendum(random: Random, size: int) -> Contests:
    places = seat_names(random)
    seats: list[InventedSeat] = []
    for _at in range(size):
        place = next(places)
        electorate = int(random.gauss(90_000, 9_000))
        valid = int(electorate * random.uniform(0.35, 0.6))
        yes = int(valid * random.uniform(0.42, 0.58))
        question = InventedSeat(
            name=place,
            electorate=electorate,
            rejected=int(random.uniform(100, 300)),
            minute=invented_minute(random),
            candidates=[
                InventedCandidate(name="Yes", label=ANSWER, votes=yes),
                InventedCandidate(name="No", label=ANSWER, votes=valid - yes),
            ],
        )
        seats += [question, *_parts_of(random, question, [next(places) for _ in range(4)])]
    return seats, []


def _parts_of(random: Random, whole: InventedSeat, names: list[str]) -> Iterator[InventedSeat]:
    """Yield counting areas that add up to the contest's votes, each announced before it."""
    left = {one.name: one.votes for one in whole.candidates}
    rejected, electorate = whole.rejected, whole.electorate
    for at, name in enumerate(names):
        last = at == len(names) - 1
        share = 1 if last else random.uniform(0.8, 1.2) / (len(names) - at)
        votes = {one: total if last else int(total * share) for one, total in left.items()}
        part = InventedSeat(
            name=name,
            part_of=whole.name,
            body=whole.body,
            electorate=electorate if last else int(electorate * share),
            rejected=rejected if last else int(rejected * share),
            minute=max(whole.minute - 60 + 15 * at, 30),
            candidates=[
                InventedCandidate(name=one.name, label=one.label, votes=votes[one.name])
                for one in whole.candidates
            ],
        )
        left = {one: left[one] - votes[one] for one in left}
        rejected, electorate = rejected - part.rejected, electorate - part.electorate
        yield part


GENERATORS: dict[str, Callable[[Random, int], Contests]] = {
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: _by_elections,
    ElectionKind.COUNCIL: _councils,
    COUNCIL_BY_ELECTION: _council_by_elections,
    ElectionKind.COUNCIL_STV: _councils_by_transfers,
    ElectionKind.MAYOR: _areas,
    ElectionKind.COMMISSIONER: _areas,
    ElectionKind.REFERENDUM: _referendum,
    ElectionKind.SENEDD: senedd,
    ElectionKind.SCOTTISH_PARLIAMENT: scottish_parliament,
    ElectionKind.LONDON_ASSEMBLY: london_assembly,
    ElectionKind.NI_ASSEMBLY: _ni_assembly,
}


# --- Votes and times ------------------------------------------------------------------------


def _scale(seat: InventedSeat, times: int, turnout: float) -> None:
    """Enlarge a constituency to the area of an office: more electors, of whom fewer vote."""
    seat.electorate *= times
    seat.electorate_last_time = (seat.electorate_last_time or 0) * times
    seat.rejected *= times
    for candidate in seat.candidates:
        candidate.votes = int(candidate.votes * times * turnout)
        if candidate.votes_last_time is not None:
            candidate.votes_last_time = int(candidate.votes_last_time * times * turnout)
    _apart(seat)


def _apart(seat: InventedSeat) -> None:
    """Part candidates who tie across the last seat."""
    ranked = seat.ranked
    if len(ranked) > seat.seats and ranked[seat.seats - 1].votes == ranked[seat.seats].votes:
        ranked[seat.seats - 1].votes += 1


# --- Events ---------------------------------------------------------------------------------


def _events(random: Random, seats: list[InventedSeat]) -> Iterator[Event]:
    planned: list[tuple[int, int, str]] = []
    order = sorted(range(len(seats)), key=lambda at: (seats[at].minute, at))
    for position, at in enumerate(order):
        planned += _seat_events(random, seats[at], at, position)
    return in_order(planned)


def _seat_events(
    random: Random, seat: InventedSeat, at: int, position: int
) -> Iterator[tuple[int, int, str]]:
    """Yield (minute, seat number, action) of a contest; `position` is in the declaration order."""
    if seat.elected:
        for place in range(len(seat.elected)):
            yield seat.minute + STAGE_MINUTES * place, at, f"elect-{place + 1}"
        return
    plain = not seat.part_of and not seat.method
    if position % 6 == 2:
        yield max(seat.minute - 45, 20), at, "under_way"
    misheard = plain and position % 20 == 7
    yield seat.minute, at, "declare_misheard" if misheard else "declare"
    if misheard:
        yield seat.minute + 9, at, "correct"
    if plain and random.random() < 0.15:
        yield seat.minute + 4, at, "quote"

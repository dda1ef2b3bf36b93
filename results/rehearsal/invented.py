"""An invented night: its bodies, seats, candidates and schedule of events."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from results.arithmetic import ElectionKind


@dataclass(slots=True, kw_only=True)
class InventedCandidate:
    """A candidate; `label` is a party's slug, or `independent` or `speaker`.

    `list_position` is the place on a party's list, whose votes are those of the first on it.
    `held` is whether a list had a seat there last time; elsewhere it follows from the votes.
    """

    name: str
    label: str
    votes: int = 0
    votes_last_time: int | None = None
    list_position: int | None = None
    held: bool = False


@dataclass(slots=True, kw_only=True)
class InventedSeat:
    """A contest with this time's and last time's votes; `minute` is that of its declaration.

    `lot` is the name of the candidate who wins a tie. `papers` are ballot papers, where electors
    have several votes. `elected` are those declared elected, in their order, where the count is by
    single transferable vote. `part_of` names the contest that it is a counting area of, and
    `region_contest` the one whose lists count the seat won here.
    """

    name: str
    electorate: int
    minute: int
    region: str = ""
    nation: str = ""
    electorate_last_time: int | None = None
    rejected: int = 0
    seats: int = 1
    body: str = ""
    by_election: bool = False
    papers: int | None = None
    method: str = ""
    elected: tuple[str, ...] = ()
    part_of: str = ""
    region_contest: str = ""
    candidates: list[InventedCandidate] = field(default_factory=list)
    lot: str = ""

    @property
    def ballot_paper(self) -> list[InventedCandidate]:
        """Candidates by surname; those of lists in their own order."""
        if any(candidate.list_position for candidate in self.candidates):
            return list(self.candidates)
        return sorted(self.candidates, key=lambda c: (c.name.split()[-1], c.name))

    @property
    def ranked(self) -> list[InventedCandidate]:
        return sorted(self.candidates, key=lambda c: (-c.votes, c.name != self.lot))

    @property
    def held_by(self) -> list[InventedCandidate]:
        """Winners of the seats last time."""
        if held := [c for c in self.candidates if c.held]:
            return held
        stood = [c for c in self.candidates if c.votes_last_time is not None]
        return sorted(stood, key=lambda c: -(c.votes_last_time or 0))[: self.seats]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedBody:
    """A council or a parliament. `not_up` are its seats that are not up this time, by label."""

    name: str
    seats: int | None = None
    not_up: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event `minute` minutes after the close of poll, in seat number `seat`."""

    minute: int
    seat: int
    action: str
    number: int

    @property
    def key(self) -> str:
        """Idempotency key, the same for the same event of the same night."""
        return f"rehearsal-{self.seat}-{self.action}-{self.minute}"


def in_order(planned: Iterable[tuple[int, int, str]]) -> Iterator[Event]:
    """Yield events for (minute, seat number, action), in their order."""
    for number, (minute, seat, action) in enumerate(sorted(planned)):
        yield Event(minute=minute, seat=seat, action=action, number=number)


@dataclass(frozen=True, slots=True)
class InventedNight:
    seats: tuple[InventedSeat, ...]
    events: tuple[Event, ...]
    kind: ElectionKind = ElectionKind.UK_PARLIAMENT
    bodies: tuple[InventedBody, ...] = ()

    @property
    def by_elections(self) -> bool:
        return any(seat.by_election for seat in self.seats)

"""Panels of a wall beside the state of the night: map, latest gains, our seats, councils.

A list that is too long for the screen is shown a page at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.map import Extent, HexPosition, extent_of, hex_position_of
from results.live.night_cache import CachedContest
from results.live.party_patterns import (
    DIAGONAL,
    DOTS,
    HORIZONTAL,
    OTHER_DIAGONAL,
    PATTERNS,
    VERTICAL,
)
from results.live.seat import Seat
from results.live.ward import Ward
from results.models import Contest, Group
from results.reader.records import RecordRow, Records
from results.reader.seat_lists import BY_ROW
from results.reader.wall_words import end_name
from results.words.party_names import PartyName
from results.words.seat_sentences import short_result

#: Rows on one page of a list, and tiles on one page of wards.
ROWS, TILES, COUNCILS, RESULTS = 10, 15, 11, 3
TILES_BELOW_A_TITLE = 12
#: Contests without places that are listed, rather than left to the gains.
MOST_LISTED = 60
#: Gains on their own page, and beside the table of parties.
GAINS, LATEST = 7, 3
#: Letters of a seat's name that one line holds.
LINE_LETTERS = 24
#: Letters of a party's name before its majority.
WINNER_LETTERS = 18
#: Candidates of each contest, where each contest is a result of its own.
CANDIDATES = 4
#: Ids of the wall's own patterns by the paths of readers', which would be too fine on a screen.
PATTERN_IDS = {
    DIAGONAL: "diagonal",
    OTHER_DIAGONAL: "falling",
    HORIZONTAL: "across",
    VERTICAL: "upright",
    DOTS: "dots",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """One page of the wall. `kind` is its template, `name` the id of its element."""

    kind: str
    name: str
    title: str
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"reader/wall/_{self.kind}.html"


@dataclass(frozen=True, slots=True)
class SeatState:
    """A seat in a list: its winner, or how far its count is. `label` is the winner's."""

    name: str
    label: str
    state: str
    majority: int | None
    by_lot: bool
    at: datetime | None
    changed: bool

    @property
    def size(self) -> str:
        return name_size(self.name)


@dataclass(frozen=True, slots=True)
class Gain:
    """A seat that changed hands. Either party is None where several parties of a ward did."""

    name: str
    at: datetime | None
    to: PartyName | None
    from_: PartyName | None
    majority: int | None
    by_lot: bool
    seats: int

    @property
    def size(self) -> str:
        return name_size(self.name)

    @property
    def winner(self) -> str:
        """The name of the party that gained it, beside which the majority has room."""
        return end_name(self.to, WINNER_LETTERS) if self.to else ""


@dataclass(frozen=True, slots=True)
class HexParty:
    """The hexagons that one party has won, or those to come that it defends.

    The empty label has those to come of which no defender is known.
    """

    label: str
    positions: list[HexPosition]
    is_to_come: bool = False

    @property
    def pattern(self) -> str:
        """The id of the pattern over its colour; empty for a party that has none."""
        return PATTERN_IDS[PATTERNS[self.label]] if self.label in PATTERNS else ""


@dataclass(frozen=True, slots=True)
class HexMap:
    """The map as the middles of its hexagons, by party."""

    parties: list[HexParty]
    changed: list[HexPosition]
    extent: Extent
    by_row: bool


ItemT = TypeVar("ItemT")


def _pages(items: Sequence[ItemT], size: int) -> Iterator[tuple[ItemT, ...]]:
    """The items, as many at a time as a page holds; pages are filled alike."""
    pages = -(-len(items) // size)
    for number in range(pages):
        start, end = (len(items) * part // pages for part in (number, number + 1))
        yield tuple(items[start:end])


def name_size(name: str) -> str:
    return "large" if len(name) <= LINE_LETTERS else "small"


def panels_of(snapshot: CachedSnapshot, group: Group | None) -> list[Panel]:
    """The pages that the wall of an election goes through, at least one."""
    if snapshot.has_separate_results:
        panels = list(_results(snapshot.separate_results))
    elif len(snapshot.shown_councils) > 1:
        panels = list(_councils(snapshot.shown_councils))
    else:
        panels = list(_places(snapshot, snapshot.cached_contests))
    if snapshot.election.rules.holds and not snapshot.has_separate_results:
        panels += _gains(gains_of(snapshot, GAINS))
    if group is not None:
        panels += _seats(snapshot, group)
    return panels or list(_expected(snapshot.expected_among(snapshot.cached_contests, ROWS)))


def panels_of_council(snapshot: CachedSnapshot, wards: Sequence[CachedContest]) -> list[Panel]:
    """Panels of one council of several: its map or list, and its gains."""
    keys = {ward.contest.pk for ward in wards}
    gains = gains_of(snapshot, GAINS, keys)
    return [*_places(snapshot, wards), *_gains(gains)]


def _places(snapshot: CachedSnapshot, contests: Sequence[CachedContest]) -> Iterator[Panel]:
    """The map; of wards without places their tiles, of other contests a list."""
    hexes = hex_map(snapshot, contests)
    if hexes:
        yield Panel("map", "wall-map", "", {"map": hexes})
    elif snapshot.shows_wards:
        yield from _wards(snapshot, contests)
    elif len(contests) <= MOST_LISTED:
        states = [state_of(snapshot, cached.contest) for cached in contests]
        yield from _lists("list", snapshot.words.every, states)


def _wards(snapshot: CachedSnapshot, contests: Sequence[CachedContest]) -> Iterator[Panel]:
    """Tiles of wards; each region's constituencies and list on pages of their own."""
    shown = {cached.contest.pk: cached for cached in contests}
    sections = [
        (part.local_name, [snapshot.ward(shown[pk].contest) for pk in keys if pk in shown])
        for part, keys in snapshot.cached.lists.sections
    ]
    sections = [(name, wards) for name, wards in sections if wards]
    is_titled, number = len(sections) > 1, count(1)
    for name, wards in sections:
        title, most = (name, TILES_BELOW_A_TITLE) if is_titled else ("", TILES)
        for some in _pages(wards, most):
            yield Panel("wards", f"wall-wards-{next(number)}", title, {"wards": some})


def _lists(name: str, title: Any, states: Sequence[SeatState]) -> Iterator[Panel]:
    for number, some in enumerate(_pages(states, ROWS), start=1):
        yield Panel("seats", f"wall-{name}-{number}", str(title), {"seats": some})


def _seats(snapshot: CachedSnapshot, group: Group) -> Iterator[Panel]:
    members = snapshot.cached.some(snapshot.cached.lists.members(group))
    yield from _lists("group", group.name, [state_of(snapshot, one.contest) for one in members])


def _gains(gains: Sequence[Gain]) -> Iterator[Panel]:
    if gains:
        yield Panel("gains", "wall-gains", _("Latest gains"), {"gains": gains})


def _expected(contests: Sequence[Contest]) -> Iterator[Panel]:
    if contests:
        yield Panel("expected", "wall-first", _("Expected first"), {"contests": contests})


def _councils(councils: Sequence[BodySnapshot]) -> Iterator[Panel]:
    for number, some in enumerate(_pages(councils, COUNCILS), start=1):
        yield Panel("councils", f"wall-councils-{number}", "", {"councils": some})


def _results(seats: Sequence[Seat]) -> Iterator[Panel]:
    """Contests with their first candidates, those declared last first."""
    newest_first = sorted(seats, key=lambda seat: -(seat.standing.first_sequence or 0))
    for number, some in enumerate(_pages(newest_first, RESULTS), start=1):
        rows = [
            (seat, list(seat.top_three)[:CANDIDATES] if seat.has_result else []) for seat in some
        ]
        yield Panel("results", f"wall-results-{number}", "", {"results": rows})


def gains_of(snapshot: CachedSnapshot, number: int, within: set[int] | None = None) -> list[Gain]:
    """The newest gains, of these contests only where `within` has their keys."""
    gains = []
    for row in Records(snapshot).gains:
        if within is None or row.contest.pk in within:
            gains.append(_gain(row))
        if len(gains) == number:
            break
    return gains


def _gain(row: RecordRow) -> Gain:
    return Gain(
        name=row.contest.full_name,
        at=row.contest.standing.first_declared_at,
        to=row.party_name,
        from_=row.other,
        majority=row.votes,
        by_lot=row.by_lot,
        seats=row.seats,
    )


def state_of(snapshot: CachedSnapshot, contest: Contest) -> SeatState:
    standing = getattr(contest, "standing", None)
    name, expected = contest.full_name, contest.expected_at
    if standing is None or not standing.has_result:
        state = "" if standing is None or standing.status == "awaiting" else standing.status_name
        return SeatState(name, "", state, None, False, None if state else expected, False)
    elected = standing.summary["elected"]
    ward: Ward | None = snapshot.ward(contest) if snapshot.shows_wards else None
    return SeatState(
        name=name,
        label=elected[0]["label"] if elected else "",
        state=ward.in_short if ward else short_result(standing.summary, snapshot.party_names),
        majority=standing.summary["majority"],
        by_lot=bool(standing.summary.get("by_lot")),
        at=None,
        changed=bool(ward.change) if ward else any(one["gained_from"] for one in elected),
    )


def hex_map(snapshot: CachedSnapshot, contests: Sequence[CachedContest]) -> HexMap | None:
    """Map of every contest with a position; None if fewer than half have one.

    A ward of several seats has the colour of the party with most of them.
    """
    places = _hex_places(snapshot)
    placed = [cached for cached in contests if cached.contest.pk in places]
    if not placed or 2 * len(placed) < len(contests):
        return None
    by_party: dict[tuple[str, bool], list[HexPosition]] = {}
    changed = []
    gained = {*snapshot.gained}
    for cached in placed:
        position = places[cached.contest.pk]
        by_party.setdefault(_party(snapshot, cached), []).append(position)
        if cached.contest.pk in gained:
            changed.append(position)
    return HexMap(
        parties=[
            HexParty(label, by_party[label, is_to_come], is_to_come)
            for label, is_to_come in sorted(by_party)
        ],
        changed=changed,
        extent=extent_of([places[cached.contest.pk] for cached in placed]),
        by_row=snapshot.election.hex_layout in BY_ROW,
    )


def _hex_places(snapshot: CachedSnapshot) -> dict[int, HexPosition]:
    """Positions of the contests by key, which no result changes."""
    memo = snapshot.cached.lists.memo
    if "hex places" not in memo:
        layout = snapshot.election.hex_layout
        contests = (cached.contest for cached in snapshot.cached_contests)
        memo["hex places"] = {
            contest.pk: position
            for contest in contests
            if (position := hex_position_of(contest.hex_q, contest.hex_r, layout))
        }
    places: dict[int, HexPosition] = memo["hex places"]
    return places


def _party(snapshot: CachedSnapshot, cached: CachedContest) -> tuple[str, bool]:
    """Label of the contest's largest winner or its defender, and whether it is still to come."""
    if not cached.has_result:
        return snapshot.defender_of(cached.contest), True
    labels = [one["label"] for one in cached.contest.standing.summary.get("elected", ())]
    return max(labels, key=labels.count, default=""), False

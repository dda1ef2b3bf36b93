"""Rankings of a night so far: closest, safest, biggest swings, lost deposits, members defeated."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from heapq import nsmallest
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from results.live.cached_snapshot import CachedSnapshot
from results.live.last_shares import last_shares, moves_of, shares_now
from results.live.last_votes import SharesByLabel
from results.live.night_cache import CachedContest
from results.live.people_elected import Recorded, count_elected, recorded_people
from results.live.targets import has_targets
from results.models import Contest
from results.reader.html import Html
from results.words.party_names import PartyName
from results.words.people_sentences import people_sentences

#: Rows of each list.
ROWS = 10


@dataclass(eq=False, slots=True)
class RecordRow:
    """A seat, and the number, person or parties it is listed for. `share` is near `fraction`.

    `seats` is how many of a ward's seats it is listed for. Either party is None where several
    parties of the ward gained, or lost.
    """

    contest: Contest
    fraction: Fraction | None = None
    votes: int | None = None
    name: str = ""
    party_name: PartyName | None = None
    other: PartyName | None = None
    seats: int = 1
    share: float = field(init=False)
    _html: dict[str, SafeString] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.share = float(self.fraction or 0)

    @property
    def by_lot(self) -> bool:
        """Whether the row is listed with a majority that was none: the vote was tied."""
        return self.votes is not None and bool(self.summary.get("by_lot"))

    @property
    def summary(self) -> dict[str, Any]:
        return _summary(self.contest)

    def html(self, template: str, show: str) -> SafeString:
        """The row as an element of a list, rendered once."""
        key = f"{template} {show}"
        if key not in self._html:
            context = {"row": self, "show": show}
            self._html[key] = render_to_string(f"reader/{template}.html", context)
        return self._html[key]


Rows = tuple[RecordRow, ...]


class Records:
    """Rankings of every seat with a result, from the summaries in their standings.

    The rows of a seat are made once, and kept with the seat until a bulletin changes it.
    """

    def __init__(self, snapshot: CachedSnapshot) -> None:
        self.snapshot = snapshot

    @property
    def contests(self) -> list[CachedContest]:
        """Every seat with a result, in order of declaration."""
        return self.snapshot.declared

    @property
    def closest(self) -> list[RecordRow]:
        """Smallest majorities, in votes."""
        rows = self._rows("majority", _majority)
        return _first(rows, lambda row: row.votes or 0, lambda row: row.votes or 0)

    @property
    def safest(self) -> list[RecordRow]:
        """Largest majorities, as a share of the valid votes; of wards, in votes.

        Voters of a ward have several votes, so that a share of them is no share of the voters.
        """
        rows = self._rows("majority", _majority)
        if self.snapshot.shows_wards:
            return _first(rows, lambda row: -(row.votes or 0), lambda row: -(row.votes or 0))
        return _largest(rows)

    @property
    def swings(self) -> list[RecordRow]:
        """Largest Butler swings, in either direction."""
        return _largest(self._rows("swing", self._swing))

    @property
    def rises(self) -> list[RecordRow]:
        """Largest rises of a party's share in one seat, one for each seat."""
        return _largest([rise for rise, _fall in self._moves if rise])

    @property
    def falls(self) -> list[RecordRow]:
        """Largest falls, as the rises."""
        falls = [fall for _rise, fall in self._moves if fall]
        return _first(falls, lambda row: row.share, lambda row: row.fraction or 0)

    @cached_property
    def _moves(self) -> list[tuple[RecordRow | None, RecordRow | None]]:
        """The largest rise and fall of each seat with full figures; none of wards."""
        if not has_targets(self.snapshot):
            return []
        now, last = shares_now(self.snapshot, self.contests), last_shares(self.snapshot)
        return [
            cached.made("record: moves", partial(self._move, cached.contest, now, last))
            for cached in self.contests
            if cached.contest.pk in now and cached.contest.pk in last
        ]

    def _move(
        self, contest: Contest, now: Mapping[int, SharesByLabel], last: Mapping[int, SharesByLabel]
    ) -> tuple[RecordRow | None, RecordRow | None]:
        rise, fall = (
            RecordRow(
                contest, fraction=move.change, party_name=self.snapshot.party_names[move.label]
            )
            if move
            else None
            for move in moves_of(now[contest.pk], last[contest.pk])
        )
        return rise, fall

    @property
    def turnouts(self) -> list[RecordRow]:
        """Highest turnouts, by valid votes."""
        return _largest(self._rows("turnout", _turnout))

    @property
    def lowest_turnouts(self) -> list[RecordRow]:
        rows = self._rows("turnout", _turnout)
        return _first(rows, lambda row: row.share, lambda row: row.fraction or 0)

    @property
    def lost_deposits(self) -> list[tuple[PartyName, int]]:
        """The number each party has lost, most first."""
        lost = Counter(
            label
            for cached in self.contests
            for label in _summary(cached.contest).get("lost_deposits", ())
        )
        ranked = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
        return [(self.snapshot.party_names[label], count) for label, count in ranked]

    @property
    def defeated(self) -> Html:
        """Sitting members who stood again and lost, as far as it is known who they are."""
        return rendered(self._rows("defeated", self._defeated), "_person")

    @property
    def first_time(self) -> Html:
        """People elected for the first time, as far as it is known who was elected before."""
        recorded = self._recorded
        rows = (
            self._person(cached.contest, one)
            for cached, one in self._elected
            if one["candidate"] in recorded and recorded[one["candidate"]].is_first_time
        )
        return rendered(rows, "_person")

    @property
    def people_sentences(self) -> list[str]:
        """Sentences on how many of those elected are women, and new, as far as it is recorded."""
        elected = (one["candidate"] for _cached, one in self._elected)
        return people_sentences(count_elected(elected, self._recorded))

    @property
    def _elected(self) -> Iterator[tuple[CachedContest, Mapping[str, Any]]]:
        for cached in self.contests:
            for one in _summary(cached.contest)["elected"]:
                yield cached, one

    @cached_property
    def _recorded(self) -> Recorded:
        return recorded_people(self.snapshot.election)

    @cached_property
    def gains(self) -> list[RecordRow]:
        """Seats that changed hands, newest first."""
        return self._newest_first("gains", self._gains)

    @cached_property
    def losses(self) -> list[RecordRow]:
        """Seats that changed hands, by who lost them, newest first."""
        wards = self.snapshot.shows_wards
        return self._newest_first("losses", self._ward_losses) if wards else self.gains

    def _newest_first(self, name: str, make: Callable[[Contest], Rows]) -> list[RecordRow]:
        return [row for cached in reversed(self.contests) for row in self._made(cached, name, make)]

    @property
    def seats_changed(self) -> int:
        return sum(row.seats for row in self.gains)

    @property
    def gains_by_pair(self) -> list[tuple[PartyName, PartyName | None, int, Html]]:
        """`[(winner, loser, seats, rows), …]`, the most frequent pair first.

        The loser is None where several parties of a ward lost seats.
        """
        pairs: dict[tuple[str, str], list[RecordRow]] = {}
        for row in self.gains:
            if row.party_name:
                loser = row.other.label if row.other else ""
                pairs.setdefault((row.party_name.label, loser), []).append(row)
        ranked = sorted(pairs.items(), key=lambda item: (-_seats(item[1]), item[0]))
        party_names = self.snapshot.party_names
        return [
            (
                party_names[won],
                party_names[lost] if lost else None,
                _seats(rows),
                rendered(rows, "_gain", "name"),
            )
            for (won, lost), rows in ranked
        ]

    def won_by(self, label: str) -> list[CachedContest]:
        return [
            cached
            for cached in self.contests
            if any(winner["label"] == label for winner in _summary(cached.contest)["elected"])
        ]

    def gained_by(self, label: str) -> Html:
        rows = (row for row in self.gains if row.party_name and row.party_name.label == label)
        return rendered(rows, "_gain", "loser")

    def lost_by(self, label: str) -> Html:
        rows = (row for row in self.losses if row.other and row.other.label == label)
        return rendered(rows, "_gain", "winner")

    def _rows(self, name: str, make: Callable[[Contest], Rows]) -> list[RecordRow]:
        return [row for cached in self.contests for row in self._made(cached, name, make)]

    def _made(self, cached: CachedContest, name: str, make: Callable[[Contest], Rows]) -> Rows:
        return cached.made(f"record: {name}", partial(make, cached.contest))

    def _defeated(self, contest: Contest) -> Rows:
        members = _summary(contest).get("defeated", ())
        return tuple(self._person(contest, member) for member in members)

    def _person(self, contest: Contest, person: Mapping[str, Any]) -> RecordRow:
        party_name = self.snapshot.party_names[person["label"]]
        return RecordRow(contest, name=person["name"], party_name=party_name)

    def _gains(self, contest: Contest) -> Rows:
        if self.snapshot.shows_wards:
            return self._ward_gains(contest)
        return tuple(
            RecordRow(
                contest,
                votes=_summary(contest)["majority"],
                name=winner["name"],
                party_name=self.snapshot.party_names[winner["label"]],
                other=self.snapshot.party_names[winner["gained_from"]],
            )
            for winner in _summary(contest)["elected"]
            if winner["gained_from"]
        )

    def _ward_gains(self, contest: Contest) -> Rows:
        """A row for each party that has more seats of a ward than before."""
        changes = self.snapshot.ward(contest).changes
        if changes is None:
            return ()
        return tuple(
            self._ward_row(contest, label, changes.only_loser, seats)
            for label, seats in changes.gains.items()
        )

    def _ward_losses(self, contest: Contest) -> Rows:
        changes = self.snapshot.ward(contest).changes
        if changes is None:
            return ()
        return tuple(
            self._ward_row(contest, changes.only_gainer, label, seats)
            for label, seats in changes.losses.items()
        )

    def _ward_row(self, contest: Contest, gainer: str, loser: str, seats: int) -> RecordRow:
        party_names = self.snapshot.party_names
        return RecordRow(
            contest,
            votes=_summary(contest)["majority"],
            party_name=party_names[gainer] if gainer else None,
            other=party_names[loser] if loser else None,
            seats=seats,
        )

    def _swing(self, contest: Contest) -> Rows:
        swing = _summary(contest).get("swing")
        if not swing:
            return ()
        party_names = self.snapshot.party_names
        row = RecordRow(
            contest,
            fraction=Fraction(swing["points"]),
            party_name=party_names[swing["to"]],
            other=party_names[swing["from"]],
        )
        return (row,)


def _seats(rows: Iterable[RecordRow]) -> int:
    return sum(row.seats for row in rows)


def rendered(rows: Iterable[RecordRow], template: str, show: str = "") -> Html:
    return Html(tuple(row.html(template, show) for row in rows))


def _largest(rows: list[RecordRow]) -> list[RecordRow]:
    return _first(rows, lambda row: -row.share, lambda row: -(row.fraction or 0))


def _first(
    rows: list[RecordRow],
    near: Callable[[RecordRow], float],
    exact: Callable[[RecordRow], Fraction | int],
) -> list[RecordRow]:
    """The first rows by `exact`, then by name.

    `near` is `exact` rounded, which is much quicker to compare and keeps the order.
    """
    last = max(nsmallest(ROWS, map(near, rows)), default=0)
    candidates = [row for row in rows if near(row) <= last]
    return sorted(candidates, key=lambda row: (exact(row), row.contest.sort_key))[:ROWS]


def _summary(contest: Contest) -> dict[str, Any]:
    summary: dict[str, Any] = contest.standing.summary
    return summary


def _majority(contest: Contest) -> Rows:
    summary = _summary(contest)
    votes, valid = summary["majority"], summary.get("valid")
    if votes is None or not valid:
        return ()
    return (RecordRow(contest, votes=votes, fraction=Fraction(votes, valid)),)


def _turnout(contest: Contest) -> Rows:
    turnout = _summary(contest).get("turnout")
    return (RecordRow(contest, fraction=Fraction(turnout)),) if turnout else ()

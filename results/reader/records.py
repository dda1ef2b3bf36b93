"""Rankings of a night so far: closest, safest, biggest swings, lost deposits, members defeated."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from results.live.election_snapshot import ElectionSnapshot
from results.models import WITH_RESULT, Contest
from results.words.party_names import PartyName

#: Rows of each list.
ROWS = 10


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A seat, and the number, person or parties it is listed for."""

    contest: Contest
    fraction: Fraction | None = None
    votes: int | None = None
    name: str = ""
    party_name: PartyName | None = None
    other: PartyName | None = None

    @property
    def summary(self) -> dict[str, Any]:
        return _summary(self.contest)


class Records:
    """Rankings of every seat with a result, from the summaries in their standings: one query."""

    def __init__(self, snapshot: ElectionSnapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def contests(self) -> list[Contest]:
        """Every seat with a result, in order of declaration."""
        contests = Contest.objects.filter(
            election=self.snapshot.election, standing__status__in=WITH_RESULT
        )
        return list(
            contests.order_by("standing__first_sequence").select_related("standing", "region")
        )

    @property
    def closest(self) -> list[RecordRow]:
        """Smallest majorities, in votes."""
        return self._ranked(_majority, lambda row: row.votes or 0)

    @property
    def safest(self) -> list[RecordRow]:
        """Largest majorities, as a share of the valid votes."""
        return self._ranked(_majority, lambda row: -(row.fraction or 0))

    @property
    def swings(self) -> list[RecordRow]:
        """Largest Butler swings, in either direction."""
        return self._ranked(self._swing, lambda row: -(row.fraction or 0))

    @property
    def turnouts(self) -> list[RecordRow]:
        """Highest turnouts, by valid votes."""
        return self._ranked(_turnout, lambda row: -(row.fraction or 0))

    @property
    def lowest_turnouts(self) -> list[RecordRow]:
        return self._ranked(_turnout, lambda row: row.fraction or 0)

    @property
    def lost_deposits(self) -> list[tuple[PartyName, int]]:
        """The number each party has lost, most first."""
        lost = Counter(
            label
            for contest in self.contests
            for label in _summary(contest).get("lost_deposits", ())
        )
        ranked = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
        return [(self.snapshot.party_names[label], count) for label, count in ranked]

    @cached_property
    def defeated(self) -> list[RecordRow]:
        """Sitting members who stood again and lost, as far as it is known who they are."""
        return [
            self._person(contest, member)
            for contest in self.contests
            for member in _summary(contest).get("defeated", ())
        ]

    @cached_property
    def first_time(self) -> list[RecordRow]:
        """Candidates elected for the first time, as far as it is known how often they were."""
        return [
            self._person(contest, winner)
            for contest in self.contests
            for winner in _summary(contest)["elected"]
            if winner.get("first_time")
        ]

    def _person(self, contest: Contest, person: Mapping[str, Any]) -> RecordRow:
        party_name = self.snapshot.party_names[person["label"]]
        return RecordRow(contest, name=person["name"], party_name=party_name)

    @cached_property
    def gains(self) -> list[RecordRow]:
        """Seats that changed hands, newest first."""
        return [
            RecordRow(
                contest,
                votes=_summary(contest)["majority"],
                name=winner["name"],
                party_name=self.snapshot.party_names[winner["label"]],
                other=self.snapshot.party_names[winner["gained_from"]],
            )
            for contest in reversed(self.contests)
            for winner in _summary(contest)["elected"]
            if winner["gained_from"]
        ]

    @property
    def gains_by_pair(self) -> list[tuple[PartyName, PartyName, list[RecordRow]]]:
        """`[(winner, loser, rows), …]`, the most frequent pair first."""
        pairs: dict[tuple[str, str], list[RecordRow]] = {}
        for row in self.gains:
            if row.party_name and row.other:
                pairs.setdefault((row.party_name.label, row.other.label), []).append(row)
        ranked = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
        party_names = self.snapshot.party_names
        return [(party_names[won], party_names[lost], rows) for (won, lost), rows in ranked]

    def won_by(self, label: str) -> list[Contest]:
        return [
            contest
            for contest in self.contests
            if any(winner["label"] == label for winner in _summary(contest)["elected"])
        ]

    def gained_by(self, label: str) -> list[RecordRow]:
        return [row for row in self.gains if row.party_name and row.party_name.label == label]

    def lost_by(self, label: str) -> list[RecordRow]:
        return [row for row in self.gains if row.other and row.other.label == label]

    def _ranked(
        self, row_of: Callable[[Contest], RecordRow | None], key: Callable[[RecordRow], Any]
    ) -> list[RecordRow]:
        """The first rows by `key`, then by name."""
        rows = [row for contest in self.contests if (row := row_of(contest))]
        return sorted(rows, key=lambda row: (key(row), row.contest.name))[:ROWS]

    def _swing(self, contest: Contest) -> RecordRow | None:
        swing = _summary(contest).get("swing")
        if not swing:
            return None
        party_names = self.snapshot.party_names
        return RecordRow(
            contest,
            fraction=Fraction(swing["points"]),
            party_name=party_names[swing["to"]],
            other=party_names[swing["from"]],
        )


def _summary(contest: Contest) -> dict[str, Any]:
    summary: dict[str, Any] = contest.standing.summary
    return summary


def _majority(contest: Contest) -> RecordRow | None:
    summary = _summary(contest)
    votes, valid = summary["majority"], summary.get("valid")
    if votes is None or not valid:
        return None
    return RecordRow(contest, votes=votes, fraction=Fraction(votes, valid))


def _turnout(contest: Contest) -> RecordRow | None:
    turnout = _summary(contest).get("turnout")
    return RecordRow(contest, fraction=Fraction(turnout)) if turnout else None

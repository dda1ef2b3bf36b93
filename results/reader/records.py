"""What stands out in a night so far: closest, safest, biggest swings, lost deposits, who lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from results.live.election_snapshot import ElectionSnapshot
from results.models import WITH_RESULT, Contest
from results.words.party_names import PartyName

#: Lines of each list.
LINES = 10


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A seat, and the figure it is listed for."""

    contest: Contest
    fraction: Fraction | None = None
    votes: int | None = None
    name: str = ""
    party_name: PartyName | None = None
    other: PartyName | None = None

    @property
    def summary(self) -> dict[str, Any]:
        summary: dict[str, Any] = self.contest.standing.summary
        return summary


class Records:
    """Lists over every seat with a result, from what the standings keep: one query."""

    def __init__(self, snapshot: ElectionSnapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def contests(self) -> list[Contest]:
        """Every seat with a result, in order of declaration."""
        found = Contest.objects.filter(
            election=self.snapshot.election, standing__status__in=WITH_RESULT
        )
        ordered = found.order_by("standing__first_sequence").select_related("standing", "region")
        return list(ordered)

    @property
    def closest(self) -> list[RecordRow]:
        """Smallest majorities, in votes."""
        return self._by(_majority, lambda line: (line.votes or 0, line.contest.name))

    @property
    def safest(self) -> list[RecordRow]:
        """Largest majorities, as a share of the valid votes."""
        return self._by(_majority, lambda line: (-(line.fraction or 0), line.contest.name))

    @property
    def swings(self) -> list[RecordRow]:
        """Largest Butler swings, whichever way."""
        return self._by(self._swing, lambda line: (-(line.fraction or 0), line.contest.name))

    @property
    def turnouts(self) -> list[RecordRow]:
        """Highest turnouts, of valid votes."""
        return self._by(_turnout, lambda line: (-(line.fraction or 0), line.contest.name))

    @property
    def lowest_turnouts(self) -> list[RecordRow]:
        return self._by(_turnout, lambda line: (line.fraction or 0, line.contest.name))

    @property
    def lost_deposits(self) -> list[tuple[PartyName, int]]:
        """How many each party has lost, most first."""
        lost = Counter(
            label for one in self.contests for label in _summary(one).get("lost_deposits", ())
        )
        ranked = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
        return [(self.snapshot.party_names[label], count) for label, count in ranked]

    @cached_property
    def defeated(self) -> list[RecordRow]:
        """Sitting members who stood again and lost, where the candidates' file says who sat."""
        return [
            RecordRow(contest, name=one["name"], party_name=self.snapshot.party_names[one["label"]])
            for contest in self.contests
            for one in _summary(contest).get("defeated", ())
        ]

    @cached_property
    def first_time(self) -> list[RecordRow]:
        """Those elected for the first time, where the candidates' file says how often before."""
        return [
            RecordRow(contest, name=one["name"], party_name=self.snapshot.party_names[one["label"]])
            for contest in self.contests
            for one in _summary(contest)["elected"]
            if one.get("first_time")
        ]

    @cached_property
    def gains(self) -> list[RecordRow]:
        """Seats that changed hands, newest first."""
        return [
            RecordRow(
                contest,
                votes=_summary(contest)["majority"],
                name=one["name"],
                party_name=self.snapshot.party_names[one["label"]],
                other=self.snapshot.party_names[one["gained_from"]],
            )
            for contest in reversed(self.contests)
            for one in _summary(contest)["elected"]
            if one["gained_from"]
        ]

    @property
    def gains_by_pair(self) -> list[tuple[PartyName, PartyName, list[RecordRow]]]:
        """``[(winner, loser, lines), …]``, the commonest change first."""
        pairs: dict[tuple[str, str], list[RecordRow]] = {}
        for line in self.gains:
            if line.party_name and line.other:
                pairs.setdefault((line.party_name.label, line.other.label), []).append(line)
        ranked = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
        party_names = self.snapshot.party_names
        return [(party_names[won], party_names[lost], lines) for (won, lost), lines in ranked]

    def won_by(self, label: str) -> list[Contest]:
        return [
            contest
            for contest in self.contests
            if any(one["label"] == label for one in _summary(contest)["elected"])
        ]

    def gained_by(self, label: str) -> list[RecordRow]:
        return [line for line in self.gains if line.party_name and line.party_name.label == label]

    def lost_by(self, label: str) -> list[RecordRow]:
        return [line for line in self.gains if line.other and line.other.label == label]

    def _by(
        self, line_of: Callable[[Contest], RecordRow | None], key: Callable[[RecordRow], Any]
    ) -> list[RecordRow]:
        lines = [line for contest in self.contests if (line := line_of(contest))]
        return sorted(lines, key=key)[:LINES]

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

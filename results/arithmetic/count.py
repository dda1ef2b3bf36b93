"""What the arithmetic is given: a ballot paper, the figures, and what happened last time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: Labels that are flags, not parties.
INDEPENDENT = "independent"
SPEAKER = "speaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """One name on the ballot paper. ``label`` is what it is tallied under."""

    id: int
    label: str
    person: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures as counted or announced; None is not known, never nought."""

    votes: Mapping[int, int | None] = field(default_factory=dict)
    rejected: int | None = None
    electorate: int | None = None
    turnout_announced: Decimal | None = None
    valid_announced: int | None = None
    papers: int | None = None
    lot: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every candidate's votes are known."""
        return bool(self.votes) and all(votes is not None for votes in self.votes.values())

    def to_json(self) -> dict[str, Any]:
        announced = self.turnout_announced
        return {
            "votes": {str(candidate): votes for candidate, votes in self.votes.items()},
            "rejected": self.rejected,
            "electorate": self.electorate,
            "turnout_announced": None if announced is None else f"{announced.normalize():f}",
            "valid_announced": self.valid_announced,
            "papers": self.papers,
            "lot": list(self.lot),
            "winners": list(self.winners),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Figures":
        announced = data["turnout_announced"]
        return cls(
            votes={int(candidate): votes for candidate, votes in data["votes"].items()},
            rejected=data["rejected"],
            electorate=data["electorate"],
            turnout_announced=None if announced is None else Decimal(announced),
            valid_announced=data["valid_announced"],
            papers=data["papers"],
            lot=tuple(data["lot"]),
            winners=tuple(data["winners"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVote:
    """Last time's total of one candidate or party; a share only where votes are unknown."""

    label: str
    person: int | None = None
    votes: int | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who held a seat, by the election's baseline."""

    label: str
    person: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    votes: tuple[LastVote, ...] = ()
    holders: tuple[Holder, ...] = ()
    valid: int | None = None
    rejected: int | None = None
    electorate: int | None = None
    notional: bool = False

"""What the arithmetic is given: a ballot paper, the figures, and what happened last time.

Everywhere here None is "not known", which is never the same as nought.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: Labels that are flags, not parties.
INDEPENDENT = "independent"
SPEAKER = "speaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """One name on the ballot paper.

    ``label`` is what it is tallied under: a party's slug, or one of the two flags. ``person``
    tells people apart across elections; names never do.
    """

    id: int
    label: str
    person: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCounts:
    """Figures as counted or announced.

    ``votes`` by candidate id; ``rejected`` and ``papers`` are ballot papers (``papers``: all at
    verification, valid and rejected); ``electorate`` is people on the register;
    ``turnout_announced`` is per cent, as heard; ``valid_announced`` is the total as read out.
    ``lot`` names those drawn where votes tie across the last seat; ``winners`` who was announced
    as elected, and counts only while the votes are not all known.
    """

    votes: Mapping[int, int | None] = field(default_factory=dict)
    rejected: int | None = None
    electorate: int | None = None
    turnout_announced: Decimal | None = None
    valid_announced: int | None = None
    papers: int | None = None
    lot: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()

    @classmethod
    def of_winners(
        cls,
        candidates: Iterable[int],
        winners: Iterable[int],
        votes: Mapping[int, int] | None = None,
    ) -> "BallotCounts":
        """Counts of a contest whose winners are known, with the `votes` known so far."""
        known = votes or {}
        return cls(votes={one: known.get(one) for one in candidates}, winners=tuple(winners))

    @property
    def complete(self) -> bool:
        """Whether every candidate's votes are known."""
        return bool(self.votes) and all(votes is not None for votes in self.votes.values())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; candidate ids become text, as JSON's keys are."""
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
    def from_json(cls, data: Mapping[str, Any]) -> "BallotCounts":
        """The figures that ``to_json`` wrote. Raises KeyError for a key that is missing."""
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


def merge_matching(one: BallotCounts, other: BallotCounts) -> BallotCounts | None:
    """What two people who heard the same say together; None where they differ anywhere.

    What only one of them noted counts as agreed: nobody contradicts it. Votes, the lot and the
    winners announced must be the same.
    """
    same = (
        dict(one.votes) == dict(other.votes)
        and sorted(one.lot) == sorted(other.lot)
        and (one.complete or sorted(one.winners) == sorted(other.winners))
    )
    names = ("rejected", "electorate", "turnout_announced", "valid_announced", "papers")
    both = {name: (getattr(one, name), getattr(other, name)) for name in names}
    for mine, theirs in both.values():
        same = same and (mine is None or theirs is None or mine == theirs)
    if not same:
        return None
    whole = {name: theirs if mine is None else mine for name, (mine, theirs) in both.items()}
    return replace(one, **whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVote:
    """Last time's total of one candidate or party.

    ``share`` is a fraction of one, and is given only where the votes are unknown (notional).
    """

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
    """The last result here. ``valid`` is the whole of the valid votes, which the votes listed
    need not reach; ``notional`` says that boundaries moved and the figures are an estimate."""

    votes: tuple[LastVote, ...] = ()
    holders: tuple[Holder, ...] = ()
    valid: int | None = None
    rejected: int | None = None
    electorate: int | None = None
    notional: bool = False

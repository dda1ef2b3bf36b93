"""Inputs of the arithmetic: candidacies, ballot counts and the last result.

None means "not known" throughout, never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

#: Labels of candidates without a party.
INDEPENDENT = "independent"
SPEAKER = "speaker"
#: The label that every answer to a referendum's question has.
ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """One candidate on a ballot paper.

    `label` is what the votes are tallied under: a party's slug, `INDEPENDENT` or `SPEAKER`.
    `person` identifies a person across elections; `name` does not. `list_position` is the place on
    the party's list, counted from 1, None where there are no lists or it is not known.
    """

    id: int
    label: str
    person: int | None = None
    name: str = ""
    list_position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constituencies:
    """The results so far of a region's constituencies.

    `won` are their seats by label. `elected` are candidate ids of the region's lists, of those who
    won a constituency. `awaited` constituencies have no result yet:
    until they have, no seat of the region can be allocated. A postponed poll is not awaited.
    """

    won: Mapping[str, int] = field(default_factory=dict)
    elected: tuple[int, ...] = ()
    awaited: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "won": dict(sorted(self.won.items())),
            "elected": sorted(self.elected),
            "awaited": self.awaited,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(won=data["won"], elected=tuple(data["elected"]), awaited=data["awaited"])


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCounts:
    """A contest's counts as a returning officer announced them.

    `votes` are by candidate id. `rejected` and `papers` are ballot papers; `papers` are all of
    them at verification, valid and rejected. `electorate` is people on the register,
    `turnout_announced` a percentage, `valid_announced` the total of valid votes as read out.
    `lot` are the candidates drawn by lot where votes tie across the last seat. `winners` are those
    announced as elected, and matter only while some votes are not known. `unopposed` is true where
    no poll was held, because no more candidates stood than there are seats.

    Under the single transferable vote `votes` are first preferences and `winners` those declared
    elected so far, `stages` the stage of the count at which each was, as declared and as far as it
    was, and `quota` the votes that elect.

    `constituencies` are those of a region, as they stand when the region's result is published:
    part of what is computed from, and of nothing that anybody announced.
    """

    votes: Mapping[int, int | None] = field(default_factory=dict)
    rejected: int | None = None
    electorate: int | None = None
    turnout_announced: Decimal | None = None
    valid_announced: int | None = None
    papers: int | None = None
    lot: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()
    unopposed: bool | None = None
    stages: Mapping[int, int] | None = None
    quota: int | None = None
    constituencies: Constituencies | None = None

    @classmethod
    def of_unopposed(cls, candidates: Iterable[int]) -> "BallotCounts":
        """Return the counts of a contest without a poll: all are elected, and nobody has votes."""
        everybody = tuple(candidates)
        return cls(votes=dict.fromkeys(everybody), winners=everybody, unopposed=True)

    @classmethod
    def of_winners(
        cls,
        candidates: Iterable[int],
        winners: Iterable[int],
        votes: Mapping[int, int] | None = None,
    ) -> "BallotCounts":
        """Return the counts of a contest whose winners are known, with the `votes` known so far."""
        known = votes or {}
        votes_by_id = {candidate: known.get(candidate) for candidate in candidates}
        return cls(votes=votes_by_id, winners=tuple(winners))

    @property
    def complete(self) -> bool:
        """Whether every candidate's votes are known."""
        return bool(self.votes) and all(votes is not None for votes in self.votes.values())

    def following(self, published: "BallotCounts") -> "BallotCounts":
        """Return these counts, with figures that they lack taken from those published before.

        A figure that a later report leaves out has not changed. Winners and the lot are taken from
        these counts only.
        """
        unchanged = {
            each.name: getattr(published, each.name)
            for each in fields(self)
            if each.name not in ("votes", "lot", "winners") and getattr(self, each.name) is None
        }
        votes = {
            candidate: total if total is not None else published.votes.get(candidate)
            for candidate, total in self.votes.items()
        }
        return replace(self, votes=votes, **unchanged)

    def to_json(self) -> dict[str, Any]:
        """Return JSON types; candidate ids become strings, as JSON's keys are.

        Figures that came after the first release are left out while they are not known: stored
        fingerprints of requests stay what they are when a release adds one. The constituencies
        are left out, since no request gives them.
        """
        announced = self.turnout_announced
        values = {each.name: getattr(self, each.name) for each in fields(self)} | {
            "votes": {str(candidate): votes for candidate, votes in self.votes.items()},
            "turnout_announced": None if announced is None else f"{announced.normalize():f}",
            "lot": list(self.lot),
            "winners": list(self.winners),
            "stages": _stages_as_json(self.stages),
            "constituencies": None,
        }
        return {
            name: value
            for name, value in values.items()
            if value is not None or name in ALWAYS_IN_JSON
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` of this or another release returned.

        A figure that is missing is not known. One that this release does not have is ignored.
        Raises KeyError without votes.
        """
        announced = data.get("turnout_announced")
        values = {each.name: data[each.name] for each in fields(cls) if each.name in data} | {
            "votes": {int(candidate): votes for candidate, votes in data["votes"].items()},
            "turnout_announced": None if announced is None else Decimal(announced),
            "lot": tuple(data.get("lot", ())),
            "winners": tuple(data.get("winners", ())),
            "stages": _stages_from_json(data.get("stages")),
            "constituencies": None,
        }
        return cls(**values)


def _stages_as_json(stages: Mapping[int, int] | None) -> dict[str, int] | None:
    return {str(pk): stages[pk] for pk in sorted(stages)} if stages else None


def _stages_from_json(stages: Mapping[str, int] | None) -> dict[int, int] | None:
    return {int(pk): stage for pk, stage in stages.items()} if stages else None


#: Figures of the first release, which `to_json` names even where they are not known. Do not add
#: others: the fingerprints of requests that were answered before would change.
ALWAYS_IN_JSON = frozenset(
    {"rejected", "electorate", "turnout_announced", "valid_announced", "papers"}
)


def merge_matching(first: BallotCounts, second: BallotCounts) -> BallotCounts | None:
    """Merge two people's counts of one announcement; None where they differ.

    Votes, lot and announced winners must be equal. Any other number may be missing from one of
    the two: it is then taken from the other.
    """
    if (
        dict(first.votes) != dict(second.votes)
        or sorted(first.lot) != sorted(second.lot)
        or not (first.complete or sorted(first.winners) == sorted(second.winners))
    ):
        return None
    merged = {}
    for name in {each.name for each in fields(first)} - {"votes", "lot", "winners"}:
        ours, theirs = getattr(first, name), getattr(second, name)
        if None not in (ours, theirs) and ours != theirs:
            return None
        merged[name] = theirs if ours is None else ours
    return replace(first, **merged)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVote:
    """The votes of one candidate or party at the last election.

    `share` is a fraction of one, given only where the votes are not known (notional results).
    """

    label: str
    person: int | None = None
    votes: int | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The holder of a seat before this election."""

    label: str
    person: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """The last result of a contest.

    `valid` is the total of valid votes, which the listed `votes` need not reach. A `notional`
    result is an estimate for changed boundaries. `seats` were up then; None is as many as now.
    """

    votes: tuple[LastVote, ...] = ()
    holders: tuple[Holder, ...] = ()
    valid: int | None = None
    rejected: int | None = None
    electorate: int | None = None
    notional: bool = False
    seats: int | None = None

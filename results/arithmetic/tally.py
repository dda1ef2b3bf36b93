"""The night's tally: what each contest adds to it, exactly, so that it can be taken away again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any

from results.arithmetic.comparison import SeatWon
from results.arithmetic.inputs import Candidacy, LastTime
from results.arithmetic.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTally:
    """One label's counts over the contests of a tally.

    ``seats``, ``gains`` and ``losses`` are seats; ``votes`` and ``candidates`` are of contests
    with full figures. ``comparable_votes``, ``last_votes`` and ``stood_last`` (totals of last
    time) are over those of them that have a last time; ``last_unknown`` counts the totals of last
    time whose votes nobody knows.
    """

    seats: int = 0
    gains: int = 0
    losses: int = 0
    votes: int = 0
    candidates: int = 0
    comparable_votes: int = 0
    last_votes: int = 0
    stood_last: int = 0
    last_unknown: int = 0

    @property
    def net(self) -> int:
        """Seats gained less seats lost."""
        return self.gains - self.losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over any number of contests. Equal nights are equal objects.

    ``contests`` have a result, ``complete`` of them full figures; ``seats`` are filled. ``valid``
    votes, ``rejected`` papers and ``electorate`` are of the complete ones, what is not known of
    one counting as nought. ``comparable_valid`` and ``last_valid`` are the valid votes, now and
    then, of the complete ones that have a last time.
    """

    parties: Mapping[str, PartyTally] = field(default_factory=dict)
    contests: int = 0
    seats: int = 0
    complete: int = 0
    valid: int = 0
    rejected: int = 0
    electorate: int = 0
    comparable_valid: int = 0
    last_valid: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together, in whatever order."""
        return self._combined(other, 1)

    def minus(self, other: "Tally") -> "Tally":
        """This without the other: exactly what it was before ``plus``."""
        return self._combined(other, -1)

    def _combined(self, other: "Tally", sign: int) -> "Tally":
        lines = {
            label: _add(
                self.parties.get(label, PartyTally()), other.parties.get(label, PartyTally()), sign
            )
            for label in {*self.parties, *other.parties}
        }
        counts = {
            name: getattr(self, name) + sign * getattr(other, name)
            for name in (one.name for one in fields(self))
            if name != "parties"
        }
        kept = {label: line for label, line in sorted(lines.items()) if line != PartyTally()}
        return Tally(parties=kept, **counts)

    def share(self, label: str) -> Fraction | None:
        """Share of the valid votes of the seats with full figures; None where there are none,
        or where the label is not in the tally."""
        line = self.parties.get(label)
        return Fraction(line.votes, self.valid) if line and self.valid else None

    def share_change(self, label: str) -> Fraction | None:
        """Change of share on the same seats, in fractions of one.

        None, never 0, where the label stood in none of them last time, or where its votes then
        are not all known.
        """
        line = self.parties.get(label)
        if not line or not line.stood_last or line.last_unknown:
            return None
        if not self.comparable_valid or not self.last_valid:
            return None
        now = Fraction(line.comparable_votes, self.comparable_valid)
        return now - Fraction(line.last_votes, self.last_valid)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; the parties are stored under "lines"."""
        data = asdict(self)
        return {"lines": data.pop("parties"), **data}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        """The tally that ``to_json`` wrote; a count it does not mention is 0."""
        counts = {name: value for name, value in data.items() if name != "lines"}
        parties = {label: PartyTally(**party) for label, party in data["lines"].items()}
        return cls(parties=parties, **counts)


def _add(one: PartyTally, other: PartyTally, sign: int) -> PartyTally:
    return PartyTally(
        **{
            part.name: getattr(one, part.name) + sign * getattr(other, part.name)
            for part in fields(PartyTally)
        }
    )


def compute_contribution(
    outcome: Outcome,
    candidacies: Sequence[Candidacy],
    results: Sequence[SeatWon],
    last: LastTime | None,
    *,
    rejected: int | None = None,
    electorate: int | None = None,
) -> Tally:
    """What one contest adds. A partial result adds seats, gains and losses, never votes.

    ``rejected`` and ``electorate`` are as declared: an outcome does not carry them.
    """
    whole = Tally(contests=1, seats=len(outcome.elected))
    for result in results:
        won = PartyTally(seats=1, gains=int(not result.hold and not result.new))
        whole = whole.plus(Tally(parties={result.label: won}))
        loser = result.gained_from or result.displaced
        if loser is not None:
            whole = whole.plus(Tally(parties={loser: PartyTally(losses=1)}))
    if outcome.winner_only or outcome.valid is None:
        return whole
    return whole.plus(_votes(outcome, candidacies, last, rejected, electorate))


def _votes(
    outcome: Outcome,
    candidacies: Sequence[Candidacy],
    last: LastTime | None,
    rejected: int | None,
    electorate: int | None,
) -> Tally:
    valid = outcome.valid or 0
    comparable = last is not None and bool(last.valid)
    totals = Tally(
        complete=1,
        valid=valid,
        rejected=rejected or 0,
        electorate=electorate or 0,
        comparable_valid=valid if comparable else 0,
        last_valid=last.valid or 0 if last is not None else 0,
    )
    votes = {place.candidate: place.votes or 0 for place in outcome.candidate_results}
    for one in candidacies:
        line = PartyTally(
            votes=votes[one.id],
            candidates=1,
            comparable_votes=votes[one.id] if comparable else 0,
        )
        totals = totals.plus(Tally(parties={one.label: line}))
    for vote in last.votes if last is not None and comparable else ():
        unknown = int(vote.votes is None)
        before = PartyTally(last_votes=vote.votes or 0, stood_last=1, last_unknown=unknown)
        totals = totals.plus(Tally(parties={vote.label: before}))
    return totals


def majority_threshold(seats: int) -> int:
    """The smallest number of seats that is more than half of all."""
    return seats // 2 + 1


def house_majority(seats_won: int, seats: int) -> int:
    """Seats of one side less all others."""
    return 2 * seats_won - seats


def still_possible(tally: Tally, label: str, seats: int) -> int:
    """The most seats the label can end with: those won and all to come."""
    line = tally.parties.get(label, PartyTally())
    return line.seats + max(seats - tally.seats, 0)

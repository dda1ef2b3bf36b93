"""Add up contests in a tally of exact sums, from which a contest can be subtracted again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from results.arithmetic.comparison import SeatWon
from results.arithmetic.inputs import Candidacy, Holder, LastTime
from results.arithmetic.kinds import RULES, ElectionKind, Rules, ShareMethod
from results.arithmetic.outcome import Outcome
from results.arithmetic.unopposed import lost_to_vacancies

#: Rules of an election whose tally has the sums of every kind, and no others.
HOUSE = RULES[ElectionKind.UK_PARLIAMENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTally:
    """One label's part of a tally.

    `seats`, `gains` and `losses` are seats; one that falls vacant is lost. `votes` and `candidates`
    are of complete contests, whose votes are all known. `comparable_votes`, `last_votes` and
    `stood_last` (how many totals the label had last time) are of the complete contests with a last
    result; `last_unknown` counts the label's last totals whose votes are not known. `list_votes`
    are those for its lists in regions, which are no part of `votes`.
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
    before: int = 0
    best: int = 0
    best_comparable: int = 0
    best_last: int = 0
    list_votes: int = 0

    @property
    def net(self) -> int:
        """Seats gained minus seats lost."""
        return self.gains - self.losses

    def to_json(self) -> dict[str, int]:
        """Return the sums; those that came after the first release only if they are not 0."""
        return _without_later_zeros({name: getattr(self, name) for name in _SUMS_OF_PARTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over any number of contests, equal for equal results in any order.

    `contests` have a result; of `complete` ones all votes are known. `seats` are filled, of which
    `unopposed` without a poll. `vacant` seats have no candidate, and the polls of `postponed` ones
    are on another day: neither is to come on this night. `valid`
    votes, `rejected` papers and `electorate` are of the complete contests, where an unknown number
    counts as zero. `comparable_valid` and `last_valid` are the valid votes, now and last time, of
    the complete contests with a last result. `best`, `best_comparable` and `best_last` are the sums
    over the labels of `PartyTally`'s. `list_valid` are the valid votes for the lists of regions.
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
    unopposed: int = 0
    vacant: int = 0
    postponed: int = 0
    best: int = 0
    best_comparable: int = 0
    best_last: int = 0
    list_valid: int = 0

    @property
    def declared(self) -> int:
        """Seats with a result: filled, or found to be vacant."""
        return self.seats + self.vacant

    @property
    def without_member(self) -> int:
        """Seats for which nobody is elected on this night: vacant, or postponed."""
        return self.vacant + self.postponed

    def to_come(self, seats: int) -> int:
        """Return how many of `seats` are still to be declared on this night."""
        return max(seats - self.declared - self.postponed, 0)

    def plus(self, other: "Tally") -> "Tally":
        """Add another tally."""
        return self._combined(other, 1)

    def minus(self, other: "Tally") -> "Tally":
        """Subtract another tally: the exact inverse of `plus`."""
        return self._combined(other, -1)

    def _combined(self, other: "Tally", sign: int) -> "Tally":
        parties = dict(self.parties)
        for label, party in other.parties.items():
            total = _add(parties.pop(label, _NO_PARTY), party, sign)
            if total != _NO_PARTY:
                parties[label] = total
        counts = {name: getattr(self, name) + sign * getattr(other, name) for name in _SUMS}
        return Tally(parties=dict(sorted(parties.items())), **counts)

    def share(self, label: str) -> Fraction | None:
        """Return the label's share of the votes of complete contests.

        Of those of each label's best-placed candidates, where these are summed. None without any,
        and where the label stood in none of these contests.
        """
        party = self.parties.get(label)
        if party is None or not (party.votes or party.candidates) or not self.valid:
            return None
        return Fraction(party.best, self.best) if self.best else Fraction(party.votes, self.valid)

    def list_share(self, label: str) -> Fraction | None:
        """Return the label's share of the votes for regions' lists; None without any."""
        party = self.parties.get(label)
        if party is None or not party.list_votes or not self.list_valid:
            return None
        return Fraction(party.list_votes, self.list_valid)

    def share_change(self, label: str) -> Fraction | None:
        """Return the change of share over the same contests, as a fraction of one.

        None where the label stood in none of them last time, or its votes then are not all known.
        """
        party = self.parties.get(label)
        if not party or not party.stood_last or party.last_unknown:
            return None
        if self.best:
            if not self.best_comparable or not self.best_last:
                return None
            now = Fraction(party.best_comparable, self.best_comparable)
            return now - Fraction(party.best_last, self.best_last)
        if not self.comparable_valid or not self.last_valid:
            return None
        now = Fraction(party.comparable_votes, self.comparable_valid)
        return now - Fraction(party.last_votes, self.last_valid)

    @property
    def knows_share_changes(self) -> bool:
        """Whether the change of share is known of any label."""
        return any(self.share_change(label) is not None for label in self.parties)

    def to_json(self) -> dict[str, Any]:
        """Return JSON types, with the parties under `lines`.

        Sums that came after the first release are left out at 0, so that the release before reads
        the tallies of an ordinary night while it is replaced.
        """
        lines = {label: party.to_json() for label, party in self.parties.items()}
        counts = {part.name: getattr(self, part.name) for part in fields(self)}
        del counts["parties"]
        return {"lines": lines, **_without_later_zeros(counts)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        """Read what `to_json` returned; a missing count is 0."""
        counts = {name: value for name, value in data.items() if name != "lines"}
        parties = {label: PartyTally(**party) for label, party in data["lines"].items()}
        return cls(parties=parties, **counts)


#: Sums that the first release did not have.
LATER_SUMS = frozenset(
    {"unopposed", "vacant", "postponed", "before", "best", "best_comparable", "best_last"}
    | {"list_votes", "list_valid"}
)


def _without_later_zeros(sums: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in sums.items() if value or name not in LATER_SUMS}


_NO_PARTY = PartyTally()
# Looked up once: a night is added up thousands of times.
_SUMS_OF_PARTY = tuple(part.name for part in fields(PartyTally))
_SUMS = tuple(part.name for part in fields(Tally) if part.name != "parties")


def _add(first: PartyTally, second: PartyTally, sign: int) -> PartyTally:
    return PartyTally(
        **{name: getattr(first, name) + sign * getattr(second, name) for name in _SUMS_OF_PARTY}
    )


def compute_contribution(
    outcome: Outcome,
    candidacies: Sequence[Candidacy],
    results: Sequence[SeatWon],
    last: LastTime | None,
    *,
    holders: Sequence[Holder] | None = None,
    rejected: int | None = None,
    electorate: int | None = None,
    rules: Rules = HOUSE,
    lists_apart: bool = False,
) -> Tally:
    """Compute what one contest adds to the tally; only seats unless all its votes are known.

    `rejected` and `electorate` are as declared: an outcome does not contain them. `holders` held
    the seats before; one whose seat is vacant now has lost it. `rules` say which sums there are
    besides those of every kind. Where electors have a vote for a constituency and one for a list,
    the votes for lists are summed apart (`lists_apart`), and no elector is counted twice.
    """
    whole = _seats(outcome, results, holders)
    for holder in (holders or ()) if rules.has_body_tallies else ():
        whole = whole.plus(Tally(parties={holder.label: PartyTally(before=1)}))
    if outcome.winner_only or outcome.valid is None:
        return whole
    if lists_apart:
        return whole.plus(_votes_of_lists(outcome, candidacies))
    if rules.share is ShareMethod.BEST_PLACED:
        whole = whole.plus(_best_placed(outcome, candidacies, last))
    return whole.plus(_votes(outcome, candidacies, last, rejected, electorate))


def _seats(outcome: Outcome, results: Sequence[SeatWon], holders: Sequence[Holder] | None) -> Tally:
    elected = len(outcome.elected)
    whole = Tally(
        contests=1,
        seats=elected,
        unopposed=elected if outcome.unopposed else 0,
        vacant=outcome.vacancies,
    )
    for label in lost_to_vacancies(outcome, results, holders):
        whole = whole.plus(Tally(parties={label: PartyTally(losses=1)}))
    for result in results:
        won = PartyTally(seats=1, gains=int(not result.hold and not result.new))
        whole = whole.plus(Tally(parties={result.label: won}))
        loser = result.gained_from or result.displaced
        if loser is not None:
            whole = whole.plus(Tally(parties={loser: PartyTally(losses=1)}))
    return whole


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
    votes = {result.candidate: result.votes or 0 for result in outcome.candidate_results}
    for candidacy in candidacies:
        party = PartyTally(
            votes=votes[candidacy.id],
            candidates=1,
            comparable_votes=votes[candidacy.id] if comparable else 0,
        )
        totals = totals.plus(Tally(parties={candidacy.label: party}))
    for vote in last.votes if last is not None and comparable else ():
        unknown = int(vote.votes is None)
        before = PartyTally(last_votes=vote.votes or 0, stood_last=1, last_unknown=unknown)
        totals = totals.plus(Tally(parties={vote.label: before}))
    return totals


def _votes_of_lists(outcome: Outcome, candidacies: Sequence[Candidacy]) -> Tally:
    labels = {candidacy.id: candidacy.label for candidacy in candidacies}
    totals = Tally(list_valid=outcome.valid or 0)
    for result in outcome.candidate_results:
        party = PartyTally(list_votes=result.votes or 0)
        totals = totals.plus(Tally(parties={labels[result.candidate]: party}))
    return totals


def _best_placed(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> Tally:
    """Return the votes of each label's best-placed candidate, now and last time.

    Of independents, too, only the best-placed is counted. Source: C. Rallings and M. Thrasher,
    “Local Elections Handbook”, on wards that elect several councillors.
    """
    comparable = last is not None and bool(last.valid)
    votes = {result.candidate: result.votes or 0 for result in outcome.candidate_results}
    now = _most((each.label, votes[each.id]) for each in candidacies)
    before = _most((vote.label, vote.votes or 0) for vote in last.votes) if last else {}
    parties = {
        label: PartyTally(
            best=now.get(label, 0),
            best_comparable=now.get(label, 0) if comparable else 0,
            best_last=before.get(label, 0) if comparable else 0,
        )
        for label in {*now, *before}
    }
    return Tally(
        parties=parties,
        best=sum(now.values()),
        best_comparable=sum(now.values()) if comparable else 0,
        best_last=sum(before.values()) if comparable else 0,
    )


def _most(totals: Iterable[tuple[str, int]]) -> dict[str, int]:
    most: dict[str, int] = {}
    for label, votes in totals:
        most[label] = max(votes, most.get(label, 0))
    return most


def postponed_contribution(seats: int) -> Tally:
    """Return the contribution of a contest whose poll is held on another day."""
    return Tally(postponed=seats)


def majority_threshold(seats: int) -> int:
    """Return the smallest number of seats that is more than half."""
    return seats // 2 + 1


def house_majority(seats_won: int, seats: int, *, without_member: int = 0) -> int:
    """Return one side's seats minus all others; seats still to come count as others'.

    `without_member` seats are vacant or their polls postponed: nobody sits for them, so that they
    are no side's. The threshold stays that of all seats.
    """
    return 2 * seats_won - (seats - without_member)


def still_possible(tally: Tally, label: str, seats: int) -> int:
    """Return the most seats a label can end with: those it has won, all to come, all postponed.

    A vacant seat is filled by another election, if at all.
    """
    return tally.parties.get(label, PartyTally()).seats + tally.to_come(seats) + tally.postponed


def parties_with_a_chance(tally: Tally, seats: int) -> frozenset[str]:
    """Return the labels that can still reach a majority; "" is any party without a seat yet."""
    threshold = majority_threshold(seats)
    labels = ("", *tally.parties)
    return frozenset(label for label in labels if still_possible(tally, label, seats) >= threshold)


def ranked_labels(tally: Tally) -> list[str]:
    """Return labels by seats, then votes, then name, so that the order is always the same."""
    parties = tally.parties
    return sorted(parties, key=lambda label: (-parties[label].seats, -parties[label].votes, label))

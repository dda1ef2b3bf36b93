"""Allocate seats to lists by D'Hondt, with the seats that their constituencies have filled.

Sources: Scotland Act 1998, sections 7 and 8; Greater London Authority Act 1999, Schedule 2,
paragraphs 6 to 8; Government of Wales Act 2006, section 9, and Electoral Commission, guidance for
candidates and agents at Senedd elections, “Allocation of seats”.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from results.arithmetic.inputs import INDEPENDENT, Candidacy, Constituencies
from results.arithmetic.undecided import Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyList:
    """One line of a list ballot: a party's candidates in its order, or an independent alone.

    `candidates` are candidate ids; the list's votes are given under any one of them, and `id` is
    the first.
    """

    label: str
    candidates: tuple[int, ...]

    @property
    def id(self) -> int:
        return self.candidates[0]

    @property
    def is_independent(self) -> bool:
        return self.label == INDEPENDENT


def lists_of(candidacies: Sequence[Candidacy]) -> tuple[PartyList, ...]:
    """Return the lists of a ballot paper, in the order of their first candidates.

    `candidacies` are in ballot-paper order. A party's are one list, in the order of their list
    positions; one without a position comes after those that have one. Each independent is alone.
    """
    groups: dict[tuple[str, int], list[Candidacy]] = {}
    for candidacy in candidacies:
        own = candidacy.id if candidacy.label == INDEPENDENT else 0
        groups.setdefault((candidacy.label, own), []).append(candidacy)

    def position(candidacy: Candidacy) -> tuple[bool, int]:
        return candidacy.list_position is None, candidacy.list_position or 0

    return tuple(
        PartyList(
            label=label,
            candidates=tuple(candidacy.id for candidacy in sorted(group, key=position)),
        )
        for (label, _own), group in groups.items()
    )


class TieRule(StrEnum):
    """The rule that settles a tie between more lists than there are seats left."""

    LOT = "lot"
    ONE_VOTE_MORE = "one vote more"
    """Each tied party's figure is recalculated with one vote more; then by lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatedSeat:
    """One seat of the allocation: `figure`, the quotient, is `votes` over `divisor`.

    `settled_by` is None unless the list's figure was another's too, and not all of them could have
    a seat.
    """

    list_id: int
    candidate: int
    votes: int
    divisor: int
    settled_by: TieRule | None = None

    @property
    def figure(self) -> Fraction:
        return Fraction(self.votes, self.divisor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The seats allocated to lists, in the order of their award.

    `below_threshold` are the ids of lists that took no part. `missed` is the figure with which a
    list just did not get the last seat, with the list's id. `tied` are the lists of equal figures,
    in ballot-paper order, that the last seats were settled between; `undecided` of these seats
    wait for a lot. `vacant` seats are left over where every list is used up.
    """

    seats: tuple[AllocatedSeat, ...]
    below_threshold: tuple[int, ...] = ()
    missed: tuple[int, Fraction] | None = None
    tied: tuple[int, ...] = ()
    undecided: int = 0
    vacant: int = 0


def list_votes(lists: Sequence[PartyList], votes: Mapping[int, int | None]) -> dict[int, int]:
    """Return the known votes of each list by its id. They stand under any of its candidates."""
    known: dict[int, int] = {}
    for party_list in lists:
        given = [votes[pk] for pk in party_list.candidates if votes.get(pk) is not None]
        if given:
            known[party_list.id] = sum(total or 0 for total in given)
    return known


def allocate(
    lists: Sequence[PartyList],
    votes: Mapping[int, int],
    *,
    seats: int,
    constituencies: Constituencies | None = None,
    threshold: Fraction | None = None,
    tie_rule: TieRule = TieRule.LOT,
    lot: Sequence[int] = (),
    open_ties: bool = False,
) -> Allocation:
    """Allocate `seats` to the lists, each in turn to the list with the highest figure.

    A party's figure is its votes over one more than the seats it has, with its constituencies; an
    independent's is the votes. `votes` are by list id. A list below the `threshold` of all votes,
    or that is used up, takes no part; who won a constituency is skipped. Equal highest figures get
    a seat each. Where that would be too many, the tie is settled by `tie_rule`, at last by `lot`:
    ids of candidates, one of each list drawn.

    Raises Undecided, with the ids of the tied lists, where the lot does not settle them; with
    `open_ties` their seats are left undecided instead.
    """
    count = _Count(lists, votes, constituencies or Constituencies(), threshold)
    tied = count.allocate_until(seats)
    undecided = 0
    left = seats - len(count.allocated)
    try:
        settled = _settle(count, tied, left, tie_rule, lot) if tied else ()
    except Undecided:
        if not open_ties:
            raise
        settled, undecided = (), left
    return Allocation(
        seats=(*count.allocated, *settled),
        below_threshold=tuple(each.id for each in lists if not count.is_above(each)),
        missed=None if undecided else count.missed(settled),
        tied=tuple(each.id for each in tied),
        undecided=undecided,
        vacant=left - len(settled) - undecided,
    )


class _Count:
    """Seats allocated so far, and each list's present figure."""

    def __init__(
        self,
        lists: Sequence[PartyList],
        votes: Mapping[int, int],
        constituencies: Constituencies,
        threshold: Fraction | None,
    ) -> None:
        self.votes, self.threshold = votes, threshold
        self.valid = sum(votes.values())
        self.won = dict(constituencies.won)
        self.left = {
            each.id: [pk for pk in each.candidates if pk not in constituencies.elected]
            for each in lists
        }
        self.lists = [each for each in lists if self.is_above(each)]
        self.allocated: list[AllocatedSeat] = []

    def is_above(self, each: PartyList) -> bool:
        return self.threshold is None or self.votes[each.id] >= self.threshold * self.valid

    def divisor(self, each: PartyList) -> int:
        return 1 if each.is_independent else 1 + self.won.get(each.label, 0)

    def figure(self, each: PartyList, more: int = 0) -> Fraction:
        """The list's figure, with `more` votes added unless it is an independent."""
        votes = self.votes[each.id] + (0 if each.is_independent else more)
        return Fraction(votes, self.divisor(each))

    def highest(self) -> tuple[PartyList, ...]:
        """The lists with the highest figure that are not used up; none without votes."""
        open_lists = [each for each in self.lists if self.left[each.id] and self.votes[each.id]]
        most = max(map(self.figure, open_lists), default=None)
        return tuple(each for each in open_lists if self.figure(each) == most)

    def allocate_until(self, seats: int) -> tuple[PartyList, ...]:
        """Give seats one by one; return the lists that tie for more than are left, else none."""
        while len(self.allocated) < seats:
            highest = self.highest()
            if len(highest) > seats - len(self.allocated):
                return highest
            if not highest:
                break
            self.give(highest[0])
        return ()

    def seat_for(self, each: PartyList, settled_by: TieRule | None = None) -> AllocatedSeat:
        return AllocatedSeat(
            list_id=each.id,
            candidate=self.left[each.id][0],
            votes=self.votes[each.id],
            divisor=self.divisor(each),
            settled_by=settled_by,
        )

    def give(self, each: PartyList) -> None:
        self.allocated.append(self.seat_for(each))
        self.left[each.id].pop(0)
        self.won[each.label] = self.won.get(each.label, 0) + 1

    def missed(self, settled: Sequence[AllocatedSeat]) -> tuple[int, Fraction] | None:
        """The list that would get the next seat, with its figure; None if there is none."""
        taken = {seat.list_id for seat in settled}
        highest = [each for each in self.highest() if each.id not in taken]
        return (highest[0].id, self.figure(highest[0])) if highest else None


def _settle(
    count: _Count,
    tied: Sequence[PartyList],
    seats: int,
    tie_rule: TieRule,
    lot: Sequence[int],
) -> tuple[AllocatedSeat, ...]:
    """Settle a tie for the last seats and return them. Raises Undecided."""
    more = int(tie_rule is TieRule.ONE_VOTE_MORE)
    ranked = sorted(tied, key=lambda each: -count.figure(each, more))
    last = count.figure(ranked[seats - 1], more)
    sure = [each for each in ranked if count.figure(each, more) > last]
    equal = [each for each in tied if count.figure(each, more) == last]
    drawn = equal
    if len(sure) + len(equal) > seats:
        drawn = [each for each in equal if {*each.candidates} & {*lot}]
        if len(drawn) != seats - len(sure):
            raise Undecided(tuple(each.id for each in equal), seats - len(sure))
    by_lot = TieRule.LOT if drawn is not equal else TieRule.ONE_VOTE_MORE
    return (
        *(count.seat_for(each, TieRule.ONE_VOTE_MORE) for each in sure),
        *(count.seat_for(each, by_lot) for each in drawn),
    )

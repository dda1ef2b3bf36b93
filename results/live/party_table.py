"""The scoreboard's table of parties, with the same number of rows all night.

A table that grew would move everything below it while people read.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from results.arithmetic import INDEPENDENT, PartyTally, Tally
from results.models import Candidate, Contest, LastVotes, StandingAs
from results.words.party_names import PartyName, PartyNames

ROWS = 12
#: Number of rows shown at first.
FIRST_ROWS = 6
#: The share of all votes above which a party is in the first rows, whatever its seats.
MANY_VOTES = Fraction(5, 100)
#: A party without a seat gets its own row with one declared vote in this many.
VOTES_PER_OWN_ROW = 100

#: The least parties that are folded on the page of all parties.
FOLDED_FROM = 4

#: Seats won last time, and candidates now, by label.
LabelsStanding = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class BarPart:
    """One party's part of the seats bar, in seats from the left."""

    party_name: PartyName
    start: int
    seats: int


@dataclass(frozen=True)
class PartyRow:
    """One party's part of a tally. Shares are computed once, when printed.

    `held` is its seats last time, over all contests; `polled` its seats in the exit poll, None
    where there is none or it does not name the party.
    """

    party_name: PartyName
    party_tally: PartyTally
    tally: Tally
    held: int = 0
    polled: int | None = None

    @cached_property
    def share(self) -> Fraction | None:
        return self.tally.share(self.party_name.label)

    @cached_property
    def share_change(self) -> Fraction | None:
        return self.tally.share_change(self.party_name.label)

    @property
    def polled_change(self) -> int | None:
        """The exit poll's seats less those of last time."""
        return None if self.polled is None else self.polled - self.held

    @property
    def list_share(self) -> Fraction | None:
        """The share of the votes for regions' lists."""
        return self.tally.list_share(self.party_name.label)

    @property
    def earns_own_row(self) -> bool:
        """Whether the party has won or lost a seat, or has one in a hundred of the declared votes.

        It may be of either vote, where electors have one for a constituency and one for a list.
        """
        party, tally = self.party_tally, self.tally
        if party.seats or party.losses:
            return True
        own = party.votes * VOTES_PER_OWN_ROW >= tally.valid > 0
        return own or party.list_votes * VOTES_PER_OWN_ROW >= tally.list_valid > 0


@dataclass(frozen=True)
class PartyTable:
    """Rows of parties, and the sum of all others; None if there are no others."""

    rows: list[PartyRow]
    others: PartyTally | None
    others_share: Fraction | None
    others_list_share: Fraction | None = None
    others_held: int = 0

    @property
    def most_held(self) -> int:
        """The longest bar of seats last time or of the exit poll, in seats."""
        return max((max(row.held, row.polled or 0) for row in self.rows), default=0) or 1

    @property
    def more_held(self) -> int:
        """The seats last time of all parties that are not among the first rows."""
        return sum(row.held for row in self.more_rows) + self.others_held

    @cached_property
    def first_rows(self) -> list[PartyRow]:
        """The six rows shown at first; the last may be replaced by a party with many votes."""
        first, more = self.rows[:FIRST_ROWS], self.rows[FIRST_ROWS:]
        most = max(more, key=lambda row: row.party_tally.votes, default=None)
        if most and (most.share or 0) > MANY_VOTES and (first[-1].share or 0) < MANY_VOTES:
            first[-1] = most
        return first

    @cached_property
    def more_rows(self) -> list[PartyRow]:
        first = self.first_rows
        return [row for row in self.rows if row not in first]

    @property
    def more_seats(self) -> int:
        """The seats of all parties that are not among the first rows."""
        seats = sum(row.party_tally.seats for row in self.more_rows)
        return seats + (self.others.seats if self.others else 0)


def folded_rows(rows: Sequence[PartyRow]) -> tuple[list[PartyRow], list[PartyRow]]:
    """Divide the rows of all parties into those shown at first and those that are folded.

    Parties that have earned no row of their own are folded, if they are many.
    """
    folded = [row for row in rows if not row.earns_own_row]
    if len(folded) < FOLDED_FROM:
        return [*rows], []
    return [row for row in rows if row.earns_own_row], folded


def party_table_of(
    standing: LabelsStanding, tally: Tally, ranked: list[PartyRow], party_names: PartyNames
) -> PartyTable:
    """The table for `tally`; `ranked` are all its parties, in order.

    Parties that earned a row come first. While these are fewer than `ROWS`, the rest are those
    that defend most seats, then those with most candidates.
    """

    def most_at_stake(label: str) -> tuple[int, int, str]:
        defended, candidates = standing.get(label, (0, 0))
        return -defended, -candidates, label

    by_label = {row.party_name.label: row for row in ranked}
    earned = [row.party_name.label for row in ranked if row.earns_own_row]
    labels = {*standing, *earned}
    chosen = earned[:ROWS]
    chosen += sorted(labels - {*chosen}, key=most_at_stake)[: ROWS - len(chosen)]
    rank = {label: number for number, label in enumerate(by_label)}
    chosen.sort(key=lambda label: (rank.get(label, len(rank)), *most_at_stake(label)))
    rows = [
        by_label.get(label) or PartyRow(party_names[label], PartyTally(), tally) for label in chosen
    ]
    if len(labels) <= ROWS:
        return PartyTable(rows, None, None)
    others = _sum_of([row.party_tally for label, row in by_label.items() if label not in chosen])
    return PartyTable(
        rows,
        others,
        Fraction(others.votes, tally.valid) if tally.valid else None,
        Fraction(others.list_votes, tally.list_valid) if tally.list_valid else None,
    )


def with_last_time(
    table: PartyTable, held: Mapping[str, int], polled: Mapping[str, int]
) -> PartyTable:
    """Return the table with the seats of last time and of the exit poll, given by label."""
    rows = [
        replace(
            row,
            held=held.get(row.party_name.label, 0),
            polled=polled.get(row.party_name.label),
        )
        for row in table.rows
    ]
    return replace(table, rows=rows, others_held=sum(held.values()) - sum(row.held for row in rows))


def _sum_of(tallies: Sequence[PartyTally]) -> PartyTally:
    return PartyTally(
        seats=sum(tally.seats for tally in tallies),
        gains=sum(tally.gains for tally in tallies),
        losses=sum(tally.losses for tally in tallies),
        votes=sum(tally.votes for tally in tallies),
        list_votes=sum(tally.list_votes for tally in tallies),
    )


def labels_standing(contests: "QuerySet[Contest]") -> LabelsStanding:
    """Return by label the seats won last time, and the candidates now."""
    defended = _count_by_label(
        LastVotes.objects.filter(last_result__contest__in=contests, elected=True)
    )
    candidates = _count_by_label(Candidate.objects.filter(contest__in=contests))
    return {label: (defended[label], candidates[label]) for label in {*defended, *candidates}}


#: The columns that make a label, of a model that is based on `StandsAs`.
LABEL_COLUMNS = ("standing_as", "party__slug", "party__tallied_with__slug")


def label_of(standing_as: str, slug: str | None, tallied_with: str | None) -> str:
    """The label of a row with these `LABEL_COLUMNS`."""
    return (tallied_with or slug or INDEPENDENT) if standing_as == StandingAs.PARTY else standing_as


def _count_by_label(rows: "QuerySet[Any]") -> Counter[str]:
    groups = rows.order_by().values_list(*LABEL_COLUMNS).annotate(rows=Count("pk"))
    counts: Counter[str] = Counter()
    for *names, count in groups:
        counts[label_of(*names)] += count
    return counts

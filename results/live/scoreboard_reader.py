"""A snapshot's seats by party, now and last time, each part read when it is first used."""

from functools import cached_property
from itertools import accumulate

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from results.arithmetic import (
    PartyTally,
    Tally,
    ends_of_bar,
    majority_threshold,
    ranked_labels,
    two_largest,
)
from results.live.party_table import BarPart, LabelsStanding, PartyRow, labels_standing
from results.models import Contest, Election, Night
from results.words.party_names import PartyNames, load_party_names


class ScoreboardReader:
    """The part of a snapshot that adds up seats. A subclass may take its data from a cache."""

    election: Election
    night: Night

    @cached_property
    def party_names(self) -> PartyNames:
        return load_party_names(self.election.date)

    @cached_property
    def tally(self) -> Tally:
        return self.night.standing_tally

    @property
    def contests(self) -> "QuerySet[Contest]":
        """The contests covered, without their counting areas; a subclass may narrow them."""
        return Contest.objects.filter(election=self.election, part_of=None)

    @cached_property
    def covered(self) -> dict[str, int]:
        """The number of contests, of seats, and of contests that are no by-elections."""
        return self.contests.aggregate(
            contests=Count("pk"),
            seats=Coalesce(Sum("seats"), 0),
            scheduled=Count("pk", filter=Q(by_election=False)),
        )

    @property
    def seats(self) -> int:
        return self.covered["seats"]

    @property
    def majority_threshold(self) -> int:
        return majority_threshold(self.seats)

    @property
    def to_come(self) -> int:
        """Number of seats still to be declared on this night, without postponed ones."""
        return self.tally.to_come(self.seats)

    @cached_property
    def shows_votes(self) -> bool:
        """Whether tables have columns of votes: figures are known, or seats are to come."""
        return bool(self.tally.complete or self.to_come)

    @cached_property
    def leader(self) -> PartyRow | None:
        return next((row for row in self.party_rows[:1] if row.party_tally.seats), None)

    @cached_property
    def party_rows(self) -> list[PartyRow]:
        """A row for each label with seats or votes, ranked."""
        tally = self.tally
        return [
            PartyRow(
                party_name=self.party_names[label], party_tally=tally.parties[label], tally=tally
            )
            for label in ranked_labels(tally)
        ]

    @cached_property
    def labels_standing(self) -> LabelsStanding:
        """Each label's seats last time and candidates, fixed until either is edited."""
        return labels_standing(self.contests)

    @cached_property
    def ends(self) -> tuple[PartyRow | None, PartyRow | None]:
        """The parties at the left and right end of the seats bar, fixed nearly all night."""
        ranked = [row.party_name.label for row in self.party_rows if row.party_tally.seats]
        left, right = ends_of_bar(self.tally, self.held, ranked)
        return self._row_of(left), self._row_of(right)

    def _row_of(self, label: str | None) -> PartyRow | None:
        if label is None:
            return None
        party_tally = self.tally.parties.get(label, PartyTally())
        return PartyRow(self.party_names[label], party_tally, self.tally)

    @cached_property
    def bar(self) -> list[BarPart]:
        """The bar's parts: one party from the left, the others from the right."""
        left, right = self.ends
        ends = [row.party_name.label for row in (left, right) if row]
        others = [row for row in self.party_rows if row.party_name.label not in ends]
        rows = [row for row in (right, *others) if row and row.party_tally.seats]
        from_right = accumulate(row.party_tally.seats for row in rows)
        parts = [
            BarPart(row.party_name, self.seats - end, row.party_tally.seats)
            for row, end in zip(rows, from_right, strict=True)
        ]
        if left and left.party_tally.seats:
            parts.insert(0, BarPart(left.party_name, 0, left.party_tally.seats))
        return parts

    @property
    def gap(self) -> tuple[int, int]:
        """Start and length of the bar's part without a winner, in seats."""
        left, _right = self.ends
        start = left.party_tally.seats if left else 0
        return start, max(self.seats - self.tally.seats, 0)

    @cached_property
    def swing_pair(self) -> tuple[str, str] | None:
        """The two parties that the map's swing is between, the same all night."""
        return two_largest(self.held)

    @cached_property
    def held(self) -> dict[str, int]:
        """The seats won last time by label."""
        return {label: held for label, (held, _candidates) in self.labels_standing.items()}

    @cached_property
    def holders_unknown(self) -> bool:
        """Whether no contest's holder is known, so that gains and losses are blank, not 0."""
        moved = any(party.gains or party.losses for party in self.tally.parties.values())
        return not moved and not any(self.held.values())

    @property
    def shows_net(self) -> bool:
        """Whether tables have columns of gains, losses and net, which stay the same all night.

        Holders who are sitting members are not in last results: what they lost shows as it comes.
        """
        sitting = self.election.baseline == Election.Baseline.SITTING
        return sitting or not self.holders_unknown

    @property
    def shows_share_changes(self) -> bool:
        """Whether tables of votes have a column of changes since last time."""
        return self.shows_net or self.tally.knows_share_changes

    @property
    def holders_complete(self) -> bool:
        """Whether last results have the holder of every seat."""
        return sum(self.held.values()) == self.seats

    @property
    def seats_compared(self) -> int | None:
        """The number of seats with known holders, if that is some and not all; else None.

        It is None as well where sitting members are the holders, who are not in last results.
        """
        known = sum(self.held.values())
        sitting = self.election.baseline == Election.Baseline.SITTING
        return known if 0 < known < self.seats and not sitting else None

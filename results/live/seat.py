"""One contest as pages show it: stored rows and the arithmetic's results, without queries."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from results.arithmetic import (
    Conditions,
    Method,
    Outcome,
    SeatWon,
    Swing,
    Tally,
    compute_contribution,
    compute_outcome,
    compute_swing,
    postponed_contribution,
    seats_won,
    share_changes,
    vote_changes,
)
from results.arithmetic.counting_areas import check_subtotals
from results.arithmetic.impossible import impossible_sums
from results.arithmetic.known import Known, turnout_change
from results.arithmetic.seat_changes import SeatChanges, seat_changes
from results.live.candidate_names import told_apart
from results.live.counting_areas import CountingAreas, read_areas
from results.live.incomplete import KnownTotal, known_totals
from results.live.lists import ListRow, Lists
from results.live.seat_row import SeatRow
from results.live.seat_standing import SeatStanding
from results.models import (
    Candidate,
    Contest,
    Election,
    LastVotes,
    SittingMember,
    Standing,
    Total,
)
from results.words.party_names import PartyName, PartyNames, load_party_names
from results.words.seat_sentences import elected_sentence, result_sentence
from results.words.validation_messages import discrepancy_text
from results.words.ward_sentences import change_text

_LAST_VOTES = Prefetch(
    "last_result__votes", LastVotes.objects.select_related("party__tallied_with")
)
_SITTING_MEMBERS = Prefetch(
    "sitting_members", SittingMember.objects.select_related("party__tallied_with")
)
_RELATED = ("region", "body", "part_of", "standing__declaration__by", "last_result")


def with_results(contests: "QuerySet[Contest]") -> "QuerySet[Contest]":
    """Prefetch everything that a `Seat` reads, in a fixed number of queries."""
    return _with_votes(contests.select_related("election", *_RELATED)).prefetch_related(
        _SITTING_MEMBERS
    )


def with_results_of(election: Election, contests: "QuerySet[Contest]") -> "QuerySet[Contest]":
    """As `with_results`, for contests of an election that is set on each of them.

    Sitting members are read only where they are what this time is compared with.
    """
    read = _with_votes(contests.select_related(*_RELATED))
    return read.prefetch_related(_SITTING_MEMBERS) if _is_sitting(election) else read


def _with_votes(contests: "QuerySet[Contest]") -> "QuerySet[Contest]":
    """Prefetch candidates and votes, this time's and last time's.

    The orders are those of the models in one contest; theirs would join tables in between.
    """
    candidates = Candidate.objects.select_related("party__tallied_with", "person")
    return contests.prefetch_related(
        Prefetch("candidates", candidates.order_by("ballot_order")),
        _LAST_VOTES,
        Prefetch("standing__declaration__totals", Total.objects.order_by("pk")),
    )


def with_holders(contests: "QuerySet[Contest]", election: Election) -> "QuerySet[Contest]":
    """Prefetch, in one query, what says who held the seats of an election's contests."""
    return contests.select_related("election", "last_result").prefetch_related(
        _SITTING_MEMBERS if _is_sitting(election) else _LAST_VOTES
    )


def _is_sitting(election: Election) -> bool:
    """Whether this time is compared with who sits, instead of with last time's votes."""
    return election.baseline == Election.Baseline.SITTING


class Seat(SeatStanding):
    """A contest with its current result, if any; the contest comes from `with_results`."""

    @cached_property
    def known_totals(self) -> list[KnownTotal]:
        """Each candidate's total, known or not, where only incomplete totals are published."""
        return known_totals(self)

    @property
    def to_be_completed(self) -> bool:
        """Whether a result is published that an update may complete.

        Under the method DECLARED, first preferences may follow a result.
        """
        if not self.has_result or self.declaration is None:
            return False
        if self.system.method is Method.DECLARED and not self.has_no_poll:
            counts = self.declaration.ballot_counts
            return self.to_fill > 0 or not counts.complete
        return self.standing.status == Standing.Status.WINNER_ONLY

    @property
    def to_fill(self) -> int:
        """Seats of a published result that nobody has been elected to yet."""
        return self.outcome.to_fill if self.outcome else 0

    @property
    def title(self) -> str:
        """Text such as “Labour hold Islington North, majority 26,188”; a name without a result.

        For incomplete totals it has the name and the label of how many are known.
        """
        if not self.has_result:
            names = [self.contest.full_name, self.standing.incomplete_label]
            return ". ".join(filter(None, names))
        return result_sentence(self.contest.full_name, self.standing.summary, self.party_names)

    @cached_property
    def outcome(self) -> Outcome | None:
        if self.declaration is None or not self.standing.has_result:
            return None
        return compute_outcome(
            self.declaration.ballot_counts,
            seats=self.contest.seats,
            ballot_order=[candidacy.id for candidacy in self.contest.candidacies],
            deposits=self.contest.election.pays_deposits,
            system=self.system,
        )

    @cached_property
    def results(self) -> tuple[SeatWon, ...]:
        if self.outcome is None:
            return ()
        by_id = {candidacy.id: candidacy for candidacy in self.contest.candidacies}
        elected = [by_id[candidate] for candidate in self.outcome.elected]
        return seats_won(elected, self.contest.holders)

    @cached_property
    def areas(self) -> CountingAreas:
        """The counting areas of the contest. Costs a query where its kind may have some."""
        if not self.contest.election.rules.counting_areas or self.contest.is_counting_area:
            return CountingAreas()
        return read_areas({self.contest.pk: self.candidate_names})[self.contest.pk]

    @property
    def electorate(self) -> int | None:
        """The electorate as declared, else the sum of the counting areas' if all are known."""
        if self.declaration is None:
            return None
        if self.declaration.electorate is not None:
            return self.declaration.electorate
        return self.areas.subtotals.electorate

    @property
    def electorate_change(self) -> int | None:
        before = self.last_time.electorate if self.last_time else None
        return None if self.electorate is None or before is None else self.electorate - before

    @property
    def area_differences(self) -> list[str]:
        """Sentences on published votes that differ from the sum of the counting areas."""
        if not self.has_result or self.declaration is None:
            return []
        found = check_subtotals(
            self.declaration.ballot_counts, self.areas.subtotals, self.candidate_names
        )
        return [discrepancy_text(message) for message in found if message.asks]

    @property
    def contribution(self) -> Tally:
        """The contribution to the night's tally of the current result or postponed poll."""
        if self.contest.is_counting_area:
            return Tally()
        if self.standing.status == Standing.Status.POSTPONED:
            return postponed_contribution(self.contest.seats)
        if self.outcome is None or self.declaration is None:
            return Tally()
        return compute_contribution(
            self.outcome,
            self.contest.candidacies,
            self.results,
            self.last_time,
            holders=self.contest.holders,
            rejected=self.declaration.rejected,
            electorate=self.declaration.electorate,
            rules=self.contest.election.rules,
            lists_apart=self.system.region,
        )

    @property
    def turnout_change(self) -> int | None:
        """The change of turnout since last time, in tenths of a point; None if not known."""
        if not self.has_result or self.declaration is None:
            return None
        known = Known(
            electorate=self.contest.electorate,
            verified_electorate=self.standing.verified_electorate,
            last=self.last_time,
        )
        counts = self.declaration.ballot_counts
        per_paper = self.system.votes_per_paper
        change = turnout_change(
            counts, known, seats=per_paper or self.contest.seats, vote_per_seat=per_paper is None
        )
        return None if change is None else round(change * 1000)

    @property
    def discrepancies(self) -> list[str]:
        """Sentences on impossible sums of the published figures."""
        if not self.has_result or self.declaration is None:
            return []
        conditions = Conditions(
            seats=self.contest.seats,
            candidacies=self.contest.candidacies,
            typed=False,
            system=self.system,
        )
        found = impossible_sums(self.declaration.ballot_counts, conditions)
        return [discrepancy_text(message) for message in found]

    @cached_property
    def swing(self) -> Swing | None:
        if self.outcome is None or self.last_time is None:
            return None
        return compute_swing(self.outcome, self.contest.candidacies, self.last_time)

    @property
    def swing_from(self) -> PartyName | None:
        return self.party_names[self.swing.from_label] if self.swing else None

    @property
    def swing_to(self) -> PartyName | None:
        return self.party_names[self.swing.to_label] if self.swing else None

    @cached_property
    def rows(self) -> list[SeatRow]:
        """Candidates in order of votes; empty without a result."""
        if self.outcome is None:
            return []
        by_id = {candidate.pk: candidate for candidate in self.contest.candidates.all()}
        shares = share_changes(self.outcome, self.voted_for, self.last_time)
        votes = vote_changes(self.outcome, self.voted_for, self.last_time)
        results = {result.candidate: result for result in self.results}
        return [
            SeatRow(
                candidate=by_id[result.candidate],
                party_name=self.party_names[by_id[result.candidate].label],
                candidate_result=result,
                share_change=shares.get(result.candidate),
                vote_change=votes.get(result.candidate),
                result=results.get(result.candidate),
            )
            for result in self.outcome.candidate_results
        ]

    @cached_property
    def lists(self) -> Lists:
        return Lists(self)

    @property
    def top_three(self) -> Sequence[SeatRow | ListRow]:
        if self.has_lists:
            return self.lists.rows[: max(3, self.contest.seats)]
        return self.rows[: max(3, self.contest.seats)]

    @property
    def winners(self) -> list[SeatRow]:
        return [row for row in self.rows if row.candidate_result.elected]

    @cached_property
    def changes(self) -> SeatChanges | None:
        """The changes of several seats by party; None where they are not known, and of one seat.

        Until each seat is filled, those to come are not lost.
        """
        holders = self.contest.holders
        if self.contest.seats == 1 or holders is None or not self.results or self.to_fill:
            return None
        return seat_changes(
            [holder.label for holder in holders], [result.label for result in self.results]
        )

    @property
    def change_text(self) -> str:
        """Text such as “Green +1, LD +1, Lab −2”, where no one party gained from one other."""
        return change_text(self.changes, self.party_names) if self.changes else ""

    @property
    def gained(self) -> bool:
        """Whether a seat changed hands here."""
        if self.changes is not None:
            return self.changes.seats > 0
        return any(result.gained_from for result in self.results)

    @property
    def shown_label(self) -> str:
        """The label in whose colour the result stands: who alone gained, or else who came first."""
        if self.changes is not None and self.changes.only_gainer:
            return self.changes.only_gainer
        return self.winners[0].party_name.label if self.winners else ""

    @property
    def gained_from(self) -> PartyName | None:
        """The party that lost the only seat here; None where none changed hands, or several did."""
        if len(self.results) != 1 or self.results[0].gained_from is None:
            return None
        return self.party_names[self.results[0].gained_from]

    @property
    def is_held(self) -> bool:
        """Whether the only seat here was held."""
        return len(self.results) == 1 and self.results[0].hold

    @property
    def has_margin(self) -> bool:
        """Whether the only seat's winner has a majority above 0 by full figures."""
        if self.outcome is None or self.contest.seats > 1 or len(self.winners) != 1:
            return False
        return bool(self.outcome.majority and self.outcome.majority_share)

    @property
    def is_plain_hold(self) -> bool:
        """Whether every seat was held in a poll with full figures, not by lot, uncorrected."""
        if self.outcome is None or self.outcome.winner_only or self.has_no_poll:
            return False
        if self.standing.status != Standing.Status.DECLARED:
            return False
        if self.standing.summary.get("by_lot") or self.outcome.majority is None:
            return False
        return self.is_held or (self.changes is not None and not self.gained)

    @property
    def elected_sentence(self) -> str:
        """Text such as “Ann Hall and Bob Rice are elected.”; empty without a result."""
        names = told_apart(self.candidates)
        elected = [row.candidate for row in self.winners]
        again = [names[candidate.pk] for candidate in elected if candidate.sitting_member]
        new = [names[candidate.pk] for candidate in elected if not candidate.sitting_member]
        return elected_sentence(new, again)

    @property
    def deposit_threshold(self) -> Fraction:
        """The share of the valid votes with which a deposit is still lost."""
        if self.system.method is Method.LISTS:
            return self.system.list_deposit
        return self.contest.election.rules.deposit_threshold or Fraction(0)

    @property
    def lost_deposits(self) -> list[SeatRow]:
        """The rows of those who lost their deposit, of a list that of its first candidate."""
        return [row for row in self.rows if row.candidate_result.lost_deposit]

    @property
    def names_of_lost_deposits(self) -> list[str]:
        """The names on the ballot paper: candidates, or parties where lists are voted for."""
        if self.has_lists:
            return [self.lists.name_of(row.candidate) for row in self.lost_deposits]
        return [row.candidate.name for row in self.lost_deposits]

    @property
    def defeated(self) -> list[SeatRow]:
        """Sitting members who stood again and lost; none while a seat is still to be filled."""
        if self.contest.is_counting_area or self.to_fill:
            return []
        return [
            row
            for row in self.rows
            if row.candidate.sitting_member and not row.candidate_result.elected
        ]


def read_seats(contests: Iterable[Contest]) -> list[Seat]:
    """Return seats of contests of one election as they stand now."""
    keys = [contest.pk for contest in contests]
    if not keys:
        return []
    current = list(with_results(Contest.objects.filter(pk__in=keys)))
    party_names = load_party_names(current[0].election.date) if current else PartyNames({})
    return [Seat(contest, party_names) for contest in current]

"""The table of parties: as many rows at the first declaration as at the last, so nothing moves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet

from results.arithmetic import INDEPENDENT, PartyTally, Tally
from results.models import Candidate, Contest, LastVotes, StandingAs
from results.words.party_names import PartyName, PartyNames

ROWS = 12
#: A party without a seat has a row of its own from one declared vote in so many.
OWN_ROW_FROM = 100


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party's counts. Shares are worked out only for the rows that are shown."""

    party_name: PartyName
    party_tally: PartyTally
    tally: Tally

    @property
    def share(self) -> Fraction | None:
        return self.tally.share(self.party_name.label)

    @property
    def share_change(self) -> Fraction | None:
        return self.tally.share_change(self.party_name.label)

    @property
    def earns_its_own_row(self) -> bool:
        """A seat won or lost, or one in a hundred of the declared votes."""
        won_or_lost = bool(self.party_tally.seats or self.party_tally.losses)
        return won_or_lost or self.party_tally.votes * OWN_ROW_FROM >= self.tally.valid > 0


@dataclass(frozen=True, slots=True)
class PartyTable:
    """Rows of parties and what all the others have together; None where nobody else stands."""

    rows: list[PartyRow]
    others: PartyTally | None
    others_share: Fraction | None


def party_table_of(
    contests: "QuerySet[Contest]", tally: Tally, lines: list[PartyRow], party_names: PartyNames
) -> PartyTable:
    """The rows of the ``tally`` of ``contests``, of which ``lines`` are all it holds, ranked.

    Those with most to show; while they are fewer than the rows, those that defend most seats and
    stand in most contests.
    """
    standing = labels_standing(contests)

    def most_at_stake(label: str) -> tuple[int, int, str]:
        defended, candidates = standing.get(label, (0, 0))
        return -defended, -candidates, label

    by_label = {line.party_name.label: line for line in lines}
    earned = [line.party_name.label for line in lines if line.earns_its_own_row]
    labels = {*standing, *earned}
    chosen = earned[:ROWS]
    most = sorted(labels - {*chosen}, key=most_at_stake)
    chosen += most[: ROWS - len(chosen)]
    place = {label: at for at, label in enumerate(by_label)}
    chosen.sort(key=lambda label: (place.get(label, len(place)), *most_at_stake(label)))
    rows = [by_label.get(one) or PartyRow(party_names[one], PartyTally(), tally) for one in chosen]
    if len(labels) <= ROWS:
        return PartyTable(rows, None, None)
    others = _together(line.party_tally for label, line in by_label.items() if label not in chosen)
    return PartyTable(rows, others, Fraction(others.votes, tally.valid) if tally.valid else None)


def _together(lines: Iterable[PartyTally]) -> PartyTally:
    rest = list(lines)
    return PartyTally(
        seats=sum(line.seats for line in rest),
        gains=sum(line.gains for line in rest),
        losses=sum(line.losses for line in rest),
        votes=sum(line.votes for line in rest),
    )


def labels_standing(contests: "QuerySet[Contest]") -> dict[str, tuple[int, int]]:
    """By label: seats it won last time, and candidates that stand under it now."""
    won = LastVotes.objects.filter(last_result__contest__in=contests, elected=True)
    stands = Candidate.objects.filter(contest__in=contests)
    defended, candidates = _by_label(won), _by_label(stands)
    return {label: (defended[label], candidates[label]) for label in {*defended, *candidates}}


def _by_label(rows: "QuerySet[Any]") -> Counter[str]:
    kinds = rows.order_by().values_list("standing_as", "party__slug", "party__tallied_with__slug")
    found: Counter[str] = Counter()
    for standing_as, slug, tallied_with, count in kinds.annotate(rows=Count("pk")):
        party = tallied_with or slug or INDEPENDENT
        found[party if standing_as == StandingAs.PARTY else standing_as] += count
    return found

"""Read last time's shares of votes for all contests of one seat at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet

from results.arithmetic import INDEPENDENT
from results.live.party_table import LABEL_COLUMNS, label_of
from results.models import Contest, LastVotes

#: Shares as fractions of one by label, or by an independent's own key.
SharesByLabel = dict[str, Fraction]


@dataclass(slots=True)
class LastRow:
    """One row of last time's votes: `name` is a person's own, `seats` how many were won."""

    label: str
    name: str
    votes: int | None
    seats: int


def last_rows(contest: Contest) -> list[LastRow]:
    """Return last time's votes by candidate; of lists, by party, and each independent apart."""
    rows: list[LastRow] = []
    lists: dict[str, LastRow] = {}
    for vote in contest.last_result.votes.all():
        of_list = contest.elects_lists and vote.label != INDEPENDENT
        row = lists.get(vote.label) if of_list else None
        if row is None:
            row = LastRow(vote.label, "" if of_list else vote.name, None, 0)
            rows.append(row)
        if of_list:
            lists[vote.label] = row
        if vote.votes is not None:
            row.votes = (row.votes or 0) + vote.votes
        row.seats += vote.elected
    return rows


def party_of(label: str) -> str:
    """Return the label, or for one independent's key the label of all independents."""
    return label.split()[0]


def read_last_shares(contests: "QuerySet[Contest]") -> dict[int, SharesByLabel]:
    """Return last time's shares by contest of one seat, where all candidates' are known."""
    rows = LastVotes.objects.filter(
        last_result__contest__in=contests, last_result__contest__seats=1
    ).order_by()
    columns = ("last_result__contest", "last_result__valid", "votes", "share", *LABEL_COLUMNS)
    by_contest: dict[int, list[tuple[str, Fraction | None]]] = defaultdict(list)
    for contest, valid, votes, share, *names in rows.values_list(*columns):
        known = None if share is None else Fraction(share) / 100
        if votes is not None and valid:
            known = Fraction(votes, valid)
        by_contest[contest].append((label_of(*names), known))
    return {contest: shares for contest, some in by_contest.items() if (shares := sum_shares(some))}


def sum_shares(shares: Iterable[tuple[str, Fraction | None]]) -> SharesByLabel:
    """Sum shares by label, each independent apart; empty where one is not known."""
    sums: SharesByLabel = {}
    independents = 0
    for label, share in shares:
        if share is None:
            return {}
        if label == INDEPENDENT:
            independents += 1
            label = f"{INDEPENDENT} {independents}"
        sums[label] = sums.get(label, Fraction(0)) + share
    return sums

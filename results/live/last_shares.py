"""Last time's shares of every contest of one seat, and the shares of those that have declared.

Both are read for all contests at once, and kept: last time's until details are edited, those of a
result until a bulletin changes its contest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import partial
from typing import cast

from results.arithmetic import INDEPENDENT, SPEAKER
from results.arithmetic.targets import Move, largest_moves
from results.live.cached_snapshot import CachedSnapshot
from results.live.night_cache import CachedContest
from results.live.party_table import LABEL_COLUMNS, label_of
from results.models import LastVotes
from results.models.declaration import Total

#: Shares by label, as fractions of one; of parties and of the Speaker.
SharesByLabel = dict[str, Fraction]


def last_shares(snapshot: CachedSnapshot) -> dict[int, SharesByLabel]:
    """By contest of one seat, last time's shares; only where those of all candidates are known."""
    memo = snapshot.cached.lists.memo
    if "last shares" not in memo:
        memo["last shares"] = _read_last(snapshot)
    return cast("dict[int, SharesByLabel]", memo["last shares"])


def _read_last(snapshot: CachedSnapshot) -> dict[int, SharesByLabel]:
    rows = LastVotes.objects.filter(
        last_result__contest__in=snapshot.contests, last_result__contest__seats=1
    ).order_by()
    columns = ("last_result__contest", "last_result__valid", "votes", "share", *LABEL_COLUMNS)
    by_contest: dict[int, list[tuple[str, Fraction | None]]] = defaultdict(list)
    for contest, valid, votes, share, *names in rows.values_list(*columns):
        known = None if share is None else Fraction(share) / 100
        if votes is not None and valid:
            known = Fraction(votes, valid)
        by_contest[contest].append((label_of(*names), known))
    return {contest: shares for contest, some in by_contest.items() if (shares := _sum(some))}


def shares_now(
    snapshot: CachedSnapshot, contests: Collection[CachedContest]
) -> dict[int, SharesByLabel]:
    """By contest of one seat with full figures, the shares of the votes: one query for new ones."""
    missing = [cached for cached in contests if cached.has_result and cached.lacks("shares")]
    if missing:
        _read_now(missing)
    return {
        cached.contest.pk: shares
        for cached in contests
        if cached.has_result and (shares := cached.made("shares", SharesByLabel))
    }


def moves_of(now: SharesByLabel, last: SharesByLabel) -> tuple[Move | None, Move | None]:
    """The largest rise and fall of a party's share; two independents are two people."""
    people = (SPEAKER, INDEPENDENT)
    return largest_moves(
        {label: share for label, share in now.items() if not label.startswith(people)}, last
    )


def _read_now(missing: Iterable[CachedContest]) -> None:
    by_declaration: dict[int, CachedContest] = {
        cached.contest.standing.declaration_id or 0: cached
        for cached in missing
        if cached.contest.seats == 1
    }
    columns = (f"candidate__{name}" for name in LABEL_COLUMNS)
    votes: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    rows = Total.objects.filter(declaration__in=list(by_declaration)).order_by()
    for declaration, number, *names in rows.values_list("declaration", "votes", *columns):
        votes[declaration].append((label_of(*names), number))
    for declaration, cached in by_declaration.items():
        cached.made("shares", partial(_shares, votes[declaration]))


def _shares(votes: list[tuple[str, int | None]]) -> SharesByLabel:
    """The shares; empty where not all votes are known."""
    valid = sum(number or 0 for _label, number in votes)
    if not valid or any(number is None for _label, number in votes):
        return {}
    return _sum([(label, Fraction(number or 0, valid)) for label, number in votes])


def _sum(shares: Iterable[tuple[str, Fraction | None]]) -> SharesByLabel:
    """The shares by label, empty where one is not known; each independent is somebody else."""
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

"""Cache shares of votes of every contest of one seat, last time's and declared ones.

Both are read for all contests at once and cached: last time's until details are edited, those of a
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
from results.live.last_votes import SharesByLabel, read_last_shares, sum_shares
from results.live.night_cache import CachedContest
from results.live.party_table import LABEL_COLUMNS, label_of
from results.models.declaration import Total


def last_shares(snapshot: CachedSnapshot) -> dict[int, SharesByLabel]:
    """Return last time's shares by contest of one seat, where all candidates' are known."""
    memo = snapshot.cached.lists.memo
    if "last shares" not in memo:
        memo["last shares"] = read_last_shares(snapshot.contests)
    return cast("dict[int, SharesByLabel]", memo["last shares"])


def shares_now(
    snapshot: CachedSnapshot, contests: Collection[CachedContest]
) -> dict[int, SharesByLabel]:
    """Return shares of votes by contest of one seat with full figures; one query for new ones."""
    missing = [cached for cached in contests if cached.has_result and cached.lacks("shares")]
    if missing:
        _read_now(missing)
    return {
        cached.contest.pk: shares
        for cached in contests
        if cached.has_result and (shares := cached.made("shares", SharesByLabel))
    }


def moves_of(now: SharesByLabel, last: SharesByLabel) -> tuple[Move | None, Move | None]:
    """Return the largest rise and fall of a party's share.

    Independents and the Speaker are left out: now and last time they may be different people.
    """
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
    """Return shares by label; empty where not all votes are known."""
    valid = sum(number or 0 for _label, number in votes)
    if not valid or any(number is None for _label, number in votes):
        return {}
    return sum_shares([(label, Fraction(number or 0, valid)) for label, number in votes])

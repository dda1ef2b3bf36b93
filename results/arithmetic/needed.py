"""Compute the swing that a seat needed to change hands, and last time's majority."""

from fractions import Fraction

from results.arithmetic.comparison import Swing, last_shares
from results.arithmetic.inputs import INDEPENDENT, SPEAKER, LastTime


def swing_to_equal(last: LastTime | None) -> Swing | None:
    """Return the swing from last time's winner to the second that makes them equal.

    It is half the margin, in points as a fraction of one. None where a seat of several, a tie for
    second place, the Speaker or an independent leaves it without a meaning, or where votes alone
    did not decide. Source: House of Commons Library, SN02608.
    """
    if last is None or last.seats not in (None, 1) or not _most_votes_won(last):
        return None
    ranked = sorted(last_shares(last).items(), key=lambda item: -item[1])
    if len(ranked) < 2 or (len(ranked) > 2 and ranked[1][1] == ranked[2][1]):
        return None
    ((first, _i), lead), ((second, _j), behind) = ranked[:2]
    if {first, second} & {INDEPENDENT, SPEAKER}:
        return None
    return Swing(from_label=first, to_label=second, points=(lead - behind) / 2)


def majority_last_time(last: LastTime | None) -> int | None:
    """Last time's winner's votes less the second's; None where they are not known.

    None as well where somebody else was elected than had the most of these votes.
    """
    if last is None or last.seats not in (None, 1) or len(last.votes) < 2:
        return None
    if not _most_votes_won(last):
        return None
    votes = [vote.votes for vote in last.votes]
    if None in votes:
        return None
    first, second, *_rest = sorted((number for number in votes if number is not None), reverse=True)
    return first - second


def _most_votes_won(last: LastTime) -> bool:
    """Whether nobody is known to have been elected with fewer votes than somebody else.

    Second preferences elected some mayors and commissioners until the Elections Act 2022. Only
    first ones are compared.
    """
    most = max((vote.votes for vote in last.votes if vote.votes is not None), default=None)
    leading = {(vote.label, vote.person) for vote in last.votes if vote.votes == most}
    return (
        most is None
        or not last.holders
        or any((holder.label, holder.person) in leading for holder in last.holders)
    )


def swing_got(needed: Swing, happened: Swing | None) -> Fraction | None:
    """Return the swing that happened in the direction needed; None between other parties."""
    if happened is None or {happened.from_label, happened.to_label} != {
        needed.from_label,
        needed.to_label,
    }:
        return None
    return happened.points if happened.to_label == needed.to_label else -happened.points

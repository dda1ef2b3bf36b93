"""What a result changes: shares, who held and who gained, swing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.count import (
    INDEPENDENT,
    SPEAKER,
    Candidacy,
    Holder,
    LastTime,
    LastVote,
)
from results.arithmetic.outcome import Outcome, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One seat won: held, gained from a label, or new (nothing to compare with)."""

    candidate: int
    label: str
    hold: bool
    gained_from: str | None = None
    same_person: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """Butler swing in fractions of one, never negative: the labels say which way."""

    from_label: str
    to_label: str
    points: Fraction


def _comparable(
    candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, tuple[LastVote, ...]]:
    """For each candidate, last time's votes that theirs compare with; () where there are none.

    Parties compare by label, and only where one candidate carries it now; independents by person.
    """
    if last is None:
        return {one.id: () for one in candidacies}
    carried = Counter(one.label for one in candidacies)
    found: dict[int, tuple[LastVote, ...]] = {}
    for one in candidacies:
        same = tuple(vote for vote in last.votes if vote.label == one.label)
        if one.label == INDEPENDENT:
            same = tuple(v for v in same if v.person is not None and v.person == one.person)
        elif carried[one.label] > 1:
            same = ()
        found[one.id] = same
    return found


def share_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, Fraction | None]:
    """Change of share by candidate; None, never 0, where the label did not stand last time."""
    then = _comparable(candidacies, last)
    changes: dict[int, Fraction | None] = {}
    for place in outcome.places:
        before = _share(then[place.candidate], last)
        known = place.share is not None and before is not None
        changes[place.candidate] = place.share - before if known else None  # type: ignore[operator]
    return changes


def vote_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, int | None]:
    """Change of votes by candidate, by the same rule."""
    then = _comparable(candidacies, last)
    changes: dict[int, int | None] = {}
    for place in outcome.places:
        totals = [vote.votes for vote in then[place.candidate]]
        before = sum(total for total in totals if total is not None)
        known = place.votes is not None and totals and None not in totals
        changes[place.candidate] = place.votes - before if known else None  # type: ignore[operator]
    return changes


def _share(votes: Sequence[LastVote], last: LastTime | None) -> Fraction | None:
    if not votes or last is None:
        return None
    total = Fraction(0)
    for vote in votes:
        if vote.votes is not None and last.valid:
            total += Fraction(vote.votes, last.valid)
        elif vote.share is not None:
            total += vote.share
        else:
            return None
    return total


def results_of(
    elected: Sequence[Candidacy], holders: Sequence[Holder] | None
) -> tuple[Result, ...]:
    """Hold or gain for each seat won, in the order given.

    An independent holds only what the same person held as an independent. Where several seats
    change, a gain names the loser only if just one label can have lost it.
    """
    if not holders:
        return tuple(
            Result(candidate=one.id, label=one.label, hold=False, new=True) for one in elected
        )
    left = list(holders)
    held: dict[int, Holder] = {}
    for one in elected:
        match = next((holder for holder in left if _same_seat(one, holder)), None)
        if match is not None:
            left.remove(match)
            held[one.id] = match
    losers = {holder.label for holder in left}
    loser = losers.pop() if len(losers) == 1 else None
    people = {holder.person for holder in holders if holder.person is not None}
    return tuple(
        Result(
            candidate=one.id,
            label=one.label,
            hold=one.id in held,
            gained_from=None if one.id in held else loser,
            same_person=one.person is not None and one.person in people,
        )
        for one in elected
    )


def _same_seat(one: Candidacy, holder: Holder) -> bool:
    if one.label != holder.label:
        return False
    if one.label != INDEPENDENT or one.person is None or holder.person is None:
        return True
    return one.person == holder.person


def butler(a_now: Fraction, a_last: Fraction, b_now: Fraction, b_last: Fraction) -> Fraction:
    """Half the sum of A's rise and B's fall. Source: House of Commons Library, SN02608."""
    return ((a_now - a_last) + (b_last - b_now)) / 2


def swing_of(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> Swing | None:
    """The swing where it means something: one seat, and the same two parties led both times."""
    if outcome.partial or len(outcome.elected) != 1 or last is None or len(outcome.places) < 2:
        return None
    labels = {one.id: one.label for one in candidacies}
    first, second = outcome.places[:2]
    now = (labels[first.candidate], labels[second.candidate])
    before = _leading_pair(last)
    if set(now) != before or len(set(now)) != 2 or set(now) & {INDEPENDENT, SPEAKER}:
        return None
    shares = _pair_shares(first, second, now, last)
    if shares is None:
        return None
    points = butler(*shares)
    to_label, from_label = now if points >= 0 else now[::-1]
    return Swing(from_label=from_label, to_label=to_label, points=abs(points))


def _leading_pair(last: LastTime) -> set[str]:
    def size(label: str) -> Fraction:
        return _share([vote for vote in last.votes if vote.label == label], last) or Fraction(0)

    ranked = sorted({vote.label for vote in last.votes}, key=lambda one: (-size(one), one))
    return set(ranked[:2])


def _pair_shares(
    first: Place, second: Place, labels: tuple[str, str], last: LastTime
) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    a_last, b_last = (
        _share([vote for vote in last.votes if vote.label == label], last) for label in labels
    )
    if first.share is None or second.share is None or a_last is None or b_last is None:
        return None
    return first.share, a_last, second.share, b_last

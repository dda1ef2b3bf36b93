"""What a result changes: shares, who held and who gained, swing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.inputs import (
    INDEPENDENT,
    SPEAKER,
    Candidacy,
    Holder,
    LastTime,
    LastVote,
)
from results.arithmetic.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWon:
    """One seat won: held, gained from a label, or new (nothing to compare with).

    ``gained_from`` is None where it cannot be said of this seat who lost it: in a ward where two
    seats went from two parties to one, each is a gain and neither is from either. ``displaced``
    is then still one of the labels that lost a seat here, each taken once, so that a tally counts
    every loss; it is not a statement about this winner. ``same_person``: the winner held a seat
    here before, under whatever label.
    """

    candidate: int
    label: str
    hold: bool
    gained_from: str | None = None
    displaced: str | None = None
    same_person: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """Butler swing in fractions of one, never negative: the labels say which way.

    A swing of exactly 0 is written as one to the winner.
    """

    from_label: str
    to_label: str
    points: Fraction


# --- Against last time ----------------------------------------------------------------------


def comparable(
    candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, tuple[LastVote, ...]]:
    """For each candidate, last time's votes that theirs compare with; () where there are none.

    Parties compare by label, and only where one candidate carries it now; independents by label
    and person, so that one who stood for a party last time compares with nothing.
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


def last_share(votes: Iterable[LastVote], last: LastTime) -> Fraction | None:
    """Their share of last time's valid votes together; None where any of it is not known."""
    shares = [
        Fraction(vote.votes, last.valid) if vote.votes is not None and last.valid else vote.share
        for vote in votes
    ]
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(shares) else None


def share_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, Fraction | None]:
    """Change of share by candidate, in fractions of one.

    None, never 0, where the label did not stand last time, where several candidates carry it
    now, or where either share is not known.
    """
    then = comparable(candidacies, last)
    changes: dict[int, Fraction | None] = {}
    for place in outcome.candidate_results:
        before = last_share(then[place.candidate], last) if last else None
        if place.share is None or before is None:
            changes[place.candidate] = None
        else:
            changes[place.candidate] = place.share - before
    return changes


def vote_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, int | None]:
    """Change of votes by candidate, by the same rule; known in a partial result too, for those
    whose votes are known."""
    then = comparable(candidacies, last)
    changes: dict[int, int | None] = {}
    for place in outcome.candidate_results:
        before = [vote.votes for vote in then[place.candidate]]
        known = [votes for votes in before if votes is not None]
        if place.votes is None or not known or len(known) < len(before):
            changes[place.candidate] = None
        else:
            changes[place.candidate] = place.votes - sum(known)
    return changes


# --- Hold and gain --------------------------------------------------------------------------


def seats_won(
    elected: Sequence[Candidacy], holders: Sequence[Holder] | None
) -> tuple[SeatWon, ...]:
    """Hold, gain or new for each seat won, in the order given.

    A label holds as many seats as it had; an independent only what the same person held as an
    independent, or may have where one of the two is not known. Each other winner gains a seat
    that somebody lost. Where there are more seats than before, those that nobody lost are new,
    as all are where no holder is known.
    """
    kept = _kept(elected, holders or ())
    lost = _without(holders or (), kept.values())
    one_loser = len({holder.label for holder in lost}) == 1
    people = {holder.person for holder in holders or () if holder.person is not None}
    results = []
    for one in elected:
        hold = one.id in kept
        seat = lost.pop(0) if lost and not hold else None
        results.append(
            SeatWon(
                candidate=one.id,
                label=one.label,
                hold=hold,
                gained_from=seat.label if seat and one_loser else None,
                displaced=seat.label if seat else None,
                same_person=one.person in people,
                new=not hold and seat is None,
            )
        )
    return tuple(results)


def _kept(elected: Sequence[Candidacy], holders: Sequence[Holder]) -> dict[int, Holder]:
    """Which holder's seat each candidate keeps, surest first, so that as many as can are kept."""
    kept: dict[int, Holder] = {}
    rules: tuple[Callable[[Candidacy, Holder], bool], ...] = (
        lambda one, holder: one.person is not None and one.person == holder.person,
        lambda one, holder: one.person is not None and holder.person is None,
        lambda one, holder: one.person is None or one.label != INDEPENDENT,
    )
    for fits in rules:
        for one in elected:
            left = () if one.id in kept else _without(holders, kept.values())
            for holder in left:
                if one.label == holder.label and fits(one, holder):
                    kept[one.id] = holder
                    break
    return kept


def _without(holders: Iterable[Holder], taken: Iterable[Holder]) -> list[Holder]:
    left = list(holders)
    for holder in taken:
        left.remove(holder)
    return left


# --- Swing ----------------------------------------------------------------------------------


def butler(a_now: Fraction, a_last: Fraction, b_now: Fraction, b_last: Fraction) -> Fraction:
    """The swing to A from B, negative if it went to B: half the sum of A's rise and B's fall.

    Source: House of Commons Library, SN02608.
    """
    return ((a_now - a_last) + (b_last - b_now)) / 2


def compute_swing(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> Swing | None:
    """The swing where it means something: one seat, full figures, and the same two parties led
    both times, neither of them the Speaker or an independent.

    Where second place was tied, then or now, no two led. Source: House of Commons Library,
    SN02608.
    """
    if (
        outcome.winner_only
        or len(outcome.elected) != 1
        or last is None
        or len(outcome.candidate_results) < 2
    ):
        return None
    labels = {one.id: one.label for one in candidacies}
    first, second, *rest = outcome.candidate_results
    now = (labels[first.candidate], labels[second.candidate])
    if rest and rest[0].votes == second.votes:
        return None
    if set(now) & {INDEPENDENT, SPEAKER} or set(now) != _leading_pair(last):
        return None
    changes = share_changes(outcome, candidacies, last)
    rise, fall = changes[first.candidate], changes[second.candidate]
    if rise is None or fall is None:
        return None
    points = butler(rise, Fraction(0), fall, Fraction(0))
    to_label, from_label = now if points >= 0 else now[::-1]
    return Swing(from_label=from_label, to_label=to_label, points=abs(points))


def _leading_pair(last: LastTime) -> set[str]:
    """The two labels that led last time; empty where a tie or a gap leaves them unknown."""
    ranked = sorted(last_shares(last).items(), key=lambda one: -one[1])
    if len(ranked) > 2 and ranked[1][1] == ranked[2][1]:
        return set()
    return {label for (label, _), _share in ranked[:2]}


def last_shares(last: LastTime) -> dict[tuple[str, int], Fraction]:
    """Last time's shares that are known, by label; independents each for themselves, told apart
    by the number beside it."""
    together: dict[tuple[str, int], list[LastVote]] = {}
    for at, vote in enumerate(last.votes):
        key = (vote.label, at if vote.label == INDEPENDENT else 0)
        together.setdefault(key, []).append(vote)
    shares = {key: last_share(votes, last) for key, votes in together.items()}
    return {key: share for key, share in shares.items() if share is not None}

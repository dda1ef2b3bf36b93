"""Compare a result with the last one: change of share, hold and gain, swing."""

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
    """One seat: held, gained, or `new` where there is nothing to compare with.

    `gained_from` is the label that lost the seat. It is None where several labels lost one: in a
    ward where two parties lost a seat each to a third, neither gain is from either of them.
    `displaced` is then one of those labels, each used once, so that a tally counts every loss; it
    says nothing about this winner. With `same_person` the winner held a seat here before, under
    any label.
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
    """A Butler swing as a fraction of one, never negative. A swing of 0 is to the winner."""

    from_label: str
    to_label: str
    points: Fraction


# --- Votes and shares -----------------------------------------------------------------------


def comparable(
    candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, tuple[LastVote, ...]]:
    """Return by candidate id the last votes that a candidate's compare with.

    A party's candidate compares with the votes of the same label, unless the party has several
    candidates now. An independent compares with the same person's votes as an independent.
    """
    if last is None:
        return {candidacy.id: () for candidacy in candidacies}
    standing = Counter(candidacy.label for candidacy in candidacies)
    votes_by_id: dict[int, tuple[LastVote, ...]] = {}
    for candidacy in candidacies:
        votes = tuple(vote for vote in last.votes if vote.label == candidacy.label)
        if candidacy.label == INDEPENDENT:
            votes = tuple(
                vote
                for vote in votes
                if vote.person is not None and vote.person == candidacy.person
            )
        elif standing[candidacy.label] > 1:
            votes = ()
        votes_by_id[candidacy.id] = votes
    return votes_by_id


def last_share(votes: Iterable[LastVote], last: LastTime) -> Fraction | None:
    """Return the joint share of last time's valid votes; None where a part is not known."""
    shares = [
        Fraction(vote.votes, last.valid) if vote.votes is not None and last.valid else vote.share
        for vote in votes
    ]
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(shares) else None


def share_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, Fraction | None]:
    """Return the change of share by candidate id, as fractions of one.

    None where the candidate compares with nothing (`comparable`) or either share is not known.
    """
    last_votes = comparable(candidacies, last)
    changes: dict[int, Fraction | None] = {}
    for result in outcome.candidate_results:
        before = last_share(last_votes.get(result.candidate, ()), last) if last else None
        if result.share is None or before is None:
            changes[result.candidate] = None
        else:
            changes[result.candidate] = result.share - before
    return changes


def vote_changes(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> dict[int, int | None]:
    """Return the change of votes by candidate id; None as in `share_changes`.

    A winner-only result has changes for the candidates whose votes are known.
    """
    last_votes = comparable(candidacies, last)
    changes: dict[int, int | None] = {}
    for result in outcome.candidate_results:
        before = [vote.votes for vote in last_votes.get(result.candidate, ())]
        known = [votes for votes in before if votes is not None]
        if result.votes is None or not known or len(known) < len(before):
            changes[result.candidate] = None
        else:
            changes[result.candidate] = result.votes - sum(known)
    return changes


# --- Hold and gain --------------------------------------------------------------------------


def seats_won(
    elected: Sequence[Candidacy], holders: Sequence[Holder] | None
) -> tuple[SeatWon, ...]:
    """Compare the elected candidates, in the order given, with the seats' holders.

    A label holds as many seats as it had. An independent holds only a seat that the same person
    held as an independent, or may have held where one of the two persons is not known. Any other
    winner gains a seat that a holder lost; once no lost seat is left, seats are new. All are new
    where the holders are not known.
    """
    held = _match_holders(elected, holders or ())
    lost = _without(holders or (), held.values())
    one_loser = len({holder.label for holder in lost}) == 1
    people = {holder.person for holder in holders or () if holder.person is not None}
    seats = []
    for candidacy in elected:
        hold = candidacy.id in held
        loser = lost.pop(0) if lost and not hold else None
        seats.append(
            SeatWon(
                candidate=candidacy.id,
                label=candidacy.label,
                hold=hold,
                gained_from=loser.label if loser and one_loser else None,
                displaced=loser.label if loser else None,
                same_person=candidacy.person in people,
                new=not hold and loser is None,
            )
        )
    return tuple(seats)


def _match_holders(elected: Sequence[Candidacy], holders: Sequence[Holder]) -> dict[int, Holder]:
    """Match elected candidates with holders of their label, surest matches first."""
    held: dict[int, Holder] = {}
    rules: tuple[Callable[[Candidacy, Holder], bool], ...] = (
        lambda candidacy, holder: (
            candidacy.person is not None and candidacy.person == holder.person
        ),
        lambda candidacy, holder: candidacy.person is not None and holder.person is None,
        lambda candidacy, holder: candidacy.person is None or candidacy.label != INDEPENDENT,
    )
    for matches in rules:
        for candidacy in elected:
            free = () if candidacy.id in held else _without(holders, held.values())
            for holder in free:
                if candidacy.label == holder.label and matches(candidacy, holder):
                    held[candidacy.id] = holder
                    break
    return held


def _without(holders: Iterable[Holder], matched: Iterable[Holder]) -> list[Holder]:
    left = list(holders)
    for holder in matched:
        left.remove(holder)
    return left


# --- Swing ----------------------------------------------------------------------------------


def butler(a_now: Fraction, a_last: Fraction, b_now: Fraction, b_last: Fraction) -> Fraction:
    """Return the swing to A from B, negative if it went to B: half of A's rise and B's fall.

    Source: House of Commons Library, SN02608.
    """
    return ((a_now - a_last) + (b_last - b_now)) / 2


def compute_swing(
    outcome: Outcome, candidacies: Sequence[Candidacy], last: LastTime | None
) -> Swing | None:
    """Compute the swing between the two leading parties; None where it has no meaning.

    It needs one seat, every candidate's votes, and the same two parties leading both times, without
    a tie for second place, neither of them the Speaker or an independent. Source: House of Commons
    Library, SN02608.
    """
    if (
        outcome.winner_only
        or outcome.first_preferences
        or outcome.allocation is not None
        or len(outcome.elected) != 1
        or last is None
        or len(outcome.candidate_results) < 2
    ):
        return None
    labels = {candidacy.id: candidacy.label for candidacy in candidacies}
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
    """Return the two labels that led last time; empty where second place was tied."""
    ranked = sorted(last_shares(last).items(), key=lambda item: -item[1])
    if len(ranked) > 2 and ranked[1][1] == ranked[2][1]:
        return set()
    return {label for (label, _index), _share in ranked[:2]}


def last_shares(last: LastTime) -> dict[tuple[str, int], Fraction]:
    """Return last time's known shares by label and, for each independent alone, by index."""
    votes_by_label: dict[tuple[str, int], list[LastVote]] = {}
    for index, vote in enumerate(last.votes):
        key = (vote.label, index if vote.label == INDEPENDENT else 0)
        votes_by_label.setdefault(key, []).append(vote)
    shares = {key: last_share(votes, last) for key, votes in votes_by_label.items()}
    return {key: share for key, share in shares.items() if share is not None}

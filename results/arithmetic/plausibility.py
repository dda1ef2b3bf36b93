"""Whether figures can be, and whether they are likely: one set of checks for every way in.

A block is arithmetic that cannot be; a warning is what a person should look at twice, and may
accept with a reason. Thresholds are those of the general election of 2019, named below.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.inputs import SPEAKER, BallotCounts, Candidacy, LastTime
from results.arithmetic.outcome import tie_at_the_last_seat

BLOCK = "block"
WARN = "warn"

#: Turnout in 2019 ran from 49.3% to 80.3%.
TURNOUT_RANGE = (Fraction(45, 100), Fraction(85, 100))
#: A declaration 6,500 votes short is a turnout far from last time's, and nothing else.
TURNOUT_JUMP = Fraction(8, 100)
#: Rejected papers in 2019: median 0.35%, 99th centile 0.67%.
REJECTED = Fraction(1, 100)
ELECTORATE_JUMP = Fraction(10, 100)
#: An announced turnout may be of valid votes or of ballots, rounded or cut.
TURNOUT_SLACK = Fraction(5, 1000)
CLOSE_VOTES = 150
CLOSE_SHARE = Fraction(5, 1000)
SWAP_FELL_TO = Fraction(1, 4)
SWAP_ROSE_TO = 3


@dataclass(frozen=True, slots=True)
class ValidationMessage:
    """One thing found: a code, whether it blocks, the field it belongs to, and its figures."""

    code: str
    level: str
    field: str
    params: Mapping[str, int | str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What is known about the contest before the figures come."""

    seats: int
    candidacies: tuple[Candidacy, ...]
    last: LastTime | None = None
    polls_closed: bool = True
    expected_electorate: int | None = None
    announced_winners: tuple[int, ...] = ()
    deposits: bool = True


def check_ballot_counts(
    ballot_counts: BallotCounts, conditions: Conditions, *, winner_only: bool = False
) -> tuple[ValidationMessage, ...]:
    """Everything found, blocks first. Never raises, whatever the figures."""
    found = [*_blocks(ballot_counts, conditions, winner_only)]
    if not found and not winner_only:
        found += _warnings(ballot_counts, conditions)
    return tuple(found)


def _block(code: str, at: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, BLOCK, at, params)


def _warn(code: str, at: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, WARN, at, params)


def _percent(fraction: Fraction) -> str:
    return f"{float(fraction * 100):.1f}"


# --- What cannot be -------------------------------------------------------------------------


def _blocks(
    ballot_counts: BallotCounts, conditions: Conditions, winner_only: bool
) -> Iterator[ValidationMessage]:
    known = {one.id for one in conditions.candidacies}
    if not conditions.polls_closed:
        yield _block("polls_open", "")
    named = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners}
    yield from (_block("unknown_candidate", f"votes-{one}") for one in sorted(named - known))
    for one in conditions.candidacies:
        votes = ballot_counts.votes.get(one.id)
        if votes is None and not winner_only:
            yield _block("votes_missing", f"votes-{one.id}", name=one.name)
        if votes is not None and votes < 0:
            yield _block("votes_negative", f"votes-{one.id}", name=one.name)
    if winner_only:
        yield from _winners(ballot_counts, conditions)
    if named <= known:
        yield from _sums(ballot_counts, conditions)
        yield from _lot(ballot_counts, conditions)


def _winners(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    wanted = min(conditions.seats, len(conditions.candidacies))
    if len(ballot_counts.winners) != wanted or len(set(ballot_counts.winners)) != wanted:
        yield _block(
            "winners_wrong", "winners", seats=wanted, named=len(set(ballot_counts.winners))
        )


def _sums(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    electorate, rejected, papers = (
        ballot_counts.electorate,
        ballot_counts.rejected,
        ballot_counts.papers,
    )
    total = sum(votes for votes in ballot_counts.votes.values() if votes is not None)
    if conditions.seats > 1:
        yield from _several(ballot_counts, papers if papers is not None else electorate)
        used = papers
    else:
        used = total + (rejected or 0)
        if electorate is not None and total > electorate:
            yield _block("sum_over_electorate", "electorate", valid=total, electorate=electorate)
        if ballot_counts.complete and None not in (papers, rejected) and papers != used:
            yield _block("papers_mismatch", "papers", papers=papers or 0, sum=used)
    if used is not None and electorate is not None and used > electorate and total <= electorate:
        yield _block("papers_over_electorate", "rejected", papers=used, electorate=electorate)
    elif conditions.seats > 1 and used is not None and electorate is not None and used > electorate:
        yield _block("papers_over_electorate", "papers", papers=used, electorate=electorate)


def _several(ballot_counts: BallotCounts, most: int | None) -> Iterator[ValidationMessage]:
    """A voter has one vote for each seat, and no candidate more than one of them."""
    for one, votes in ballot_counts.votes.items():
        if most is not None and votes is not None and votes > most:
            yield _block("candidate_over_total", f"votes-{one}", votes=votes, papers=most)


def _lot(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    if not ballot_counts.complete:
        return
    votes = {one: total for one, total in ballot_counts.votes.items() if total is not None}
    order = [one.id for one in conditions.candidacies if one.id in votes]
    tied, places = tie_at_the_last_seat(votes, conditions.seats, order)
    names = ", ".join(one.name for one in conditions.candidacies if one.id in tied)
    if tied and not ballot_counts.lot:
        yield _block("tie_needs_lot", "lot", names=names, places=places)
    elif ballot_counts.lot and (
        not set(ballot_counts.lot) <= set(tied) or len(set(ballot_counts.lot)) != places
    ):
        yield _block("lot_not_tied", "lot", names=names, places=places)


# --- What is unlikely -----------------------------------------------------------------------


def _warnings(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    if not valid:
        yield _warn("all_zero", "")
        return
    if ballot_counts.valid_announced is not None and ballot_counts.valid_announced != valid:
        announced = ballot_counts.valid_announced
        yield _warn("valid_announced_mismatch", "valid_announced", announced=announced, sum=valid)
    yield from _turnout(ballot_counts, conditions, valid)
    yield from _rejected(ballot_counts, conditions, valid)
    yield from _electorate(ballot_counts, conditions, valid)
    yield from _swapped(ballot_counts, conditions, valid)
    yield from _close(ballot_counts, conditions, valid)


def _turnout(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    turnouts = _computed_turnouts(ballot_counts, conditions, valid)
    if not turnouts:
        return
    turnout = turnouts[0]
    if not TURNOUT_RANGE[0] <= turnout <= TURNOUT_RANGE[1]:
        yield _warn("turnout_range", "electorate", turnout=_percent(turnout))
    last = conditions.last
    if last and last.valid and last.electorate and conditions.seats == 1:
        before = Fraction(last.valid, last.electorate)
        if abs(Fraction(valid, ballot_counts.electorate or 1) - before) > TURNOUT_JUMP:
            yield _warn(
                "turnout_jump", "electorate", turnout=_percent(turnout), before=_percent(before)
            )
    announced = ballot_counts.turnout_announced
    if announced is not None and all(
        abs(Fraction(announced) / 100 - one) > TURNOUT_SLACK for one in turnouts
    ):
        yield _warn(
            "turnout_differs",
            "turnout_announced",
            announced=f"{announced.normalize():f}",
            turnout=_percent(turnout),
        )


def _computed_turnouts(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> list[Fraction]:
    """The turnouts that can be worked out: of valid votes first, then of ballots."""
    electorate = ballot_counts.electorate
    if not electorate:
        return []
    if conditions.seats > 1:
        return (
            [Fraction(ballot_counts.papers, electorate)] if ballot_counts.papers is not None else []
        )
    turnouts = [Fraction(valid, electorate)]
    if ballot_counts.rejected is not None:
        turnouts.append(Fraction(valid + ballot_counts.rejected, electorate))
    return turnouts


def _rejected(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    rejected = ballot_counts.rejected
    if rejected is None or any(one.label == SPEAKER for one in conditions.candidacies):
        return
    papers = ballot_counts.papers if conditions.seats > 1 else valid + rejected
    if papers and Fraction(rejected, papers) > REJECTED:
        share = _percent(Fraction(rejected, papers))
        yield _warn("rejected_high", "rejected", rejected=rejected, share=share)


def _electorate(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    electorate = ballot_counts.electorate
    if electorate is None:
        return
    boxes = {valid, ballot_counts.valid_announced, ballot_counts.papers, ballot_counts.rejected}
    if electorate in boxes | set(ballot_counts.votes.values()):
        yield _warn("electorate_repeats", "electorate", electorate=electorate)
    last = conditions.last.electorate if conditions.last else None
    expected = conditions.expected_electorate or last
    if expected and abs(Fraction(electorate - expected, expected)) > ELECTORATE_JUMP:
        yield _warn("electorate_jump", "electorate", electorate=electorate, expected=expected)


def _swapped(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    """A leading party fell to a sliver while a minor one multiplied: two boxes exchanged?"""
    last = conditions.last
    if last is None or not last.valid:
        return
    before: dict[str, int] = {}
    for vote in last.votes:
        before[vote.label] = before.get(vote.label, 0) + (vote.votes or 0)
    leading = sorted(before, key=lambda label: (-before[label], label))[:2]
    by_label = {one.label: one for one in conditions.candidacies}

    def ratio(one: Candidacy) -> Fraction | None:
        votes, then = ballot_counts.votes.get(one.id) or 0, before.get(one.label)
        return Fraction(votes * (last.valid or 1), then * valid) if then else None

    fallen = [by_label[one] for one in leading if one in by_label]
    fallen = [one for one in fallen if (ratio(one) or 1) < SWAP_FELL_TO]
    risen = [one for one in conditions.candidacies if one.label not in leading]
    risen = [one for one in risen if (ratio(one) or 0) > SWAP_ROSE_TO]
    if fallen and risen:
        down, up = fallen[0], risen[0]
        yield _warn("swapped", f"votes-{down.id}", down=down.name, up=up.name)


def _close(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    votes = {one: total or 0 for one, total in ballot_counts.votes.items()}
    ranked = sorted(votes, key=lambda one: -votes[one])
    seats = conditions.seats
    if conditions.announced_winners:
        tied = {one for one in ranked if votes[one] == votes[ranked[min(seats, len(ranked)) - 1]]}
        certain = set(ranked[:seats]) - tied
        announced = set(conditions.announced_winners)
        if not (certain <= announced <= certain | tied):
            yield _warn("winner_differs", "winners")
    if len(ranked) <= seats:
        return
    majority = votes[ranked[seats - 1]] - votes[ranked[seats]]
    if majority < CLOSE_VOTES or Fraction(majority, valid) < CLOSE_SHARE:
        yield _warn("close", "", majority=majority)

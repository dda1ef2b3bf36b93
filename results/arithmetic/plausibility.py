"""Whether figures can be, and whether they are likely: one set of checks for every way in.

A block is arithmetic that cannot be; a warning is what a person should look at twice, and may
accept with a reason. Thresholds are those of the general election of 2019, named below.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic.count import SPEAKER, Candidacy, Figures, LastTime
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
class Finding:
    """One thing found: a code, whether it blocks, the field it belongs to, and its figures."""

    code: str
    level: str
    field: str
    figures: Mapping[str, int | str] = dataclasses.field(default_factory=dict)


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


def findings_of(
    figures: Figures, conditions: Conditions, *, partial: bool = False
) -> tuple[Finding, ...]:
    """Everything found, blocks first. Never raises, whatever the figures."""
    found = [*_blocks(figures, conditions, partial)]
    if not found and not partial:
        found += _warnings(figures, conditions)
    return tuple(found)


def _block(code: str, at: str, **figures: int | str) -> Finding:
    return Finding(code, BLOCK, at, figures)


def _warn(code: str, at: str, **figures: int | str) -> Finding:
    return Finding(code, WARN, at, figures)


def _percent(fraction: Fraction) -> str:
    return f"{float(fraction * 100):.1f}"


# --- What cannot be -------------------------------------------------------------------------


def _blocks(figures: Figures, conditions: Conditions, partial: bool) -> Iterator[Finding]:
    known = {one.id for one in conditions.candidacies}
    if not conditions.polls_closed:
        yield _block("polls_open", "")
    named = {*figures.votes, *figures.lot, *figures.winners}
    yield from (_block("unknown_candidate", f"votes-{one}") for one in sorted(named - known))
    for one in conditions.candidacies:
        votes = figures.votes.get(one.id)
        if votes is None and not partial:
            yield _block("votes_missing", f"votes-{one.id}", name=one.name)
        if votes is not None and votes < 0:
            yield _block("votes_negative", f"votes-{one.id}", name=one.name)
    if partial:
        yield from _winners(figures, conditions)
    if named <= known:
        yield from _sums(figures, conditions)
        yield from _lot(figures, conditions)


def _winners(figures: Figures, conditions: Conditions) -> Iterator[Finding]:
    wanted = min(conditions.seats, len(conditions.candidacies))
    if len(figures.winners) != wanted or len(set(figures.winners)) != wanted:
        yield _block("winners_wrong", "winners", seats=wanted, named=len(set(figures.winners)))


def _sums(figures: Figures, conditions: Conditions) -> Iterator[Finding]:
    electorate, rejected, papers = figures.electorate, figures.rejected, figures.papers
    total = sum(votes for votes in figures.votes.values() if votes is not None)
    if conditions.seats > 1:
        yield from _several(figures, papers if papers is not None else electorate)
        used = papers
    else:
        used = total + (rejected or 0)
        if electorate is not None and total > electorate:
            yield _block("sum_over_electorate", "electorate", valid=total, electorate=electorate)
        if figures.complete and None not in (papers, rejected) and papers != used:
            yield _block("papers_mismatch", "papers", papers=papers or 0, sum=used)
    if used is not None and electorate is not None and used > electorate and total <= electorate:
        yield _block("papers_over_electorate", "rejected", papers=used, electorate=electorate)
    elif conditions.seats > 1 and used is not None and electorate is not None and used > electorate:
        yield _block("papers_over_electorate", "papers", papers=used, electorate=electorate)


def _several(figures: Figures, most: int | None) -> Iterator[Finding]:
    """A voter has one vote for each seat, and no candidate more than one of them."""
    for one, votes in figures.votes.items():
        if most is not None and votes is not None and votes > most:
            yield _block("candidate_over_total", f"votes-{one}", votes=votes, papers=most)


def _lot(figures: Figures, conditions: Conditions) -> Iterator[Finding]:
    if not figures.complete:
        return
    votes = {one: total for one, total in figures.votes.items() if total is not None}
    order = [one.id for one in conditions.candidacies if one.id in votes]
    tied, places = tie_at_the_last_seat(votes, conditions.seats, order)
    names = ", ".join(one.name for one in conditions.candidacies if one.id in tied)
    if tied and not figures.lot:
        yield _block("tie_needs_lot", "lot", names=names, places=places)
    elif figures.lot and (not set(figures.lot) <= set(tied) or len(set(figures.lot)) != places):
        yield _block("lot_not_tied", "lot", names=names, places=places)


# --- What is unlikely -----------------------------------------------------------------------


def _warnings(figures: Figures, conditions: Conditions) -> Iterator[Finding]:
    valid = sum(votes or 0 for votes in figures.votes.values())
    if not valid:
        yield _warn("all_zero", "")
        return
    if figures.valid_announced is not None and figures.valid_announced != valid:
        announced = figures.valid_announced
        yield _warn("valid_announced_mismatch", "valid_announced", announced=announced, sum=valid)
    yield from _turnout(figures, conditions, valid)
    yield from _rejected(figures, conditions, valid)
    yield from _electorate(figures, conditions, valid)
    yield from _swapped(figures, conditions, valid)
    yield from _close(figures, conditions, valid)


def _turnout(figures: Figures, conditions: Conditions, valid: int) -> Iterator[Finding]:
    turnouts = _computed_turnouts(figures, conditions, valid)
    if not turnouts:
        return
    turnout = turnouts[0]
    if not TURNOUT_RANGE[0] <= turnout <= TURNOUT_RANGE[1]:
        yield _warn("turnout_range", "electorate", turnout=_percent(turnout))
    last = conditions.last
    if last and last.valid and last.electorate and conditions.seats == 1:
        before = Fraction(last.valid, last.electorate)
        if abs(Fraction(valid, figures.electorate or 1) - before) > TURNOUT_JUMP:
            yield _warn(
                "turnout_jump", "electorate", turnout=_percent(turnout), before=_percent(before)
            )
    announced = figures.turnout_announced
    if announced is not None and all(
        abs(Fraction(announced) / 100 - one) > TURNOUT_SLACK for one in turnouts
    ):
        yield _warn(
            "turnout_differs",
            "turnout_announced",
            announced=f"{announced.normalize():f}",
            turnout=_percent(turnout),
        )


def _computed_turnouts(figures: Figures, conditions: Conditions, valid: int) -> list[Fraction]:
    """The turnouts that can be worked out: of valid votes first, then of ballots."""
    electorate = figures.electorate
    if not electorate:
        return []
    if conditions.seats > 1:
        return [Fraction(figures.papers, electorate)] if figures.papers is not None else []
    turnouts = [Fraction(valid, electorate)]
    if figures.rejected is not None:
        turnouts.append(Fraction(valid + figures.rejected, electorate))
    return turnouts


def _rejected(figures: Figures, conditions: Conditions, valid: int) -> Iterator[Finding]:
    rejected = figures.rejected
    if rejected is None or any(one.label == SPEAKER for one in conditions.candidacies):
        return
    papers = figures.papers if conditions.seats > 1 else valid + rejected
    if papers and Fraction(rejected, papers) > REJECTED:
        share = _percent(Fraction(rejected, papers))
        yield _warn("rejected_high", "rejected", rejected=rejected, share=share)


def _electorate(figures: Figures, conditions: Conditions, valid: int) -> Iterator[Finding]:
    electorate = figures.electorate
    if electorate is None:
        return
    boxes = {valid, figures.valid_announced, figures.papers, figures.rejected}
    if electorate in boxes | set(figures.votes.values()):
        yield _warn("electorate_repeats", "electorate", electorate=electorate)
    last = conditions.last.electorate if conditions.last else None
    expected = conditions.expected_electorate or last
    if expected and abs(Fraction(electorate - expected, expected)) > ELECTORATE_JUMP:
        yield _warn("electorate_jump", "electorate", electorate=electorate, expected=expected)


def _swapped(figures: Figures, conditions: Conditions, valid: int) -> Iterator[Finding]:
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
        votes, then = figures.votes.get(one.id) or 0, before.get(one.label)
        return Fraction(votes * (last.valid or 1), then * valid) if then else None

    fallen = [by_label[one] for one in leading if one in by_label]
    fallen = [one for one in fallen if (ratio(one) or 1) < SWAP_FELL_TO]
    risen = [one for one in conditions.candidacies if one.label not in leading]
    risen = [one for one in risen if (ratio(one) or 0) > SWAP_ROSE_TO]
    if fallen and risen:
        down, up = fallen[0], risen[0]
        yield _warn("swapped", f"votes-{down.id}", down=down.name, up=up.name)


def _close(figures: Figures, conditions: Conditions, valid: int) -> Iterator[Finding]:
    votes = {one: total or 0 for one, total in figures.votes.items()}
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

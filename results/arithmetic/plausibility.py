"""Check ballot counts: whether they are possible, and whether they are likely.

Every form, import and API uses these checks. A block is impossible; a warning is unlikely, and
may be accepted with a reason. The thresholds are from the general election of 2019, as noted.
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
#: Some 6,500 votes of a constituency: a missing bundle shows in nothing but the turnout.
TURNOUT_JUMP = Fraction(8, 100)
#: Rejected ballots in 2019: median 0.35%, 99th centile 0.67%.
REJECTED_SHARE = Fraction(1, 100)
ELECTORATE_JUMP = Fraction(10, 100)
#: An announced turnout may be of valid votes or of ballots, rounded or truncated.
TURNOUT_SLACK = Fraction(5, 1000)
CLOSE_VOTES = 150
CLOSE_SHARE = Fraction(5, 1000)
SWAP_FELL_TO = Fraction(1, 4)
SWAP_ROSE_TO = 3


@dataclass(frozen=True, slots=True)
class ValidationMessage:
    """A failed check: its code, its level (`BLOCK` or `WARN`) and the form field it belongs to.

    `params` are the numbers and names of its text. `field` is empty for the whole result.
    """

    code: str
    level: str
    field: str
    params: Mapping[str, int | str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What is known about the contest before its result."""

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
    """Run every check and return its messages: blocks, or warnings where nothing blocks.

    A `winner_only` result may lack votes and must name its winners; it has no warnings.
    """
    messages = [*_blocks(ballot_counts, conditions, winner_only)]
    if not messages and not winner_only:
        messages += _warnings(ballot_counts, conditions)
    return tuple(messages)


def _block(code: str, field: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, BLOCK, field, params)


def _warn(code: str, field: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, WARN, field, params)


def _percent(fraction: Fraction) -> str:
    return f"{float(fraction * 100):.1f}"


# --- Blocks ---------------------------------------------------------------------------------


def _blocks(
    ballot_counts: BallotCounts, conditions: Conditions, winner_only: bool
) -> Iterator[ValidationMessage]:
    known = {candidacy.id for candidacy in conditions.candidacies}
    if not conditions.polls_closed:
        yield _block("polls_open", "")
    named = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners}
    for candidate in sorted(named - known):
        yield _block("unknown_candidate", f"votes-{candidate}")
    for candidacy in conditions.candidacies:
        votes = ballot_counts.votes.get(candidacy.id)
        if votes is None and not winner_only:
            yield _block("votes_missing", f"votes-{candidacy.id}", name=candidacy.name)
        if votes is not None and votes < 0:
            yield _block("votes_negative", f"votes-{candidacy.id}", name=candidacy.name)
    if winner_only:
        yield from _check_winners(ballot_counts, conditions)
    if named <= known:
        yield from _check_sums(ballot_counts, conditions)
        yield from _check_lot(ballot_counts, conditions)


def _check_winners(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    seats = min(conditions.seats, len(conditions.candidacies))
    winners = ballot_counts.winners
    if len(winners) != seats or len(set(winners)) != seats:
        yield _block("winners_wrong", "winners", seats=seats, named=len(set(winners)))


def _check_sums(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    electorate, papers = ballot_counts.electorate, ballot_counts.papers
    rejected = ballot_counts.rejected
    total = sum(votes for votes in ballot_counts.votes.values() if votes is not None)
    if conditions.seats > 1:
        yield from _check_several_votes(ballot_counts, papers if papers is not None else electorate)
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


def _check_several_votes(
    ballot_counts: BallotCounts, most: int | None
) -> Iterator[ValidationMessage]:
    """A voter gives no candidate more than one of several votes."""
    for candidate, votes in ballot_counts.votes.items():
        if most is not None and votes is not None and votes > most:
            yield _block("candidate_over_total", f"votes-{candidate}", votes=votes, papers=most)


def _check_lot(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    if not ballot_counts.complete:
        return
    votes = {pk: total for pk, total in ballot_counts.votes.items() if total is not None}
    order = [candidacy.id for candidacy in conditions.candidacies if candidacy.id in votes]
    tied, seats = tie_at_the_last_seat(votes, conditions.seats, order)
    names = ", ".join(
        candidacy.name for candidacy in conditions.candidacies if candidacy.id in tied
    )
    drawn = set(ballot_counts.lot)
    if tied and not drawn:
        yield _block("tie_needs_lot", "lot", names=names, places=seats)
    elif drawn and (not drawn <= set(tied) or len(drawn) != seats):
        yield _block("lot_not_tied", "lot", names=names, places=seats)


# --- Warnings -------------------------------------------------------------------------------


def _warnings(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    if not valid:
        yield _warn("all_zero", "")
        return
    if ballot_counts.valid_announced is not None and ballot_counts.valid_announced != valid:
        announced = ballot_counts.valid_announced
        yield _warn("valid_announced_mismatch", "valid_announced", announced=announced, sum=valid)
    yield from _check_turnout(ballot_counts, conditions, valid)
    yield from _check_rejected(ballot_counts, conditions, valid)
    yield from _check_electorate(ballot_counts, conditions, valid)
    yield from _check_swapped(ballot_counts, conditions, valid)
    yield from _check_majority(ballot_counts, conditions, valid)


def _check_turnout(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    turnouts = _possible_turnouts(ballot_counts, conditions, valid)
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
        abs(Fraction(announced) / 100 - possible) > TURNOUT_SLACK for possible in turnouts
    ):
        yield _warn(
            "turnout_differs",
            "turnout_announced",
            announced=f"{announced.normalize():f}",
            turnout=_percent(turnout),
        )


def _possible_turnouts(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> list[Fraction]:
    """Return the turnouts that the counts give: of valid votes, and of ballots."""
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


def _check_rejected(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    rejected = ballot_counts.rejected
    if rejected is None or any(candidacy.label == SPEAKER for candidacy in conditions.candidacies):
        return
    papers = ballot_counts.papers if conditions.seats > 1 else valid + rejected
    if papers and Fraction(rejected, papers) > REJECTED_SHARE:
        share = _percent(Fraction(rejected, papers))
        yield _warn("rejected_high", "rejected", rejected=rejected, share=share)


def _check_electorate(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    electorate = ballot_counts.electorate
    if electorate is None:
        return
    others = {
        valid,
        ballot_counts.valid_announced,
        ballot_counts.papers,
        ballot_counts.rejected,
        *ballot_counts.votes.values(),
    }
    if electorate in others:
        yield _warn("electorate_repeats", "electorate", electorate=electorate)
    last = conditions.last.electorate if conditions.last else None
    expected = conditions.expected_electorate or last
    if expected and abs(Fraction(electorate - expected, expected)) > ELECTORATE_JUMP:
        yield _warn("electorate_jump", "electorate", electorate=electorate, expected=expected)


def _check_swapped(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    """Warn where a leading party fell to a sliver and a minor one multiplied."""
    last = conditions.last
    if last is None or not last.valid:
        return
    before: dict[str, int] = {}
    for vote in last.votes:
        before[vote.label] = before.get(vote.label, 0) + (vote.votes or 0)
    leading = sorted(before, key=lambda label: (-before[label], label))[:2]
    by_label = {candidacy.label: candidacy for candidacy in conditions.candidacies}

    def growth(candidacy: Candidacy) -> Fraction | None:
        votes, last_votes = ballot_counts.votes.get(candidacy.id) or 0, before.get(candidacy.label)
        return Fraction(votes * (last.valid or 1), last_votes * valid) if last_votes else None

    leaders = [by_label[label] for label in leading if label in by_label]
    fallen = [leader for leader in leaders if (growth(leader) or 1) < SWAP_FELL_TO]
    others = [candidacy for candidacy in conditions.candidacies if candidacy.label not in leading]
    risen = [other for other in others if (growth(other) or 0) > SWAP_ROSE_TO]
    if fallen and risen:
        down, up = fallen[0], risen[0]
        yield _warn("swapped", f"votes-{down.id}", down=down.name, up=up.name)


def _check_majority(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    votes = {candidate: total or 0 for candidate, total in ballot_counts.votes.items()}
    ranked = sorted(votes, key=lambda candidate: -votes[candidate])
    seats = conditions.seats
    if conditions.announced_winners:
        last_elected = votes[ranked[min(seats, len(ranked)) - 1]]
        tied = {candidate for candidate in ranked if votes[candidate] == last_elected}
        certain = set(ranked[:seats]) - tied
        announced = set(conditions.announced_winners)
        if not (certain <= announced <= certain | tied):
            yield _warn("winner_differs", "winners")
    if len(ranked) <= seats:
        return
    majority = votes[ranked[seats - 1]] - votes[ranked[seats]]
    if majority < CLOSE_VOTES or Fraction(majority, valid) < CLOSE_SHARE:
        yield _warn("close", "", majority=majority)

"""Check ballot counts: whether they are possible, and whether they are likely.

Every form, import and API uses these checks. Impossible counts block; unlikely ones need a reason;
others worth showing are notes. A figure that is not typed but on record is used, and the message
has its source.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from results.arithmetic.conditions import Conditions
from results.arithmetic.impossible import check_incomplete, check_possible
from results.arithmetic.inputs import SPEAKER, BallotCounts
from results.arithmetic.kinds import Method
from results.arithmetic.known import (
    Known,
    Sourced,
    UsualChange,
    electorate_of,
    has_own_electorates,
    papers_of,
    turnout_change,
)
from results.arithmetic.messages import BLOCK, NOTE, REASON, ValidationMessage
from results.arithmetic.misplaced import check_boxes

#: An announced turnout may be of valid votes or of ballots, rounded or truncated.
TURNOUT_SLACK = Fraction(5, 1000)
#: Part of the ballot papers that may be unaccounted for: beyond it, a bundle may be missing.
PAPERS_SLACK = Fraction(1, 100)
#: Least distances below and above the night's change that make a turnout's far. A bundle is missing
#: more often than one is counted twice, and a figure with a digit too many is far above.
FALL_AT_LEAST, RISE_AT_LEAST = 0.035, 0.08
RISE_FOR_FALL = 2
#: Least usual part of the votes that are used in wards of several seats, and of more than
#: `MANY_SEATS`: most voters use every vote.
LEAST_USED = Fraction(75, 100)
LEAST_USED_OF_MANY = Fraction(1, 2)
MANY_SEATS = 3
#: Least distance below the median use of votes in the council's other wards that is too far.
UNUSED_AT_LEAST = 0.075
UNUSED_SPREADS = 3.0


def check_ballot_counts(
    ballot_counts: BallotCounts,
    conditions: Conditions,
    *,
    winner_only: bool = False,
    incomplete: bool = False,
) -> tuple[ValidationMessage, ...]:
    """Run every check and return its messages: blocks alone, or reasons and then notes.

    A `winner_only` result may lack votes and must name its winners; `incomplete` totals must lack
    some and name nobody. Nothing else is asked of either.
    """
    if incomplete:
        return tuple(check_incomplete(ballot_counts, conditions))
    messages = [*check_possible(ballot_counts, conditions, winner_only=winner_only)]
    blocks = [message for message in messages if message.level == BLOCK]
    if blocks or winner_only:
        return tuple(blocks)
    messages += _unlikely(ballot_counts, conditions)
    return tuple(sorted(messages, key=lambda message: message.level == NOTE))


def _reason(code: str, field: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, REASON, field, params)


def _note(code: str, field: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, NOTE, field, params)


def _percent(fraction: Fraction | float) -> str:
    return f"{float(fraction) * 100:.1f}"


def _unlikely(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    if not valid:
        yield _reason("all_zero", "")
        return
    if ballot_counts.valid_announced is not None and ballot_counts.valid_announced != valid:
        announced = ballot_counts.valid_announced
        yield _reason("valid_announced_mismatch", "valid_announced", announced=announced, sum=valid)
    yield from _check_quota(ballot_counts, conditions, valid)
    yield from _check_papers(ballot_counts, conditions, valid)
    yield from _check_turnout(ballot_counts, conditions, valid)
    yield from _check_rejected(ballot_counts, conditions, valid)
    yield from _check_electorate(ballot_counts, conditions, valid)
    yield from check_boxes(ballot_counts, conditions)
    yield from _check_majority(ballot_counts, conditions, valid)


def _check_quota(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    """Check that a quota is that of the first preferences, once all of them are known.

    It is the valid votes ÷ (the seats + 1), without its fraction, plus 1. Source: Scottish Local
    Government Elections Order 2011, Sch. 1.
    """
    quota = ballot_counts.quota
    if quota is None or conditions.system.method is not Method.DECLARED:
        return
    expected = valid // (conditions.seats + 1) + 1
    if ballot_counts.complete and quota != expected:
        yield _reason(
            "quota_differs",
            "quota",
            quota=quota,
            valid=valid,
            seats=conditions.seats,
            expected=expected,
        )


# --- Ballot papers ----------------------------------------------------------------------------


def _check_papers(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    filed = conditions.known.verified_papers
    if filed and ballot_counts.papers and ballot_counts.papers != filed:
        differ = abs(ballot_counts.papers - filed)
        tell = _reason if differ > PAPERS_SLACK * filed else _note
        yield tell("papers_changed", "papers", papers=ballot_counts.papers, filed=filed)
    papers = papers_of(ballot_counts, conditions.known)
    if papers is None:
        return
    if conditions.votes_per_paper == 1:
        yield from _check_accounted(papers, valid, ballot_counts.rejected, conditions)
    else:
        yield from _check_used(papers, valid, ballot_counts.rejected, conditions)


def _check_accounted(
    papers: Sourced, valid: int, rejected: int | None, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Check that valid votes and rejected ballots add up to the ballot papers."""
    counted = valid + (rejected or 0)
    differ = abs(papers.value - counted)
    is_much = not _accounted_for(papers, valid, rejected, conditions)
    if not differ or (rejected is None and not is_much):
        return
    code = "papers_over_sum" if papers.value > counted else "papers_under_sum"
    tell = _reason if is_much else _note
    yield tell(
        code, "papers", papers=papers.value, sum=counted, difference=differ, source=papers.source
    )


def _accounted_for(
    papers: Sourced, valid: int, rejected: int | None, conditions: Conditions
) -> bool:
    """Whether votes and rejected ballots add up to the ballot papers, within the slack."""
    slack = PAPERS_SLACK if rejected is not None else PAPERS_SLACK + conditions.thresholds.rejected
    return abs(papers.value - valid - (rejected or 0)) <= slack * papers.value


def _check_used(
    papers: Sourced, valid: int, rejected: int | None, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Check votes against papers of several votes: one a paper at least, and most of them used."""
    seats = min(conditions.votes_per_paper, len(conditions.voted_for))
    least = float(LEAST_USED if seats <= MANY_SEATS else LEAST_USED_OF_MANY)
    if usual := conditions.known.night.usual_use():
        least = max(least, usual.median - max(UNUSED_AT_LEAST, UNUSED_SPREADS * usual.spread))
    good = papers.value - (rejected or 0)
    if valid < good or valid < least * good * seats:
        yield _reason("few_votes", "papers", valid=valid, papers=papers.value, source=papers.source)


# --- Turnout ----------------------------------------------------------------------------------


def _check_turnout(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    electorate = electorate_of(ballot_counts, conditions.known)
    turnouts = _possible_turnouts(ballot_counts, conditions, valid)
    if electorate is not None:
        least_papers = Fraction(valid, electorate.value * conditions.votes_per_paper)
        yield from _check_turnout_only(turnouts or [least_papers], electorate, conditions)
    papers, rejected = papers_of(ballot_counts, conditions.known), ballot_counts.rejected
    # Papers that were counted on their own prove that no bundle is missing.
    if (
        papers is None
        or conditions.votes_per_paper > 1
        or not _accounted_for(papers, valid, rejected, conditions)
    ):
        yield from _check_turnout_change(ballot_counts, conditions)
    yield from _check_turnout_announced(ballot_counts, conditions, turnouts)


def _check_turnout_announced(
    ballot_counts: BallotCounts, conditions: Conditions, turnouts: list[Fraction]
) -> Iterator[ValidationMessage]:
    """Compare the turnout read out with those it may be of, or else with the fewest papers."""
    announced = ballot_counts.turnout_announced
    electorate = electorate_of(ballot_counts, conditions.known)
    if announced is None or electorate is None:
        return
    turnout = Fraction(announced) / 100
    code = "turnout_differs"
    is_far = all(abs(turnout - possible) > TURNOUT_SLACK for possible in turnouts)
    if not turnouts:
        turnouts = [Fraction(_fewest_papers(ballot_counts, conditions), electorate.value)]
        code = "turnout_too_low"
        is_far = turnouts[0] - turnout > TURNOUT_SLACK
    if is_far:
        params = {"announced": f"{announced.normalize():f}", "turnout": _percent(turnouts[-1])}
        yield _reason(code, "turnout_announced", **params)


def _fewest_papers(ballot_counts: BallotCounts, conditions: Conditions) -> int:
    """The ballot papers without which there cannot be these votes, one to a candidate on each."""
    votes = [votes or 0 for votes in ballot_counts.votes.values()]
    return max(ceil(Fraction(sum(votes), conditions.votes_per_paper)), *votes)


def _check_turnout_only(
    turnouts: list[Fraction], electorate: Sourced, conditions: Conditions
) -> Iterator[ValidationMessage]:
    least, most = conditions.thresholds.turnout
    if not least <= turnouts[0] <= most:
        yield _reason(
            "turnout_unusual",
            "electorate",
            # Of all ballots where that is known, as the check says it beside this.
            turnout=_percent(turnouts[-1]),
            electorate=electorate.value,
            source=electorate.source,
        )


def _check_turnout_change(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Compare the change of turnout with the night's median change, once there is one.

    Without any electorate it stands for the change of votes.
    """
    change = turnout_change(
        ballot_counts,
        conditions.known,
        seats=conditions.votes_per_paper,
        vote_per_seat=conditions.system.votes_per_paper is None,
    )
    if change is None:
        return
    usual = conditions.known.night.usual_change(conditions.thresholds.turnout_contests)
    if usual is None:
        is_far = abs(change) > conditions.thresholds.turnout_change
    else:
        off = float(change - usual.median)
        is_far = _is_far(off, usual, conditions.thresholds.turnout_spreads)
    if not is_far:
        return
    if not has_own_electorates(ballot_counts, conditions.known):
        yield _votes_far(ballot_counts, conditions.known)
    elif usual is None:
        yield _reason("turnout_far", "electorate", change=_points(change))
    else:
        yield _reason(
            "turnout_change",
            "electorate",
            change=_points(change),
            usual=_points(usual.median),
            contests=usual.contests,
        )


def _votes_far(ballot_counts: BallotCounts, known: Known) -> ValidationMessage:
    """Return the message about votes of both times, where at most one electorate is known."""
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    before = (known.last.valid or 0) if known.last else 0
    code = "votes_far" if electorate_of(ballot_counts, known) else "votes_far_alone"
    return _reason(code, "electorate", valid=valid, before=before)


def _is_far(off: float, usual: UsualChange, spreads: float) -> bool:
    """Whether a change is too far from the night's median, given the spread of the night's."""
    fall = max(FALL_AT_LEAST, spreads * usual.spread)
    rise = max(RISE_AT_LEAST, RISE_FOR_FALL * spreads * usual.spread)
    return off < -fall or off > rise


def _points(change: Fraction) -> str:
    """Format a change in points with its sign: “+1.2”, “−7.4”."""
    return f"{float(change) * 100:+.1f}".replace("-", "−")


def _possible_turnouts(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> list[Fraction]:
    """Return the turnouts that an announced one may be: of valid votes, and of ballots."""
    electorate = electorate_of(ballot_counts, conditions.known)
    if electorate is None:
        return []
    if conditions.votes_per_paper > 1:
        papers = papers_of(ballot_counts, conditions.known)
        return [Fraction(papers.value, electorate.value)] if papers is not None else []
    turnouts = [Fraction(valid, electorate.value)]
    if ballot_counts.rejected is not None:
        turnouts.append(Fraction(valid + ballot_counts.rejected, electorate.value))
    return turnouts


# --- Other totals -----------------------------------------------------------------------------


def _check_rejected(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    rejected = ballot_counts.rejected
    if rejected is None or any(candidacy.label == SPEAKER for candidacy in conditions.candidacies):
        return
    papers = papers_of(ballot_counts, conditions.known)
    if conditions.votes_per_paper == 1:
        used = valid + rejected
    else:
        used = papers.value if papers else valid // conditions.votes_per_paper + rejected
    if used and Fraction(rejected, used) > conditions.thresholds.rejected:
        share = _percent(Fraction(rejected, used))
        yield _reason("rejected_high", "rejected", rejected=rejected, share=share)


def _check_electorate(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    known, typed = conditions.known, ballot_counts.electorate
    others = {
        valid,
        ballot_counts.valid_announced,
        ballot_counts.papers,
        ballot_counts.rejected,
        *ballot_counts.votes.values(),
    }
    if typed is not None and typed in others:
        yield _reason("electorate_repeats", "electorate", electorate=typed)
    now = typed or known.verified_electorate
    expected = electorate_of(BallotCounts(), known)
    if typed is None and expected is not None and expected.source == "verified":
        last = known.last.electorate if known.last else None
        source = "record" if known.electorate else "last"
        value = known.electorate or last
        expected = Sourced(value, source) if value else None
    if not now or expected is None:
        return
    # Registers change more between elections than after the notice of one.
    most = conditions.thresholds.electorate_change * (2 if expected.source == "last" else 1)
    if abs(Fraction(now - expected.value, expected.value)) > most:
        yield _reason(
            "electorate_differs",
            "electorate",
            electorate=now,
            expected=expected.value,
            source=expected.source,
        )


def _check_majority(
    ballot_counts: BallotCounts, conditions: Conditions, valid: int
) -> Iterator[ValidationMessage]:
    if conditions.system.method is not Method.VOTES:
        return
    votes = {candidate: total or 0 for candidate, total in ballot_counts.votes.items()}
    ranked = sorted(votes, key=lambda candidate: -votes[candidate])
    seats = conditions.seats
    if conditions.announced_winners:
        last_elected = votes[ranked[min(seats, len(ranked)) - 1]]
        tied = {candidate for candidate in ranked if votes[candidate] == last_elected}
        certain = set(ranked[:seats]) - tied
        announced = set(conditions.announced_winners)
        if not (certain <= announced <= certain | tied):
            yield _reason("winner_differs", "winners")
    if len(ranked) <= seats:
        return
    majority = votes[ranked[seats - 1]] - votes[ranked[seats]]
    thresholds = conditions.thresholds
    if majority < thresholds.close_votes or Fraction(majority, valid) < thresholds.close_share:
        if majority:
            yield _note("close", "", majority=majority)
        else:
            yield _note("close_tie", "")

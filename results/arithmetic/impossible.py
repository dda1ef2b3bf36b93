"""Check ballot counts for what is impossible, and block its publication."""

from collections.abc import Iterator
from dataclasses import replace

from results.arithmetic.conditions import Conditions
from results.arithmetic.electoral_systems import compute_outcome
from results.arithmetic.inputs import BallotCounts
from results.arithmetic.kinds import Method
from results.arithmetic.known import Sourced, electorate_of, papers_of
from results.arithmetic.messages import BLOCK, REASON, ValidationMessage
from results.arithmetic.outcome import tie_at_the_last_seat
from results.arithmetic.undecided import Undecided


def block(code: str, field: str, **params: int | str) -> ValidationMessage:
    return ValidationMessage(code, BLOCK, field, params)


def check_incomplete(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Yield messages that block incomplete totals: none, all, impossible, or with winners.

    Under the method DECLARED they always block: a result with some of its winners is published as
    a result to be completed.
    """
    yield from _check_names(ballot_counts, conditions)
    if conditions.system.method is Method.DECLARED:
        yield block("elected_so_far", "winners")
        return
    totals = [ballot_counts.votes.get(candidacy.id) for candidacy in conditions.voted_for]
    known = [total for total in totals if total is not None]
    if not known:
        yield block("no_total", "")
    if len(known) == len(totals) or ballot_counts.winners or ballot_counts.lot:
        yield block("nothing_missing", "")
    for message in impossible_sums(ballot_counts, conditions):
        if message.level == BLOCK:
            yield message


def _check_names(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Yield blocks before the close of poll, for unknown candidates, and for negative votes."""
    if not conditions.polls_closed:
        yield block("polls_open", "")
    known = {candidacy.id: candidacy for candidacy in conditions.candidacies}
    named = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners}
    for candidate in sorted(named - known.keys()):
        yield block("unknown_candidate", f"votes-{candidate}")
    for candidate, votes in ballot_counts.votes.items():
        if votes is not None and votes < 0 and candidate in known:
            yield block("votes_negative", f"votes-{candidate}", name=known[candidate].name)


def check_possible(
    ballot_counts: BallotCounts, conditions: Conditions, *, winner_only: bool
) -> Iterator[ValidationMessage]:
    """Yield messages for what is impossible; in an official file, sums only need a reason."""
    known = {candidacy.id for candidacy in conditions.candidacies}
    yield from _check_names(ballot_counts, conditions)
    named = {*ballot_counts.votes, *ballot_counts.lot, *ballot_counts.winners}
    as_declared = conditions.system.method is Method.DECLARED
    for candidacy in conditions.voted_for:
        votes = ballot_counts.votes.get(candidacy.id)
        if votes is None and not winner_only and not as_declared:
            yield block("votes_missing", f"votes-{candidacy.id}", name=candidacy.name)
    if winner_only or as_declared:
        yield from _check_winners(ballot_counts, conditions)
    if named <= known:
        yield from impossible_sums(ballot_counts, conditions)
        yield from _check_lot(ballot_counts, conditions)


def _check_winners(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    seats = min(conditions.seats, len(conditions.candidacies))
    if conditions.system.method is Method.COUNTED:
        yield block("area_elects_nobody", "winners")
        return
    winners = ballot_counts.winners
    if conditions.system.method is Method.DECLARED:
        if len(winners) > seats:
            yield block("winners_over_seats", "winners", seats=seats, named=len(set(winners)))
    elif len(winners) != seats or len(set(winners)) != seats:
        yield block("winners_wrong", "winners", seats=seats, named=len(set(winners)))


def impossible_sums(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Yield sums of more votes than papers or electors have, and of more papers than electors.

    They block where the figures are typed, and ask for a reason in an official file's. An old
    register may have fewer electors than voted: last time's electorate proves nothing.
    """
    level = BLOCK if conditions.typed else REASON
    papers = papers_of(ballot_counts, conditions.known)
    electorate = electorate_of(ballot_counts, conditions.known)
    if electorate is not None and electorate.source == "last":
        electorate = None
    seats = conditions.votes_per_paper
    total = sum(votes for votes in ballot_counts.votes.values() if votes is not None)
    if electorate is not None and total > electorate.value * seats:
        code = "sum_over_electorate" if seats == 1 else "sum_over_electors"
        params = _params(electorate, electorate=electorate.value, valid=total, seats=seats)
        yield ValidationMessage(code, level, "electorate", params)
    elif papers is not None and total > papers.value * seats:
        code = "votes_over_papers" if seats == 1 else "votes_over_papers_of_seats"
        params = _params(papers, papers=papers.value, valid=total, seats=seats)
        yield ValidationMessage(code, level, "papers", params)
    else:
        yield from _check_papers(ballot_counts, conditions, electorate, papers, total)
    most = papers or electorate
    for candidate, votes in ballot_counts.votes.items():
        # A voter gives no candidate more than one of several votes.
        if seats > 1 and most is not None and votes is not None and votes > most.value:
            params = _params(most, votes=votes, papers=most.value)
            yield ValidationMessage("candidate_over_total", level, f"votes-{candidate}", params)


def _check_papers(
    ballot_counts: BallotCounts,
    conditions: Conditions,
    electorate: Sourced | None,
    papers: Sourced | None,
    total: int,
) -> Iterator[ValidationMessage]:
    """Check that there are no more ballot papers than electors."""
    counted = total + (ballot_counts.rejected or 0) if conditions.votes_per_paper == 1 else 0
    used = max(counted, papers.value if papers else 0)
    if electorate is not None and used > electorate.value:
        field = "papers" if papers and used == papers.value else "rejected"
        params = _params(electorate, papers=used, electorate=electorate.value)
        level = BLOCK if conditions.typed else REASON
        yield ValidationMessage("papers_over_electorate", level, field, params)


def _params(known: Sourced, **params: int | str) -> dict[str, int | str]:
    return {**params, "source": known.source}


def _check_lot(ballot_counts: BallotCounts, conditions: Conditions) -> Iterator[ValidationMessage]:
    if not ballot_counts.complete or conditions.system.method in (
        Method.DECLARED,
        Method.COUNTED,
        Method.ANSWERS,
    ):
        return
    if conditions.system.method is Method.LISTS:
        yield from _check_lot_of_lists(ballot_counts, conditions)
        return
    votes = {pk: total for pk, total in ballot_counts.votes.items() if total is not None}
    order = [candidacy.id for candidacy in conditions.candidacies if candidacy.id in votes]
    tied, seats = tie_at_the_last_seat(votes, conditions.seats, order)
    names = ", ".join(
        candidacy.name for candidacy in conditions.candidacies if candidacy.id in tied
    )
    drawn = set(ballot_counts.lot)
    if tied and not drawn and not any(votes.values()):
        # Nobody counts 0 for everybody: the boxes were left at 0, and there is no tie.
        yield block("only_zeros", f"votes-{order[0]}")
    elif tied and not drawn:
        yield block("tie_needs_lot", "lot", names=names, places=seats)
    elif drawn and not tied:
        yield block("lot_without_tie", "lot")
    elif drawn and (not drawn <= set(tied) or len(drawn) != seats):
        yield block("lot_not_tied", "lot", names=names, places=seats)


def _check_lot_of_lists(
    ballot_counts: BallotCounts, conditions: Conditions
) -> Iterator[ValidationMessage]:
    """Ask for the lot where figures tie for the last seat, and for none where they do not."""
    if len(ballot_counts.votes) < len(conditions.voted_for):
        return
    order = [candidacy.id for candidacy in conditions.candidacies]
    system = replace(conditions.system, open_ties=False)
    try:
        outcome = compute_outcome(
            ballot_counts, seats=conditions.seats, ballot_order=order, system=system
        )
    except Undecided as tie:
        names = ", ".join(each.name for each in conditions.candidacies if each.id in tie.tied)
        code = "lot_of_other_lists" if ballot_counts.lot else "lists_tie"
        yield block(code, "lot", names=names, places=tie.seats)
    else:
        if ballot_counts.lot and not outcome.by_lot and not outcome.to_fill:
            yield block("lot_of_other_lists", "lot", names="", places=0)

"""Nights whose results are not added up: by-elections, mayors, commissioners, referendums.

They have no scoreboard of seats, no majority and no milestones of a tally. Contests of a council
are not added up where all of them are by-elections.
"""

from collections.abc import Sequence

from results.live.seat import Seat
from results.models import Standing
from results.words.night_sentences import NightSummary
from results.words.party_names import PartyNames
from results.words.separate_results import SeparateResult, areas_sentence, separate_summary


def summary_of(
    seats: Sequence[Seat], party_names: PartyNames, first_at: str = "", open_until: str = ""
) -> NightSummary:
    """Return the headline and standfirst of these results, the latest one first.

    `first_at` is when the first is expected, and `open_until` the close of poll until it has
    passed, as in `NightFacts`.
    """
    held = [seat for seat in seats if seat.standing.status != Standing.Status.POSTPONED]
    declared = sorted((seat for seat in held if seat.has_result), key=_order)
    awaited = [seat for seat in held if not seat.has_result]
    summary = separate_summary(
        [
            SeparateResult(seat.contest.full_name, seat.standing.summary if seat.has_result else {})
            for seat in (*declared, *awaited)
        ],
        party_names,
        postponed=len(seats) - len(held),
        first_at=first_at,
        open_until=open_until,
    )
    if len(seats) == 1 and seats[0].areas and not seats[0].has_result:
        return NightSummary(summary.headline, areas_sentence(seats[0].areas.subtotals))
    return summary


def _order(seat: Seat) -> tuple[float, int]:
    """Sort key of time of declaration, those without a time first, then of publication."""
    at = seat.standing.first_declared_at
    return at.timestamp() if at else float("-inf"), seat.standing.first_sequence or 0

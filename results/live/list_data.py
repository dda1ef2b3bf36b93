"""Fields of the JSON document for lists, regions and stages; docs/data.md describes them.

Contests that the most votes fill, and their candidates, have none of these fields.
"""

from fractions import Fraction
from typing import Any

from results.arithmetic import CandidateResult
from results.live.seat import Seat
from results.models import Candidate
from results.words.number_format import points

Document = dict[str, Any]


def contest_fields(seat: Seat) -> Document:
    """Return a contest's fields on its method and its open seats; null before a result."""
    if not seat.has_lists and not seat.as_declared:
        return {}
    outcome = seat.outcome
    fields = {"method": str(seat.system.method), "to_fill": outcome.to_fill if outcome else None}
    if seat.as_declared:
        return fields | {"quota": outcome.quota if outcome else None}
    return fields | {
        "lists": [_list(row) for row in seat.lists.rows] or None,
        "allocation": _allocation(seat),
    }


def candidate_fields(seat: Seat, candidate: Candidate, result: CandidateResult | None) -> Document:
    if seat.has_lists:
        return {"list_position": candidate.list_position}
    if seat.as_declared:
        return {"stage": result.stage if result else None}
    return {}


def _list(row: Any) -> Document:
    return {
        "name": row.name,
        "party": row.party_name.abbreviation,
        "votes": row.candidate_result.votes,
        "share": _printed(row.candidate_result.share),
        "seats": row.seats,
        "constituency_seats": row.constituency_seats,
        "below_threshold": row.below_threshold,
        "candidates": [each.candidate.pk for each in row.rows],
    }


def _allocation(seat: Seat) -> list[Document] | None:
    """Return the seats in the order of their allocation; None before that."""
    if seat.outcome is None or seat.outcome.allocation is None:
        return None
    return [
        {
            "name": each.name,
            "candidate": each.candidate.pk,
            "votes": each.votes,
            "divisor": each.divisor,
            "by_lot": each.by_lot,
        }
        for each in seat.lists.rounds
    ]


def _printed(fraction: Fraction | None) -> str | None:
    return None if fraction is None else str(points(fraction))

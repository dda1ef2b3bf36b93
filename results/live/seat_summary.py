"""Build a seat's result as stored JSON, the data of a row in a list."""

from fractions import Fraction
from typing import Any

from results.arithmetic import Method, Outcome
from results.live.seat import Seat


def summary_of_seat(seat: Seat) -> dict[str, Any]:
    """Return the JSON of `Standing.summary`, empty without a result; fractions are like “3/5”."""
    outcome = seat.outcome
    if outcome is None:
        return _incomplete(seat)
    candidates = {candidate.pk: candidate for candidate in seat.contest.candidates.all()}
    return {
        "elected": [
            {
                "candidate": result.candidate,
                "name": candidates[result.candidate].name,
                "label": result.label,
                "hold": result.hold,
                "gained_from": result.gained_from,
                "new": result.new,
                "first_time": candidates[result.candidate].times_elected == 0,
            }
            for result in seat.results
        ],
        "majority": outcome.majority,
        "by_lot": outcome.by_lot,
        "partial": outcome.to_be_completed,
        "valid": outcome.valid,
        "turnout": _exact(outcome.turnout_valid),
        "swing": _swing(seat),
        **_without_poll(outcome),
        **_open(seat, outcome),
        # The votes of a counting area elect nobody.
        **({"counted": True} if seat.contest.is_counting_area else {}),
        "lost_deposits": [row.party_name.label for row in seat.lost_deposits],
        "defeated": [
            {"name": row.candidate.name, "label": row.party_name.label} for row in seat.defeated
        ],
    }


def _incomplete(seat: Seat) -> dict[str, Any]:
    """Return how many totals are known of how many, for incomplete totals; else empty."""
    totals = seat.known_totals
    known = sum(total.votes is not None for total in totals)
    return {"incomplete": {"known": known, "of": len(totals)}} if totals else {}


def _without_poll(outcome: Outcome) -> dict[str, Any]:
    """Return the fields of an uncontested election, with vacancies; empty after a poll."""
    if not outcome.unopposed:
        return {}
    return {"unopposed": True, "vacancies": outcome.vacancies}


def _open(seat: Seat, outcome: Outcome) -> dict[str, Any]:
    """Return how many seats are open and what they wait for; empty where none is."""
    if not outcome.to_fill:
        return {}
    waits = "count"
    if seat.system.method is Method.LISTS:
        waits = "lot" if outcome.allocation else "constituencies"
    return {"to_fill": outcome.to_fill, "waits_for": waits, "seats": seat.contest.seats}


def _swing(seat: Seat) -> dict[str, Any] | None:
    if seat.swing is None:
        return None
    return {
        "from": seat.swing.from_label,
        "to": seat.swing.to_label,
        "points": _exact(seat.swing.points),
    }


def _exact(fraction: Fraction | None) -> str | None:
    """A fraction as JSON text without rounding."""
    return None if fraction is None else str(fraction)


def has_gain(summary: dict[str, Any]) -> bool:
    """Whether a seat changed hands; `summary` is a standing's."""
    # In a ward of several seats it may not be known which holder lost the seat.
    return any(
        elected["gained_from"] or not (elected["hold"] or elected.get("new", True))
        for elected in summary.get("elected", ())
    )

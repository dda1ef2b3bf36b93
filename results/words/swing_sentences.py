"""The sentence on the national swing so far, as it follows a night's headline."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from results.arithmetic import Tally, national_swing
from results.words.number_format import swing_points
from results.words.party_names import PartyNames


def swing_sentence(tally: Tally, held: Mapping[str, int], party_names: PartyNames) -> str:
    """Return “The swing over these 42 seats is 5.0 points from Labour to Conservatives.”

    It is between the two parties with most seats last time, by label in `held`; empty where it is
    not known.
    """
    largest = sorted(held, key=lambda label: (-held[label], label))[:2]
    swing = national_swing(tally, *largest) if len(largest) == 2 else None
    if swing is None:
        return ""
    template = _over_these(tally) if swing.points else _none_over_these(tally)
    return template % {
        "seats": tally.complete,
        "points": swing_points(swing.points),
        "loser": party_names[swing.from_label].collective,
        "winner": party_names[swing.to_label].collective,
    }


def _over_these(tally: Tally) -> str:
    if _has_new_seats(tally):
        return _(
            "The swing over the declared seats that have a last result is %(points)s points from "
            "%(loser)s to %(winner)s."
        )
    if _is_over_all(tally):
        return _(
            "The swing over these %(seats)d seats is %(points)s points from %(loser)s to "
            "%(winner)s."
        )
    return _(
        "The swing over %(seats)d of the declared seats is %(points)s points from %(loser)s to "
        "%(winner)s."
    )


def _none_over_these(tally: Tally) -> str:
    if _has_new_seats(tally):
        return _(
            "There is no swing between %(winner)s and %(loser)s over the declared seats that have "
            "a last result."
        )
    if _is_over_all(tally):
        return _("There is no swing between %(winner)s and %(loser)s over these %(seats)d seats.")
    return _(
        "There is no swing between %(winner)s and %(loser)s over %(seats)d of the declared seats."
    )


def _has_new_seats(tally: Tally) -> bool:
    """Whether some of the votes are of seats without a last result, which are in no swing."""
    return tally.comparable_valid < tally.valid


def _is_over_all(tally: Tally) -> bool:
    """Whether no seat is of a list, or has a winner whose votes are not known."""
    return tally.complete == tally.declared

"""Lines of text on a seat for the map's name card."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from results.words.number_format import grouped, percent, share_in_words, swing_points
from results.words.party_names import PartyNames
from results.words.seat_sentences import short_result


def state_of(summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """Return “Labour hold”, “Conservatives gain from Labour”; in short for several elected."""
    elected = summary.get("elected", ())
    if len(elected) != 1 or not (elected[0]["hold"] or elected[0]["gained_from"]):
        return short_result(summary, party_names) if elected else ""
    winner = elected[0]
    names = {"party": party_names[winner["label"]].collective}
    if winner["hold"]:
        return _("%(party)s hold") % names
    loser = party_names[winner["gained_from"]].as_loser
    return _("%(party)s gain from %(loser)s") % {**names, "loser": loser}


def lines_of(summary: Mapping[str, Any], party_names: PartyNames) -> Iterator[str]:
    """Yield lines with the majority, swing and turnout, where known."""
    majority, valid = summary.get("majority"), summary.get("valid")
    if summary.get("by_lot"):
        yield _("Decided by lot")
    elif majority is not None and valid:
        values = {"votes": grouped(majority), "share": share_in_words(Fraction(majority, valid))}
        yield _("Majority %(votes)s · %(share)s%%") % values
    elif majority is not None:
        yield _("Majority %(votes)s") % {"votes": grouped(majority)}
    if swing := summary.get("swing"):
        yield _swing_line(swing, party_names)
    if turnout := summary.get("turnout"):
        yield _("Turnout %(percent)s%%") % {"percent": percent(Fraction(turnout))}


def _swing_line(swing: Mapping[str, str], party_names: PartyNames) -> str:
    size = Fraction(swing["points"])
    loser = party_names[swing["from"]].abbreviation
    winner = party_names[swing["to"]].abbreviation
    if not size:
        return _("No swing between %(to)s and %(from)s") % {"to": winner, "from": loser}
    return _("Swing %(points)s points, %(loser)s to %(winner)s") % {
        "points": swing_points(size),
        "loser": loser,
        "winner": winner,
    }

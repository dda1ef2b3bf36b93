"""Sentences on results with open seats: lists not allocated yet, or a count under way."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.words.party_names import PartyNames


def open_sentence(name: str, summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """Return “Abbey: Labour 1, Green 1; 2 of 4 elected”; `summary` has `to_fill`."""
    won = Counter(winner["label"] for winner in summary["elected"])
    parts = ", ".join(f"{party_names[label].collective} {n}" for label, n in won.most_common())
    words = {"name": name, "parts": parts, "open": open_words(summary)}
    if not parts:
        return _("%(name)s: %(open)s") % words
    return _("%(name)s: %(parts)s; %(open)s") % words


def open_words(summary: Mapping[str, Any]) -> str:
    """Return the phrase for open seats: “2 of 4 elected”, “7 seats, allocated when …”."""
    to_fill = summary["to_fill"]
    if summary["waits_for"] == "constituencies":
        words = ngettext(
            "%(n)d seat, allocated when all its constituencies have declared",
            "%(n)d seats, allocated when all its constituencies have declared",
            to_fill,
        )
    elif summary["waits_for"] == "lot":
        words = ngettext(
            "%(n)d seat is tied and will be decided by lot",
            "%(n)d seats are tied and will be decided by lot",
            to_fill,
        )
    elif not summary["elected"]:
        return _("nobody elected yet")
    else:
        elected = {"elected": len(summary["elected"]), "seats": len(summary["elected"]) + to_fill}
        return _("%(elected)d of %(seats)d elected") % elected
    return words % {"n": to_fill}


def open_in_short(summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """Return the phrase in the abbreviations of tables: “Lab 1, Green 1, 2 of 4 elected”."""
    won = Counter(winner["label"] for winner in summary["elected"])
    parts = [f"{party_names[label].abbreviation} {n}" for label, n in won.most_common()]
    if summary["waits_for"] == "constituencies":
        return _("seats to be allocated")
    return ", ".join([*parts, open_words(summary)])

"""Write the sentence on who has a majority in a House or chamber, or what parties need for one.

The rules are listed in docs/figures.md.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from results.arithmetic import (
    Tally,
    house_majority,
    majority_threshold,
    parties_with_a_chance,
    ranked_labels,
)
from results.words.nouns import Text, listing
from results.words.party_names import PartyNames


def majority_sentence(
    tally: Tally, seats: int, party_names: PartyNames, *, chamber: Text, passed_at: str
) -> str:
    """Return the sentence on a majority in the chamber, or on what is still possible.

    Needed seats are given once half of the seats have declared: before, nearly all are needed.
    `chamber` is such as “the House”. `passed_at` is the time of day at which the leading party
    reached it; empty if not known.
    """
    threshold = majority_threshold(seats)
    params: dict[str, Any] = {"threshold": threshold, "seats": seats}
    leaders = [label for label in ranked_labels(tally) if tally.parties[label].seats][:2]
    if not leaders:
        return _("%(threshold)d of the %(seats)d seats make a majority.") % params
    first = leaders[0]
    params["party"] = party_names[first].collective
    if tally.declared * 2 < seats and tally.parties[first].seats < threshold:
        return _("%(threshold)d of the %(seats)d seats make a majority.") % params
    if tally.parties[first].seats >= threshold:
        params["majority"] = house_majority(
            tally.parties[first].seats, seats, without_member=tally.without_member
        )
        params |= {"at": passed_at, "chamber": chamber}
        if not passed_at:
            return _("%(party)s have a majority of %(majority)d in %(chamber)s.") % params
        template = _(
            "%(party)s have a majority of %(majority)d in %(chamber)s; "
            "%(threshold)d reached at %(at)s."
        )
        return template % params
    return _chances_sentence(tally, seats, party_names, leaders, params)


def _chances_sentence(
    tally: Tally,
    seats: int,
    party_names: PartyNames,
    leaders: Sequence[str],
    params: dict[str, Any],
) -> str:
    """Return what the two leading parties still need, where they can reach it."""
    threshold = majority_threshold(seats)
    chances = parties_with_a_chance(tally, seats)
    if not chances:
        return _("Nobody can reach %(threshold)d any more.") % params
    need = {label: threshold - tally.parties[label].seats for label in leaders if label in chances}
    if not need:
        return _("%(threshold)d of the %(seats)d seats make a majority.") % params
    first, *others = need
    params |= {
        "party": party_names[first].collective,
        "need": need[first],
        "left": tally.to_come(seats),
        "postponed": tally.postponed,
    }
    if others and params["left"] + params["postponed"] == 1:
        params["others"] = listing([party_names[label].collective for label in others])
        return _need_of_several(tally, seats) % params
    sentence = _need(tally, seats) % params
    others_need = [f"{party_names[label].collective} {need[label]}" for label in others]
    return f"{', '.join([sentence, *others_need])}."


def _need_of_several(tally: Tally, seats: int) -> str:
    """Return the template where the last seat decides between parties."""
    if tally.to_come(seats):
        return _("For a majority %(party)s need the one to come, as do %(others)s.")
    return _("For a majority %(party)s need the one postponed, as do %(others)s.")


def _need(tally: Tally, seats: int) -> str:
    """Return the template of what a party needs: postponed seats may be won, on another day."""
    to_come = tally.to_come(seats)
    if to_come + tally.postponed == 1:
        if to_come:
            return _("For a majority %(party)s need the one to come")
        return _("For a majority %(party)s need the one postponed")
    if not tally.postponed:
        return _("For a majority %(party)s need %(need)d of the %(left)d to come")
    if not to_come:
        return _("For a majority %(party)s need %(need)d of the %(postponed)d postponed")
    return _(
        "For a majority %(party)s need %(need)d of the %(left)d to come and %(postponed)d postponed"
    )

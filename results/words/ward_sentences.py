"""Describe a ward of several seats in few words: its seats by party, and their changes."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from results.arithmetic.seat_changes import SeatChanges
from results.words.party_names import PartyNames


def seats_by_party(labels: Sequence[str], party_names: PartyNames) -> str:
    """Return “Green 2, Lab 1”: most seats first, equal ones in the given order.

    For one seat it is “Lab”.
    """
    if len(labels) == 1:
        return party_names[labels[0]].abbreviation
    counts = Counter(labels).most_common()
    return ", ".join(f"{party_names[label].abbreviation}\u00a0{seats}" for label, seats in counts)


def change_text(changes: SeatChanges, party_names: PartyNames, *, of_one: bool = False) -> str:
    """Return “Grn gain 1 from Lab”; empty where no party has more seats or fewer than before.

    With `of_one` there is one seat: “Grn gain from Lab”. Where several gain, or lose, each has its
    number: “Grn +2, Lab −1, Con −1”.
    """
    gainer, loser = changes.only_gainer, changes.only_loser
    if gainer and loser and changes.gains[gainer] == changes.losses[loser]:
        template = _("%(winner)s gain from %(loser)s")
        if not of_one:
            template = _("%(winner)s gain %(seats)d from %(loser)s")
        return template % {
            "winner": party_names[gainer].abbreviation,
            "seats": changes.gains[gainer],
            "loser": party_names[loser].abbreviation,
        }
    gains = [f"{party_names[label].abbreviation}\u00a0+{n}" for label, n in changes.gains.items()]
    losses = [f"{party_names[label].abbreviation}\u00a0−{n}" for label, n in changes.losses.items()]
    return ", ".join([*gains, *losses])

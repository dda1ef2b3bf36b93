"""A ward of several seats in few words: who holds them, and what has changed."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from results.arithmetic.seat_changes import SeatChanges
from results.words.party_names import PartyNames


def seats_by_party(labels: Iterable[str], party_names: PartyNames) -> str:
    """“Green 2, Lab 1”: the most seats first, as they come where they are equal."""
    return _listed(dict(Counter(labels).most_common()), party_names)


def seats_in_full(labels: Iterable[str], party_names: PartyNames) -> str:
    """“Green 2, Labour 1”, with the parties' whole names."""
    counts = Counter(labels).most_common()
    return ", ".join(f"{party_names[label].name} {seats}" for label, seats in counts)


def change_text(changes: SeatChanges, party_names: PartyNames) -> str:
    """“Grn gain 1 from Lab”; empty where no party has more seats or fewer than before.

    Where several gain, or lose, each has its number: “Grn +2, Lab −1, Con −1”.
    """
    gainer, loser = changes.only_gainer, changes.only_loser
    if gainer and loser and changes.gains[gainer] == changes.losses[loser]:
        return _("%(winner)s gain %(seats)d from %(loser)s") % {
            "winner": party_names[gainer].abbreviation,
            "seats": changes.gains[gainer],
            "loser": party_names[loser].abbreviation,
        }
    gains = [f"{party_names[label].abbreviation} +{n}" for label, n in changes.gains.items()]
    losses = [f"{party_names[label].abbreviation} −{n}" for label, n in changes.losses.items()]
    return ", ".join([*gains, *losses])


def _listed(seats: Mapping[str, int], party_names: PartyNames) -> str:
    return ", ".join(f"{party_names[label].abbreviation} {n}" for label, n in seats.items())

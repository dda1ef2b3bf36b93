"""What the night has reached, in a line."""

from django.utils.translation import gettext as _

from results.arithmetic import Mark, Reached, majority_line
from results.words.party_names import PartyNames


def milestone_sentence(mark: Mark, seats: int, party_names: PartyNames) -> str:
    """“Conservatives pass 326 seats: a majority”. ``seats`` is how many there are in all."""
    words = {
        "party": party_names[mark.label].collective,
        "line": majority_line(seats),
        "seats": seats,
    }
    match mark.reached:
        case Reached.FIRST:
            return _("The first seat has declared")
        case Reached.HALF:
            return _("Half of the %(seats)d seats have declared") % words
        case Reached.LINE:
            return _("%(party)s reach %(line)d seats: a majority") % words
        case Reached.NO_MAJORITY:
            return _("No party can reach %(line)d seats any more: no majority") % words
        case Reached.ALL:
            return _("Every seat has declared") % words

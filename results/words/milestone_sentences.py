"""The sentence that announces a milestone of the night."""

from django.utils.translation import gettext as _

from results.arithmetic import Mark, Reached, majority_line
from results.words.party_names import PartyNames


def milestone_sentence(milestone: Mark, seats: int, party_names: PartyNames) -> str:
    """“Conservatives reach 326 seats: a majority”. `seats` is the number of seats in all."""
    params = {
        "party": party_names[milestone.label].collective,
        "threshold": majority_line(seats),
        "seats": seats,
    }
    match milestone.reached:
        case Reached.FIRST:
            return _("The first seat has declared")
        case Reached.HALF:
            return _("Half of the %(seats)d seats have declared") % params
        case Reached.LINE:
            return _("%(party)s reach %(threshold)d seats: a majority") % params
        case Reached.NO_MAJORITY:
            return _("No party can reach %(threshold)d seats any more: no majority") % params
        case Reached.ALL:
            return _("Every seat has declared") % params

"""What the night has reached, in a line."""

from django.utils.translation import gettext as _

from results.arithmetic import MilestoneKind, ReachedMilestone, majority_threshold
from results.words.party_names import PartyNames


def milestone_sentence(milestone: ReachedMilestone, seats: int, party_names: PartyNames) -> str:
    """“Conservatives pass 326 seats: a majority”. ``seats`` is how many there are in all."""
    words = {
        "party": party_names[milestone.label].collective,
        "line": majority_threshold(seats),
        "seats": seats,
    }
    match milestone.kind:
        case MilestoneKind.FIRST:
            return _("The first seat has declared")
        case MilestoneKind.HALF:
            return _("Half of the %(seats)d seats have declared") % words
        case MilestoneKind.MAJORITY:
            return _("%(party)s reach %(line)d seats: a majority") % words
        case MilestoneKind.NO_MAJORITY:
            return _("No party can reach %(line)d seats any more: no majority") % words
        case MilestoneKind.ALL:
            return _("Every seat has declared") % words

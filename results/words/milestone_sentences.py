"""The sentence that announces a milestone of the night."""

from django.utils.translation import gettext as _

from results.arithmetic import MilestoneKind, ReachedMilestone, majority_threshold
from results.words.party_names import PartyNames


def milestone_sentence(milestone: ReachedMilestone, seats: int, party_names: PartyNames) -> str:
    """“Conservatives reach 326 seats: a majority”. `seats` is the number of seats in all."""
    params = {
        "party": party_names[milestone.label].collective,
        "threshold": majority_threshold(seats),
        "seats": seats,
    }
    match milestone.kind:
        case MilestoneKind.FIRST:
            return _("The first seat has declared")
        case MilestoneKind.HALF:
            return _("Half of the %(seats)d seats have declared") % params
        case MilestoneKind.MAJORITY:
            return _("%(party)s reach %(threshold)d seats: a majority") % params
        case MilestoneKind.NO_MAJORITY:
            return _("No party can reach %(threshold)d seats any more: no majority") % params
        case MilestoneKind.ALL:
            return _("Every seat has declared") % params

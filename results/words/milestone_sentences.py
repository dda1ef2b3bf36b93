"""The sentence that announces a milestone of the night."""

from django.utils.translation import gettext as _

from results.arithmetic import (
    NO_OVERALL_CONTROL,
    BodySeats,
    MilestoneKind,
    ReachedMilestone,
    majority_threshold,
)
from results.arithmetic.control import decided_control
from results.words.control_sentences import control_sentence
from results.words.nouns import SEAT, Text
from results.words.party_names import PartyNames


def milestone_sentence(
    milestone: ReachedMilestone,
    seats: int,
    party_names: PartyNames,
    *,
    declared: int,
    postponed: int = 0,
    area: Text = SEAT.one,
) -> str:
    """Return “Conservatives reach 326 seats: a majority”, “The first ward has declared”.

    `seats` is the number of seats in all, `declared` of those declared then, `postponed` of those
    whose poll is on another day, `area` the noun for what declares.
    """
    params = {
        "area": area,
        "party": party_names[milestone.label].collective,
        "threshold": majority_threshold(seats),
        "seats": seats,
        "postponed": postponed,
    }
    match milestone.kind:
        case MilestoneKind.FIRST:
            return _("The first %(area)s has declared") % params
        case MilestoneKind.HALF:
            if declared * 2 > seats:
                return _("More than half of the %(seats)d seats have declared") % params
            return _("Half of the %(seats)d seats have declared") % params
        case MilestoneKind.MAJORITY:
            return _("%(party)s reach %(threshold)d seats: a majority") % params
        case MilestoneKind.NO_MAJORITY:
            return _("No party can reach %(threshold)d seats any more: no majority") % params
        case MilestoneKind.ALL:
            if postponed:
                return _("Every poll that was held has declared, %(postponed)d postponed") % params
            return _("Every %(area)s has declared") % params % params


def body_milestone_sentence(
    milestone: ReachedMilestone, name: str, seats: BodySeats, party_names: PartyNames
) -> str:
    """Return “Greens reach 29 of 57 seats: Greens gain Hackney from Labour”.

    `seats` are those of the body called `name`; its control before the poll gives the change.
    """
    control = decided_control(milestone.label or NO_OVERALL_CONTROL, seats.controlled_before)
    params = {
        "party": party_names[milestone.label].collective,
        "threshold": seats.majority_threshold,
        "seats": seats.seats,
        "control": control_sentence(name, control, party_names),
    }
    sentence = _("%(party)s reach %(threshold)s of %(seats)s seats: %(control)s")
    if milestone.kind is MilestoneKind.NO_MAJORITY:
        sentence = _("No party can reach %(threshold)s of %(seats)s seats any more: %(control)s")
    return sentence % params

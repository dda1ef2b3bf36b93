"""Pure functions about election results, in integers and exact fractions.

Imports only the standard library: no Django, no database, no translation.
"""

from results.arithmetic.allocation import (
    AllocatedSeat,
    Allocation,
    PartyList,
    TieRule,
    lists_of,
)
from results.arithmetic.comparison import (
    SeatWon,
    Swing,
    butler,
    compute_swing,
    seats_won,
    share_changes,
    vote_changes,
)
from results.arithmetic.conditions import Conditions
from results.arithmetic.control import (
    NO_OVERALL_CONTROL,
    BodySeats,
    Control,
    ControlChange,
    control_of,
)
from results.arithmetic.electoral_systems import (
    BY_VOTES,
    ElectoralSystem,
    compute_outcome,
    method_of,
    system_of,
)
from results.arithmetic.inputs import (
    ANSWER,
    INDEPENDENT,
    SPEAKER,
    BallotCounts,
    Candidacy,
    Constituencies,
    Holder,
    LastTime,
    LastVote,
    merge_matching,
)
from results.arithmetic.kinds import (
    RULES,
    Kind,
    Method,
    Rules,
    ShareMethod,
    Summed,
    kind_of_area,
    rules_of,
    same_family,
)
from results.arithmetic.map_classes import (
    HOUSE_TURNOUT_CUTS,
    MAJORITY_CUTS,
    SWING_CUTS,
    class_of,
    majority_class,
    swing_between,
    swing_class,
    turnout_class,
    two_largest,
)
from results.arithmetic.messages import BLOCK, NOTE, REASON, ValidationMessage
from results.arithmetic.milestones import (
    MilestoneKind,
    ReachedMilestone,
    body_milestones,
    reached_milestones,
)
from results.arithmetic.night_changes import (
    NetChange,
    ends_of_bar,
    largest_net_changes,
    national_swing,
)
from results.arithmetic.outcome import CandidateResult, Outcome
from results.arithmetic.parsing import InvalidNumber, read_count, read_id, read_percentage
from results.arithmetic.plausibility import check_ballot_counts
from results.arithmetic.tally import (
    PartyTally,
    Tally,
    compute_contribution,
    house_majority,
    majority_threshold,
    postponed_contribution,
    still_possible,
)
from results.arithmetic.text import clean_text
from results.arithmetic.undecided import Undecided
from results.arithmetic.unopposed import Poll, check_unopposed, poll_of

__all__ = [
    "ANSWER",
    "BLOCK",
    "BY_VOTES",
    "HOUSE_TURNOUT_CUTS",
    "INDEPENDENT",
    "MAJORITY_CUTS",
    "NOTE",
    "NO_OVERALL_CONTROL",
    "REASON",
    "RULES",
    "SPEAKER",
    "SWING_CUTS",
    "AllocatedSeat",
    "Allocation",
    "BallotCounts",
    "BodySeats",
    "Candidacy",
    "CandidateResult",
    "Conditions",
    "Constituencies",
    "Control",
    "ControlChange",
    "ElectoralSystem",
    "Holder",
    "InvalidNumber",
    "Kind",
    "LastTime",
    "LastVote",
    "Method",
    "MilestoneKind",
    "NetChange",
    "Outcome",
    "PartyList",
    "PartyTally",
    "Poll",
    "ReachedMilestone",
    "Rules",
    "SeatWon",
    "ShareMethod",
    "Summed",
    "Swing",
    "Tally",
    "TieRule",
    "Undecided",
    "ValidationMessage",
    "body_milestones",
    "butler",
    "check_ballot_counts",
    "check_unopposed",
    "class_of",
    "clean_text",
    "compute_contribution",
    "compute_outcome",
    "compute_swing",
    "control_of",
    "ends_of_bar",
    "house_majority",
    "kind_of_area",
    "largest_net_changes",
    "lists_of",
    "majority_class",
    "majority_threshold",
    "merge_matching",
    "method_of",
    "national_swing",
    "poll_of",
    "postponed_contribution",
    "reached_milestones",
    "read_count",
    "read_id",
    "read_percentage",
    "rules_of",
    "same_family",
    "seats_won",
    "share_changes",
    "still_possible",
    "swing_between",
    "swing_class",
    "system_of",
    "turnout_class",
    "two_largest",
    "vote_changes",
]

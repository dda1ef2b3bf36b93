"""Pure functions about election results, in integers and exact fractions.

Imports only the standard library: no Django, no database, no translation.
"""

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
from results.arithmetic.inputs import (
    INDEPENDENT,
    SPEAKER,
    BallotCounts,
    Candidacy,
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
from results.arithmetic.messages import BLOCK, NOTE, REASON, ValidationMessage
from results.arithmetic.milestones import MilestoneKind, ReachedMilestone, reached_milestones
from results.arithmetic.outcome import CandidateResult, Outcome, Undecided, compute_outcome
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
from results.arithmetic.unopposed import Poll, check_unopposed, poll_of

__all__ = [
    "BLOCK",
    "INDEPENDENT",
    "NOTE",
    "NO_OVERALL_CONTROL",
    "REASON",
    "RULES",
    "SPEAKER",
    "BallotCounts",
    "BodySeats",
    "Candidacy",
    "CandidateResult",
    "Conditions",
    "Control",
    "ControlChange",
    "Holder",
    "InvalidNumber",
    "Kind",
    "LastTime",
    "LastVote",
    "Method",
    "MilestoneKind",
    "Outcome",
    "PartyTally",
    "Poll",
    "ReachedMilestone",
    "Rules",
    "SeatWon",
    "ShareMethod",
    "Summed",
    "Swing",
    "Tally",
    "Undecided",
    "ValidationMessage",
    "butler",
    "check_ballot_counts",
    "check_unopposed",
    "clean_text",
    "compute_contribution",
    "compute_outcome",
    "compute_swing",
    "control_of",
    "house_majority",
    "kind_of_area",
    "majority_threshold",
    "merge_matching",
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
    "vote_changes",
]

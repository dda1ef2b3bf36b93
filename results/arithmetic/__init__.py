"""The arithmetic of a count: pure functions, whole numbers and fractions, nothing rounded.

Nothing here knows of Django, of a database or of a language.
"""

from results.arithmetic.change import (
    Result,
    Swing,
    butler,
    results_of,
    share_changes,
    swing_of,
    vote_changes,
)
from results.arithmetic.count import (
    INDEPENDENT,
    SPEAKER,
    Candidacy,
    Figures,
    Holder,
    LastTime,
    LastVote,
    agreed_of,
)
from results.arithmetic.milestones import Mark, Reached, marks_of
from results.arithmetic.outcome import CandidateResult, Outcome, Undecided, outcome_of
from results.arithmetic.plausibility import BLOCK, WARN, Conditions, Finding, findings_of
from results.arithmetic.reading import NotAFigure, read_count, read_id, read_percentage
from results.arithmetic.tally import (
    PartyTally,
    Tally,
    contribution_of,
    house_majority,
    majority_line,
    still_possible,
)
from results.arithmetic.typed_text import clean_text

__all__ = [
    "BLOCK",
    "INDEPENDENT",
    "SPEAKER",
    "WARN",
    "Candidacy",
    "CandidateResult",
    "Conditions",
    "Figures",
    "Finding",
    "Holder",
    "LastTime",
    "LastVote",
    "Mark",
    "NotAFigure",
    "Outcome",
    "PartyTally",
    "Reached",
    "Result",
    "Swing",
    "Tally",
    "Undecided",
    "agreed_of",
    "butler",
    "clean_text",
    "contribution_of",
    "findings_of",
    "house_majority",
    "majority_line",
    "marks_of",
    "outcome_of",
    "read_count",
    "read_id",
    "read_percentage",
    "results_of",
    "share_changes",
    "still_possible",
    "swing_of",
    "vote_changes",
]

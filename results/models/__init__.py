"""What is stored."""

from .append_only import PublishedForGood
from .bulletin import Bulletin, BulletinKind, Receipt
from .contest import Candidate, Contest, Person, SittingMember
from .declaration import (
    WITH_RESULT,
    WITHOUT_RESULT,
    Declaration,
    Fault,
    Kind,
    Standing,
    Status,
    Total,
)
from .election import Baseline, Election, HexLayout, Night, Region
from .elsewhere import OTHERS, Elsewhere, ElsewhereKind
from .group import Group
from .last_time import LastResult, LastVotes
from .milestone import Milestone
from .newsroom import Headline, Quote
from .party import Party, StandingAs, StandsAs
from .people import Assignment

__all__ = [
    "OTHERS",
    "WITHOUT_RESULT",
    "WITH_RESULT",
    "Assignment",
    "Baseline",
    "Bulletin",
    "BulletinKind",
    "Candidate",
    "Contest",
    "Declaration",
    "Election",
    "Elsewhere",
    "ElsewhereKind",
    "Fault",
    "Group",
    "Headline",
    "HexLayout",
    "Kind",
    "LastResult",
    "LastVotes",
    "Milestone",
    "Night",
    "Party",
    "Person",
    "PublishedForGood",
    "Quote",
    "Receipt",
    "Region",
    "SittingMember",
    "Standing",
    "StandingAs",
    "StandsAs",
    "Status",
    "Total",
]

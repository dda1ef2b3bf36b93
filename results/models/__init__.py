"""What is stored."""

from . import clock
from .append_only import ENTRY_SEQUENCE, PublishedForGood, Reworded
from .assignment import Assignment
from .audit_entry import AuditEntry
from .bulletin import Bulletin, IdempotencyRecord
from .contest import Candidate, Contest, Person, SittingMember
from .contest_lookup import find_contests
from .declaration import (
    WITH_RESULT,
    WITHOUT_RESULT,
    Declaration,
    Standing,
    Total,
)
from .election import Election, Night, Region
from .external_figures import OTHERS, ExternalFigures
from .group import Group
from .last_time import LastResult, LastVotes
from .milestone import Milestone
from .newsroom import PUBLISH_UNREVIEWED, Headline, Post, Quote
from .party import Party, StandingAs, StandsAs
from .phone import Phone
from .photo import WIDTHS, Notice, Photo
from .reader_count import ReaderCount
from .reporter_pass import OPENED_BY, Issued, ReporterPass
from .review_item import ReviewItem
from .sign_in_throttle import SignInThrottle
from .verified import Verified

__all__ = [
    "ENTRY_SEQUENCE",
    "OPENED_BY",
    "OTHERS",
    "PUBLISH_UNREVIEWED",
    "WIDTHS",
    "WITHOUT_RESULT",
    "WITH_RESULT",
    "Assignment",
    "AuditEntry",
    "Bulletin",
    "Candidate",
    "Contest",
    "Declaration",
    "Election",
    "ExternalFigures",
    "Group",
    "Headline",
    "IdempotencyRecord",
    "Issued",
    "LastResult",
    "LastVotes",
    "Milestone",
    "Night",
    "Notice",
    "Party",
    "Person",
    "Phone",
    "Photo",
    "Post",
    "PublishedForGood",
    "Quote",
    "ReaderCount",
    "Region",
    "ReporterPass",
    "ReviewItem",
    "Reworded",
    "SignInThrottle",
    "SittingMember",
    "Standing",
    "StandingAs",
    "StandsAs",
    "Total",
    "Verified",
    "clock",
    "find_contests",
]

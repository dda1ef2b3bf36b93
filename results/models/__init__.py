"""What is stored."""

from . import clock
from .append_only import ENTRY_SEQUENCE, PublishedForGood, Reworded
from .audit import Act
from .bulletin import Bulletin, BulletinKind, Receipt
from .called import contests_called
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
from .election import Baseline, Election, HexLayout, Night, Region, SecondPerson
from .elsewhere import OTHERS, Elsewhere, ElsewhereKind
from .group import Group
from .last_time import LastResult, LastVotes
from .milestone import Milestone
from .newsroom import MAY_PUBLISH_VOICES, Headline, Post, Quote
from .offers import Offer, OfferKind, OfferState
from .party import Party, StandingAs, StandsAs
from .passes import OPENED_BY, Issued, ReporterPass
from .people import Assignment
from .phone import Phone
from .photos import WIDTHS, Notice, Photo
from .serving import Serving
from .sign_in_throttle import SignInThrottle
from .verified import Verified

__all__ = [
    "ENTRY_SEQUENCE",
    "MAY_PUBLISH_VOICES",
    "OPENED_BY",
    "OTHERS",
    "WIDTHS",
    "WITHOUT_RESULT",
    "WITH_RESULT",
    "Act",
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
    "Issued",
    "Kind",
    "LastResult",
    "LastVotes",
    "Milestone",
    "Night",
    "Notice",
    "Offer",
    "OfferKind",
    "OfferState",
    "Party",
    "Person",
    "Phone",
    "Photo",
    "Post",
    "PublishedForGood",
    "Quote",
    "Receipt",
    "Region",
    "ReporterPass",
    "Reworded",
    "SecondPerson",
    "Serving",
    "SignInThrottle",
    "SittingMember",
    "Standing",
    "StandingAs",
    "StandsAs",
    "Status",
    "Total",
    "Verified",
    "clock",
    "contests_called",
]

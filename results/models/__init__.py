"""Django models of everything that is stored."""

from . import clock
from .api_token import ApiToken
from .append_only import AppendOnlyError
from .assignment import Assignment
from .audit_entry import EARLIER_WORDS, AuditEntry
from .body import AreaKind, Body, BodyTally, set_area_kinds
from .bulletin import Bulletin, IdempotencyRecord
from .chain_entry import WITHDRAW_FOR_GOOD, Chained, ChainEntry
from .contest import Candidate, Contest, Person, SittingMember
from .contest_lookup import find_contests
from .declaration import (
    NOT_AWAITED,
    WITH_RESULT,
    WITHOUT_RESULT,
    Declaration,
    Standing,
    Total,
)
from .election import Election, Night, Region, is_public
from .election_correction import ElectionCorrection
from .external_figures import OTHERS, ExternalFigures
from .group import Group
from .headline import Headline
from .house_style import HouseStyle
from .invitation import Invitation, NewInvitation
from .last_time import LastResult, LastVotes
from .load import Load, LoadFile, LoadSnapshot
from .merged_contest import MergedContest, contest_at, is_contest_address, keep_address
from .message import LONGEST_ANSWER, LONGEST_MESSAGE, Message, MessageAnswer, MessageReading
from .milestone import Milestone
from .party import MERGE_DUPLICATES, Party, StandingAs, StandsAs
from .party_alias import PartyAlias
from .phone import Phone
from .photo import WIDTHS, Notice, Photo
from .post import Post
from .postcode import PostcodeAreas, PostcodeDistrict
from .publication import Publication, SeatPublication
from .push import PushFollow, PushMessage, PushPosition, PushRetry, PushSubscription
from .quote import PUBLISH_UNREVIEWED, Quote
from .reader_count import ReaderCount
from .reporter_pass import OPENED_BY, Issued, ReporterPass
from .review_item import ReviewItem
from .sign_in_throttle import SignInThrottle
from .site_settings import SiteSettings
from .upload import LARGEST_PART, Upload, UploadPart
from .verified import Verified
from .webhook import Webhook, WebhookDelivery, WebhookPosition

__all__ = [
    "EARLIER_WORDS",
    "LARGEST_PART",
    "LONGEST_ANSWER",
    "LONGEST_MESSAGE",
    "MERGE_DUPLICATES",
    "NOT_AWAITED",
    "OPENED_BY",
    "OTHERS",
    "PUBLISH_UNREVIEWED",
    "WIDTHS",
    "WITHDRAW_FOR_GOOD",
    "WITHOUT_RESULT",
    "WITH_RESULT",
    "ApiToken",
    "AppendOnlyError",
    "AreaKind",
    "Assignment",
    "AuditEntry",
    "Body",
    "BodyTally",
    "Bulletin",
    "Candidate",
    "ChainEntry",
    "Chained",
    "Contest",
    "Declaration",
    "Election",
    "ElectionCorrection",
    "ExternalFigures",
    "Group",
    "Headline",
    "HouseStyle",
    "IdempotencyRecord",
    "Invitation",
    "Issued",
    "LastResult",
    "LastVotes",
    "Load",
    "LoadFile",
    "LoadSnapshot",
    "MergedContest",
    "Message",
    "MessageAnswer",
    "MessageReading",
    "Milestone",
    "NewInvitation",
    "Night",
    "Notice",
    "Party",
    "PartyAlias",
    "Person",
    "Phone",
    "Photo",
    "Post",
    "PostcodeAreas",
    "PostcodeDistrict",
    "Publication",
    "PushFollow",
    "PushMessage",
    "PushPosition",
    "PushRetry",
    "PushSubscription",
    "Quote",
    "ReaderCount",
    "Region",
    "ReporterPass",
    "ReviewItem",
    "SeatPublication",
    "SignInThrottle",
    "SiteSettings",
    "SittingMember",
    "Standing",
    "StandingAs",
    "StandsAs",
    "Total",
    "Upload",
    "UploadPart",
    "Verified",
    "Webhook",
    "WebhookDelivery",
    "WebhookPosition",
    "clock",
    "contest_at",
    "find_contests",
    "is_contest_address",
    "is_public",
    "keep_address",
    "set_area_kinds",
]

"""The one door: everything that is published goes through these functions, and nothing else does.

Each runs in one transaction under the night's lock, leaves one numbered bulletin and a receipt,
and is harmless to repeat with the same key. All take ``by`` (the user who answers for it) and
``key`` (made once per intent by the form, the phone or the file), and all raise before anything
is changed:

``Refused`` (with findings) for figures that cannot be, or that are unlikely and have no reason;
``Stale`` when the contest has moved on from ``base_revision``;
``KeyReused`` when the key was used for something else;
``NotNow`` when the step makes no sense where the contest stands.
"""

from results.desk.audit import record_action
from results.desk.counts import Verification, report_status, republish, start_new_epoch
from results.desk.errors import (
    DeskError,
    IdempotencyKeyReused,
    InvalidTransition,
    StaleRevision,
    ValidationRefused,
)
from results.desk.external_figures import external_figures
from results.desk.filing import find_earlier_response, submit_photo, submit_quote
from results.desk.photos import photo, withdraw_photo
from results.desk.publishing import PublishResult
from results.desk.quotes import headline, post, quote, withdraw_headline, withdraw_quote
from results.desk.results import complete, correct, declare, declare_winner, withdraw
from results.desk.review import can_publish_unreviewed, reason_for_review
from results.desk.review_queue import (
    approve,
    close_review_item,
    decline,
    queue_for_review,
    submit_result,
)
from results.desk.revisions import RevisionRequest
from results.desk.verifying import mark_verified

__all__ = [
    "DeskError",
    "IdempotencyKeyReused",
    "InvalidTransition",
    "PublishResult",
    "RevisionRequest",
    "StaleRevision",
    "ValidationRefused",
    "Verification",
    "approve",
    "can_publish_unreviewed",
    "close_review_item",
    "complete",
    "correct",
    "declare",
    "declare_winner",
    "decline",
    "external_figures",
    "find_earlier_response",
    "headline",
    "mark_verified",
    "photo",
    "post",
    "queue_for_review",
    "quote",
    "reason_for_review",
    "record_action",
    "report_status",
    "republish",
    "start_new_epoch",
    "submit_photo",
    "submit_quote",
    "submit_result",
    "withdraw",
    "withdraw_headline",
    "withdraw_photo",
    "withdraw_quote",
]

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
from results.desk.counts import Verification, refresh, report_status, start_over
from results.desk.errors import (
    DeskError,
    IdempotencyKeyReused,
    InvalidTransition,
    StaleRevision,
    ValidationRefused,
)
from results.desk.external_figures import external_figures
from results.desk.filing import earlier_answer, send_photo, send_quote
from results.desk.photos import photo, withdraw_photo
from results.desk.publishing import PublishResult
from results.desk.quotes import headline, post, quote, withdraw_headline, withdraw_quote
from results.desk.results import complete, correct, declare, declare_winner, withdraw
from results.desk.review import published_at_once, reason_to_wait
from results.desk.review_queue import approve, decline, queue_for_review, send_result, settle
from results.desk.revisions import RevisionRequest
from results.desk.verifying import verify_figures

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
    "complete",
    "correct",
    "declare",
    "declare_winner",
    "decline",
    "earlier_answer",
    "external_figures",
    "headline",
    "photo",
    "post",
    "published_at_once",
    "queue_for_review",
    "quote",
    "reason_to_wait",
    "record_action",
    "refresh",
    "report_status",
    "send_photo",
    "send_quote",
    "send_result",
    "settle",
    "start_over",
    "verify_figures",
    "withdraw",
    "withdraw_headline",
    "withdraw_photo",
    "withdraw_quote",
]
